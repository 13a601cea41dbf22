"""Loads that fail and engines that crash."""

import asyncio
from typing import Any

import pytest

from bodhi.engine.contract import EngineState
from bodhi.errors import (
    BodhiError,
    EngineCrashed,
    EngineLoadFailed,
    EngineProtocol,
)
from tests.engine.factories import make_spec
from tests.engine.requesting import Request, settle, supervising
from tests.support.fake_engine_process import FakeLauncher
from tests.support.virtual_clock import run_virtual


def test_everybody_waiting_for_a_failed_load_gets_its_error_and_then_it_rests() -> None:
    async def main() -> None:
        launcher = FakeLauncher(load_s=1, failures=[-6, -6])
        async with supervising(launcher) as supervisor:
            spec = make_spec(slots=3)
            requests = [Request(supervisor, spec, "a") for _ in range(3)]
            await asyncio.wait({request.task for request in requests})
            errors = [request.task.exception() for request in requests]
            assert all(isinstance(error, EngineLoadFailed) for error in errors)
            assert len({id(error) for error in errors}) == 3
            assert "SIGABRT" in str(errors[0])
            assert "a line" in str(errors[0])
            with pytest.raises(EngineLoadFailed) as caught:
                await supervisor.wait(spec, "a")
            assert caught.value.retry_after_s == 1
            assert len(launcher.processes) == 1
            await asyncio.sleep(1)
            with pytest.raises(EngineLoadFailed):
                await supervisor.wait(spec, "a")
            assert len(launcher.processes) == 2
            with pytest.raises(EngineLoadFailed) as caught:
                await supervisor.wait(spec, "a")
            assert caught.value.retry_after_s == 2
            await asyncio.sleep(2)
            async with supervisor.slot(spec, alias="a"):  # success
                pass
            assert [info.state for info in supervisor.engines()] == [EngineState.READY]

    run_virtual(main())


def test_who_waits_for_a_load_that_was_killed_is_served_by_the_next_one() -> None:
    async def main() -> None:
        launcher = FakeLauncher(failures=[-9])
        async with supervising(launcher) as supervisor:
            for _ in range(3):
                async with supervisor.slot(make_spec(), alias="a"):
                    pass
                await supervisor.stop(supervisor.engines()[0].id)
                launcher.failures.append(-15)
            assert len(launcher.processes) == 6

    run_virtual(main())


def test_a_load_that_is_killed_again_and_again_fails() -> None:
    async def main() -> None:
        launcher = FakeLauncher(failures=[-9] * 9)
        async with supervising(launcher) as supervisor:
            with pytest.raises(EngineLoadFailed, match="SIGKILL"):
                await supervisor.wait(make_spec(), "a")
            assert len(launcher.processes) == 2

    run_virtual(main())


def test_a_failed_load_is_listed_with_its_reason_until_it_is_dismissed() -> None:
    async def main() -> None:
        launcher = FakeLauncher(failures=[EngineLoadFailed("no library"), -4])
        async with supervising(launcher) as supervisor:
            for reason in ("no library", "SIGILL"):
                with pytest.raises(EngineLoadFailed):
                    await supervisor.wait(make_spec(), "a")
                (info,) = supervisor.engines()
                assert info.state is EngineState.FAILED
                assert reason in (info.failure or "")
                assert info.pid is None
                await supervisor.stop(info.id)
                assert supervisor.engines() == []
            assert supervisor.loads(make_spec().load_key) == 2

    run_virtual(main())


def test_only_the_latest_failures_are_listed() -> None:
    async def main() -> None:
        names = [f"model{number}" for number in range(20)]
        launcher = FakeLauncher(failures=[-6] * len(names))
        async with supervising(launcher) as supervisor:
            for name in names:
                with pytest.raises(EngineLoadFailed):
                    await supervisor.wait(make_spec(name), "a")
            listed = [info.model for info in supervisor.engines()]
            assert listed == [f"{name}.gguf" for name in names[-8:]]

    run_virtual(main())


def test_a_crash_is_explained_and_who_waits_is_served_by_a_fresh_engine() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher) as supervisor:
            spec = make_spec()
            broken, waiting = (Request(supervisor, spec, "a") for _ in range(2))
            lease = await broken.entered()
            explanation = asyncio.create_task(lease.explain_break())
            await asyncio.sleep(0.5)
            launcher.processes[0].end(-11)
            error = await explanation
            assert isinstance(error, EngineCrashed)
            assert "SIGSEGV" in error.message
            fresh = await waiting.entered()
            assert fresh.engine_id != lease.engine_id
            await broken.leave()
            await waiting.leave()
            assert supervisor.engines()[0].busy == 0

    run_virtual(main())


def test_a_broken_connection_to_a_living_engine_is_explained_after_a_second() -> None:
    async def main() -> None:
        async with (
            supervising(FakeLauncher()) as supervisor,
            supervisor.slot(make_spec(), alias="a") as lease,
        ):
            assert isinstance(await lease.explain_break(), EngineProtocol)
            assert asyncio.get_running_loop().time() == pytest.approx(1, abs=0.1)

    run_virtual(main())


def test_an_engine_that_crashes_without_ever_answering_has_to_rest() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher) as supervisor:
            spec = make_spec()

            async def crash() -> BodhiError:
                async with supervisor.slot(spec, alias="a") as lease:
                    launcher.alive[0].end(-6)
                    return await lease.explain_break()

            for _ in range(5):
                assert isinstance(await crash(), EngineCrashed)
            with pytest.raises(EngineCrashed) as caught:
                await crash()
            assert caught.value.retry_after_s == 1
            await asyncio.sleep(1)
            await crash()
            with pytest.raises(EngineCrashed) as caught:
                await crash()
            assert caught.value.retry_after_s == 2

    run_virtual(main())


def test_crashes_between_answers_never_make_an_alias_rest() -> None:
    async def main() -> None:
        launcher = FakeLauncher()
        async with supervising(launcher) as supervisor:
            for _ in range(20):
                async with supervisor.slot(make_spec(), alias="a"):
                    pass
                launcher.alive[0].end(-9)
                await settle()

    run_virtual(main())


def test_an_error_inside_the_launcher_reaches_the_requests_as_a_failed_load(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Faulty(FakeLauncher):
        async def launch(self, *arguments: Any, **more: Any) -> Any:
            raise RuntimeError("/secret/path")

    async def main() -> None:
        async with supervising(Faulty()) as supervisor:
            with pytest.raises(EngineLoadFailed) as caught:
                await supervisor.wait(make_spec(), "a")
            assert "secret" not in str(caught.value)

    run_virtual(main())
    assert "starting an engine failed" in caplog.text
