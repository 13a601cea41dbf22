"""The language in which lists of aliases are searched: words, fields and comparisons. Pure.

    coder family:qwen ctx>=8k used<7d -source:model pinned "two words"

Terms are joined by "and"; ``-`` turns one round. A term that means nothing is refused with the
nearest one that does. What stands in double quotes is text, whatever it looks like.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from bodhi.errors import InvalidInput
from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS, SPELLINGS, normalise_spelling
from bodhi.params.values import Json

STATES = ("draft", "published", "modified", "testing", "error")
# Looked into for the text behind the colon; the others have to be that text.
_TEXTS = ("name", "repo", "file", "family", "quant", "template", "size_label", "description")
_WORDS: Mapping[str, tuple[str, ...] | None] = {
    "source": ("user", "model"),
    "state": STATES,
    "tag": None,
}
FIELDS = (*_TEXTS, *_WORDS)
FLAGS = ("pinned", "active", "active-now")
AGES = ("used", "modified")
NUMBERS = ("size", "version")

_ACTIVE_S = 24 * 60 * 60
_LONGEST = 1000
_MOST_TERMS = 64
_LONGEST_SHOWN = 64
_CUTOFF = 0.7
_TERM = re.compile(r'-?(?:[\w.-]+(?::|>=|<=|>|<|=))?"[^"]*"?|\S+')
_COMPARISON = re.compile(r"([A-Za-z][\w.-]*)(>=|<=|>|<|=)(.*)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w-]*):(.*)", re.DOTALL)
_NUMBER = re.compile(r"(-?\d{1,18}(?:\.\d{1,18})?)([a-z]?)", re.ASCII)
_SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
# As the list's own fields are called.
_FULL_NAMES = {
    "filename": "file",
    "quantization": "quant",
    "chat_template": "template",
    "tags": "tag",
    "size_bytes": "size",
    "modified_at": "modified",
}
# Beside the spellings of the registry.
_SHORT = {"ctx": "n_ctx", "context": "n_ctx", "prompt": "system_prompt", "gpu": "n_gpu_layers"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one alias.

    ``key`` is what its use is known by. ``labels`` has a value or several for each of ``FIELDS``,
    none where it is unknown; ``fields`` and ``text`` are the same in small letters. ``values`` are
    the parameters that the alias sets, ``numbers`` what is compared beside them: sizes in bytes,
    ``modified`` in seconds since the epoch.
    """

    key: str
    labels: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, tuple[str, ...]]
    text: str
    values: Mapping[str, Json]
    numbers: Mapping[str, float]
    is_pinned: bool = False


class Now:
    """What changes without any alias changing; times in seconds since the epoch.

    ``was_asked`` says whether a search looked at any of it: it may find something else next time.
    """

    __slots__ = ("_at", "_in_flight", "_last_used", "was_asked")

    def __init__(
        self,
        at: float,
        last_used: Callable[[str], float | None],
        in_flight: Callable[[str], int],
    ) -> None:
        self._at, self._last_used, self._in_flight = at, last_used, in_flight
        self.was_asked = False

    @property
    def at(self) -> float:
        """When it is."""
        self.was_asked = True
        return self._at

    def last_used(self, key: str) -> float | None:
        """When the alias was asked last; None where nobody knows of it."""
        self.was_asked = True
        return self._last_used(key)

    def in_flight(self, key: str) -> int:
        """How many requests for the alias are under way."""
        self.was_asked = True
        return self._in_flight(key)


