"""Reads the event stream of a remote and writes it anew under the alias's name. Pure.

Servers differ in how they frame events (line ends, blanks, comments, further fields), so their
bytes are parsed as the HTML standard says and never passed on: what leaves is JSON of our own
writing, with the same guarantees as for an engine of ours (see ``sse``).
"""

from collections.abc import Callable, Iterator

import orjson

from bodhi.engine.contract import Remote
from bodhi.errors import BodhiError, EngineProtocol
from bodhi.gateway.remote_errors import error_in_answer
from bodhi.gateway.sse import DONE, LONGEST_EVENT, parse
from bodhi.params.values import JsonObject


class RemoteEvents:
    """As ``sse.EventCutter``; ``name`` takes the place of every ``model``.

    An event that tells of an error is raised as one, after the events before it were handed out.
    Where ``unasked`` is given, it gets the event that only counts tokens, and the caller does not.
    """

    def __init__(
        self,
        remote: Remote,
        key: str | None,
        name: str,
        unasked: Callable[[JsonObject], object] | None = None,
    ) -> None:
        self._remote = remote
        self._key = key
        self._name = name
        self._unasked = unasked
        self._rest = b""
        self._data: list[bytes] = []
        self._failure: BodhiError | None = None

    def feed(self, chunk: bytes) -> list[bytes]:
        """The payloads of the events that are complete now. Raises EngineProtocol."""
        self._raise_failure()
        # JSON has no carriage return outside its escapes: those here end lines.
        *lines, self._rest = (self._rest + chunk.replace(b"\r", b"")).split(b"\n")
        if len(self._rest) > LONGEST_EVENT:
            raise EngineProtocol("The remote sent an event without an end.")
        payloads: list[bytes] = []
        try:
            for event in self._events(lines):
                payload = self._rewritten(event)
                if payload is not None:
                    payloads.append(payload)
        except BodhiError as error:
            self._failure = error
        if not payloads:
            self._raise_failure()
        return payloads

    @property
    def is_between(self) -> bool:
        """Whether no event has begun that is not complete."""
        return not self._data and not self._rest.strip()

    def finish(self) -> None:
        """Raises EngineProtocol where an event was begun and never ended."""
        self._raise_failure()
        if not self.is_between:
            raise EngineProtocol("The remote stopped in the middle of an event.")

    def _events(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                event = b"\n".join(self._data)
                self._data.clear()
                yield event

    def _rewritten(self, event: bytes) -> bytes | None:
        if event == DONE:
            return event
        parsed = _parsed(event, self._remote, self._key)
        if self._unasked is not None and _only_counts(parsed):
            self._unasked(parsed)
            return None
        return orjson.dumps(parsed | {"model": self._name})

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


def rewritten(answer: bytes, remote: Remote, key: str | None, name: str) -> bytes:
    """The JSON of an answer under the alias's name. Raises the error that it tells of."""
    return orjson.dumps(_parsed(answer, remote, key) | {"model": name})


def _parsed(answer: bytes, remote: Remote, key: str | None) -> JsonObject:
    parsed = parse(answer)
    error = error_in_answer(remote, key, parsed)
    if error is not None:
        raise error
    return parsed


def _only_counts(event: JsonObject) -> bool:
    """Whether it is what ``stream_options.include_usage`` asks for (OpenAI's API reference)."""
    return event.get("choices") == [] and isinstance(event.get("usage"), dict)
