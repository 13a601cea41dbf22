"""Which engines there are: unloading, swapping, places and memory."""

import asyncio

import pytest

from bodhi.engine.contract import EngineState
from bodhi.errors import (
    NotEnoughMemory,
    UnsupportedByEngine,
)
from tests.engine.factories import MIB, make_spec
from tests.engine.requesting import Request, settle, supervising
from tests.support.fake_engine_process import FakeLauncher
from tests.support.virtual_clock import run_virtual


def test_an_idle_engine_is_unloaded_and_the_next_request_loads_again() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, idle_unload_s=100) as supervisor:
            spec = make_spec()
            for _ in range(3):
                async with supervisor.slot(spec, alias="a"):
                    await asyncio.sleep(300)  # busy is not idle
                await asyncio.sleep(99)
            assert supervisor.loads(spec.load_key) == 1
            await asyncio.sleep(2)
            assert launcher.alive == []
            async with supervisor.slot(spec, alias="a"):
                assert supervisor.loads(spec.load_key) == 2

    run_virtual(main())


def test_a_request_that_meets_an_unloading_engine_is_served_afterwards() -> None:
    async def main() -> None:
        launcher = FakeLauncher(stop_s=5)
        async with supervising(launcher, idle_unload_s=10) as supervisor:
            spec = make_spec()
            async with supervisor.slot(spec, alias="a"):
                pass
            await asyncio.sleep(11)
            assert supervisor.engines()[0].state is EngineState.STOPPING
            async with supervisor.slot(spec, alias="a"):
                assert len(launcher.alive) == 1
            assert supervisor.loads(spec.load_key) == 2

    run_virtual(main())


def test_the_least_recently_used_idle_engine_makes_room() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, max_engines=2) as supervisor:
            for name in ("old", "new", "old", "third"):
                async with supervisor.slot(make_spec(name), alias=name):
                    await asyncio.sleep(1)
            assert [process.spec.identity for process in launcher.alive] == ["old", "third"]

    run_virtual(main())


def test_a_busy_engine_is_drained_for_a_swap_and_never_killed() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, max_engines=1) as supervisor:
            first = Request(supervisor, make_spec("one"), "one")
            await first.entered()
            other = Request(supervisor, make_spec("two"), "two")
            late = Request(supervisor, make_spec("one"), "one")
            await asyncio.sleep(1000)
            assert other.is_waiting
            assert late.is_waiting
            assert launcher.processes[0].stops == 0
            await first.leave()
            await other.entered()
            await other.leave()
            await late.entered()
            await late.leave()
            assert len(launcher.processes) == 3

    run_virtual(main())


def test_an_engine_that_yields_takes_work_again_when_nobody_needs_its_place() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, max_engines=1) as supervisor:
            spec = make_spec("one", slots=2)
            holder = Request(supervisor, spec, "one")
            await holder.entered()
            other = Request(supervisor, make_spec("two"), "two")
            await settle()
            late = Request(supervisor, spec, "one")
            await settle()
            assert late.is_waiting
            await other.cancel()
            await late.entered()
            await late.leave()
            await holder.leave()
            assert len(launcher.processes) == 1

    run_virtual(main())


def test_requests_for_two_models_in_turn_are_served_in_batches() -> None:
    async def main() -> None:
        launcher = FakeLauncher(load_s=10)
        async with supervising(launcher, max_engines=1) as supervisor:

            async def ask(name: str) -> None:
                async with supervisor.slot(make_spec(name), alias=name) as lease:
                    process = next(p for p in launcher.alive if p.engine_id == lease.engine_id)
                    assert process.spec.identity == name
                    await asyncio.sleep(1)

            await asyncio.gather(*(ask(name) for name in ["one", "two"] * 10))
            assert len(launcher.processes) == 2

    run_virtual(main())


def test_idle_engines_make_room_in_memory() -> None:
    async def main() -> None:
        launcher = FakeLauncher()

        def free() -> int:
            return 10 * MIB - sum(process.spec.memory_bytes for process in launcher.alive)

        async with supervising(launcher, free_memory=free) as supervisor:
            for name in ("one", "two", "three"):
                async with supervisor.slot(make_spec(name, memory_bytes=5 * MIB), alias=name):
                    pass
            assert [process.spec.identity for process in launcher.alive] == ["two", "three"]
            busy = Request(supervisor, make_spec("two", memory_bytes=5 * MIB), "two")
            await busy.entered()
            large = Request(supervisor, make_spec("large", memory_bytes=8 * MIB), "large")
            await asyncio.sleep(10)
            assert large.is_waiting  # for the busy one
            await busy.leave()
            await large.entered()
            await large.leave()

    run_virtual(main())


def test_a_load_that_can_never_fit_is_refused_with_figures_and_stops_nobody() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, free_memory=lambda: 3 * MIB) as supervisor:
            async with supervisor.slot(make_spec("small", memory_bytes=MIB), alias="a"):
                pass
            with pytest.raises(NotEnoughMemory) as caught:
                await supervisor.wait(make_spec("huge", memory_bytes=9 * MIB), "a")
            assert "9 MiB" in caught.value.message
            assert "3 MiB" in caught.value.message
            assert caught.value.remedy
            assert len(launcher.alive) == 1

    run_virtual(main())


def test_what_the_launcher_refuses_stops_nothing_and_starts_nothing() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher, max_engines=1) as supervisor:
            async with supervisor.slot(make_spec("one"), alias="a"):
                pass
            launcher.refusal = UnsupportedByEngine("no", pointer="/context_params/device")
            with pytest.raises(UnsupportedByEngine):
                await supervisor.wait(make_spec("two"), "a")
            assert [process.spec.identity for process in launcher.alive] == ["one"]

    run_virtual(main())
