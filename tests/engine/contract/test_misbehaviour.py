"""What becomes of engines with a fault, whatever started them."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias, cast

import psutil
import pytest

from bodhi.engine.child import ChildProcess
from bodhi.engine.output import LINE_BYTES, RING_BYTES
from bodhi.errors import EngineLoadFailed
from tests.engine.contract.kinds import Misbehaving
from tests.engine.factories import make_spec

pytestmark = pytest.mark.anyio

Launch: TypeAlias = Callable[[str], Awaitable[ChildProcess]]


@pytest.fixture
async def launch(
    misbehaving: Misbehaving, tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> AsyncIterator[Launch]:
    """Starts an engine with the fault of that name; it is stopped when the test is over."""
    started: list[ChildProcess] = []

    async def start(fault: str) -> ChildProcess:
        process = await misbehaving.launcher(tmp_path, fault).launch(
            make_spec(model_path=tiny_model), engine_id="bad", runtime_dir=runtime_dir
        )
        started.append(cast(ChildProcess, process))
        return started[-1]

    yield start
    for process in started:
        await process.stop()


def is_alive(pid: int) -> bool:
    """A zombie that nobody collects is dead."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_flood_on_both_pipes_is_drained_and_bounded(launch: Launch) -> None:
    process = await launch("floods")
    await process.wait_ready()
    await process.stop()
    assert process.output.total_bytes >= 64 << 20
    assert sum(map(len, process.output.lines())) <= RING_BYTES
    assert max(map(len, process.output.lines())) == LINE_BYTES


async def test_who_ignores_the_request_to_end_is_killed(launch: Launch) -> None:
    process = await launch("ignores the request to end")
    await process.wait_ready()
    await process.stop()
    assert (await process.wait_exit()).returncode == -9
    assert not is_alive(process.pid)


async def test_a_grandchild_does_not_outlive_the_engine(launch: Launch) -> None:
    process = await launch("leaves a grandchild")
    await process.wait_ready()
    said = next(line for line in process.output.lines() if b"grandchild" in line)
    grandchild = int(said.split()[-1])
    assert is_alive(grandchild)
    os.kill(process.pid, 9)
    assert (await process.wait_exit()).returncode == -9
    async with asyncio.timeout(5):
        while is_alive(grandchild):
            await asyncio.sleep(0.01)


async def test_an_early_exit_fails_the_load_with_its_lines(launch: Launch) -> None:
    process = await launch("exits")
    with pytest.raises(EngineLoadFailed, match=r"tiny\.gguf \(exit code 7\): the cause"):
        await process.wait_ready()
