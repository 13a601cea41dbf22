"""The server's own log: one line an event on standard error, JSON when nobody watches.

No prompt text, key or traceback is ever logged: a defect is named by its type and by the places
in our code that it passed, because the text of an exception may hold what a request held. Whatever
the text is, it is one line, and a terminal shows it and obeys nothing.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

# Unicode's own marks of direction: ALM, LRM, RLM, the embeddings and overrides, the isolates.
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Code points that a terminal would obey instead of show, or that end a line.
CONTROL = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *map(ord, _DIRECTION))

_NOTHING = dict.fromkeys(CONTROL)
_ROOT = Path(__file__).parent


def setup(level: int = logging.INFO) -> None:
    """Send the ``bodhi`` loggers to standard error; other libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain() if sys.stderr.isatty() else _JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bodhi").setLevel(level)


def places(error: BaseException) -> str:
    """``ValueError at gateway/relay.py:88 < gateway/routes.py:60``: innermost first."""
    frames = [
        f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}"
        for frame in reversed(extract_tb(error.__traceback__))
        if Path(frame.filename).is_relative_to(_ROOT)
    ]
    return f"{type(error).__name__} at {' < '.join(frames) or 'a place outside Bodhi'}"


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": _message(record),
        }
        return json.dumps(line).replace("\x7f", "\\u007f")


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        return f"{time} {record.levelname.lower()} {_message(record).translate(_NOTHING)}"


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        text = f"{text}: {places(record.exc_info[1])}"
    return text
