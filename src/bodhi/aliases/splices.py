"""The ways to change one node of a YAML text, each as splices, the finest first. Pure.

A splice replaces ``text[start:end]``. No way is promised to be right for every text: ``surgery``
tries them in turn and keeps the first whose result means what was intended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bodhi.aliases import lines
from bodhi.aliases.yaml12 import Mapping, Node, Scalar, Sequence
from bodhi.aliases.yaml12_write import (
    INDENT,
    entry_lines,
    flow_text,
    item_lines,
    scalar_text,
    value_lines,
)
from bodhi.params.values import Json

Splice: TypeAlias = tuple[int, int, str]
Way: TypeAlias = list[Splice]


@dataclass(frozen=True, slots=True)
class Place:
    """A node, what holds it (None for the root), and whether brackets are around it."""

    node: Node
    parent: Mapping | Sequence | None = None
    index: int = 0
    in_flow: bool = False


def apply(text: str, way: Way) -> str:
    for start, end, new in sorted(way, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def ways_to_replace(text: str, place: Place, value: Json) -> Iterator[Way]:
    """Put ``value`` where ``place`` is."""
    node, parent = place.node, place.parent
    keeps_brackets = isinstance(node, Mapping | Sequence) and node.flow
    if not (place.in_flow or keeps_brackets or parent is None):
        yield _rewrite(text, place, *_block_form(text, place, value))
    if parent is None and isinstance(node, Scalar) and isinstance(value, dict):
        # No root yet: comments, perhaps a document marker.
        entries = [line for key, item in value.items() for line in entry_lines(key, item, 0)]
        yield [_added_lines(text, len(text), entries)]
    yield _rewrite(text, place, _flow_form(place, value), [])


def ways_to_add(text: str, place: Place, step: str | int, value: Json) -> Iterator[Way]:
    """Put ``value`` under a new key, or as an item before the one that has this index now."""
    holder = place.node
    assert not isinstance(holder, Scalar)  # noqa: S101 - callers replace scalars
    in_flow = place.in_flow or holder.flow
    children = lines.children(holder)
    index = step if isinstance(step, int) else len(children)
    if in_flow:
        yield [_added_in_brackets(text, holder, index, step, value)]
        return
    column = lines.column(text, lines.child_start(text, holder, 0))
    added = entry_lines(step, value, column) if isinstance(step, str) else item_lines(value, column)
    if index == len(children):
        end = lines.after(text, holder)
        yield [_added_lines(text, end, added)]
        # A comment below that is indented deeper would become part of a block of text.
        head = "-" if isinstance(step, int) else f"{scalar_text(step)}:"
        yield [_added_lines(text, end, [f"{' ' * column}{head} {flow_text(value)}"])]
        if isinstance(step, int) and (last := lines.unended_block(text, holder)):
            # What ends the last line now must not become part of its text.
            head_end = lines.header_end(text, last)
            header = text[last.start : head_end].replace("+", "") + "-"
            yield [(last.start, head_end, header), _added_lines(text, end, added)]
        index = 0 if isinstance(holder, Mapping) else index
    if index < len(children):
        # For a mapping also the way out where it ends in a block scalar without a line break.
        start = lines.child_start(text, holder, index)
        newline = lines.newline_of(text)
        first = newline.join(added).lstrip(" ")
        yield [(start, start, first + newline + " " * column)]


def ways_to_remove(text: str, place: Place) -> Iterator[Way]:
    """Take the entry or item at ``place`` out of its parent."""
    holder = place.parent
    assert holder is not None  # noqa: S101 - the root is never removed
    siblings = lines.children(holder)
    following = place.index + 1
    start = lines.child_start(text, holder, place.index)
    if place.in_flow:
        if following < len(siblings):
            yield [(start, lines.child_start(text, holder, following), "")]
        elif place.index:
            yield [(lines.content_end(text, siblings[place.index - 1]), place.node.end, "")]
        return
    if lines.stands_alone(text, start):
        line, below = lines.whole_lines(text, start, lines.content_end(text, place.node))
        yield [(line, below, "")]
        # A comment below that is indented deeper would become part of a block of text above.
        yield [(line, below, ""), *_comments_drawn_in(text, below, start - line)]
    if following < len(siblings):
        # The first entry beside a dash; or blank lines that an earlier text would swallow.
        yield [(start, lines.child_start(text, holder, following), "")]
    else:
        end = max(lines.line_start(text, holder.end), lines.content_end(text, place.node))
        yield [(lines.line_start(text, start), end, "")]


def _comments_drawn_in(text: str, position: int, column: int) -> Iterator[Splice]:
    """The comments from ``position`` on, up to something else, no deeper than ``column``."""
    for line, content in lines.comments(text, position):
        if content - line > column:
            yield line + column, content, ""


def _block_form(text: str, place: Place, value: Json) -> tuple[str, list[str]]:
    """``value`` as it stands behind its key or dash, and on the lines below."""
    holder = place.parent
    assert holder is not None  # noqa: S101 - the root has its own way
    column = lines.column(text, lines.child_start(text, holder, place.index)) + INDENT
    if isinstance(value, str) and isinstance(place.node, Scalar) and "\n" not in value:
        return scalar_text(value, style=place.node.style), []
    if isinstance(holder, Mapping):
        return value_lines(value, column)
    first, *below = item_lines(value, column - INDENT)
    return first[column:], below


def _flow_form(place: Place, value: Json) -> str:
    if isinstance(value, dict | list):
        return flow_text(value)
    style = place.node.style if isinstance(place.node, Scalar) else ""
    return scalar_text(value, flow=place.in_flow, style=style)


def _rewrite(text: str, place: Place, inline: str, below: list[str]) -> Way:
    """Replace a node by ``inline`` on its first line and ``below`` under it.

    A comment behind the node on its first line stays, unless the node runs on below it.
    """
    (start, end), body = _extent(text, place)
    if not inline:
        start = lines.before_blanks(text, start)
    elif start == end and text[start - 1 : start] not in ("", " ", "\t", "\n"):
        inline = " " + inline
    newline = lines.newline_of(text)
    return [(start, end, inline), (*body, "".join(newline + line for line in below))]


def _extent(text: str, place: Place) -> tuple[tuple[int, int], tuple[int, int]]:
    """What a node takes of the line it begins on, and the lines below that are its own."""
    node = place.node
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        head_end = lines.header_end(text, node)
        head = (node.start, head_end)
        return head, (lines.line_end(text, head_end), lines.content_end(text, node))
    end = lines.content_end(text, node)
    is_block = not isinstance(node, Scalar) and not node.flow
    if is_block and isinstance(place.parent, Mapping) and lines.stands_alone(text, node.start):
        key = place.parent.entries[place.index].key
        colon = text.index(":", key.end) + 1
        return (colon, colon), (lines.line_end(text, colon), lines.line_end(text, end))
    rest_of_line = lines.line_end(text, end)
    return (node.start, end), (rest_of_line, rest_of_line)


def _added_lines(text: str, position: int, added: list[str]) -> Splice:
    """Lines put in at a line's end, or at a line's start."""
    newline = lines.newline_of(text)
    if position == lines.line_start(text, position):
        return position, position, "".join(line + newline for line in added)
    return position, position, "".join(newline + line for line in added)


def _added_in_brackets(
    text: str, holder: Mapping | Sequence, index: int, step: str | int, value: Json
) -> Splice:
    new = flow_text({step: value})[1:-1] if isinstance(step, str) else flow_text([value])[1:-1]
    children = lines.children(holder)
    if not children:
        return holder.start + 1, holder.start + 1, new
    if index < len(children):
        start = lines.child_start(text, holder, index)
        return start, start, new + ", "
    end = lines.content_end(text, children[-1])
    return end, end, ", " + new
