"""Cuts an engine's bytes into server-sent events and lets only well-formed ones through. Pure.

An engine is not trusted to frame its answers: every event must be one ``data:`` line of JSON in
UTF-8, so that nothing an engine sends can start a header, a second event or a new field.
"""

from collections.abc import Sequence

import orjson

from bodhi.errors import EngineProtocol
from bodhi.params.values import JsonObject

DONE = b"[DONE]"

_BEGIN, _END = b"data: ", b"\n\n"
# Numbers, because looking for ``b"\r"`` first tries it as a number, and makes an error of that.
_LF, _CR, _NUL = 0x0A, 0x0D, 0x00

# One event is one token with its probabilities at most; a line beyond this is nonsense.
LONGEST_EVENT = 8 * 1024 * 1024


class EventCutter:
    """Feeds on chunks of any size and yields the payloads of whole events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The payloads (text after ``data: ``) of the events that are complete now, a line each.

        Whether they are JSON is for the reader to see, who parses them. Comments, which engines
        send as a sign of life, are left out. Raises EngineProtocol.
        """
        data = self._rest + chunk
        if _LF not in chunk:  # nothing ends here; what is waiting was looked at before
            return self._wait(data)
        payloads = _whole_events(data)
        if payloads is not None:
            self._rest = b""
            return payloads
        pieces = data.split(_END)
        self._wait(pieces.pop())
        return [_payload(piece) for piece in pieces if piece and not piece.startswith(b":")]

    def _wait(self, rest: bytes) -> list[bytes]:
        if len(rest) > LONGEST_EVENT:
            raise EngineProtocol("The engine sent an event without an end.")
        self._rest = rest
        return []

    @property
    def is_between(self) -> bool:
        """Whether every event that was begun has ended."""
        return not self._rest

    def finish(self) -> None:
        """Raises EngineProtocol where an event was begun and never ended."""
        if self._rest.strip():
            raise EngineProtocol("The engine stopped in the middle of an event.")


def _whole_events(data: bytes) -> list[bytes] | None:
    """The payloads where there are whole events and nothing else, as in nearly every chunk.

    Looks at the chunk as a whole, whose events may be many; None for whatever ``_payload`` would
    have to look at.
    """
    if not (data.startswith(_BEGIN) and data.endswith(_END)) or _CR in data or _NUL in data:
        return None
    payloads = data[len(_BEGIN) : -len(_END)].split(_END + _BEGIN)
    return None if _LF in b"".join(payloads) else payloads


def _payload(event: bytes) -> bytes:
    # Some builds end lines with CR LF; a CR anywhere else would be a new line to a browser.
    line = event.removesuffix(b"\r").removeprefix(b"\n")
    if not line.startswith(_BEGIN) or _LF in line or _CR in line or _NUL in line:
        raise EngineProtocol("The engine sent something that is not an event.")
    return line.removeprefix(_BEGIN)


def frame(*payloads: bytes) -> bytes:
    """Events of the stream that leaves us, at least one."""
    return _BEGIN + (_END + _BEGIN).join(payloads) + _END


def parse(payload: bytes) -> JsonObject:
    """The JSON object in an event; raises EngineProtocol."""
    return parse_all([payload])[0]


def parse_all(payloads: Sequence[bytes]) -> list[JsonObject]:
    """The JSON objects in events; raises EngineProtocol."""
    try:
        parsed: list[JsonObject] = list(map(orjson.loads, payloads))
    except orjson.JSONDecodeError as error:
        raise EngineProtocol("The engine sent an event that is not JSON.") from error
    if not {*map(type, parsed)} <= {dict}:
        raise EngineProtocol("The engine sent an event that is not an object.")
    return parsed
