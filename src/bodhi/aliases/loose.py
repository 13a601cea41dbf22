"""What can be read of an alias file that is not right, for an editor to show and mend. Pure.

Each part that is at fault is set aside as it is written, and the rest is read without it.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from bodhi.aliases.model import Alias
from bodhi.aliases.reader import ABOUT, INTEGERS, SECTIONS, TEXTS, line_of, read_recipe
from bodhi.aliases.surgery import set_value, unset
from bodhi.aliases.yaml12 import Mapping, Node, Scalar, decode, encode, parse, value_of
from bodhi.errors import AliasFileInvalid, BodhiError
from bodhi.params.parameter import Section
from bodhi.params.registry import SPELLINGS, normalise_spelling
from bodhi.params.values import Json

_MOST_FAULTS = 64
_STAND_INS = {"alias": "unnamed", "repo": "nobody/nothing", "filename": "none.gguf"}


@dataclass(frozen=True, slots=True)
class Loose:
    """``alias`` holds what is at fault as it is written; None for a text without any structure.

    ``sound`` is the same without it; None where a name or a file is what is missing. Of a text
    with nothing at fault both are the alias. ``errors`` has every fault, with its line.
    """

    alias: Alias | None
    sound: Alias | None
    errors: list[AliasFileInvalid]


@dataclass(slots=True)
class _Aside:
    """What was taken out: fields as the alias has them, and values of sections."""

    fields: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, dict[str, Json]] = field(default_factory=dict)


def read_loosely(data: bytes) -> Loose:
    """What ``data`` says, and everything that keeps it from being an alias."""
    with suppress(AliasFileInvalid):
        alias = read_recipe(data)
        return Loose(alias, alias, [])
    try:
        root = parse(decode(data))
    except AliasFileInvalid as error:
        return Loose(None, None, [error])
    text, aside, errors = data.decode(), _Aside(), list[AliasFileInvalid]()
    for _ in range(_MOST_FAULTS):
        try:
            sound = read_recipe(encode(text))
        except AliasFileInvalid as error:
            if not _follows(error, aside):
                errors.append(_in(root, error))
            rest = _without(text, error, root, aside)
            if rest is None or rest == text:
                return Loose(None, None, errors)
            text = rest
        else:
            is_known = aside.fields.keys().isdisjoint(("name", "repo", "filename"))
            return Loose(_with(sound, aside), sound if is_known else None, errors)
    return Loose(None, None, errors)


def _in(root: Node, error: AliasFileInvalid) -> AliasFileInvalid:
    """The same with the line that it has in the whole text."""
    line = line_of(root, error.pointer) or error.line
    return AliasFileInvalid(error.message, line=line, pointer=error.pointer, remedy=error.remedy)


def _steps(error: AliasFileInvalid) -> list[str]:
    return (error.pointer or "").split("/")[1:3]


def _follows(error: AliasFileInvalid, aside: _Aside) -> bool:
    """Whether a parameter is enforced without a value only because its value was set aside."""
    match _steps(error):
        case ["request_policy", name]:
            key = _key(Section.REQUEST, name)
            return "clamp" not in (error.pointer or "") and key in aside.sections.get(
                "request_params", {}
            )
    return False


def _without(text: str, error: AliasFileInvalid, root: Node, aside: _Aside) -> str | None:
    """``text`` less what ``error`` points at, which is set aside; None where that cannot be."""
    steps = _steps(error)
    node = _at(root, steps)
    try:
        if len(steps) == 2 and steps[0] in SECTIONS:
            return _without_value(text, steps, node, aside)
        if steps and steps[0] in (*TEXTS, *ABOUT):
            return _without_field(text, steps[0], _at(root, steps[:1]), aside)
    except BodhiError:  # the text is of a shape that cannot be edited
        return None
    return None


def _without_value(text: str, steps: list[str], node: Node | None, aside: _Aside) -> str | None:
    section = Section.CONTEXT if steps[0] == Section.CONTEXT else Section.REQUEST
    key = _key(section, steps[1])
    if node is None or steps[1].isdecimal():
        return None
    if key is not None:
        aside.sections.setdefault(steps[0], {})[key] = _written(node)
    return unset(text, tuple(steps))


def _without_field(text: str, key: str, node: Node | None, aside: _Aside) -> str:
    written = None if node is None else value_of(node)
    name = "name" if key == "alias" else key
    if key in _STAND_INS:
        aside.fields[name] = node.text if isinstance(node, Scalar) else ""
        return set_value(text, (key,), _STAND_INS[key])
    if key == "tags":
        tags = written if isinstance(written, list) else []
        aside.fields[name] = tuple(tag for tag in tags if isinstance(tag, str))
    else:
        aside.fields[name] = written if isinstance(written, str) else None
    return unset(text, (key,))


def _with(sound: Alias, aside: _Aside) -> Alias:
    sections: dict[str, Any] = {
        section: {**getattr(sound, section), **values} for section, values in aside.sections.items()
    }
    return replace(sound, **aside.fields, **sections)


def _at(root: Node, steps: list[str]) -> Node | None:
    node: Node = root
    for step in steps:
        entry = node.find(step) if isinstance(node, Mapping) else None
        if entry is None:
            return None
        node = entry.value
    return node


def _key(section: Section, name: str) -> str | None:
    row, _ = SPELLINGS[section].get(normalise_spelling(name), (None, False))
    return None if row is None else row.key


def _written(node: Node) -> Json:
    """The value; as text where it is a number that JSON has not."""
    value = value_of(node)
    is_odd = isinstance(value, float) and not isfinite(value)
    if is_odd or (isinstance(value, int) and value not in INTEGERS):
        return node.text if isinstance(node, Scalar) else None
    return value
