"""A bare engine: the worker process that Bodhi starts, without Bodhi around it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bodhi.engine.contract import EngineSpec, UnixAddress
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.machine import cores
from bodhi.params.engine_options import engine_options

SLOTS = 8
CONTEXT = 512  # tokens of each slot


@contextlib.asynccontextmanager
async def bare_engine(model: Path, place: Path, *, slots: int = SLOTS) -> AsyncIterator[str]:
    """The path of the socket on which the engine answers, until the block ends.

    ``place`` is a private folder with a short path, for the socket.
    The options are those that Bodhi gives the alias of ``alias_text`` with as many slots.
    """
    params = {"n_parallel": slots, "n_ctx": slots * CONTEXT}
    options = engine_options(params, trained_context=None, cores=cores()).reload
    spec = EngineSpec(model, "bench", 0, options, None, "bench", 0)
    process = await EmbeddedLauncher().launch(spec, engine_id="bare", runtime_dir=place)
    try:
        await process.wait_ready()
        address = process.address
        if not isinstance(address, UnixAddress):
            raise SystemExit("the engine does not listen on a socket")
        yield str(address.path)
    finally:
        await process.stop()
        await process.wait_exit()


def alias_text(name: str, filename: str, *, slots: int = SLOTS) -> str:
    """An alias file with the options of ``bare_engine``."""
    return (
        f"alias: {name}\nrepo: made/up-GGUF\nfilename: {filename}\nchat_template: embedded\n"
        f"context_params:\n  n_ctx: {slots * CONTEXT}\n  n_parallel: {slots}\n"
    )
