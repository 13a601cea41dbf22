"""Requests in tasks of their own, and a supervisor that is closed when its test is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bodhi.engine.contract import EngineSpec
from bodhi.engine.lease import Lease
from bodhi.engine.supervisor import Supervisor
from tests.engine.factories import make_supervisor
from tests.support.fake_engine_process import FakeLauncher


@asynccontextmanager
async def supervising(launcher: FakeLauncher, **limits: Any) -> AsyncIterator[Supervisor]:
    supervisor = make_supervisor(launcher, **limits)
    try:
        yield supervisor
    finally:
        await supervisor.aclose(0)
        assert launcher.alive == []


class Request:
    """One request in a task of its own: it holds its slot until it is told to leave."""

    def __init__(self, supervisor: Supervisor, spec: EngineSpec, alias: str) -> None:
        self._entered = asyncio.Event()
        self._leave = asyncio.Event()
        self.lease: Lease | None = None
        self.task = asyncio.get_running_loop().create_task(self._run(supervisor, spec, alias))

    async def _run(self, supervisor: Supervisor, spec: EngineSpec, alias: str) -> None:
        async with supervisor.slot(spec, alias=alias) as self.lease:
            self._entered.set()
            await self._leave.wait()

    async def entered(self) -> Lease:
        await self._entered.wait()
        assert self.lease is not None
        return self.lease

    @property
    def is_waiting(self) -> bool:
        return not self._entered.is_set() and not self.task.done()

    def finish(self) -> None:
        self._leave.set()

    async def leave(self) -> None:
        self.finish()
        await self.task

    async def cancel(self) -> None:
        self.task.cancel()
        await asyncio.wait({self.task})


async def settle() -> None:
    """Let everything happen that needs no time to pass, or almost none."""
    await asyncio.sleep(0.01)
