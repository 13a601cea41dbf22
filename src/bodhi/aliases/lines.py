"""Where a node's text begins and ends among the lines of its file: the measures for edits. Pure.

All offsets are characters of the text without a byte order mark, as ``yaml12.parse`` gives them.
"""

import re
from collections.abc import Iterator

from bodhi.aliases.yaml12 import Mapping, Node, Scalar, Sequence

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_BLANK = " \t"


def newline_of(text: str) -> str:
    """The line break this file uses, judged by its first one."""
    return "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"


def line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def line_end(text: str, position: int) -> int:
    """The end of the line that ``position`` is on, before its line break."""
    end = text.find("\n", position)
    if end < 0:
        return len(text)
    return end - 1 if end > position and text[end - 1] == "\r" else end


def next_line(text: str, position: int) -> int:
    """The start of the line after the one that ``position`` is on, or the end of the text."""
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """From the start of the line that ``start`` is on to the end of the one that ``end`` is on."""
    return line_start(text, start), next_line(text, end)


def comments(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Where the next lines begin, and the comments on them, for as long as there is nothing else.

    ``position`` is the start of a line. Blank lines are passed over.
    """
    while position < len(text):
        content = len(text) - len(text[position:].lstrip(_BLANK))
        if text[content : content + 1] == "#":
            yield position, content
        elif text[content : content + 1] not in ("\r", "\n"):
            return
        position = next_line(text, position)


def column(text: str, position: int) -> int:
    return position - line_start(text, position)


def stands_alone(text: str, position: int) -> bool:
    """Whether only white space precedes ``position`` on its line."""
    return not text[line_start(text, position) : position].strip(_BLANK)


def before_blanks(text: str, position: int) -> int:
    """``position`` moved left over blanks."""
    while position and text[position - 1] in _BLANK:
        position -= 1
    return position


def header_end(text: str, node: Scalar) -> int:
    """The end of a block scalar's indicator, such as ``|-``."""
    match = _BLOCK_HEADER.match(text, node.start)
    return match.end() if match else node.end


def content_end(text: str, node: Node) -> int:
    """The end of a node's last character; the parser's own marks include blank lines below it."""
    if isinstance(node, Scalar):
        if node.style not in ("|", ">"):
            return node.end
        last = len(text[: node.end].rstrip(" \t\r\n"))
        return line_end(text, max(last, header_end(text, node)))
    if node.flow or not children(node):
        return node.end
    return content_end(text, children(node)[-1])


def after(text: str, node: Node) -> int:
    """Where a line can be added below ``node``: a line's end, or behind the blank lines that
    a block scalar with ``+`` counts as its own."""
    last = _last_block(node)
    if last is None:
        return line_end(text, content_end(text, node))
    if "+" in text[last.start : header_end(text, last)]:
        return last.end
    return content_end(text, last)


def unended_block(text: str, node: Node) -> Scalar | None:
    """The block scalar at the end of ``node`` if it ends the whole text without a line break."""
    last = _last_block(node)
    return last if last and last.end == len(text) and not text.endswith("\n") else None


def _last_block(node: Node) -> Scalar | None:
    while not isinstance(node, Scalar) and not node.flow and children(node):
        node = children(node)[-1]
    return node if isinstance(node, Scalar) and node.style in ("|", ">") else None


def children(node: Mapping | Sequence) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    return [entry.value for entry in node.entries]


def child_start(text: str, node: Mapping | Sequence, index: int) -> int:
    """The start of an entry's key or, in a block sequence, of an item's dash."""
    if isinstance(node, Mapping):
        return node.entries[index].key.start
    item = node.items[index]
    if node.flow:
        return item.start
    dash = column(text, node.start)
    # The dash of an item that begins further down stands on an earlier line.
    position = line_start(text, item.start)
    while text[position + dash : position + dash + 1] != "-" and position > 0:
        position = line_start(text, position - 1)
    return position + dash
