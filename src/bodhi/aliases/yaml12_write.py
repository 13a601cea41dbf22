"""YAML 1.2 core schema, writing: plain values -> text in the shape alias files have. Pure.

Block style, two spaces a level, order kept. A text is quoted only where YAML 1.2 would read it
as something else; several lines become a literal block where that loses nothing.
"""

import re

from bodhi.aliases.yaml12 import MAX_DEPTH, UNPRINTABLE, resolve_plain
from bodhi.errors import AliasFileInvalid
from bodhi.params.values import Json, JsonObject

INDENT = 2

# An implicit key must fit on one line and in this many characters (YAML 1.2.2, 7.4).
_LONGEST_KEY = 1024
_INDICATORS = frozenset(",[]{}#&*!|>'\"%@`")
_BREAKS_PLAIN = re.compile(r":(?:\s|$)|\s#|[\t\r\n]")
# The question mark for the sake of the pure parser, which ends a plain scalar there.
_FLOW_ONLY = re.compile(r"[,\[\]{}?]")
_ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0",
}  # fmt: skip
_TO_ESCAPE = re.compile(r"[\\\"\n\t\r]|" + UNPRINTABLE.pattern)
# A literal block keeps its text if no line could be taken for indentation or be folded away.
_BLOCK_LINES = re.compile(r"[^\s](?:[^\r]*[^\s])?\n?")
_BLANK_WITH_SPACES = re.compile(r"^[ \t]+$", re.MULTILINE)


def dump(mapping: JsonObject) -> str:
    """A whole document. ``yaml12.load`` gives an equal mapping back.

    Raises AliasFileInvalid for what no alias file can hold: depth over 16, keys over 1,024
    characters, text that is not Unicode.
    """
    check_writable(mapping)
    if not mapping:
        return "{}\n"
    return "".join(f"{line}\n" for line in _mapping_lines(mapping, 0))


def check_writable(value: Json, depth: int = 0) -> None:
    """Raises AliasFileInvalid if ``value`` could not be read back from a file."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise AliasFileInvalid("A text holds half a character.") from None
    elif isinstance(value, list | dict):
        if depth == MAX_DEPTH:
            raise AliasFileInvalid(f"The value is nested more than {MAX_DEPTH} levels deep.")
        if isinstance(value, dict):
            for key in value:
                check_writable(key, depth + 1)
                if len(scalar_text(key)) > _LONGEST_KEY:
                    raise AliasFileInvalid(f"A key is longer than {_LONGEST_KEY:,} characters.")
        for item in value.values() if isinstance(value, dict) else value:
            check_writable(item, depth + 1)


def entry_lines(key: str, value: Json, column: int) -> list[str]:
    """The lines of ``key: value`` with the key at ``column``, without line breaks."""
    inline, below = value_lines(value, column + INDENT)
    head = " " * column + scalar_text(key) + ":"
    return [f"{head} {inline}" if inline else head, *below]


def item_lines(value: Json, column: int) -> list[str]:
    """The lines of ``- value`` with the dash at ``column``, without line breaks."""
    inline, below = value_lines(value, column + INDENT)
    if not inline:
        inline, *below = below
    return [" " * column + "- " + inline.lstrip(" "), *below]


def value_lines(value: Json, column: int) -> tuple[str, list[str]]:
    """What stands behind ``key:`` on its line, and the lines below it, indented to ``column``."""
    if isinstance(value, dict) and value:
        return "", _mapping_lines(value, column)
    if isinstance(value, list) and value:
        return "", [line for item in value for line in item_lines(item, column)]
    if isinstance(value, str) and _fits_a_block(value):
        lines = value.removesuffix("\n").split("\n")
        indicator = "|" if value.endswith("\n") else "|-"
        return indicator, [" " * column + line if line else "" for line in lines]
    return flow_text(value), []


def flow_text(value: Json) -> str:
    """Any value on one line; collections in brackets."""
    if isinstance(value, dict):
        pairs = (f"{scalar_text(k, flow=True)}: {_flow(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar_text(value)


def scalar_text(value: Json, *, flow: bool = False, style: str = "") -> str:
    """A scalar on one line. ``style`` is the quote that a text had before, kept where it can be.

    ``flow``: inside brackets, where commas and brackets need quotes.
    """
    if isinstance(value, str):
        if style == "'" and not _TO_ESCAPE.search(value.replace("\\", "").replace('"', "")):
            return "'" + value.replace("'", "''") + "'"
        return value if style != '"' and _is_plain(value, flow) else _double_quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).replace("inf", ".inf").replace("nan", ".nan")
    return str(value)


def _flow(value: Json) -> str:
    return flow_text(value) if isinstance(value, dict | list) else scalar_text(value, flow=True)


def _mapping_lines(mapping: JsonObject, column: int) -> list[str]:
    return [line for key, value in mapping.items() for line in entry_lines(key, value, column)]


def _is_plain(text: str, flow: bool) -> bool:
    if not text or text != text.strip() or text == "<<" or text.startswith(("---", "...")):
        return False
    if text[0] in _INDICATORS or UNPRINTABLE.search(text) or _BREAKS_PLAIN.search(text):
        return False
    if text[0] in "-?:" and (flow or len(text) == 1 or text[1].isspace()):
        return False
    if flow and _FLOW_ONLY.search(text):
        return False
    try:
        return isinstance(resolve_plain(text), str)
    except ValueError:
        return False


def _fits_a_block(text: str) -> bool:
    return (
        "\n" in text.removesuffix("\n")
        and _BLOCK_LINES.fullmatch(text) is not None
        and not _BLANK_WITH_SPACES.search(text)
        and not UNPRINTABLE.search(text)
    )


def _double_quoted(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(lambda match: _escape(match[0]), text) + '"'


def _escape(character: str) -> str:
    if known := _ESCAPES.get(character):
        return known
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
