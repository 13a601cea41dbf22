"""Where a test of the contract starts its engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bodhi.engine.contract import EngineProcess
from tests.engine.contract.kinds import Kind
from tests.engine.factories import make_spec

CHAT = "/v1/chat/completions"
NAME = "0123abcd"


@dataclass
class Place:
    """One kind of engine, and all that it takes to start one."""

    kind: Kind
    model: Path
    runtime_dir: Path
    folder: Path

    @asynccontextmanager
    async def engine(
        self,
        environment: dict[str, str] | None = None,
        *,
        template: str | None = None,
        n_ctx: int = 256,
    ) -> AsyncIterator[EngineProcess]:
        """A ready one; stopped at the end."""
        process = await self.kind.launcher(self.folder, environment).launch(
            make_spec(model_path=self.model, template=template, n_ctx=n_ctx),
            engine_id=NAME,
            runtime_dir=self.runtime_dir,
        )
        try:
            await process.wait_ready()
            yield process
        finally:
            await process.stop()
