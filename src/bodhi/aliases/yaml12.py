"""YAML 1.2 core schema, reading: text -> nodes that know their places -> plain values. Pure.

PyYAML supplies the events only (its C parser, or its pure one where the C library is absent);
what a scalar means is decided here, by the core schema of the YAML 1.2.2 specification, section
10.3. Left out on purpose: tags, anchors, aliases, merge keys, duplicate keys, more than one
document. Building from events ends a hostile file early, before anything is expanded.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isnan, nan
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml import events
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from bodhi.errors import AliasFileInvalid
from bodhi.params.values import Json

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_NODES = 5_000
BOM = "\ufeff"

# What YAML prints as it is, less the line breaks that 1.1 knows and 1.2 does not (NEL, LS, PS):
# the parsers would fold them. Quoted escapes can hold every one of these.
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LONE_RETURN = re.compile("\r(?!\n)")

_NULLS = ("", "~", "null", "Null", "NULL")
_WORDS: dict[str, Json] = {
    **dict.fromkeys(_NULLS),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), nan),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = {"0o": (re.compile("0o[0-7]+"), 8), "0x": (re.compile("0x[0-9a-fA-F]+"), 16)}
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(slots=True)
class Scalar:
    """``style`` is ``""`` for plain, else the character it starts with. Offsets are characters."""

    start: int
    end: int
    line: int
    text: str
    style: str


@dataclass(slots=True)
class Sequence:
    start: int
    end: int
    line: int
    flow: bool
    items: "list[Node]"


class Entry(NamedTuple):
    """One key with its value. ``name`` is the key as JSON has it: always text."""

    name: str
    key: Scalar
    value: "Node"


@dataclass(slots=True)
class Mapping:
    start: int
    end: int
    line: int
    flow: bool
    entries: list[Entry]

    def find(self, name: str) -> Entry | None:
        for entry in self.entries:
            if entry.name == name:
                return entry
        return None


Node: TypeAlias = Scalar | Sequence | Mapping


class _PureParser(Reader, Scanner, Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


# PyYAML imports its own C parser where it was built with one.
_Parser: Callable[[str], Any] = yaml.cyaml.CParser if yaml.__with_libyaml__ else _PureParser  # type: ignore[attr-defined]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, at most 256 KiB. A byte order mark stays as the first character.

    Raises AliasFileInvalid with the line of the first byte that is not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise AliasFileInvalid(f"The file is larger than {MAX_BYTES // 1024} KiB.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AliasFileInvalid("The file is not UTF-8 text.", line=line) from None


def encode(text: str) -> bytes:
    """The bytes of a text that is to become a file. Raises AliasFileInvalid."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise AliasFileInvalid("The text holds half a character.", line=line) from None


def parse(text: str, *, pure: bool = False) -> Node:
    """The document's root node. Offsets count from behind a byte order mark.

    An empty document is an empty plain scalar. Raises AliasFileInvalid with the line. ``pure``
    forces the parser that is written in Python.
    """
    text = text.removeprefix(BOM)
    _check_text(text)
    parser = _PureParser(text) if pure else _Parser(text)
    try:
        return _Builder(parser, len(text)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reason = error.problem or error.context or "it cannot be parsed"
        raise AliasFileInvalid(f"This is not valid YAML: {reason}.", line=line) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise AliasFileInvalid("This is not valid YAML: a character that cannot be.") from None


def load(text: str, *, pure: bool = False) -> Json:
    """The document as plain values. Raises AliasFileInvalid with the line."""
    return value_of(parse(text, pure=pure))


def value_of(node: Node) -> Json:
    """A node as plain values, by the core schema. Raises AliasFileInvalid for endless digits."""
    if isinstance(node, Scalar):
        return node.text if node.style else _resolved(node)
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    return {entry.name: value_of(entry.value) for entry in node.entries}


def is_null(node: Node) -> bool:
    """Whether a node stands for nothing: ``key:`` without a value, ``~``, ``null``."""
    return isinstance(node, Scalar) and not node.style and node.text in _NULLS


def resolve_plain(text: str) -> Json:
    """What an unquoted scalar means. Raises ValueError for a number of over 4,300 digits."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    pattern, base = _BASED.get(text[:2], (None, 0))
    if pattern is not None and pattern.fullmatch(text):
        if len(text) > 1000:
            raise ValueError(text[:2])
        return int(text[2:], base)
    return text


def same_value(left: Json, right: Json) -> bool:
    """Whether two values are one in YAML too: ``1``, ``1.0`` and ``true`` differ, NaN is NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, float) and isinstance(right, float) and isnan(left):
        return isnan(right)
    return left == right


