"""Engines without processes: every step can be held, hurried or made to fail, and is recorded."""

import asyncio
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from bodhi.engine import exits
from bodhi.engine.contract import (
    Address,
    EngineExit,
    EngineSpec,
    LoadSample,
    UnixAddress,
)
from bodhi.engine.output import LogLine
from bodhi.errors import BodhiError

_pids = itertools.count(1000)


class FakeProcess:
    """One pretended child. It is alive from its making until ``gone``."""

    def __init__(self, spec: EngineSpec, engine_id: str, *, stop_s: float) -> None:
        self.spec = spec
        self.engine_id = engine_id
        self.is_alive = True
        self.stops = 0
        self.resident_bytes = spec.memory_bytes
        self.cpu_s = 0.0
        self.output_bytes = 0
        self._pid = next(_pids)
        self._stop_s = stop_s
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[bool] = loop.create_future()
        self._gone: asyncio.Future[EngineExit] = loop.create_future()

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def address(self) -> Address:
        return UnixAddress(Path(f"/pretended/{self.engine_id}.sock"))

    @property
    def api_key(self) -> str | None:
        return None

    async def wait_ready(self) -> None:
        if not await asyncio.shield(self._ready):
            raise exits.load_failed(self.spec.model_path.name, self._gone.result())

    async def wait_exit(self) -> EngineExit:
        return await asyncio.shield(self._gone)

    async def stop(self) -> None:
        self.stops += 1
        await asyncio.wait({self._gone}, timeout=self._stop_s)
        self.end(-15)

    def connection_broke(self) -> None:
        """A child's end is told by the system."""

    def sample(self) -> LoadSample | None:
        if not self.is_alive:
            return None
        return LoadSample(self.cpu_s, self.resident_bytes, self.output_bytes)

    def public_lines(self) -> tuple[str, ...]:
        return ("a line",)

    def log(self, after: int) -> tuple[LogLine, ...]:
        return tuple(line for line in (LogLine(1, "a line"),) if line.number > after)

    # -- What tests make it do.

    def become_ready(self) -> None:
        if not self._ready.done():
            self._ready.set_result(True)

    def end(self, returncode: int) -> None:
        """Die, if it has not already."""
        self.is_alive = False
        if not self._ready.done():
            self._ready.set_result(False)
        if not self._gone.done():
            self._gone.set_result(EngineExit(returncode, self.public_lines()))


@dataclass
class FakeLauncher:
    """Starts pretended engines: ready after ``load_s`` seconds, or None for when a test says so."""

    load_s: float | None = 0.0
    stop_s: float = 0.1
    refusal: BodhiError | None = None  # what ``check`` says
    failures: list[BodhiError | int] = field(default_factory=list)  # for the next loads, in order
    processes: list[FakeProcess] = field(default_factory=list)

    @property
    def alive(self) -> list[FakeProcess]:
        return [process for process in self.processes if process.is_alive]

    def check(self, spec: EngineSpec) -> None:
        if self.refusal is not None:
            raise self.refusal

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> FakeProcess:
        """A failure that is an error is raised here; one that is a number ends the load with it."""
        failure = self.failures.pop(0) if self.failures else None
        await asyncio.sleep(0)
        if isinstance(failure, BodhiError):
            raise failure
        process = FakeProcess(spec, engine_id, stop_s=self.stop_s)
        self.processes.append(process)
        loop = asyncio.get_running_loop()
        if failure is not None:
            loop.call_later(self.load_s or 0.0, process.end, failure)
        elif self.load_s is not None:
            loop.call_later(self.load_s, process.become_ready)
        return process

    async def launched(self, count: int = 1) -> FakeProcess:
        """Wait until so many processes have been started; the newest of them."""
        while len(self.processes) < count:
            await asyncio.sleep(0.001)
        return self.processes[count - 1]
