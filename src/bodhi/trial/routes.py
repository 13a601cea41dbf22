"""``/api/v1/trials``: asking a recipe that is not saved, alone or beside others."""

import asyncio
from collections.abc import Mapping

import orjson
from fastapi import APIRouter, Request, Response

from bodhi.access.grant import grant_of
from bodhi.errors import (
    AliasBroken,
    AliasFileInvalid,
    AliasNotFound,
    ModelFileUnusable,
    UnsupportedByEngine,
)
from bodhi.http.control import Responses, refusals
from bodhi.http.errors import as_bodhi_error
from bodhi.http.sse_out import EVENT_STREAM, EventStream, Write, event
from bodhi.trial.bench import Bench, Ready, fields_of, foretell, make_ready
from bodhi.trial.run import Run, Told
from bodhi.trial.sent import LanesSent, TrialSent
from bodhi.trial.shown import Foretold, TrialEvent

_EXAMPLE = (
    'event: begun\ndata: {"request_id":"5f0c7a1e9d2b4c68","alias":"llama3:instruct",'
    '"needs_load":true,…}\n\n'
    'event: phase\ndata: {"phase":"loading","at_ms":3.1,"percent":40}\n\n'
    'event: delta\ndata: {"content":"Hello"}\n\n'
    'event: done\ndata: {"finish_reason":"stop","timings":{…},…}\n\n'
)
_STREAM: Responses = {
    200: {
        "model": TrialEvent,
        "description": "A stream that ends with `done` or `error`.",
        "content": {EVENT_STREAM: {"example": _EXAMPLE}},
    }
}
_REFUSED = refusals(
    *(AliasFileInvalid, UnsupportedByEngine, AliasNotFound, AliasBroken, ModelFileUnusable)
)


def trial_routes(bench: Bench) -> APIRouter:
    """The routes over one bench."""
    router = APIRouter(tags=["trials"])
    router.include_router(_alone(bench))
    router.include_router(_side_by_side(bench))
    return router


def _alone(bench: Bench) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/trials",
        summary="Try a recipe",
        status_code=200,
        response_class=EventStream,
        responses=_STREAM | _REFUSED,
    )
    async def try_recipe(sent: TrialSent, request: Request) -> Response:
        """A chat or a completion, told in phases. What is tried is what would be served.

        Nothing is saved. Who leaves ends it.
        """
        key_id = grant_of(request.scope).key_id
        ready = await make_ready(bench, sent, sent.body, key_id=key_id)

        async def work(write: Write) -> None:
            await Run(bench, ready, _Teller(write), as_bodhi_error).run(fields_of(sent))

        return EventStream(work, {"x-request-id": ready.request_id})

    @router.post("/trials/foretell", summary="Foretell a trial", responses=_REFUSED)
    async def foretell_trial(sent: TrialSent) -> Foretold:
        """What a trial would begin with, so whether an engine would have to be loaded for it."""
        return foretell(bench, await make_ready(bench, sent, sent.body))

    return router


def _side_by_side(bench: Bench) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/trials/lanes",
        summary="Try recipes side by side",
        status_code=200,
        response_class=EventStream,
        responses=_STREAM | _REFUSED,
    )
    async def try_lanes(sent: LanesSent, request: Request) -> Response:
        """Two to four recipes, asked the same at once. One that fails leaves the others be."""
        key_id, body = grant_of(request.scope).key_id, sent.body
        lanes = [await make_ready(bench, lane, body, key_id=key_id) for lane in sent.lanes]
        fields = [fields_of(lane) for lane in sent.lanes]
        return EventStream(lambda write: _run_lanes(bench, lanes, fields, write))

    return router


async def _run_lanes(
    bench: Bench, lanes: list[Ready], fields: list[list[str]], write: Write
) -> None:
    async with asyncio.TaskGroup() as group:
        for number, (ready, changed) in enumerate(zip(lanes, fields, strict=True)):
            run = Run(bench, ready, _Teller(write, {"lane": number}), as_bodhi_error)
            group.create_task(run.run(changed))


class _Teller:
    """Writes events of one trial; all of its lane carry ``mark``."""

    def __init__(self, write: Write, mark: Mapping[str, object] | None = None) -> None:
        self._write = write
        self._mark = mark or {}

    async def __call__(self, *told: Told) -> None:
        events = [event(name, orjson.dumps({**self._mark, **data})) for name, data in told]
        await self._write(b"".join(events))
