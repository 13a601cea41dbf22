"""Getting a slot: sharing, waiting, giving up."""

import asyncio

import pytest

from bodhi.errors import (
    QueueFull,
)
from tests.engine.factories import make_spec
from tests.engine.requesting import Request, settle, supervising
from tests.support.fake_engine_process import FakeLauncher
from tests.support.virtual_clock import run_virtual


def test_requests_that_come_during_a_load_share_it() -> None:
    async def main() -> None:
        launcher = FakeLauncher(load_s=5)
        async with supervising(launcher) as supervisor:
            spec = make_spec(slots=4)
            requests = [Request(supervisor, spec, f"alias{n}") for n in range(4)]
            leases = [await request.entered() for request in requests]
            assert len({lease.engine_id for lease in leases}) == 1
            assert supervisor.loads(spec.load_key) == 1
            (info,) = supervisor.engines()
            assert info.aliases == ("alias0", "alias1", "alias2", "alias3")
            assert info.busy == 4
            assert info.load_seconds == pytest.approx(5, abs=0.1)
            for request in requests:
                await request.leave()

    run_virtual(main())


def test_a_request_waits_when_every_slot_is_taken_and_enters_when_one_is_free() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher()) as supervisor:
            spec = make_spec(slots=2)
            requests = [Request(supervisor, spec, "a") for _ in range(3)]
            await settle()
            assert [request.is_waiting for request in requests] == [False, False, True]
            await requests[0].leave()
            await requests[2].entered()
            assert supervisor.engines()[0].busy == 2
            for request in requests[1:]:
                await request.leave()

    run_virtual(main())


def test_a_busy_alias_does_not_keep_another_one_waiting() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher()) as supervisor:
            spec = make_spec()
            order = []

            async def ask(alias: str) -> None:
                async with supervisor.slot(spec, alias=alias):
                    order.append(alias)
                    await asyncio.sleep(1)

            await asyncio.gather(*(ask("loud") for _ in range(6)), ask("quiet"))
            assert order.index("quiet") == 1

    run_virtual(main())


def test_a_cancelled_waiter_leaves_at_once_and_its_turn_goes_on() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher()) as supervisor:
            spec = make_spec()
            first, second, third = (Request(supervisor, spec, "a") for _ in range(3))
            await first.entered()
            await second.cancel()
            assert supervisor.engines()[0].waiting == 1
            await first.leave()
            await third.entered()
            await third.leave()

    run_virtual(main())


def test_a_waiter_cancelled_in_the_moment_of_its_turn_gives_the_slot_back() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher()) as supervisor:
            spec = make_spec()
            first, second = (Request(supervisor, spec, "a") for _ in range(2))
            await first.entered()
            await settle()
            first.finish()
            while supervisor.engines()[0].waiting:  # until the slot was given to the second
                await asyncio.sleep(0)
            assert second.is_waiting
            await second.cancel()
            assert supervisor.engines()[0].busy == 0
            async with supervisor.slot(spec, alias="a"):
                pass

    run_virtual(main())


def test_a_full_queue_refuses_with_a_time_to_come_back() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher(), max_queue=1) as supervisor:
            spec = make_spec()
            holder = Request(supervisor, spec, "a")
            await holder.entered()
            waiting = Request(supervisor, spec, "a")
            await settle()
            with pytest.raises(QueueFull) as caught:
                await supervisor.wait(spec, "a")
            assert caught.value.retry_after_s
            other = Request(supervisor, spec, "b")  # has a row of its own
            await settle()
            assert other.is_waiting
            for request in (holder, waiting, other):
                await request.leave()

    run_virtual(main())


def test_without_a_queue_the_first_request_still_loads() -> None:
    async def main() -> None:
        async with (
            supervising(FakeLauncher(load_s=1), max_queue=0) as supervisor,
            supervisor.slot(make_spec(), alias="a"),
        ):
            with pytest.raises(QueueFull):
                await supervisor.wait(make_spec(), "a")

    run_virtual(main())


def test_an_edited_alias_gets_an_engine_of_its_own() -> None:
    async def main() -> None:
        async with supervising(FakeLauncher()) as supervisor:
            before = Request(supervisor, make_spec(n_ctx=512), "a")
            after = Request(supervisor, make_spec(n_ctx=1024), "a")
            assert (await before.entered()).engine_id != (await after.entered()).engine_id
            await before.leave()
            await after.leave()

    run_virtual(main())
