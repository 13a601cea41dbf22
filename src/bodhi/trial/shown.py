"""What a trial is told as: the types of its events' data."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.aliases.shown import ErrorShown, RequestParameter


class Phase(StrEnum):
    """What a trial is busy with."""

    QUEUED = "queued"
    LOADING = "loading"
    PROMPT = "prompt"
    REASONING = "reasoning"
    CONTENT = "content"


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Foretold(_Told):
    """What is known of a trial before it begins."""

    alias: Annotated[
        str, Field(description="name@version, or a name where no version has this content.")
    ]
    model: Annotated[str, Field(description="Name of the model file; of a remote, its label.")]
    load_key: str
    needs_load: Annotated[bool, Field(description="No engine is ready for it now.")]
    load_key_changed: Annotated[
        bool | None,
        Field(description="The saved alias has another engine; null where none is saved."),
    ]
    seed: Annotated[JsonValue, Field(description="What the engine is sent; null draws one.")]
    changed: Annotated[list[str], Field(description="Parameters where the alias had its way.")]
    dropped: Annotated[list[str], Field(description="Fields of request that mean nothing here.")]


class Begun(Foretold):
    """The first event."""

    request_id: Annotated[
        str, Field(description="GET /requests/{id}/explain knows it for ten minutes.")
    ]


class PhaseBegun(_Told):
    """Another phase, or more of the load."""

    phase: Phase
    at_ms: Annotated[float, Field(description="Since the trial began.")]
    percent: Annotated[
        int | None,
        Field(description="Of the load: memory taken, of what the load is said to take."),
    ] = None


class Delta(_Told):
    """Pieces of the answer, as they come."""

    content: str | None = None
    reasoning: str | None = None
    tool_calls: list[JsonValue] | None = None
    index: Annotated[int, Field(description="Of the choice, where several are asked for.")] = 0
    pieces: Annotated[
        int, Field(description="How many of the engine's own are in it; mostly one a token.")
    ] = 1


class Timings(_Told):
    """In milliseconds, and as the engine counted tokens."""

    phases: Annotated[dict[Phase, float], Field(description="How long each phase took.")]
    first_token_ms: float | None
    duration_ms: float
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    prompt_ms: Annotated[float | None, Field(description="The engine's own word.")]
    generation_ms: Annotated[float | None, Field(description="Likewise.")]
    tokens_per_second: Annotated[float | None, Field(description="Of generation alone.")]


class Memory(_Told):
    """In bytes."""

    resident_bytes: Annotated[int | None, Field(description="Of the engine, now.")]
    foretold_bytes: Annotated[int, Field(description="Taken into account before the load.")]


class Done(_Told):
    """The last event of a trial that went well."""

    finish_reason: str | None
    timings: Timings
    memory: Memory
    effective: Annotated[
        list[RequestParameter],
        Field(description="Every parameter that something other than the engine decided."),
    ]


class Failed(_Told):
    """The last event of a trial that did not. What came before it stands."""

    error: ErrorShown
    engine_lines: Annotated[list[str], Field(description="What the engine said last.")]
    timings: Timings


class TrialEvent(BaseModel):
    """One event: its line ``event:``, and the object in its line ``data:``.

    A trial begins with ``begun`` and ends with ``done`` or ``error``. Of lanes, each has its own,
    and ``lane`` in every object says whose it is, from 0.
    """

    event: Literal["begun", "phase", "delta", "done", "error"]
    data: Begun | PhaseBegun | Delta | Done | Failed
