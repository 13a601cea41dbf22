"""How long a load may take, on a virtual clock."""

import asyncio
from collections.abc import Callable

import pytest

from bodhi.engine.contract import EngineSpec
from bodhi.engine.load_watch import watch_load
from bodhi.errors import EngineLoadFailed, EngineLoadTimeout
from tests.engine.factories import MIB, make_spec
from tests.support.fake_engine_process import FakeProcess
from tests.support.virtual_clock import run_virtual


async def _load(
    spec: EngineSpec, *, timeout_s: float, every_s: float, happens: Callable[[FakeProcess], None]
) -> float:
    """Watch a load in which something happens again and again; how long it took."""
    process = FakeProcess(spec, "id", stop_s=0)
    loop = asyncio.get_running_loop()

    async def live() -> None:
        while True:
            await asyncio.sleep(every_s)
            happens(process)

    living = loop.create_task(live())
    try:
        await watch_load(process, spec, timeout_s=timeout_s)
    finally:
        living.cancel()
    return loop.time()


def _works(process: FakeProcess) -> None:
    process.cpu_s += 0.5


def _grows(process: FakeProcess) -> None:
    process.resident_bytes += MIB


def _talks(process: FakeProcess) -> None:
    process.output_bytes += 1


def _nothing(process: FakeProcess) -> None:
    pass


@pytest.mark.parametrize("progress", [_works, _grows, _talks])
def test_a_slow_load_goes_on_as_long_as_it_makes_any_progress(
    progress: Callable[[FakeProcess], None],
) -> None:
    async def main() -> float:
        def until_the_hundredth_second(process: FakeProcess) -> None:
            progress(process)
            if asyncio.get_running_loop().time() > 100:
                process.become_ready()

        spec = make_spec(size_bytes=10**10)
        return await _load(spec, timeout_s=10, every_s=5, happens=until_the_hundredth_second)

    assert 100 < run_virtual(main()) < 110


def test_a_load_without_progress_is_given_up_after_the_timeout() -> None:
    async def main() -> float:
        with pytest.raises(EngineLoadTimeout, match=r"model\.gguf made no progress for 10 s"):
            await _load(make_spec(size_bytes=10**10), timeout_s=10, every_s=1, happens=_nothing)
        return asyncio.get_running_loop().time()

    assert 10 <= run_virtual(main()) < 11


def test_a_load_that_is_busy_forever_ends_with_the_time_its_file_may_take() -> None:
    async def main() -> float:
        with pytest.raises(EngineLoadTimeout, match="was not done"):
            await _load(make_spec(size_bytes=10**9), timeout_s=10, every_s=1, happens=_works)
        return asyncio.get_running_loop().time()

    assert 110 <= run_virtual(main()) < 111


def test_a_load_that_eats_far_more_memory_than_the_model_is_given_up() -> None:
    async def main() -> float:
        def eats(process: FakeProcess) -> None:
            process.resident_bytes += 300 * MIB

        with pytest.raises(EngineLoadFailed, match="memory"):
            await _load(make_spec(memory_bytes=MIB), timeout_s=60, every_s=1, happens=eats)
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) < 6


def test_the_end_of_the_process_ends_the_wait_at_once() -> None:
    async def main() -> float:
        def dies(process: FakeProcess) -> None:
            process.end(-6)

        with pytest.raises(EngineLoadFailed, match="SIGABRT"):
            await _load(make_spec(), timeout_s=60, every_s=1, happens=dies)
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == 1.0