def _check_text(text: str) -> None:
    if len(text) > MAX_BYTES:
        raise AliasFileInvalid(f"The file is larger than {MAX_BYTES // 1024} KiB.")
    if bad := UNPRINTABLE.search(text):
        raise AliasFileInvalid(
            f"The character U+{ord(bad[0]):04X} cannot stand in YAML as it is.",
            line=text.count("\n", 0, bad.start()) + 1,
            remedy="Write it as an escape in double quotes.",
        )
    if "\r" in text and (bad := _LONE_RETURN.search(text)):
        raise AliasFileInvalid(
            "A carriage return stands alone; lines end in LF or CRLF.",
            line=text.count("\n", 0, bad.start()) + 1,
        )


def _resolved(node: Scalar) -> Json:
    try:
        return resolve_plain(node.text)
    except ValueError:
        raise AliasFileInvalid("This number has too many digits.", line=node.line) from None


class _Builder:
    """Turns a parser's events into nodes; stops at the first thing an alias file may not have."""

    def __init__(self, parser: Any, length: int) -> None:
        self._next: Callable[[], Any] = parser.get_event
        self._length = length
        self._left = MAX_NODES

    def document(self) -> Node:
        self._next()  # stream start
        event = self._next()
        if isinstance(event, events.StreamEndEvent):
            return Scalar(self._length, self._length, 1, "", "")
        if event.tags:
            raise _refused("Tags are not allowed", event)
        root = self._node(self._next(), 0)
        self._next()  # document end
        event = self._next()
        if not isinstance(event, events.StreamEndEvent):
            raise _refused("The file holds more than one document", event)
        return root

    def _node(self, event: Any, depth: int) -> Node:
        self._left -= 1
        if self._left < 0:
            raise _refused(f"The file holds more than {MAX_NODES:,} values", event)
        if event.anchor is not None:
            raise _refused("Anchors and aliases (& and *) are not allowed", event)
        if event.tag is not None:
            raise _refused("Tags (!) are not allowed", event)
        mark = event.start_mark
        if isinstance(event, events.ScalarEvent):
            # The parser written in Python lets surrogates pass in escapes.
            event.value.encode()
            end = event.end_mark.index  # type: ignore[union-attr]
            return Scalar(mark.index, end, mark.line + 1, event.value, event.style or "")
        if depth == MAX_DEPTH:
            raise _refused(f"The file is nested more than {MAX_DEPTH} levels deep", event)
        flow = bool(event.flow_style)
        if isinstance(event, events.SequenceStartEvent):
            items, end = self._items(depth + 1)
            return Sequence(mark.index, end, mark.line + 1, flow, items)
        entries, end = self._entries(depth + 1)
        return Mapping(mark.index, end, mark.line + 1, flow, entries)

    def _items(self, depth: int) -> tuple[list[Node], int]:
        items: list[Node] = []
        event = self._next()
        while not isinstance(event, events.SequenceEndEvent):
            items.append(self._node(event, depth))
            event = self._next()
        return items, _end_of(event)

    def _entries(self, depth: int) -> tuple[list[Entry], int]:
        entries: list[Entry] = []
        names: set[str] = set()
        event = self._next()
        while not isinstance(event, events.MappingEndEvent):
            key = self._node(event, depth)
            name = _key_name(key)
            if name in names:
                raise AliasFileInvalid(f"The key {_shown(name)} is given twice.", line=key.line)
            names.add(name)
            assert isinstance(key, Scalar)  # noqa: S101 - _key_name refused the others
            entries.append(Entry(name, key, self._node(self._next(), depth)))
            event = self._next()
        return entries, _end_of(event)


def _end_of(event: Any) -> int:
    return int(event.end_mark.index)


def _key_name(key: Node) -> str:
    if isinstance(key, Scalar):
        if key.style:
            return key.text
        if key.text == "<<":
            raise AliasFileInvalid("Merge keys (<<) are not allowed.", line=key.line)
        name = _resolved(key)
        if isinstance(name, str):
            return name
        if isinstance(name, int) and not isinstance(name, bool):
            return str(name)
    raise AliasFileInvalid("A key must be text or a whole number.", line=key.line)


def _shown(name: str) -> str:
    return name if len(name) <= 64 else name[:63] + "…"


def _refused(reason: str, event: Any) -> AliasFileInvalid:
    return AliasFileInvalid(f"{reason}.", line=event.start_mark.line + 1)
