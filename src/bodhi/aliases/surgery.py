"""Edits one value of a YAML text where it stands, so that every other byte stays. Pure.

An edit is made as splices between the parser's marks. Nothing is trusted: the result is parsed
again and must mean exactly what was intended, otherwise the next, coarser way is tried, and in
the end the edit is refused. So a wrong splice can cost an edit, never a file.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from bodhi.aliases import lines
from bodhi.aliases.splices import Place, Way, apply, ways_to_add, ways_to_remove, ways_to_replace
from bodhi.aliases.yaml12 import (
    BOM,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_null,
    load,
    parse,
    same_value,
    value_of,
)
from bodhi.aliases.yaml12_write import check_writable, flow_text
from bodhi.errors import AliasFileInvalid
from bodhi.params.values import Json

Path: TypeAlias = tuple[str | int, ...]

# Every step parses the text again; more changed children than this are written in one go.
_MOST_STEPS = 32


def set_value(text: str, path: Path, value: Json) -> str:
    """``text`` with ``value`` at ``path``; missing mappings on the way are made.

    Lists and mappings are changed item by item, so that comments beside equal items stay. Raises
    AliasFileInvalid if the text cannot be parsed, if something on the path is neither mapping nor
    list, or if the edit cannot be made in place.
    """
    check_writable(value)
    bare = text.removeprefix(BOM)
    return text[: len(text) - len(bare)] + _set(bare, path, value)


def unset(text: str, path: Path) -> str:
    """``text`` without the key or item at ``path``; unchanged if there is none.

    The last key of a mapping leaves ``{}``, the last item of a list ``[]``. Raises as
    :func:`set_value` does.
    """
    bare = text.removeprefix(BOM)
    return text[: len(text) - len(bare)] + _unset(bare, path)


def _set(text: str, path: Path, value: Json) -> str:
    root = parse(text)
    place, rest = _walk(root, path)
    node, there = place.node, path[: len(path) - len(rest)]
    if rest and not isinstance(node, Scalar):
        return _add(text, there, rest[0], _nested(rest[1:], value))
    value = _nested(rest, value)
    old = value_of(node)
    if same_value(old, value):
        return text
    if old and value:
        if isinstance(old, dict) and isinstance(value, dict):
            names = [name for name in {**old, **value} if not _same_at(old, value, name)]
            if len(names) <= _MOST_STEPS:
                return _set_entries(text, there, names, value)
        elif isinstance(old, list) and isinstance(value, list):  # noqa: SIM102
            if max(len(old), len(value)) <= _MOST_STEPS:
                return _set_items(text, there, old, value)
    intended = _put(value_of(root), there, value)
    return _first_that_holds(text, ways_to_replace(text, place, value), intended, there)


def _set_entries(text: str, path: Path, names: list[str], wanted: dict[str, Json]) -> str:
    # What goes, goes last: a mapping that is empty in between would lose its style.
    for name in sorted(names, key=lambda name: name not in wanted):
        place = (*path, name)
        text = _set(text, place, wanted[name]) if name in wanted else _unset(text, place)
    return text


def _set_items(text: str, path: Path, old: list[Json], wanted: list[Json]) -> str:
    """Only the items between the equal ones at both ends are touched."""
    shorter = min(len(old), len(wanted))
    head = next((i for i in range(shorter) if not same_value(old[i], wanted[i])), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if not same_value(old[-1 - i], wanted[-1 - i])), rest)
    for index in range(head, len(wanted) - tail):
        if index < len(old) - tail:
            text = _set(text, (*path, index), wanted[index])
        else:
            text = _add(text, path, index, wanted[index])
    for index in range(len(old) - tail - 1, len(wanted) - tail - 1, -1):
        text = _unset(text, (*path, index))
    return text


def _add(text: str, path: Path, step: str | int, value: Json) -> str:
    root = parse(text)
    place, _ = _walk(root, path)
    intended: Any = value_of(root)
    holder = _at(intended, path)
    if isinstance(step, int):
        holder.insert(step, value)
    else:
        holder[step] = value
    return _first_that_holds(text, ways_to_add(text, place, step, value), intended, path)


def _unset(text: str, path: Path) -> str:
    root = parse(text)
    place, rest = _walk(root, path)
    if rest or place.parent is None:
        return text
    if len(lines.children(place.parent)) == 1:
        emptied: Json = {} if isinstance(place.parent, Mapping) else []
        holder, _ = _walk(root, path[:-1])
        intended = _put(value_of(root), path[:-1], emptied)
        return _first_that_holds(text, ways_to_replace(text, holder, emptied), intended, path[:-1])
    intended = value_of(root)
    del _at(intended, path[:-1])[path[-1]]
    return _first_that_holds(text, ways_to_remove(text, place), intended, path)


def _first_that_holds(text: str, ways: Iterable[Way], intended: Json, path: Path) -> str:
    for way in chain(ways, _ways_to_redraw(text, intended, path)):
        result = apply(text, way)
        try:
            if same_value(load(result), intended):
                return result
        except AliasFileInvalid:
            continue
    raise AliasFileInvalid(
        "This value cannot be changed in place, or the file would grow past its limits.",
        remedy="Change it in the file's text.",
    )


def _ways_to_redraw(text: str, intended: Json, path: Path) -> Iterator[Way]:
    """Brackets on the path written anew, the innermost first: for shapes such as ``[a: 1]``."""
    root = parse(text)
    for length in range(len(path), -1, -1):
        place, rest = _walk(root, path[:length])
        if not rest and isinstance(place.node, Mapping | Sequence) and place.node.flow:
            yield [(place.node.start, place.node.end, flow_text(_at(intended, path[:length])))]


def _walk(root: Node, path: Path) -> tuple[Place, Path]:
    """The deepest node on ``path`` that exists, and what remains of the path."""
    place = Place(root)
    for depth, step in enumerate(path):
        node = place.node
        index = _index_of(node, step)
        if index is None:
            return place, path[depth:]
        assert not isinstance(node, Scalar)  # noqa: S101 - it has a child
        child = lines.children(node)[index]
        place = Place(child, node, index, place.in_flow or node.flow)
    return place, ()


def _index_of(node: Node, step: str | int) -> int | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        names = [entry.name for entry in node.entries]
        return names.index(step) if step in names else None
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step <= len(node.items):
        return step if step < len(node.items) else None
    if is_null(node):
        return None
    wanted = "a mapping" if isinstance(step, str) else "a list with that many items"
    raise AliasFileInvalid(f"This should be {wanted} to hold {step}.", line=node.line)


def _nested(path: Path, value: Json) -> Json:
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _same_at(old: dict[str, Json], new: dict[str, Json], name: str) -> bool:
    return name in old and name in new and same_value(old[name], new[name])


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _put(root: Any, path: Path, value: Json) -> Json:
    if not path:
        return value
    _at(root, path[:-1])[path[-1]] = value
    return root  # type: ignore[no-any-return]
