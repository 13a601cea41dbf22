"""``/api/v1/events``: what happens in the house, as it happens."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field, JsonValue

from bodhi.events import Bus, Event, EventKind, News
from bodhi.http.control import Responses
from bodhi.http.sse_out import EVENT_STREAM, SIGN_OF_LIFE, EventStream, Stuck, Write, event

# A proxy gives up a connection that is silent for a minute, and a browser never would.
_QUIET_S = 15.0
# Who has taken nothing for so long is not reading any more.
_STUCK_S = 30.0

_EXAMPLE = (
    "id: 5f0c7a1e-41\nevent: open\ndata: {}\n\nid: 5f0c7a1e-42\nevent: alias\n"
    'data: {"ids":["llama3--instruct"]}\n\nid: 5f0c7a1e-43\nevent: engine\n'
    'data: {"id":"9f6f1c","load_key":"3b…","model":"tiny.gguf","state":"ready"}\n\n'
)


class StreamedEvent(BaseModel):
    """One event: its line ``event:``, and the object in its line ``data:``.

    ``open`` comes first and ``reset`` in place of events that are lost: read everything again.
    """

    event: Literal["open", "reset"] | EventKind
    id: str = Field(description="Send the last one as Last-Event-ID to go on from there.")
    data: dict[str, JsonValue] = Field(
        description="`ids`: what came, went or changed, null where that is much. An engine, a job "
        "and usage are told as they are now."
    )


_STREAM: Responses = {
    200: {
        "model": StreamedEvent,
        "description": "A stream without an end.",
        "content": {EVENT_STREAM: {"example": _EXAMPLE}},
    }
}


def events_routes(bus: Bus) -> APIRouter:
    """The route over one bus."""
    router = APIRouter(tags=["events"])

    @router.get(
        "/events",
        summary="Follow events",
        status_code=200,
        response_class=EventStream,
        responses=_STREAM,
    )
    async def follow_events(
        kind: Annotated[
            list[EventKind] | None, Query(description="Only these kinds; all without it.")
        ] = None,
        last_event_id: Annotated[
            str | None, Header(description="Go on behind this event.", max_length=64)
        ] = None,
    ) -> Response:
        """Whatever changes in aliases, drafts, templates, model files, engines, jobs and usage.

        A browser's EventSource resumes by itself. What happened before an event `open` is in
        everything that is read after it.
        """
        kinds = frozenset(kind or EventKind)
        return EventStream(lambda write: _follow(bus, last_event_id or None, kinds, write))

    return router


async def _follow(bus: Bus, last_id: str | None, kinds: frozenset[EventKind], write: Write) -> None:
    """Write until the bus is closed. Raises Stuck where nobody takes what is written."""
    listener = bus.listen(last_id)
    # At once, because nothing tells a caller of a stream before its first byte.
    await write(event("open", b"{}", listener.id) if last_id is None else SIGN_OF_LIFE)
    waiting = asyncio.ensure_future(listener.more())
    try:
        while True:
            await asyncio.wait({waiting}, timeout=_QUIET_S)
            data = SIGN_OF_LIFE
            if waiting.done():
                news = waiting.result()
                if news is None:
                    return
                data = _written(news, kinds)
                waiting = asyncio.ensure_future(listener.more())
            try:
                async with asyncio.timeout(_STUCK_S):
                    await write(data)
            except TimeoutError:
                raise Stuck from None
    finally:
        waiting.cancel()


def _written(news: News, kinds: frozenset[EventKind]) -> bytes:
    if news.missed:
        return event("reset", b"{}", news.id)
    return b"".join(_one(one) for one in news.events if one.kind in kinds)


def _one(told: Event) -> bytes:
    return event(told.kind, told.data, told.id)
