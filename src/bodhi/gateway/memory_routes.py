"""``/api/v1/memory``: what a model or alias would take, and whether that fits; for sliders too."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bodhi.aliases.resolve import Aliases, resolve
from bodhi.engine.dry_run import DryRuns
from bodhi.errors import (
    AliasNotFound,
    EngineLoadFailed,
    EngineLoadTimeout,
    InvalidInput,
    ModelFileMissing,
    NameAmbiguous,
    ParameterInvalid,
)
from bodhi.gateway.foretell import Foretold, engine_spec_of, from_engine, from_header
from bodhi.http.control import refusals
from bodhi.model_files.live import LiveCatalogue
from bodhi.params.check import check_value
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


class MemoryPart(BaseModel):
    """One share of the memory."""

    name: Literal["weights", "kv_cache", "state", "compute"]
    bytes: int
    reason: str = Field(examples=["32 layers, 8,192 tokens, f16"])


class MemoryRoom(BaseModel):
    """One memory: the machine's own, or that of a device."""

    device: str | None = Field(description="null for the machine's own memory.")
    needs_bytes: int
    free_bytes: int = Field(description="What is free now; running engines have taken theirs.")


class MemoryShown(BaseModel):
    """What one engine would take."""

    words: str = Field(
        examples=["fits · needs 5.1 of 23.4 GiB, with a context of 8,192 tokens"],
        description="All of it in a line, for people.",
    )
    verdict: Literal["fits", "tight", "does not fit"]
    context: int = Field(description="Tokens, all slots together.")
    total_bytes: int
    parts: list[MemoryPart]
    rooms: list[MemoryRoom]
    exact: bool = Field(description="Whether weights and cache are known, not guessed.")
    source: Literal["header", "engine"]


_TRIED: Any = Field(None, description="Tried in place of the alias's own context parameter.")


class MemoryQuery(BaseModel):
    """A name, and context parameters to be tried in place of its own."""

    model: str = Field(
        description="A model or an alias.",
        min_length=1,
        max_length=512,
        examples=["llama3:instruct"],
    )
    ask_engine: bool = Field(
        default=False,
        description="Ask the embedded engine, which takes a tenth of a second.",
    )
    n_ctx: int | None = _TRIED
    n_parallel: int | None = _TRIED
    batch_size: int | None = _TRIED
    ubatch_size: int | None = _TRIED
    cache_type_k: str | None = _TRIED
    cache_type_v: str | None = _TRIED
    flash_attn: str | None = _TRIED
    kv_unified: bool | None = _TRIED
    swa_full: bool | None = _TRIED

    def context_params(self) -> dict[str, Json]:
        """The given ones, checked. Raises ParameterInvalid."""
        given = self.model_dump(exclude_none=True, exclude={"model", "ask_engine"})
        return {key: check_value(PARAMETERS[key], given[key], f"/{key}") for key in given}


def memory_routes(
    aliases: Aliases,
    models: LiveCatalogue,
    *,
    cores: int,
    free_memory: Callable[[], int],
    dry_runs: DryRuns | None,
) -> APIRouter:
    """``dry_runs`` is None where engines are not the embedded ones; then the header is asked."""
    router = APIRouter(tags=["models"])

    @router.get(
        "/memory",
        summary="Foretell the memory of a load",
        responses=refusals(
            *(AliasNotFound, NameAmbiguous, ModelFileMissing),
            *(ParameterInvalid, InvalidInput, EngineLoadFailed, EngineLoadTimeout),
        ),
    )
    async def foretell(asked: Annotated[MemoryQuery, Query()]) -> MemoryShown:
        """Weights, cache and compute buffers of one engine, compared with what is free.

        Nothing is loaded. Parameters that are not given are those of the alias.
        """
        catalogue = await models.recent()
        found = resolve(asked.model, aliases, catalogue)
        spec, model = engine_spec_of(found, cores, asked.context_params())
        if asked.ask_engine and dry_runs is not None:
            return _show(from_engine(spec, await dry_runs.foresee(spec), free_memory))
        return _show(from_header(spec, model, free_memory))

    return router


def _show(found: Foretold) -> MemoryShown:
    return MemoryShown(
        words=found.words,
        verdict=found.fit.verdict.value,
        context=found.context,
        total_bytes=found.weights + found.kv_cache + found.compute,
        parts=[MemoryPart(name=p.name, bytes=p.bytes, reason=p.reason) for p in found.parts],
        rooms=[
            MemoryRoom(device=room.name, needs_bytes=room.needs, free_bytes=room.free)
            for room in found.fit.rooms
        ],
        exact=found.exact,
        source="engine" if found.is_measured else "header",
    )
