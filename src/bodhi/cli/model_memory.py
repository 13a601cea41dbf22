"""What loading a model by its own name would take, and whether that fits: ``bodhi models show``.

The engine is asked where it can be, which takes a tenth of a second and is right about compute
buffers and devices too; otherwise the header's own figures stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodhi.errors import BodhiError

if TYPE_CHECKING:
    from bodhi.engine.contract import EngineSpec
    from bodhi.engine.dry_run import Foreseen
    from bodhi.gateway.foretell import Foretold
    from bodhi.model_files.model import ModelFile
    from bodhi.params.values import Json, JsonObject
    from bodhi.settings import Settings

_PATIENCE_S = 10.0


def memory_of(model: ModelFile, settings: Settings) -> Foretold | None:
    """For one engine with nothing but Bodhi's defaults; None for what cannot be loaded."""
    if model.problem is not None:
        return None
    from bodhi.aliases.model import Alias, AliasSource
    from bodhi.aliases.resolve import Resolution
    from bodhi.gateway.foretell import engine_spec_of, from_engine, from_header
    from bodhi.machine import cores, free_memory

    alias = Alias(name=model.id, repo=model.repo, filename=model.filename, snapshot=model.snapshot)
    found = Resolution(model.id, AliasSource.MODEL, alias, model)
    spec, _ = engine_spec_of(found, cores())
    foreseen = _ask(spec) if settings.engine == "embedded" else None
    if foreseen is None:
        return from_header(spec, model, free_memory)
    return from_engine(spec, foreseen, free_memory)


def memory_json(memory: Foretold) -> JsonObject:
    """For ``--json``."""
    rooms: list[Json] = [
        {"device": room.name, "needs_bytes": room.needs, "free_bytes": room.free}
        for room in memory.fit.rooms
    ]
    return {
        "context": memory.context,
        "weights_bytes": memory.weights,
        "kv_cache_bytes": memory.kv_cache,
        "compute_bytes": memory.compute,
        "source": "engine" if memory.is_measured else "header",
        "verdict": str(memory.fit.verdict),
        "rooms": rooms,
    }


def _ask(spec: EngineSpec) -> Foreseen | None:
    import asyncio

    from bodhi.engine.dry_run import DryRuns

    async def ask() -> Foreseen:
        return await DryRuns(timeout_s=_PATIENCE_S).foresee(spec)

    try:
        return asyncio.run(ask())
    except BodhiError:
        return None
