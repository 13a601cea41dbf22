"""Which questions are held back from training.

Two splits are held back, both stable because they come from hashes alone: *development*, which
may be looked at while the recipe is chosen, and *final*, which is asked once at the end. Each has

- ``phrasing``: whole phrasings of a kind that are never trained with any item;
- ``pair``: pairs of a trained phrasing and a trained item that are never trained together;
- ``foreign``: questions the model should not know, with templates and words never trained.

Only the standard library is needed: ``held_back("final")`` can be asked from any test.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from . import foreign
from .kinds import ALL, BY_NAME, Item, Kind, fill
from .styles import CANONICAL, UNKNOWN, WORDINGS
from .wording import key

Split = Literal["development", "final"]
Group = Literal["pair", "phrasing", "foreign"]
SPLITS: tuple[Split, ...] = ("final", "development")
SALTS: dict[Split, str] = {"final": "lotus-7", "development": "pebble-2"}

PAIR_PERCENT = 5
PHRASINGS_PER_HELD_ONE = 13
WORDS_PER_HELD_ONE = 10
FOLLOW_UP_PERCENT = 4
PER_KIND = 12
FOREIGN_PER_TEMPLATE = 8
STRANGERS_PER_KIND = 3
FOLLOW_UPS = 100
ELLIPSES = ("And {}?", "What about {}?", "And what about {}?", "How about {}?", "Now {}.")
ELLIPTIC = [
    kind
    for kind in ALL
    if len(kind.items) > 1 and "x" in kind.items[0].fields and "y" not in kind.items[0].fields
]


@dataclass(frozen=True)
class Question:
    """A held-back question with its one right answer."""

    kind: str
    phrasing_id: str
    item: str
    prompt: str
    answer: str
    group: Group


@dataclass(frozen=True)
class FollowUp:
    """A question, its answer, and a second question that means nothing without the first."""

    first: Question
    prompt: str
    answer: str


def digest(*parts: str) -> int:
    """Return a number that depends on ``parts`` alone."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:6], "big")


@cache
def _assigned(purpose: str, values: tuple[str, ...], each: int) -> dict[str, Split]:
    """Give ``each`` of the values to every split, chosen by hash, none to two splits."""
    chosen: dict[str, Split] = {}
    for split in SPLITS:
        order = sorted(values, key=lambda value: digest(SALTS[split], purpose, key(value)))
        chosen.update(dict.fromkeys([v for v in order if v not in chosen][:each], split))
    return chosen


@cache
def _held_phrasings(kind_name: str) -> dict[str, Split]:
    kind = BY_NAME[kind_name]
    each = max(1, round(len(kind.phrasings) / PHRASINGS_PER_HELD_ONE))
    return _assigned(kind.name, kind.phrasings[1:], each)


def phrasing_split(kind: Kind, phrasing: str) -> Split | None:
    """Return the split that holds back ``phrasing``, or None if it is trained.

    The first phrasing of a kind, the one people type most, is always trained.
    """
    return _held_phrasings(kind.name).get(phrasing)


@cache
def _template_key(template: str) -> str:
    return key(template)


def pair_split(kind: Kind, phrasing: str, label: str) -> Split | None:
    """Return the split that holds back the pair of a trained phrasing and an item, or None."""
    if len(kind.items) == 1:
        return None
    text = _template_key(phrasing)
    for split in SPLITS:
        if digest(SALTS[split], "pair", kind.name, text, label) % 100 < PAIR_PERCENT:
            return split
    return None


