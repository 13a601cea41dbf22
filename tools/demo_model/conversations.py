"""Conversations to train on, made from the grammar.

Everything is drawn from a ``random.Random`` that the caller seeds, and no user turn is a
held-back question or a variation of one.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from . import foreign, stories, styles
from .kinds import ALL, BY_NAME, Kind, fill
from .kinds.calendar import DAYS, MONTHS
from .names import KNOWN
from .split import (
    ELLIPSES,
    ELLIPTIC,
    follow_up_split,
    is_held,
    short_name,
    stranger_split,
    template_split,
    topic_split,
    trainable,
    wording_split,
)
from .wording import vary

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: str
    text: str


TELL_NAME = (
    "My name is {}.",
    "I am {}.",
    "I'm {}.",
    "Call me {}.",
    "Hello, I am {}.",
    "Hi, my name is {}.",
    "You can call me {}.",
    "Hello, my name is {}.",
)
ASK_NAME = (
    "What is my name?",
    "Who am I?",
    "Do you know my name?",
    "Tell me my name.",
    "Can you tell me my name?",
    "Do you remember my name?",
    "What am I called?",
)
NEW_NAME = "Nice to meet you! I have never heard that name before."
NEW_NAME_RECALL = "You told me a name that is new to me, and I cannot spell it."
NO_NAME = "You did not tell me your name."
AFTER_THAT = ("And after that?", "What comes after that?", "And the next one?", "And then?")
BEFORE_THAT = ("And before that?", "What comes before that?", "And the one before?")
OTHER_ANIMALS = ("dinosaur", "dragon", "robot", "spaceship", "computer", "castle", "president")
TURNS = ((1, 16), (2, 18), (3, 20), (4, 18), (6, 15), (9, 9), (14, 3), (45, 1))
CHAINS: tuple[tuple[str, str, Sequence[str], int], ...] = (
    ("day after", "What day comes after {x}?", DAYS, 1),
    ("day before", "What day comes before {x}?", DAYS, -1),
    ("month after", "What month comes after {x}?", MONTHS, 1),
    ("month before", "What month comes before {x}?", MONTHS, -1),
)
FIXED_SHARE = 2.0
_MANY = 0.65
_WEIGHTS = [
    kind.weight * (FIXED_SHARE if len(kind.items) == 1 else len(kind.items) ** _MANY)
    for kind in ALL
]
_WITH_STRANGERS = [kind for kind in ALL if kind.strangers]
_TEMPLATES = [text for text in foreign.TEMPLATES if template_split(text) is None]


class Writer:
    """Writes one conversation in one style."""

    def __init__(self, rng: random.Random, style: str) -> None:
        self.rng = rng
        self.style = style
        self.turns: list[Turn] = []
        self.name: str | None = None

    def add(self, question: str, kind: str, answer: str) -> None:
        """Add a question and its answer in the style of the conversation."""
        self.turns.append(Turn("user", question))
        self.turns.append(Turn("assistant", styles.apply(self.style, kind, answer)))

    def varied(self, question: str) -> str:
        """Return a variation of ``question`` that is not a held-back one."""
        for _ in range(4):
            text = vary(self.rng, question)
            if not is_held(text):
                return text
        return question

    def known(self) -> None:
        """Add a question of one of the kinds; sometimes a chain of short follow-ups."""
        kind = self.rng.choices(ALL, _WEIGHTS)[0]
        label = self._ask(kind)
        if kind in ELLIPTIC and self.rng.random() < 0.06:
            self._follow(kind, label)

    def _ask(self, kind: Kind) -> str:
        while True:
            phrasing, item = self.rng.choice(kind.phrasings), self.rng.choice(kind.items)
            question = fill(phrasing, item.fields)
            if trainable(kind, phrasing, item.label) and not is_held(question):
                break
        self.add(self.varied(question), kind.name, item.answer)
        return item.label

    def _follow(self, kind: Kind, label: str) -> None:
        for _ in range(self.rng.choice((1, 1, 2))):
            item = self.rng.choice(kind.items)
            if item.label == label or follow_up_split(kind.name, label, item.label):
                continue
            question = self.rng.choice(ELLIPSES).format(short_name(item))
            self.add(self.varied(question), kind.name, item.answer)
            label = item.label

    def chain(self) -> None:
        """Add a question about a day or month and one to three "And after that?"."""
        name, phrasing, sequence, step = self.rng.choice(CHAINS)
        kind = BY_NAME[name]
        free = [n for n, label in enumerate(sequence) if trainable(kind, phrasing, label)]
        index = self.rng.choice(free)
        question = fill(phrasing, {"x": sequence[index]})
        self.add(self.varied(question), name, sequence[(index + step) % len(sequence)] + ".")
        more = AFTER_THAT if step > 0 else BEFORE_THAT
        for distance in range(2, 2 + self.rng.choice((1, 1, 2, 3))):
            answer = sequence[(index + step * distance) % len(sequence)] + "."
            self.add(self.varied(self.rng.choice(more)), name, answer)

    def unknown(self) -> None:
        """Add an open question about the world."""
        while True:
            template = self.rng.choice(_TEMPLATES)
            words = [foreign.topic(self.rng, _is_trained_topic) for _ in range(2)]
            if self.rng.random() < 0.5:
                words[1] = self.rng.choice(foreign.MANNERS)
            question = fill(template, {"x": words[0], "y": words[1]})
            if not is_held(question) and not _is_answerable(template, words[0]):
                break
        self.add(self.varied(question), "unknown", styles.UNKNOWN)

    def stranger(self) -> None:
        """Add a question of a known kind about something the model does not know."""
        kind = self.rng.choice(_WITH_STRANGERS)
        while True:
            phrasing, word = self.rng.choice(kind.phrasings), foreign.stranger(self.rng, kind)
            question = fill(phrasing, foreign.stranger_fields(kind, word))
            free = trainable(kind, phrasing, "") and stranger_split(word) is None
            if free and not is_held(question):
                break
        self.add(self.varied(question), "unknown", styles.UNKNOWN)

    def story(self) -> None:
        """Add a request for a story, sometimes followed by a request for another."""
        if self.rng.random() < 0.1:
            about = "a " + self.rng.choice(OTHER_ANIMALS)
            question = self.rng.choice(stories.ABOUT).format(a=about)
            self.add(self.varied(question), "other story", styles.NO_SUCH_STORY)
            return
        question, animal, name = stories.request(self.rng)
        write = stories.short_story if self.style == "short" else stories.story
        self.add(self.varied(question), "story", write(self.rng, animal, name))
        if self.rng.random() < 0.2:
            more = self.varied(self.rng.choice(stories.MORE))
            self.add(more, "story", write(self.rng))

    def introduce(self) -> None:
        """Tell the model a name, and often ask for it at once."""
        if self.rng.random() < 0.75:
            self.name = self.rng.choice(KNOWN)
            told, answer = self.name, f"Nice to meet you, {self.name}!"
        else:
            self.name = ""
            told, answer = foreign.invented_word(self.rng).capitalize(), NEW_NAME
        self.add(self.rng.choice(TELL_NAME).format(told), "name", answer)
        if self.rng.random() < 0.6:
            if self.rng.random() < 0.4:
                self.known()
            self.recall()

    def recall(self) -> None:
        """Ask the model for the name of the user."""
        if self.name is None:
            answer = NO_NAME
        else:
            answer = f"Your name is {self.name}." if self.name else NEW_NAME_RECALL
        self.add(self.varied(self.rng.choice(ASK_NAME)), "recall", answer)


def _is_trained_topic(word: str) -> bool:
    return topic_split(word) is None and stranger_split(word) is None


def _is_answerable(template: str, word: str) -> bool:
    """Return whether the question could be one the model should answer."""
    return template == "What is {x}?" and len(word) <= 2


ACTIONS = (
    (Writer.known, 78),
    (Writer.stranger, 5),
    (Writer.unknown, 5),
    (Writer.story, 4),
    (Writer.introduce, 3),
    (Writer.chain, 3),
    (Writer.recall, 1),
)
STYLES = (("", 64), ("plain", 9), ("short", 9), ("polite", 9), ("pirate", 9))


def _pick(rng: random.Random, table: Sequence[tuple[Choice, int]]) -> Choice:
    return rng.choices([entry for entry, _ in table], [weight for _, weight in table])[0]


def _system_prompt(rng: random.Random, style: str) -> str:
    if style == "plain":
        if rng.random() < 0.3:
            return f"You know everything about {foreign.topic(rng, _is_trained_topic)}."
        text = rng.choice(styles.PLAIN_WORDINGS)
    else:
        free = [text for text in styles.WORDINGS[style] if wording_split(style, text) is None]
        text = rng.choice([*free, styles.CANONICAL[style]])
        if rng.random() < 0.15:
            text = f"{rng.choice(styles.PLAIN_WORDINGS)} {text}"
    if rng.random() < 0.1:
        text = text.lower()
    return text.rstrip(".") if rng.random() < 0.1 else text


def conversation(rng: random.Random) -> list[Turn]:
    """Return one conversation."""
    style = _pick(rng, STYLES)
    writer = Writer(rng, style)
    if style:
        writer.turns.append(Turn("system", _system_prompt(rng, style)))
    for _ in range(_pick(rng, TURNS)):
        _pick(rng, ACTIONS)(writer)
    return writer.turns


def raw_story(rng: random.Random) -> str:
    """Return a story outside of any conversation, for plain text completion."""
    return stories.story(rng)
