"""Takes one merged request to an engine and its answer back to the caller, chunk by chunk.

The engine is asked for a stream whatever the caller asked for, so that a caller who leaves frees
the slot at once; callers who want one piece get it put together here. What goes out carries the
alias's name, never the engine's. Once a byte has gone out, a failure is one error event.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import orjson

from bodhi.engine.contract import EngineSpec
from bodhi.engine.lease import Lease
from bodhi.errors import BodhiError, EngineCrashed, EngineProtocol
from bodhi.gateway.assemble import Assembly
from bodhi.gateway.dialects import Dialect
from bodhi.gateway.engine_errors import error_from_answer, translate
from bodhi.gateway.engine_stream import ConnectionLost, EngineStream
from bodhi.gateway.meter import Measure, prompt_tokens
from bodhi.gateway.patience import Patience
from bodhi.gateway.remote_errors import error_from_remote
from bodhi.gateway.remote_events import RemoteEvents, rewritten
from bodhi.gateway.serving import Serving
from bodhi.gateway.sse import DONE, EventCutter, frame, parse_all
from bodhi.http.asgi import JSON_TYPE, Send, send_whole
from bodhi.http.errors import Headers, as_bodhi_error, error_body
from bodhi.params.values import JsonObject

Cutter: TypeAlias = EventCutter | RemoteEvents

# Reading a long prompt on a slow machine is silent work.
_FIRST_BYTE_FACTOR = 10

_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # nginx would otherwise hold the stream back
]


@dataclass(slots=True)  # not frozen, because making one is on every request's way
class Call:
    """One request on its way: what goes to the engine, and how the answer goes back."""

    dialect: Dialect
    serving: Serving
    body: JsonObject
    stream: bool
    headers: Headers
    measure: Measure
    wants_usage: bool = True


class Answer:
    """The caller's side of a call. ``started`` is true once the status can no longer change."""

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._headers = headers
        self.started = False

    async def whole(self, body: bytes) -> None:
        """Send an answer in one piece."""
        self.started = True
        await send_whole(self._send, 200, [JSON_TYPE, *self._headers], body)

    async def events(self, data: bytes, *, are_last: bool = False) -> None:
        """Send some events of a stream, its beginning first."""
        if not self.started:
            self.started = True
            headers = [*_STREAM_HEADERS, *self._headers]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": data, "more_body": not are_last})

    async def fail(self, error: BodhiError) -> None:
        """Tell a caller who has begun to read a stream that it ends here."""
        await self.events(frame(error_body(error)), are_last=True)


class Slots(Protocol):
    """Who lends slots: the supervisor, or whoever stands before it."""

    def slot(self, spec: EngineSpec, *, alias: str) -> AbstractAsyncContextManager[Lease]:
        """Entering waits for a slot, leaving gives it back. Errors: see ``Supervisor.slot``."""


class Relay:
    """Holds what every call needs: who lends slots, and the patience with a silent engine."""

    def __init__(self, slots: Slots, silence_s: float) -> None:
        self._slots = slots
        self._patience = Patience(silence_s, silence_s * _FIRST_BYTE_FACTOR)

    async def run(self, call: Call, send: Send) -> None:
        """Serve one call. Raises only while nothing has been sent."""
        answer = Answer(send, call.headers)
        try:
            try:
                await self._attempt(call, answer)
            except EngineCrashed:
                if answer.started:
                    raise
                # Nothing has reached the caller, so a fresh engine may simply begin again.
                call.measure.begin_again()
                await self._attempt(call, answer)
        except Exception as error:
            if not answer.started:
                raise
            failure = as_bodhi_error(error)
            call.measure.interrupted(failure)
            await answer.fail(failure)

    async def _attempt(self, call: Call, answer: Answer) -> None:
        alias = call.serving.resolution.name
        async with self._slots.slot(call.serving.spec, alias=alias) as lease:
            try:
                await self._exchange(call, lease, answer)
            except ConnectionLost as error:
                raise await lease.explain_break() from error

    async def _exchange(self, call: Call, lease: Lease, answer: Answer) -> None:
        stream = await EngineStream.begin(
            lease.address,
            call.dialect.engine_path,
            orjson.dumps(call.body),
            api_key=lease.api_key,
            patience=self._patience,
        )
        try:
            if stream.status != 200:
                raise _refusal(call, lease, stream.status, await stream.read_all())
            names = lease.engine_id.encode(), call.serving.name_json
            if not call.dialect.streams:
                body = await stream.read_all()
                call.measure.read_tokens(prompt_tokens(body))
                await answer.whole(_in_one_piece(call, lease, body))
            elif call.stream:
                await _pass_on(stream, _cutter(call, lease), answer, names, call.measure)
            else:
                await answer.whole(await _put_together(stream, _cutter(call, lease), call))
        finally:
            stream.close()


