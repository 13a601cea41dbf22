"""``/api/v1/engines``: which engines run, and stopping one."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, JsonValue

from bodhi.engine.contract import EngineState
from bodhi.engine.supervisor import Supervisor


class EngineItem(BaseModel):
    """One engine, as it is now."""

    id: str
    load_key: str = Field(description="Aliases with equal load keys share one engine.")
    state: EngineState
    model: str = Field(description="Name of the model file.")
    options: dict[str, JsonValue]
    slots: int = Field(description="Requests it answers at once.")
    busy: int = Field(description="Slots that are answering now.")
    waiting: int = Field(description="Requests that wait for a slot.")
    pid: int | None
    started_at: float | None = Field(description="Seconds since the epoch.")
    load_seconds: float | None
    memory_bytes: int | None = Field(description="Resident memory of the process.")
    aliases: list[str]
    loads: int = Field(description="How often a process was started for this load key.")
    failure: str | None


class EngineLogLine(BaseModel):
    """One line that an engine printed."""

    number: int = Field(description="Counted over all that it printed; others are not shown.")
    text: str = Field(description="Without folders, and never text that a client sent.")


class EngineLog(BaseModel):
    """What an engine printed. Ask again with the last number as ``after`` to follow it."""

    state: EngineState
    lines: list[EngineLogLine]


class EngineList(BaseModel):
    """Every engine that runs or that failed to."""

    engines: list[EngineItem]


def engine_routes(supervisor: Supervisor) -> APIRouter:
    """The routes over one supervisor."""
    router = APIRouter(tags=["engines"])

    @router.get("/engines", summary="List engines")
    async def list_engines() -> EngineList:
        engines = [EngineItem.model_validate(asdict(info)) for info in supervisor.engines()]
        return EngineList(engines=engines)

    @router.get("/engines/{engine_id}/logs", summary="Read what an engine printed")
    async def read_log(
        engine_id: str,
        after: Annotated[int, Query(ge=0, description="Only lines behind this number.")] = 0,
    ) -> EngineLog:
        """The newest lines of its load, and of the figures of each request.

        One that ended or failed lately has them too.
        """
        state, lines = supervisor.log(engine_id, after)
        return EngineLog.model_validate({"state": state, "lines": [asdict(one) for one in lines]})

    @router.delete("/engines/{engine_id}", status_code=204, summary="Stop an engine")
    async def stop_engine(engine_id: str) -> Response:
        """Running answers may finish first; the next request for its aliases starts a new one."""
        await supervisor.stop(engine_id)
        return Response(status_code=204)

    return router
