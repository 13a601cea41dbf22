"""What one parameter is: the shape of a registry row. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bodhi.params.values import Json


class Kind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"
    TEXTS = "texts"  # one string or a list of strings
    NUMBERS = "numbers"  # a list of numbers
    OBJECT = "object"


class Section(StrEnum):
    """Which mapping of an alias file a parameter is written in."""

    CONTEXT = "context_params"
    REQUEST = "request_params"


class Applies(StrEnum):
    """When a change takes effect: with the next request, or only in a fresh engine."""

    REQUEST = "request"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the registry.

    ``key`` is the one name used inside Bodhi. ``spellings`` are the other names under which
    people write it, old and new, without leading dashes and with ``_`` for ``-``; ``negations``
    are names that mean the opposite of a boolean. ``low`` and ``high`` are inclusive; for texts
    they bound the number of strings and ``longest`` the length of each. ``words`` are the
    non-numeric values of a number (``auto``). ``bare`` is the value of the flag without a value.
    ``engine_default`` is what llama.cpp does when nothing is said, None if that depends on the
    model or machine; ``bodhi_default`` is what Bodhi says instead, on every launcher alike.
    """

    key: str
    label: str
    section: Section
    applies: Applies
    kind: Kind
    group: str
    help: str
    spellings: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unit: str | None = None
    bare: Json = None
    engine_default: Json = None
    bodhi_default: Json = None
