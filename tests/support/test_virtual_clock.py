"""The virtual clock keeps its promises."""

import asyncio

import pytest

from tests.support.virtual_clock import Deadlock, run_virtual


def test_hours_pass_in_no_time() -> None:
    async def main() -> float:
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(7200))
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == pytest.approx(7200)


def test_a_deadlock_is_noticed() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock):
        run_virtual(main())
