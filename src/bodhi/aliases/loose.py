"""What can be read of an alias file that is not right, for an editor to show and mend. Pure.

Each part that is at fault is set aside as it is written, and the rest is read without it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from bodhi.aliases.flag_list import FLAG, row_of, spans, texts
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import ABOUT, INTEGERS, SECTIONS, TEXTS, located, read_root
from bodhi.aliases.yaml12 import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    decode,
    parse,
    value_of,
)
from bodhi.errors import AliasFileInvalid, ParameterInvalid
from bodhi.params.parameter import Section
from bodhi.params.registry import SPELLINGS, normalise_spelling
from bodhi.params.values import Json

# Each takes out all that is wrong by itself in one section, or one fault that is another's, too.
_MOST_READS = 64
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
    try:
        whole = rest = parse(decode(data))
    except AliasFileInvalid as error:
        return Loose(None, None, [error])
    aside, errors = _Aside(), list[AliasFileInvalid]()
    for _ in range(_MOST_READS):
        try:
            sound = read_root(rest)
        except AliasFileInvalid as error:
            faults = [_in_whole(fault, rest, whole) for fault in (error, *_beside(rest, error))]
            for fault in faults:
                if not _follows(fault, aside):
                    errors.append(fault)
                less = _without(rest, fault, aside, whole)
                if less is None:
                    return Loose(None, None, errors)
                rest = less
        else:
            is_known = aside.fields.keys().isdisjoint(("name", "repo", "filename"))
            return Loose(_with(sound, aside), sound if is_known else None, errors)
    return Loose(None, None, errors)


def _steps(error: AliasFileInvalid) -> list[str]:
    return (error.pointer or "").split("/")[1:3]


def _beside(root: Node, error: AliasFileInvalid) -> Iterator[AliasFileInvalid]:
    """The other values of the same section that are at fault, each by itself.

    A reading ends at its first fault: found one by one, many would be as many readings.
    """
    match _steps(error):
        case [section, name] if section in SECTIONS:
            values = _at(root, [section])
            if isinstance(values, Sequence):
                yield from _beside_flag(root, values, section, name)
            for entry in values.entries if isinstance(values, Mapping) else ():
                if entry.name != name:
                    try:
                        SECTIONS[section]({entry.name: value_of(entry.value)}, f"/{section}")
                    except ParameterInvalid as other:
                        yield located(root, other)


def _beside_flag(
    root: Node, values: Sequence, section: str, name: str
) -> Iterator[AliasFileInvalid]:
    items = [value_of(item) for item in values.items]
    for start, behind in spans(texts(items)):
        if int(name) not in range(start, behind):
            try:
                SECTIONS[section](items[start:behind], f"/{section}")
            except ParameterInvalid as other:
                place = f"/{section}/{start}"
                yield located(
                    root, ParameterInvalid(other.message, pointer=place, remedy=other.remedy)
                )


def _in_whole(error: AliasFileInvalid, root: Node, whole: Node) -> AliasFileInvalid:
    """The same with the place that an item of a list has in ``whole``, and not in what is left."""
    match _steps(error):
        case [section, index] if section in SECTIONS:
            some, every = _at(root, [section]), _at(whole, [section])
            if isinstance(some, Sequence) and isinstance(every, Sequence):
                place = _place(some.items[int(index)], every)
                return AliasFileInvalid(
                    error.message,
                    line=error.line,
                    pointer=f"/{section}/{place}",
                    remedy=error.remedy,
                )
    return error


def _place(item: Node, values: Sequence) -> int:
    return next(place for place, one in enumerate(values.items) if one is item)


def _follows(error: AliasFileInvalid, aside: _Aside) -> bool:
    """Whether a parameter is enforced without a value only because its value was set aside."""
    match _steps(error):
        case ["request_policy", name]:
            key = _key(Section.REQUEST, name)
            return "clamp" not in (error.pointer or "") and key in aside.sections.get(
                "request_params", {}
            )
    return False


def _without(root: Node, error: AliasFileInvalid, aside: _Aside, whole: Node) -> Mapping | None:
    """``root`` less what ``error`` points at in ``whole``; None where that cannot be set aside."""
    if not isinstance(root, Mapping):
        return None
    match _steps(error):
        case [section, name] if section in SECTIONS:
            values = _at(root, [section])
            if isinstance(values, Sequence):
                return _without_flag(root, values, _at(whole, [section, name]), aside)
            return _without_value(root, section, name, aside)
        case [key, *_] if key in (*TEXTS, *ABOUT):
            return _without_field(root, key, aside)
    return None


def _without_value(root: Mapping, section: str, name: str, aside: _Aside) -> Mapping | None:
    values = _at(root, [section])
    entry = _entry(values, section, name) if isinstance(values, Mapping) else None
    if entry is None or not isinstance(values, Mapping):
        return None
    key = _key(_section(section), name)
    if key is not None:
        aside.sections.setdefault(section, {})[key] = _written(entry.value)
    return _put(root, section, _put(values, entry.name, None))


def _without_flag(
    root: Mapping, values: Sequence, flag: Node | None, aside: _Aside
) -> Mapping | None:
    """``root`` less a flag of its list of context parameters, and less that flag's value."""
    if flag is None:
        return None
    flags, at = texts(map(value_of, values.items)), _place(flag, values)
    behind = next((end for start, end in spans(flags) if start == at), at + 1)
    key, _ = row_of(flags[at])
    if key is not None:
        match = FLAG.fullmatch(flags[at])
        word = match[3] if match and match[3] is not None else "".join(flags[at + 1 : at + 2])
        aside.sections.setdefault(Section.CONTEXT, {})[key] = word
    rest = [*values.items[:at], *values.items[behind:]]
    return _put(root, Section.CONTEXT, replace(values, items=rest))


def _entry(values: Mapping, section: str, name: str) -> Entry | None:
    """What is called ``name``, or where nothing is, what is meant by that key."""
    meant = (one for one in values.entries if _key(_section(section), one.name) == name)
    return values.find(name) or next(meant, None)


def _section(name: str) -> Section:
    return Section.CONTEXT if name == Section.CONTEXT else Section.REQUEST


def _without_field(root: Mapping, key: str, aside: _Aside) -> Mapping:
    node = _at(root, [key])
    written = None if node is None else value_of(node)
    name = "name" if key == "alias" else key
    if key in _STAND_INS:
        aside.fields[name] = node.text if isinstance(node, Scalar) else ""
        return _put(root, key, Scalar(0, 0, root.line, _STAND_INS[key], ""))
    if key == "tags":
        tags = written if isinstance(written, list) else []
        aside.fields[name] = tuple(tag for tag in tags if isinstance(tag, str))
    else:
        aside.fields[name] = written if isinstance(written, str) else None
    return _put(root, key, None)


def _put(mapping: Mapping, name: str, value: Node | None) -> Mapping:
    """The same with another value for ``name``, or without it."""
    entries = [entry for entry in mapping.entries if entry.name != name]
    if value is not None:
        entries.append(Entry(name, Scalar(0, 0, value.line, name, ""), value))
    return replace(mapping, entries=entries)


def _with(sound: Alias, aside: _Aside) -> Alias:
    sections: dict[str, Any] = {
        section: {**getattr(sound, section), **values} for section, values in aside.sections.items()
    }
    return replace(sound, **aside.fields, **sections)


def _at(root: Node, steps: list[str]) -> Node | None:
    node: Node = root
    for step in steps:
        if isinstance(node, Sequence) and step.isdecimal() and int(step) < len(node.items):
            node = node.items[int(step)]
            continue
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
