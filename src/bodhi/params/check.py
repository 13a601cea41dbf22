"""Checks one value against its registry row: type, range, choices. Pure."""

from collections.abc import Callable
from math import isfinite

from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Kind, Parameter
from bodhi.params.values import NUMBER, Json

# What 64 bits hold, with a sign or without.
_INTEGERS = range(-(2**63), 2**64)


def check_value(row: Parameter, value: Json, pointer: str) -> Json:
    """``value`` as the registry wants it, or ParameterInvalid that names fact and range.

    Only harmless rewriting happens: one stop string becomes a list, an integral 2.0 becomes 2.
    """
    return _CHECKS[row.kind](row, value, pointer)


def describe_range(row: Parameter) -> str:
    """What the row accepts, in words: ``a number from 0 to 2``."""
    if row.kind is Kind.CHOICE:
        return "one of " + ", ".join(row.choices)
    noun = "an integer" if row.kind is Kind.INTEGER else "a number"
    beside = [f"{special.value}" for special in row.specials] + list(row.words)
    also = f" or {', '.join(beside)}" if beside else ""
    return f"{noun} from {row.low:g} to {_plain(row.high)}{also}"


def _plain(bound: float | None) -> str:
    return f"{bound:,.0f}" if bound is not None and bound == int(bound) else f"{bound}"


def _refuse(row: Parameter, value: Json, wanted: str, pointer: str) -> ParameterInvalid:
    shown = repr(value) if isinstance(value, int | float | bool) else _kind_of(value)
    return ParameterInvalid(f"{row.key} must be {wanted}, not {shown}.", pointer=pointer)


def _kind_of(value: Json) -> str:
    """Names a value's kind without repeating it: texts may hold what is nobody's business."""
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "null"


def _integer(row: Parameter, value: Json, pointer: str) -> Json:
    if isinstance(value, str) and value in row.words:
        return value
    if isinstance(value, float) and isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not _within(row, value):
        raise _refuse(row, value, describe_range(row), pointer)
    return value


def _number(row: Parameter, value: Json, pointer: str) -> Json:
    if isinstance(value, bool) or not isinstance(value, NUMBER) or not _within(row, value):
        raise _refuse(row, value, describe_range(row), pointer)
    return value


def _within(row: Parameter, value: float) -> bool:
    # NaN compares false with everything, so it is refused here too.
    low = float("-inf") if row.low is None else row.low
    high = float("inf") if row.high is None else row.high
    return low <= value <= high or any(value == special.value for special in row.specials)


def _choice(row: Parameter, value: Json, pointer: str) -> Json:
    # YAML 1.1 tools write `on` and `off` as booleans; the engine's own flags take 1 and 0.
    if isinstance(value, bool) and {"on", "off"} <= set(row.choices):
        return "on" if value else "off"
    if isinstance(value, str) and value.lower() in row.choices:
        return value.lower()
    raise _refuse(row, value, describe_range(row), pointer)


def _text(row: Parameter, value: Json, pointer: str) -> str:
    if not isinstance(value, str):
        raise _refuse(row, value, "a text", pointer)
    if row.longest is not None and len(value) > row.longest:
        raise ParameterInvalid(
            f"{row.key} is {len(value):,} characters long; {row.longest:,} are allowed.",
            pointer=pointer,
        )
    return value


def _texts(row: Parameter, value: Json, pointer: str) -> Json:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise _refuse(row, value, "a text or a list of texts", pointer)
    if not _within(row, len(items)):
        raise ParameterInvalid(
            f"{row.key} has {len(items)} entries; {row.low or 0:g} to {row.high:g} are allowed.",
            pointer=pointer,
        )
    for position, item in enumerate(items):
        _text(row, item, f"{pointer}/{position}")
        if item == "":
            raise ParameterInvalid(
                f"{row.key} holds an empty text, which would end every answer at once.",
                pointer=f"{pointer}/{position}",
                remedy="Remove the empty entry.",
            )
    return list(items)


def _numbers(row: Parameter, value: Json, pointer: str) -> Json:
    if not isinstance(value, list) or (row.longest is not None and len(value) > row.longest):
        raise _refuse(row, value, f"a list of at most {row.longest} numbers", pointer)
    return [_number(row, item, f"{pointer}/{index}") for index, item in enumerate(value)]


def _boolean(row: Parameter, value: Json, pointer: str) -> Json:
    if not isinstance(value, bool):
        raise _refuse(row, value, "true or false", pointer)
    return value


def _object(row: Parameter, value: Json, pointer: str) -> Json:
    if not isinstance(value, dict):
        raise _refuse(row, value, "an object", pointer)
    if row.high is not None and len(value) > row.high:
        raise ParameterInvalid(
            f"{row.key} has {len(value):,} entries; {row.high:,.0f} are allowed.", pointer=pointer
        )
    _check_numbers(row, value, pointer)
    return value


def _check_numbers(row: Parameter, value: Json, pointer: str) -> None:
    """YAML has numbers that JSON, in which the engine is asked, has not."""
    if isinstance(value, dict):
        for key, item in value.items():
            _check_numbers(row, item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_numbers(row, item, f"{pointer}/{index}")
    elif isinstance(value, float) and not isfinite(value):
        raise ParameterInvalid(f"{row.key} holds {value}, which JSON has not.", pointer=pointer)
    elif isinstance(value, int) and value not in _INTEGERS:
        raise ParameterInvalid(
            f"{row.key} holds an integer that does not fit in 64 bits.", pointer=pointer
        )


_CHECKS: dict[Kind, Callable[[Parameter, Json, str], Json]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.NUMBERS: _numbers,
    Kind.OBJECT: _object,
}
