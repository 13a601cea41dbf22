"""Stopping one engine, and closing them all."""

import asyncio

import pytest

from bodhi.engine.contract import EngineState
from bodhi.engine.output import LogLine
from bodhi.errors import (
    EngineLoadFailed,
    EngineNotFound,
    ShuttingDown,
)
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.requesting import Request, supervising
from tests.support.fake_engine_process import FakeLauncher
from tests.support.virtual_clock import run_virtual


def test_a_stop_waits_for_running_requests_and_later_ones_get_a_fresh_engine() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher) as supervisor:
            spec = make_spec()
            running = Request(supervisor, spec, "a")
            lease = await running.entered()
            stop = asyncio.create_task(supervisor.stop(lease.engine_id))
            later = Request(supervisor, spec, "a")
            await asyncio.sleep(100)
            assert not stop.done()
            assert later.is_waiting
            await running.leave()
            await stop
            assert (await later.entered()).engine_id != lease.engine_id
            await later.leave()
            with pytest.raises(EngineNotFound):
                await supervisor.stop(lease.engine_id)

    run_virtual(main())


def test_a_stop_during_a_load_is_no_failure() -> None:
    async def main() -> None:
        launcher = FakeLauncher(load_s=None)
        async with supervising(launcher) as supervisor:
            request = Request(supervisor, make_spec(), "a")
            process = await launcher.launched()
            launcher.load_s = 1
            await supervisor.stop(process.engine_id)
            await request.entered()
            await request.leave()
            assert len(launcher.processes) == 2

    run_virtual(main())


def test_closing_refuses_who_waits_and_drains_who_runs() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        supervisor = make_supervisor(launcher)
        running, waiting = (Request(supervisor, make_spec(), "a") for _ in range(2))
        await running.entered()
        closing = asyncio.create_task(supervisor.aclose(30))
        await asyncio.wait({waiting.task})
        assert isinstance(waiting.task.exception(), ShuttingDown)
        with pytest.raises(ShuttingDown):
            await supervisor.wait(make_spec(), "a")
        await asyncio.sleep(10)
        assert launcher.processes[0].stops == 0
        await running.leave()
        await closing
        assert asyncio.get_running_loop().time() < 11
        assert launcher.alive == []

    run_virtual(main())


def test_closing_ends_what_does_not_finish_in_time_and_says_so() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        supervisor = make_supervisor(launcher)
        running = Request(supervisor, make_spec(), "a")
        lease = await running.entered()
        await supervisor.aclose(30)
        assert asyncio.get_running_loop().time() == pytest.approx(30, abs=1)
        assert launcher.alive == []
        assert isinstance(await lease.explain_break(), ShuttingDown)
        await running.leave()

    run_virtual(main())


def test_closing_during_a_load_does_not_wait_for_it() -> None:
    async def main() -> None:
        launcher = FakeLauncher(load_s=None)
        supervisor = make_supervisor(launcher)
        request = Request(supervisor, make_spec(), "a")
        await launcher.launched()
        await supervisor.aclose(30)
        assert asyncio.get_running_loop().time() < 5
        assert isinstance(request.task.exception(), ShuttingDown)

    run_virtual(main())


def test_the_log_of_an_engine_outlives_it_for_a_while() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher) as supervisor:
            engines = []
            for number in range(9):
                request = Request(supervisor, make_spec(str(number)), "a")
                engines.append((await request.entered()).engine_id)
                assert supervisor.log(engines[-1]) == (EngineState.READY, (LogLine(1, "a line"),))
                assert supervisor.log(engines[-1], after=1) == (EngineState.READY, ())
                await request.leave()
                await supervisor.stop(engines[-1])
            for ended in engines[1:]:
                assert supervisor.log(ended) == (EngineState.STOPPED, (LogLine(1, "a line"),))
                assert supervisor.log(ended, after=1) == (EngineState.STOPPED, ())
            with pytest.raises(EngineNotFound):
                supervisor.log(engines[0])

    run_virtual(main())


def test_a_load_that_failed_has_a_log() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher(failures=[1])) as supervisor:
            with pytest.raises(EngineLoadFailed):
                await supervisor.wait(make_spec(), "a")
            (info,) = supervisor.engines()
            assert supervisor.log(info.id) == (EngineState.FAILED, (LogLine(1, "a line"),))

    run_virtual(main())
