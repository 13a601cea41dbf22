"""Cuts an engine's bytes into server-sent events and lets only well-formed ones through. Pure.

An engine is not trusted to frame its answers: every event must be one ``data:`` line of JSON in
UTF-8, so that nothing an engine sends can start a header, a second event or a new field.
"""

import orjson

from bodhi.errors import EngineProtocol
from bodhi.params.values import JsonObject

DONE = b"[DONE]"

# One event is one token with its probabilities at most; a line beyond this is nonsense.
_LONGEST_EVENT = 8 * 1024 * 1024


class EventCutter:
    """Feeds on chunks of any size and yields the payloads of whole events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The payloads (text after ``data: ``) of the events that are complete now.

        Comments, which engines send as a sign of life, are left out. Raises EngineProtocol.
        """
        pieces = (self._rest + chunk).split(b"\n\n")
        self._rest = pieces.pop()
        if len(self._rest) > _LONGEST_EVENT:
            raise EngineProtocol("The engine sent an event without an end.")
        return [_payload(piece) for piece in pieces if piece and not piece.startswith(b":")]

    def finish(self) -> None:
        """Raises EngineProtocol where an event was begun and never ended."""
        if self._rest.strip():
            raise EngineProtocol("The engine stopped in the middle of an event.")


def _payload(event: bytes) -> bytes:
    # Some builds end lines with CR LF; a CR anywhere else would be a new line to a browser.
    line = event.removesuffix(b"\r").removeprefix(b"\n")
    if not line.startswith(b"data: ") or b"\n" in line or b"\r" in line or b"\0" in line:
        raise EngineProtocol("The engine sent something that is not an event.")
    payload = line[6:]
    if payload != DONE and not (payload.startswith(b"{") and payload.endswith(b"}")):
        raise EngineProtocol("The engine sent an event that is not JSON.")
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise EngineProtocol("The engine sent text that is not UTF-8.") from error
    return payload


def frame(payload: bytes) -> bytes:
    """One event of the stream that leaves us."""
    return b"data: " + payload + b"\n\n"


def parse(payload: bytes) -> JsonObject:
    """The JSON object in an event; raises EngineProtocol."""
    try:
        parsed = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise EngineProtocol("The engine sent an event that is not JSON.") from error
    if not isinstance(parsed, dict):
        raise EngineProtocol("The engine sent an event that is not an object.")
    return parsed


def is_error(payload: bytes) -> bool:
    """llama.cpp reports what fails after the first byte as an event with ``error`` first."""
    return payload.startswith(b'{"error"')