Test: TypeAlias = Callable[[Facts, Now], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was understood."""

    tests: tuple[Test, ...] = field(default=())

    def matches(self, facts: Facts, now: Now) -> bool:
        """Whether every term holds."""
        return all(test(facts, now) for test in self.tests)


def parse_query(typed: str) -> Query:
    """What was typed, as a test. Raises InvalidInput for a term that means nothing."""
    terms = _TERM.findall(typed)
    if len(typed) > _LONGEST or len(terms) > _MOST_TERMS:
        raise InvalidInput(
            f"A search has at most {_LONGEST:,} characters and {_MOST_TERMS} terms.", pointer="/q"
        )
    return Query(tuple(_read(term) for term in terms))


def short_name(name: str) -> str:
    """The word of this language for a field of the list."""
    return _FULL_NAMES.get(name, name)


def parameter_named(name: str) -> str | None:
    """The registry's key for a parameter under any of its names."""
    wanted = _SHORT.get(name.lower(), normalise_spelling(name))
    if wanted in PARAMETERS:
        return wanted
    for section in (Section.REQUEST, Section.CONTEXT):
        row, negated = SPELLINGS[section].get(wanted, (None, False))
        if row is not None and not negated:
            return row.key
    return None


def refuse(term: str, reason: str, near: Iterable[str] = (), wanted: str = "") -> InvalidInput:
    """The refusal of ``term``, with the one of ``near`` that was hardly meant otherwise."""
    close = get_close_matches(wanted.lower(), list(near), 1, _CUTOFF) if wanted else []
    remedy = f"Did you mean {close[0]}?" if close else "In double quotes it would be text."
    return InvalidInput(f"{_shown(term)}: {reason}", pointer="/q", remedy=remedy)


def _read(term: str) -> Test:
    if len(term) > 1 and term.startswith("-"):
        test = _read(term[1:])
        return lambda facts, now: not test(facts, now)
    if comparison := _COMPARISON.fullmatch(term):
        return _comparison(term, *comparison.groups())
    if found := _FIELD.fullmatch(term):
        return _field(term, short_name(found[1].lower()), _plain(found[2]))
    if term.lower() in FLAGS:
        return _FLAG_TESTS[term.lower()]
    wanted = _plain(term)
    return lambda facts, _: wanted in facts.text


def _field(term: str, name: str, wanted: str) -> Test:
    if name in _TEXTS:
        return lambda facts, _: any(wanted in text for text in facts.fields[name])
    if name in _WORDS:
        known = _WORDS[name]
        if known is not None and wanted not in known:
            raise refuse(term, f"{name} is one of {', '.join(known)}.", known, wanted)
        return lambda facts, _: wanted in facts.fields[name]
    if name == "is":
        if wanted not in FLAGS:
            raise refuse(term, f"is: has {', '.join(FLAGS)}.", FLAGS, wanted)
        return _FLAG_TESTS[wanted]
    if name == "set":
        key = parameter_named(wanted)
        if key is None:
            raise refuse(term, "There is no such parameter.", _parameter_names(), wanted)
        return lambda facts, _: key in facts.values
    # Names hold colons too (llama3:instruct), so a colon alone is no mistake.
    if get_close_matches(name, FIELDS, 1, _CUTOFF):
        raise refuse(term, f"There is no field {_shown(name)}.", FIELDS, name)
    return lambda facts, _: term.lower() in facts.text


def _comparison(term: str, name: str, sign: str, right: str) -> Test:
    lower, holds = short_name(name.lower()), _SIGNS[sign]
    if lower in AGES:
        return _age(term, lower, sign, _amount(term, right, _SECONDS, "an age such as 7d"))
    if lower in NUMBERS:
        number = _amount(term, right, _SIZES, "a number")
        return lambda facts, _: holds(facts.numbers.get(lower, math.nan), number)
    key = parameter_named(name)
    if key is None:
        names = (*AGES, *NUMBERS, *_parameter_names())
        raise refuse(term, f"There is no parameter {_shown(name)}.", names, name)
    wanted = _plain(right)
    if sign == "=" and not _NUMBER.fullmatch(wanted):
        return lambda facts, _: _as_text(facts.values.get(key)) == wanted
    number = _amount(term, right, _SIZES, "a number")

    def test(facts: Facts, _: Now) -> bool:
        value = facts.values.get(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and holds(value, number)  # type: ignore[arg-type]

    return test


def _age(term: str, name: str, sign: str, seconds: float) -> Test:
    if sign == "=":
        raise refuse(term, "An age is compared with < or >.")
    holds = _SIGNS[sign]

    def test(facts: Facts, now: Now) -> bool:
        used = name == "used"
        since = now.last_used(facts.key) if used else facts.numbers.get("modified")
        return since is not None and holds(now.at - since, seconds)

    return test


def _amount(term: str, right: str, units: Mapping[str, int], what: str) -> float:
    match = _NUMBER.fullmatch(_plain(right))
    if match is None or match[2] not in units:
        raise refuse(term, f"{_shown(right) or 'Nothing'} is not {what}.")
    return float(match[1]) * units[match[2]]


def _as_text(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.lower() if isinstance(value, str) else None


def _parameter_names() -> Collection[str]:
    return (*PARAMETERS, *_SHORT)


def _plain(text: str) -> str:
    return text.replace('"', "").lower()


def _shown(text: str) -> str:
    """A caller's own words, cut, and without what is not printed."""
    printed = "".join(letter if letter.isprintable() else " " for letter in text)
    return printed if len(printed) <= _LONGEST_SHOWN else printed[:_LONGEST_SHOWN] + "…"


def _is_active(facts: Facts, now: Now) -> bool:
    used = now.last_used(facts.key)
    return used is not None and now.at - used < _ACTIVE_S


_FLAG_TESTS: Mapping[str, Test] = {
    "pinned": lambda facts, _: facts.is_pinned,
    "active": _is_active,
    "active-now": lambda facts, now: now.in_flight(facts.key) > 0,
}
