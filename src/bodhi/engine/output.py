"""What an engine prints: a bounded ring of lines, and the few of them that people may see.

The engine echoes prompts that it rejects, so a line reaches people only through an allow-list.
What was printed before the engine was ready cannot hold prompt text, because no request had been
sent: its error lines are shown, without folders. What came later is shown only where the whole
line is known to have no room for text that a client sent.

An error quotes *public lines*: what could be its cause. The *log* has all that may be read: the
whole of a load, and of each request afterwards its figures.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

RING_BYTES = 1 << 20
LINE_BYTES = 16 << 10
LINE_OVERHEAD_BYTES = 120  # what Python needs to hold a line: bounds a flood of empty ones too
SHOWN_LINES = 40
SHOWN_CHARACTERS = 300
LOG_LINES = 1000  # as many of the newest are looked at, so that reading a log takes milliseconds

# llama.cpp's own format: "0.00.013.008 E srv  init: text" (uptime, level, origin).
_ERROR = re.compile(r"^[\d.]+ E (?P<text>.+)$")
_RUN_TIME = re.compile(r"(?P<text>(terminate called|  what\(\): ).*)$")
_EARLY = (_ERROR, _RUN_TIME)
# Whole lines only, each with no room for free text: see the module.
_ALWAYS = (
    re.compile(r"^[\w./+-]+:\d+: (?P<text>GGML_ASSERT\([^\"']{0,200}\) failed)$"),
    re.compile(r"^(?P<text>terminate called after throwing an instance of '[\w:]{1,80}')$"),
    re.compile(r"^(?:[\d.]+ E )?(?P<text>(?:CUDA|HIP|Metal|Vulkan) error: [a-z ]{1,60})$"),
)
_LOADING = (re.compile(r"^[\d.]+ (?P<text>[A-Z] .+)$"), _RUN_TIME)
_SLOT = r"^[\d.]+ I slot +\w{1,20}: id +\d+ \| task -?\d+ \| +"
_SPEED = r"(?: \( *[\d.]+ ms per token, +[\d.]+ tokens per second\))?"
_SERVING = (
    # The last word of a load, which may be read from the pipe when the engine answers already.
    re.compile(r"^[\d.]+ (?P<text>I srv +init: model loaded)$"),
    re.compile(
        rf"{_SLOT}(?P<text>(?:prompt eval|eval|total) time = +[\d.]+ ms / +\d+ tokens{_SPEED})$"
    ),
    re.compile(rf"{_SLOT}(?P<text>processing task, is_child = \d)$"),
    re.compile(rf"{_SLOT}(?P<text>stop processing: n_tokens = \d+, truncated = \d)$"),
)
_SOCKET = re.compile(r"unix://\S+")
# An absolute path up to its last name. "https://", "and/or" and "1 ms / 2 tokens" are none.
_FOLDERS = re.compile(r"(?:^|(?<=[\s'\"(=:,]))(?:[A-Za-z]:)?[\\/](?![\\/\s])(?:[^\\/\s'\"]+[\\/])*")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\uffff]")


@dataclass(frozen=True, slots=True)
class _Line:
    text: bytes
    is_early: bool  # printed before the engine was ready
    number: int = 0  # counted from 1, over everything that was printed


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of an engine's log. Numbers grow, and have gaps where lines are not for people."""

    number: int
    text: str


class OutputRing:
    """The last ``RING_BYTES`` of output as lines of at most ``LINE_BYTES``; longer ones are cut."""

    def __init__(self, *, ring_bytes: int = RING_BYTES, line_bytes: int = LINE_BYTES) -> None:
        self.total_bytes = 0  # everything that was ever fed
        self._ring_bytes = ring_bytes
        self._line_bytes = line_bytes
        self._lines: deque[_Line] = deque()
        self._kept_bytes = 0
        self._partial = bytearray()
        self._is_early = True
        self._count = 0

    def feed(self, data: bytes) -> None:
        """Take in what was read from the pipe, cut anywhere."""
        self.total_bytes += len(data)
        *complete, rest = data.split(b"\n")
        for piece in complete:
            if piece or self._partial:  # an empty line says nothing, and there may be millions
                self._extend(piece)
                self._keep(bytes(self._partial))
                self._partial.clear()
        self._extend(rest)

    def mark_ready(self) -> None:
        """From here on lines may hold what clients sent."""
        self._is_early = False

    def lines(self) -> tuple[bytes, ...]:
        """Every line that is kept, the unfinished one included. Not for people."""
        return tuple(line.text for line in self._all())

    def public_lines(self, folder: str = "") -> tuple[str, ...]:
        """The last lines that anybody may read; ``folder`` (of the model) is cut out of them."""
        shown = (_public_text(line, folder) for line in self._all())
        return tuple(text for text in shown if text)[-SHOWN_LINES:]

    def log(self, after: int, folder: str = "") -> tuple[LogLine, ...]:
        """The complete lines with a higher number than ``after`` that anybody may read."""
        newest = islice(reversed(self._lines), LOG_LINES)
        found = [
            LogLine(line.number, text)
            for line in takewhile(lambda line: line.number > after, newest)
            if (text := _log_text(line, folder))
        ]
        return tuple(reversed(found))

    def _all(self) -> Iterator[_Line]:
        yield from self._lines
        if self._partial:
            yield _Line(bytes(self._partial), self._is_early)

    def _extend(self, piece: bytes) -> None:
        room = self._line_bytes - len(self._partial)
        if room > 0:
            self._partial += piece[:room]

    def _keep(self, text: bytes) -> None:
        self._count += 1
        self._lines.append(_Line(text, self._is_early, self._count))
        self._kept_bytes += len(text) + LINE_OVERHEAD_BYTES
        while self._kept_bytes > self._ring_bytes:
            self._kept_bytes -= len(self._lines.popleft().text) + LINE_OVERHEAD_BYTES


def _public_text(line: _Line, folder: str) -> str | None:
    return _allowed_text(line, (*_ALWAYS, *_EARLY) if line.is_early else _ALWAYS, folder)


def _log_text(line: _Line, folder: str) -> str | None:
    text = _allowed_text(line, (*_ALWAYS, *(_LOADING if line.is_early else _SERVING)), folder)
    return text and _SOCKET.sub("its socket", text)


def _allowed_text(line: _Line, allowed: tuple[re.Pattern[str], ...], folder: str) -> str | None:
    text = line.text.decode("utf-8", "replace").rstrip("\r")
    found = next((hit for pattern in allowed if (hit := pattern.match(text))), None)
    return without_folders(found["text"], folder) if found else None


def without_folders(text: str, folder: str = "") -> str:
    """``text`` on one short line: no unprintable characters, no addresses in memory, and paths cut
    down to their last name. ``folder`` is one that is cut out whatever it looks like.
    """
    if folder:
        text = text.replace(f"{folder.rstrip('/')}/", "")
    text = _ADDRESS.sub("an address", _FOLDERS.sub("", text))
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:SHOWN_CHARACTERS]
