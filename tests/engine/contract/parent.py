"""Starts one engine as the gateway does, says which, and waits to be killed.

Arguments: the kind of engine, the model's path, the folder for the socket, one for what it needs.
"""

import asyncio
import sys
from pathlib import Path

from tests.engine.contract.kinds import BY_NAME
from tests.engine.factories import make_spec


async def main(kind: str, model: str, runtime_dir: str, folder: str) -> None:
    process = (
        await BY_NAME[kind]
        .launcher(Path(folder))
        .launch(
            make_spec(model_path=Path(model)), engine_id="orphan", runtime_dir=Path(runtime_dir)
        )
    )
    await process.wait_ready()
    sys.stdout.write(f"{process.pid}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
