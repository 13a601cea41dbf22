"""Answers of the control plane that are streams of server-sent events (HTML standard, 9.2)."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from fastapi import Response

from bodhi.gateway.leaving import CallerLeft, cancelled_when_caller_leaves
from bodhi.http.asgi import ON_LEAVE, Receive, Scope, Send

EVENT_STREAM = "text/event-stream"
# A comment, by which both sides notice that the other has gone without a word.
SIGN_OF_LIFE = b": still here\n\n"
STREAM_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-type": f"{EVENT_STREAM}; charset=utf-8",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",  # nginx would otherwise hold the stream back
    }
)

Write = Callable[[bytes], Awaitable[None]]


class Stuck(Exception):
    """The caller takes nothing any more; the connection is given up without an end."""


def event(name: str, payload: bytes, id: str | None = None) -> bytes:  # noqa: A002
    """One event. ``payload`` is JSON on one line; neither name nor id may have a line end."""
    head = f"event: {name}\n" if id is None else f"id: {id}\nevent: {name}\n"
    return b"%bdata: %b\n\n" % (head.encode(), payload)


class EventStream(Response):
    """An answer that ``work`` writes, piece by piece; it is cancelled when the caller leaves."""

    media_type = EVENT_STREAM

    def __init__(
        self, work: Callable[[Write], Awaitable[None]], headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = 200
        self.background = None
        self._work = work
        self.init_headers({**STREAM_HEADERS, **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        scope.setdefault(ON_LEAVE, _nobody_leaves)

        async def write(data: bytes) -> None:
            await send({"type": "http.response.body", "body": data, "more_body": True})

        try:
            with cancelled_when_caller_leaves(scope):
                start = {"status": 200, "headers": self.raw_headers}
                await send({"type": "http.response.start", **start})
                await self._work(write)
                await send({"type": "http.response.body", "body": b""})
        except (CallerLeft, Stuck):
            return


def _nobody_leaves(callback: Callable[[], object]) -> None:
    """Of servers that do not say so."""
    del callback
