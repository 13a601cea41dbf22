"""Reads the parameters of an alias file, in every published shape, into registry keys. Pure.

Context parameters exist in the wild as a mapping (``n_keep: 24``), as a list of flags
(``- "--n-keep 24"``), of flags with ``=`` and of split tokens (``['--ctx-size', '4096']``).
"""

from collections.abc import Mapping

from bodhi.errors import ParameterInvalid
from bodhi.params.check import check_value
from bodhi.params.parameter import Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS, find, normalise_spelling
from bodhi.params.values import Json

_TRUE = ("true", "on", "1", "yes")
_FALSE = ("false", "off", "0", "no")


# llama.cpp has one flag where it had two; ``auto`` and ``mmap`` are what saying nothing means.
_LOAD_MODE = "load_mode"
_LOAD_MODES: Mapping[str, Mapping[str, Json]] = {
    "auto": {},
    "mmap": {},
    "mlock": {"mlock": True, "no_mmap": True},
    "mmap+mlock": {"mlock": True},
    "none": {"no_mmap": True},
}


def load_mode_of(params: Mapping[str, Json]) -> str:
    """The word of ``--load-mode`` for what ``mlock`` and ``no_mmap`` say."""
    said = {key: True for key in ("mlock", "no_mmap") if params.get(key) is True}
    return next(word for word, means in _LOAD_MODES.items() if means == said)


def read_context_params(raw: Json, pointer: str = "/context_params") -> dict[str, Json]:
    """Registry key -> checked value. Raises ParameterInvalid with a pointer into ``raw``."""
    if isinstance(raw, list):
        return _read_flags(raw, pointer)
    return _read_mapping(raw, Section.CONTEXT, pointer)


def read_request_params(raw: Json, pointer: str = "/request_params") -> dict[str, Json]:
    """Registry key -> checked value. Raises ParameterInvalid with a pointer into ``raw``."""
    return _read_mapping(raw, Section.REQUEST, pointer)


def read_request_policy(raw: Json, pointer: str = "/request_policy") -> dict[str, Json]:
    """Registry key -> ``"default"``, ``"enforce"`` or ``{"clamp": [low, high]}``."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ParameterInvalid("request_policy must be a mapping.", pointer=pointer)
    policies: dict[str, Json] = {}
    for name, mode in raw.items():
        row, _ = find(name, Section.REQUEST, f"{pointer}/{name}")
        if row.key in policies:
            raise _twice(row, f"{pointer}/{name}")
        policies[row.key] = _read_mode(row, mode, f"{pointer}/{name}")
    return policies


def check_policy(params: Mapping[str, Json], policy: Mapping[str, Json]) -> None:
    """Raises ParameterInvalid for a parameter that is enforced without having a value."""
    for key, mode in policy.items():
        if mode == "enforce" and key not in params:
            raise ParameterInvalid(
                f"{key} is enforced but has no value.",
                pointer=f"/request_policy/{key}",
                remedy=f"Give {key} a value under request_params.",
            )


def _read_mode(row: Parameter, mode: Json, pointer: str) -> Json:
    if mode in ("default", "enforce"):
        return mode
    bounds = mode.get("clamp") if isinstance(mode, dict) and set(mode) == {"clamp"} else None
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise ParameterInvalid(
            f"The policy of {row.key} must be default, enforce or clamp: [low, high].",
            pointer=pointer,
        )
    if row.kind not in (Kind.INTEGER, Kind.NUMBER):
        raise ParameterInvalid(f"{row.key} is not a number and has no clamp.", pointer=pointer)
    low, high = (check_value(row, b, f"{pointer}/clamp/{i}") for i, b in enumerate(bounds))
    if not (isinstance(low, int | float) and isinstance(high, int | float) and low <= high):
        raise ParameterInvalid(
            f"The clamp of {row.key} is empty: its low end is above its high end.", pointer=pointer
        )
    return {"clamp": [low, high]}


def _read_mapping(raw: Json, section: Section, pointer: str) -> dict[str, Json]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ParameterInvalid(f"{section.value} must be a mapping.", pointer=pointer)
    values: dict[str, Json] = {}
    for name, value in raw.items():
        place = f"{pointer}/{name}"
        row, negated = find(name, section, place)
        if row.key in values:
            raise _twice(row, place)
        if value is not None:
            checked = check_value(row, value, place)
            values[row.key] = not checked if negated else checked
    return values


def _twice(row: Parameter, pointer: str) -> ParameterInvalid:
    return ParameterInvalid(
        f"{row.key} is given twice, under two of its names.",
        pointer=pointer,
        remedy="Keep one of them.",
    )


def _read_flags(items: list[Json], pointer: str) -> dict[str, Json]:
    values: dict[str, Json] = {}
    position = 0
    while position < len(items):
        place = f"{pointer}/{position}"
        name, attached = _split_flag(items[position], place)
        if normalise_spelling(name) == _LOAD_MODE:
            word = (
                items[position + 1] if attached is None and position + 1 < len(items) else attached
            )
            _take_load_mode(word, values, place)
            position += 1 if attached is not None else 2
            continue
        row, negated = find(name, Section.CONTEXT, place)
        if row.key in values:
            raise _twice(row, place)
        following = items[position + 1] if position + 1 < len(items) else None
        text, taken = (attached, 0) if attached is not None else _next_token(row, following)
        value = _from_text(row, text, place)
        values[row.key] = not value if negated else value
        position += 1 + taken
    return values


def _take_load_mode(word: Json, values: dict[str, Json], pointer: str) -> None:
    means = _LOAD_MODES.get(word) if isinstance(word, str) else None
    if means is None:
        raise ParameterInvalid(
            f"--load-mode must be one of {', '.join(_LOAD_MODES)}.", pointer=pointer
        )
    for key, value in means.items():
        if key in values:
            raise _twice(PARAMETERS[key], pointer)
        values[key] = value


def _split_flag(item: Json, pointer: str) -> tuple[str, str | None]:
    """``--a 1`` and ``--a=1`` -> (``--a``, ``1``); a bare flag has None."""
    if not isinstance(item, str) or not item.startswith("-") or not item.strip("-"):
        raise ParameterInvalid(
            "A list of context parameters holds flags such as --ctx-size 4096.", pointer=pointer
        )
    head, _, tail = item.partition(" ")
    if "=" in head:
        head, _, tail = item.partition("=")
    return head, tail.strip() or None


def _next_token(row: Parameter, following: Json) -> tuple[str | None, int]:
    """The value of a flag that stands in the next item, and how many items it took."""
    if following is None:
        return None, 0
    text = following if isinstance(following, str) else _as_text(following)
    if row.bare is not None and text.lower() not in (*row.choices, *_TRUE, *_FALSE):
        return None, 0
    return text, 1


def _as_text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_text(row: Parameter, text: str | None, pointer: str) -> Json:
    """The value that a flag's text stands for, checked."""
    if text is None:
        if row.bare is None:
            raise ParameterInvalid(f"--{row.key} needs a value.", pointer=pointer)
        return row.bare
    return check_value(row, _parse_text(row, text), pointer)


def _parse_text(row: Parameter, text: str) -> Json:
    if row.kind is Kind.BOOLEAN or (row.kind is Kind.CHOICE and text not in row.choices):
        lowered = text.lower()
        return True if lowered in _TRUE else False if lowered in _FALSE else text
    try:
        if row.kind is Kind.INTEGER and text not in row.words:
            return int(text)
        if row.kind is Kind.NUMBER:
            return float(text)
        if row.kind is Kind.NUMBERS:
            return [float(part) for part in text.split(",")]
    except ValueError:
        return text
    return text
