"""What one parameter is: the shape of a registry row. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

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


class Scale(StrEnum):
    """How a slider spreads its values: evenly, or each step twice the one before."""

    LINEAR = "linear"
    LOG2 = "log2"


Degree: TypeAlias = Literal["none", "some", "strong"]


@dataclass(frozen=True, slots=True)
class Impact:
    """How much a parameter decides about each."""

    quality: Degree = "none"
    speed: Degree = "none"
    memory: Degree = "none"


@dataclass(frozen=True, slots=True)
class Special:
    """A number that is none: ``-1`` for the cores of the machine, ``0`` for off."""

    value: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Band:
    """Where values are usually good, and who published that."""

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One value for one purpose, and who published it."""

    label: str
    value: Json
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the registry.

    ``key`` is the one name used inside Bodhi. ``spellings`` are the other names under which
    people write it, old and new, without leading dashes and with ``_`` for ``-``; ``negations``
    are names that mean the opposite of a boolean. ``low`` and ``high`` are inclusive; for texts
    they bound the number of strings, for objects that of entries, and ``longest`` is the length of
    each text or of a list of numbers. ``specials`` are taken beside the range, ``words`` are the
    non-numeric values of a number (``auto``). ``bare`` is the value of the flag without a value.
    ``engine_default`` is what llama.cpp does when nothing is said, None if that depends on the
    model or machine; ``bodhi_default`` is what Bodhi says instead, on every launcher alike; of
    ``n_ctx``, where the model was trained on no less.

    ``step``, ``scale`` and ``stops`` are for sliders: the smallest useful change, the spacing, and
    the values worth a mark. ``flags`` are the names of one flag of llama-server, newest first;
    ``attributes`` are the engine library's, of ``CommonParams``, and ``enum`` is what stands before
    a choice there.
    """

    key: str
    label: str
    section: Section
    applies: Applies
    kind: Kind
    group: str
    help: str
    impact: Impact = Impact()
    spellings: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    specials: tuple[Special, ...] = ()
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unit: str | None = None
    bare: Json = None
    engine_default: Json = None
    bodhi_default: Json = None
    required: bool = False
    step: float | None = None
    scale: Scale = Scale.LINEAR
    stops: tuple[float, ...] = ()
    recommended: Band | None = None
    recommendations: tuple[Recommendation, ...] = ()
    related: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    enum: str = ""
