"""What an engine prints: a bounded ring of lines, and the few of them that people may see.

The engine echoes prompts that it rejects, so a line reaches people only through an allow-list.
What was printed before the engine was ready cannot hold prompt text, because no request had been
sent: its error lines are shown, without folders. What came later is shown only where the whole
line is known to have no room for text that a client sent.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

RING_BYTES = 1 << 20
LINE_BYTES = 16 << 10
LINE_OVERHEAD_BYTES = 120  # what Python needs to hold a line: bounds a flood of empty ones too
SHOWN_LINES = 40
SHOWN_CHARACTERS = 300

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
# An absolute path up to its last name. "https://" and "and/or" are none.
_FOLDERS = re.compile(r"(?:^|(?<=[\s'\"(=:,]))(?:[A-Za-z]:)?[\\/](?![\\/])(?:[^\\/\s'\"]+[\\/])*")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\uffff]")


@dataclass(frozen=True, slots=True)
class _Line:
    text: bytes
    is_early: bool  # printed before the engine was ready


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

    def feed(self, data: bytes) -> None:
        """Take in what was read from the pipe, cut anywhere."""
        self.total_bytes += len(data)
        *complete, rest = data.split(b"\n")
        for piece in complete:
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

    def _all(self) -> Iterator[_Line]:
        yield from self._lines
        if self._partial:
            yield _Line(bytes(self._partial), self._is_early)

    def _extend(self, piece: bytes) -> None:
        room = self._line_bytes - len(self._partial)
        if room > 0:
            self._partial += piece[:room]

    def _keep(self, text: bytes) -> None:
        self._lines.append(_Line(text, self._is_early))
        self._kept_bytes += len(text) + LINE_OVERHEAD_BYTES
        while self._kept_bytes > self._ring_bytes:
            self._kept_bytes -= len(self._lines.popleft().text) + LINE_OVERHEAD_BYTES


def _public_text(line: _Line, folder: str) -> str | None:
    text = line.text.decode("utf-8", "replace").rstrip("\r")
    allowed = (*_ALWAYS, *_EARLY) if line.is_early else _ALWAYS
    found = next((hit for pattern in allowed if (hit := pattern.match(text))), None)
    return _without_folders(found["text"], folder) if found else None


def _without_folders(text: str, folder: str) -> str:
    if folder:
        text = text.replace(f"{folder.rstrip('/')}/", "")
    text = _FOLDERS.sub("", text)
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:SHOWN_CHARACTERS]
