"""A parameter in words: the same on the command line and the reference page. Pure."""

import json
from collections.abc import Iterator

from bodhi.params.check import describe_range
from bodhi.params.described import Described
from bodhi.params.parameter import Applies, Kind, Parameter
from bodhi.params.values import Json

_KINDS = {
    Kind.BOOLEAN: "true or false",
    Kind.TEXT: "a text",
    Kind.TEXTS: "a text or a list of texts",
    Kind.NUMBERS: "a list of numbers",
    Kind.OBJECT: "an object",
}


def range_words(described: Described) -> str:
    """What is taken, with the unit: ``an integer from 32 to 10,000,000 or 0 (tokens)``."""
    row = described.row
    if row.kind not in (Kind.INTEGER, Kind.NUMBER):
        return _KINDS.get(row.kind) or describe_range(row)
    return f"{describe_range(row)} ({row.unit})" if row.unit else describe_range(row)


def default_words(described: Described) -> str:
    """``8192 (bodhi default)``."""
    if not described.has_default:
        return "none" if described.row.applies is Applies.REQUEST else "as the engine decides"
    return f"{value_words(described.default.value)} ({described.default.layer})"


def bound_words(described: Described) -> Iterator[tuple[str, str]]:
    """The ends that are nearer than the range."""
    ends = (("lower", described.bounds.low), ("upper", described.bounds.high))
    for which, bound in ends:
        if bound is not None and not bound.is_limit:
            yield which, str(bound)


def special_words(row: Parameter) -> Iterator[str]:
    """``-1: the cores of this machine``."""
    for special in row.specials:
        yield f"{special.value}: {special.meaning}"


def recommendation_words(row: Parameter) -> Iterator[str]:
    """Each with who published it."""
    if band := row.recommended:
        yield f"{band.low:g} to {band.high:g} ({band.source})"
    for one in row.recommendations:
        yield f"{value_words(one.value)} for {one.label} ({one.source})"


def impact_words(row: Parameter) -> str | None:
    """``quality strongly, speed somewhat``; None where it decides nothing."""
    how = {"some": "somewhat", "strong": "strongly"}
    degrees = {
        "quality": row.impact.quality,
        "speed": row.impact.speed,
        "memory": row.impact.memory,
    }
    words = [f"{what} {how[degree]}" for what, degree in degrees.items() if degree in how]
    return ", ".join(words) or None


def value_words(value: Json) -> str:
    """A value as a file would have it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
