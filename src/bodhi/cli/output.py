"""Everything the command line prints goes through here: tables, JSON, errors, clean text.

Names and metadata come from files that strangers made. What a terminal would obey instead of
show (escape sequences, other control characters, marks that turn the reading direction) is
taken out before anything is printed.
"""

import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, TextIO

from bodhi.errors import BodhiError
from bodhi.log import CONTROL

_IN_A_LINE = dict.fromkeys(CONTROL)
_IN_A_TEXT = {code: None for code in CONTROL if chr(code) not in "\n\t"}

# As if the signal of a closed pipe had ended us, which is how other programs end.
_BROKEN_PIPE = 128 + 13


def clean(text: str) -> str:
    """``text`` as one line that a terminal only shows."""
    return text.translate(_IN_A_LINE)


def clean_text(text: str) -> str:
    """``text`` with its lines and tabs, and nothing else that a terminal would obey."""
    return text.translate(_IN_A_TEXT)


def prepare_streams() -> None:
    """Let nothing be unprintable or unreadable because of the terminal's encoding."""
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def write(text: str, *, end: str = "\n") -> None:
    """Print to standard output; a reader that has gone (``| head``) ends the program quietly."""
    try:
        sys.stdout.write(text + end)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_quietly()


def leave_quietly() -> NoReturn:
    """End because nobody reads any more; Python's own last flush must not complain either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(_BROKEN_PIPE)


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    print(paint(clean(text), "2", sys.stderr), file=sys.stderr, flush=True)


def write_json(value: Any) -> None:
    """Print ``value`` for programs: keys sorted, everything but ASCII escaped."""
    write(json.dumps(value, indent=2, sort_keys=True))


def paint(text: str, code: str, stream: TextIO) -> str:
    """``text`` in an ANSI style, on a terminal that wants colours only (no-color.org)."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{code}m{text}\x1b[0m" if wanted and text else text


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns aligned with spaces, the same on terminals and pipes; header bold on a terminal."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(_columns, column)) for column in zip(header, *cells, strict=True)]
    lines = [_line(row, widths) for row in (header, *cells)]
    return "\n".join([paint(lines[0], "1", sys.stdout), *lines[1:]])


def fields(pairs: Iterable[tuple[str, str | None]]) -> str:
    """One ``name  value`` a line, aligned; pairs without a value are left out."""
    known = [(name, clean(value)) for name, value in pairs if value is not None]
    width = max((len(name) for name, _ in known), default=0)
    return "\n".join(f"{name.ljust(width)}  {value}".rstrip() for name, value in known)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _columns(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _columns(text: str) -> int:
    """How many columns a terminal gives ``text`` (Unicode Standard Annex 11)."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    marks = sum(unicodedata.combining(letter) != 0 for letter in text)
    return len(text) + wide - marks


def size(count: int | None) -> str | None:
    """Bytes for people: ``4.9 GiB``."""
    if count is None:
        return None
    amount = float(count)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"


def error_text(error: BodhiError) -> str:
    """``Error: message`` and the remedy on the next line."""
    lines = [paint("Error:", "31", sys.stderr) + " " + clean(error.message)]
    if error.remedy:
        lines.append(clean(error.remedy))
    return "\n".join(lines)


def print_error(error: BodhiError) -> None:
    """Put an error on standard error."""
    print(error_text(error), file=sys.stderr, flush=True)