def template_split(template: str) -> Split | None:
    """Return the split that holds back a template of open questions, or None."""
    values = foreign.TEMPLATES
    return _assigned("template", values, len(values) // WORDS_PER_HELD_ONE).get(template)


def topic_split(topic: str) -> Split | None:
    """Return the split that holds back a topic of open questions, or None."""
    values = foreign.TOPICS
    return _assigned("topic", values, len(values) // WORDS_PER_HELD_ONE).get(topic)


def stranger_split(word: str) -> Split | None:
    """Return the split that holds back a stranger, or None if it may be trained."""
    bucket = digest("strangers", word.lower()) % WORDS_PER_HELD_ONE
    return SPLITS[bucket] if bucket < len(SPLITS) else None


def follow_up_split(kind: str, first: str, second: str) -> Split | None:
    """Return the split that holds back "And ``second``?" after a question about ``first``."""
    bucket = digest("follow", kind, first, second) % 100 // FOLLOW_UP_PERCENT
    return SPLITS[bucket] if bucket < len(SPLITS) else None


def wording_split(style: str, wording: str) -> Split | None:
    """Return the split that holds back a wording of a system prompt, or None."""
    free = tuple(words for words in WORDINGS[style] if words != CANONICAL[style])
    return _assigned(f"wording {style}", free, 1).get(wording)


def trainable(kind: Kind, phrasing: str, label: str) -> bool:
    """Return whether no split holds back the question."""
    return phrasing_split(kind, phrasing) is None and pair_split(kind, phrasing, label) is None


def _known(split: Split, kind: Kind) -> Iterator[Question]:
    """Yield every held-back question of a kind that the model should be able to answer."""
    for phrasing in kind.phrasings:
        whole = phrasing_split(kind, phrasing)
        if whole not in (None, split):
            continue
        for item in kind.items:
            single = pair_split(kind, phrasing, item.label)
            if whole is None and single != split:
                continue
            group: Group = "phrasing" if whole else "pair"
            prompt = fill(phrasing, item.fields)
            yield Question(kind.name, phrasing, item.label, prompt, item.answer, group)


def _sample(split: Split, questions: Sequence[Question], count: int) -> list[Question]:
    order = sorted(questions, key=lambda q: digest(SALTS[split], "sample", q.kind, q.prompt))
    return order[:count]


def _open_questions(split: Split) -> Iterator[Question]:
    topics = [topic for topic in foreign.TOPICS if topic_split(topic) == split]
    for template in foreign.TEMPLATES:
        if template_split(template) != split:
            continue
        found = []
        for topic in topics:
            manner = foreign.MANNERS[digest(template, topic) % len(foreign.MANNERS)]
            prompt = fill(template, {"x": topic, "y": manner})
            found.append(Question("open", template, topic, prompt, UNKNOWN, "foreign"))
        yield from _sample(split, found, FOREIGN_PER_TEMPLATE)


def _stranger_words(split: Split, kind: Kind) -> list[str]:
    if kind.strangers in ("sum", "difference", "product"):
        numbers = [(31 + digest(kind.name, str(n)) % 900, 3 + n) for n in range(40)]
        return [f"{a}/{b}" for a, b in numbers if stranger_split(f"{a}/{b}") == split]
    return [word for word in foreign.strangers(kind.name) if stranger_split(word) == split]


def _stranger_questions(split: Split, kind: Kind) -> Iterator[Question]:
    trained = [phrasing for phrasing in kind.phrasings if phrasing_split(kind, phrasing) is None]
    for word in _stranger_words(split, kind)[:STRANGERS_PER_KIND]:
        phrasing = trained[digest(kind.name, word) % len(trained)]
        prompt = fill(phrasing, foreign.stranger_fields(kind, word))
        yield Question(f"stranger: {kind.name}", phrasing, word, prompt, UNKNOWN, "foreign")


def held_back(split: Split) -> list[Question]:
    """Return the questions that are asked to measure the model on ``split``.

    At most ``PER_KIND`` pairs and as many unseen phrasings of each kind, and the foreign
    questions, always the same ones in the same order. No variation of any of them is trained.
    """
    return list(_held_back(split))


@cache
def _held_back(split: Split) -> tuple[Question, ...]:
    found: list[Question] = []
    for kind in ALL:
        known = list(_known(split, kind))
        for group in ("pair", "phrasing"):
            found += _sample(split, [q for q in known if q.group == group], PER_KIND)
    found += _open_questions(split)
    for kind in ALL:
        if kind.strangers:
            found += _stranger_questions(split, kind)
    return tuple(found)


def short_name(item: Item) -> str:
    """Return what an item is called in a follow-up question."""
    return item.fields.get("a") or item.fields["x"]


def held_follow_ups(split: Split) -> list[FollowUp]:
    """Return follow-up questions that are never trained, the first of each known."""
    found = []
    for kind in ELLIPTIC:
        phrasing = kind.phrasings[0]
        for first in kind.items:
            for second in kind.items:
                if first.label == second.label or not trainable(kind, phrasing, first.label):
                    continue
                if follow_up_split(kind.name, first.label, second.label) == split:
                    prompt = fill(phrasing, first.fields)
                    asked = Question(kind.name, phrasing, first.label, prompt, first.answer, "pair")
                    words = ELLIPSES[digest(prompt, second.label) % len(ELLIPSES)]
                    follow = words.format(short_name(second))
                    found.append(FollowUp(asked, follow, second.answer))
    found.sort(key=lambda f: digest(SALTS[split], "follow-up", f.first.prompt, f.prompt))
    return found[:FOLLOW_UPS]


@cache
def held_keys() -> frozenset[str]:
    """Return the keys of all held-back questions of both splits, also those not sampled."""
    keys = {key(q.prompt) for split in SPLITS for kind in ALL for q in _known(split, kind)}
    keys |= {key(q.prompt) for split in SPLITS for q in held_back(split) if q.group == "foreign"}
    return frozenset(keys)


def is_held(prompt: str) -> bool:
    """Return whether ``prompt`` is a held-back question or a variation of one."""
    return key(prompt) in held_keys()
