"""Starts one engine as the gateway does, says which, and waits to be killed.

Arguments: the model's path, the folder for the socket, the transport, whether to use prctl, and
whether to wait until the engine is ready.
"""

import asyncio
import sys
from pathlib import Path

from bodhi.engine.embedded import EmbeddedLauncher
from tests.engine.factories import make_spec


async def main(model: str, runtime_dir: str, transport: str, tie: str, when: str) -> None:
    launcher = EmbeddedLauncher(
        transport="tcp" if transport == "tcp" else "unix", use_prctl=tie == "prctl"
    )
    process = await launcher.launch(
        make_spec(model_path=Path(model)), engine_id="orphan", runtime_dir=Path(runtime_dir)
    )
    if when == "ready":
        await process.wait_ready()
    sys.stdout.write(f"{process.pid}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
