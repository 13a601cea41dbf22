"""Takes one merged request to an engine and its answer back to the caller, chunk by chunk.

The engine is asked for a stream whatever the caller asked for, so that a caller who leaves frees
the slot at once; callers who want one piece get it put together here. What goes out carries the
alias's name, never the engine's. Once a byte has gone out, a failure is one error event.
"""

from dataclasses import dataclass

import orjson

from bodhi.engine.lease import Lease
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import BodhiError, EngineCrashed, EngineProtocol
from bodhi.gateway.assemble import Assembly
from bodhi.gateway.dialects import Dialect
from bodhi.gateway.engine_errors import error_from_answer, translate
from bodhi.gateway.engine_stream import ConnectionLost, EngineStream
from bodhi.gateway.serving import Serving
from bodhi.gateway.sse import DONE, EventCutter, frame, is_error, parse
from bodhi.http.asgi import JSON_TYPE, Send, send_whole
from bodhi.http.errors import Headers, as_bodhi_error, error_body
from bodhi.params.values import JsonObject

# Reading a long prompt on a slow machine is silent work.
_FIRST_BYTE_FACTOR = 10

_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # nginx would otherwise hold the stream back
]


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way: what goes to the engine, and how the answer goes back."""

    dialect: Dialect
    serving: Serving
    body: JsonObject
    stream: bool
    headers: Headers


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

    async def events(self, data: bytes) -> None:
        """Send some events of a stream, its beginning first."""
        if not self.started:
            self.started = True
            headers = [*_STREAM_HEADERS, *self._headers]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})

    async def fail(self, error: BodhiError) -> None:
        """Tell a caller who has begun to read a stream that it ends here."""
        await self.events(frame(error_body(error)))
        await self.end()


class Relay:
    """Holds what every call needs: the supervisor and the patience with a silent engine."""

    def __init__(self, supervisor: Supervisor, silence_s: float) -> None:
        self._supervisor = supervisor
        self._silence_s = silence_s

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
                await self._attempt(call, answer)
        except Exception as error:
            if not answer.started:
                raise
            await answer.fail(as_bodhi_error(error))

    async def _attempt(self, call: Call, answer: Answer) -> None:
        alias = call.serving.resolution.name
        async with self._supervisor.slot(call.serving.spec, alias=alias) as lease:
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
            silence_s=self._silence_s,
            first_byte_s=self._silence_s * _FIRST_BYTE_FACTOR,
        )
        try:
            if stream.status != 200:
                raise error_from_answer(stream.status, await stream.read_all())
            names = lease.engine_id.encode(), call.serving.name_json
            if not call.dialect.streams:
                await answer.whole((await stream.read_all()).replace(*names))
            elif call.stream:
                await _pass_on(stream, answer, names)
            else:
                await answer.whole(await _put_together(stream, call.serving.resolution.name))
        finally:
            stream.close()


async def _pass_on(stream: EngineStream, answer: Answer, names: tuple[bytes, bytes]) -> None:
    """Events through as they come, each checked, with the alias's name in place of the engine's."""
    cutter = EventCutter()
    done = False
    while chunk := await stream.read():
        events: list[bytes] = []
        for payload in cutter.feed(chunk):
            if is_error(payload):
                await _flush(answer, events)
                raise _event_error(payload)
            done = done or payload == DONE
            events.append(frame(payload.replace(*names)))
        await _flush(answer, events)
    cutter.finish()
    if not done:
        raise EngineProtocol("The engine's answer has no end.")
    await answer.end()


async def _flush(answer: Answer, events: list[bytes]) -> None:
    if events:
        await answer.events(b"".join(events))


async def _put_together(stream: EngineStream, name: str) -> bytes:
    cutter = EventCutter()
    assembly = Assembly()
    done = False
    while chunk := await stream.read():
        for payload in cutter.feed(chunk):
            if is_error(payload):
                raise _event_error(payload)
            if payload == DONE:
                done = True
            else:
                assembly.add(parse(payload))
    cutter.finish()
    if not done:
        raise EngineProtocol("The engine's answer has no end.")
    return orjson.dumps(assembly.whole() | {"model": name})


def _event_error(payload: bytes) -> BodhiError:
    error = parse(payload).get("error")
    body: JsonObject = error if isinstance(error, dict) else {}
    code = body.get("code")
    return translate(body, code if isinstance(code, int) else 500)