def _refusal(call: Call, lease: Lease, status: int, body: bytes) -> BodhiError:
    remote = call.serving.spec.remote
    if remote is None:
        return error_from_answer(status, body)
    return error_from_remote(remote, lease.api_key, status, body)


def _cutter(call: Call, lease: Lease) -> Cutter:
    """A remote has no name that could be replaced: its events are written anew."""
    remote = call.serving.spec.remote
    if remote is None:
        return EventCutter()
    # It is always asked to count; a caller who did not ask for it is not told.
    hides = call.stream and not call.wants_usage
    unasked = (lambda event: call.measure.see([event])) if hides else None
    return RemoteEvents(remote, lease.api_key, call.serving.resolution.name, unasked)


def _in_one_piece(call: Call, lease: Lease, body: bytes) -> bytes:
    remote = call.serving.spec.remote
    if remote is None:
        # Megabytes of numbers are not parsed only to be written again.
        if not (body.startswith(b"{") and body.endswith(b"}")):
            raise EngineProtocol("The engine's answer is not JSON.")
        return body.replace(lease.engine_id.encode(), call.serving.name_json)
    return rewritten(body, remote, lease.api_key, call.serving.resolution.name)


async def _pass_on(
    stream: EngineStream,
    cutter: Cutter,
    answer: Answer,
    names: tuple[bytes, bytes],
    measure: Measure,
) -> None:
    """Events through as they come, each checked, with the alias's name in place of the engine's."""
    done = False
    while True:
        chunk = await stream.read()
        payloads = cutter.feed(chunk)
        done = done or DONE in payloads
        pieces, failure = _until_error(payloads)
        measure.see(pieces)
        if failure is not None:
            payloads = payloads[: len(pieces)]
        # The end often arrives with the last events, and leaves with them.
        is_over = done and stream.is_complete and cutter.is_between and failure is None
        if payloads or is_over:
            events = frame(*payloads).replace(*names) if payloads else b""
            await answer.events(events, are_last=is_over)
        if failure is not None:
            raise failure
        if is_over:
            return
        if not chunk:
            cutter.finish()
            raise EngineProtocol("The engine's answer has no end.")


async def _put_together(stream: EngineStream, cutter: Cutter, call: Call) -> bytes:
    assembly = Assembly()
    done = False
    while chunk := await stream.read():
        payloads = cutter.feed(chunk)
        done = done or DONE in payloads
        pieces, failure = _until_error(payloads)
        if failure is not None:
            raise failure
        call.measure.see(pieces)
        for piece in pieces:
            assembly.add(piece)
    cutter.finish()
    if not done:
        raise EngineProtocol("The engine's answer has no end.")
    return orjson.dumps(assembly.whole() | {"model": call.serving.resolution.name})


def _until_error(payloads: list[bytes]) -> tuple[list[JsonObject], BodhiError | None]:
    """What the events say before the first that reports an error, and that error."""
    if DONE in payloads:
        payloads = payloads.copy()
        payloads.remove(DONE)
    pieces = parse_all(payloads)
    for index, piece in enumerate(pieces):
        if "error" in piece and piece["error"] is not None:
            return pieces[:index], _error_in(piece)
    return pieces, None


def _error_in(piece: JsonObject) -> BodhiError:
    error = piece["error"]
    body: JsonObject = error if isinstance(error, dict) else {}
    code = body.get("code")
    return translate(body, code if isinstance(code, int) else 500)
