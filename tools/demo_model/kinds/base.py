"""What a *kind* of question is, and how its phrasings are put together.

A kind has phrasings (sentence templates) and items (what the sentences are about). Each
combination of one phrasing and one item is one question with exactly one right answer.
Most phrasings are composed: a noun phrase such as ``the capital of {x}`` or a clause such as
``where {a} lives`` is put into the frames that all kinds share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NOUN_FRAMES: tuple[str, ...] = (
    "What is {}?",
    "Tell me {}.",
    "Do you know {}?",
    "Can you tell me {}?",
    "Name {}.",
    "I want to know {}.",
    "Give me {}.",
    "{}?",
    "Could you tell me {}?",
    "I would like to know {}.",
    "Tell me what {} is.",
    "Can you name {}?",
    "Let me know {}.",
    "Say {}.",
    "Do you know what {} is?",
    "I need {}.",
    "Could you give me {}?",
    "I wonder what {} is.",
)
CLAUSE_FRAMES: tuple[str, ...] = (
    "Tell me {}.",
    "Do you know {}?",
    "Can you tell me {}?",
    "I want to know {}.",
    "I wonder {}.",
    "Could you tell me {}?",
    "I would like to know {}.",
    "Let me know {}.",
    "Can you say {}?",
    "Have you any idea {}?",
)
NUMBER_WORDS: tuple[str, ...] = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty".split()
)


@dataclass(frozen=True)
class Item:
    """One thing that can be asked about, with its answer."""

    label: str
    fields: Mapping[str, str]
    answer: str


@dataclass(frozen=True)
class Kind:
    """One kind of question.

    ``strangers`` names the pool of words that fit the phrasings but that the model is taught
    *not* to know (see ``foreign.py``); ``weight`` is its relative share of the training data;
    ``brief`` is the answer under the "short" system prompt where that is not the plain one.
    """

    name: str
    phrasings: tuple[str, ...]
    items: tuple[Item, ...]
    strangers: str = ""
    weight: float = 1.0
    brief: str = ""


def upper_first(text: str) -> str:
    """Return ``text`` with its first character in upper case."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return ``text`` as a sentence: a capital letter and a full stop."""
    return upper_first(text) + "."


def article(noun: str) -> str:
    """Return ``noun`` with its indefinite article."""
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def fill(template: str, fields: Mapping[str, str]) -> str:
    """Return the question that ``template`` makes of an item."""
    return upper_first(template.format(**fields))


def noun(phrase: str, first: int = 0, step: int = 1) -> list[str]:
    """Return ``phrase`` in every ``step``-th noun frame from ``first`` on."""
    return [upper_first(frame.format(phrase)) for frame in NOUN_FRAMES[first::step]]


def nouns(phrase: str, first: int = 0, step: int = 1) -> list[str]:
    """Return the same as ``noun`` for a phrase in the plural."""
    frames = [frame.replace(" is", " are") for frame in NOUN_FRAMES[first::step]]
    return [upper_first(frame.format(phrase)) for frame in frames]


def clause(phrase: str, first: int = 0, step: int = 1) -> list[str]:
    """Return ``phrase`` in every ``step``-th clause frame from ``first`` on."""
    return [upper_first(frame.format(phrase)) for frame in CLAUSE_FRAMES[first::step]]


def pairs(text: str) -> list[tuple[str, str]]:
    """Read ``"France: Paris, Italy: Rome"`` as a list of pairs."""
    found = []
    for entry in text.split(","):
        left, _, right = entry.partition(":")
        found.append((" ".join(left.split()), " ".join(right.split())))
    return found


def plain_items(entries: Iterable[tuple[str, str]]) -> tuple[Item, ...]:
    """Return items whose only field is ``x`` and whose answer is the second word."""
    return tuple(Item(x, {"x": x}, sentence(answer)) for x, answer in entries)


def one_answer(
    name: str, phrasings: Sequence[str], answer: str, *, weight: float = 1.0, brief: str = ""
) -> Kind:
    """Return a kind with a single item: all its phrasings have the same answer."""
    return Kind(name, tuple(phrasings), (Item(name, {}, answer),), weight=weight, brief=brief)
