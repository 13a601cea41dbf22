"""What is silent for too long is given up, and nothing else is."""

import asyncio

import pytest

from bodhi.gateway.patience import Patience

pytestmark = pytest.mark.anyio


class Waited:
    """Due ``after_s`` seconds from now."""

    def __init__(self, after_s: float) -> None:
        self.due = asyncio.get_running_loop().time() + after_s
        self.given_up = asyncio.Event()

    def give_up(self) -> None:
        self.given_up.set()


async def test_what_is_overdue_is_given_up_and_what_is_not_is_left_alone() -> None:
    patience = Patience(0.04, 0.04)
    late, early, done = Waited(0.0), Waited(60.0), Waited(0.0)
    for one in (late, early, done):
        patience.watch(one)
    patience.forget(done)
    await late.given_up.wait()
    assert not early.given_up.is_set()
    assert not done.given_up.is_set()


async def test_whoever_is_heard_of_gets_more_time() -> None:
    patience = Patience(0.04, 0.04)
    waited, late = Waited(0.0), Waited(0.0)
    waited.due += 60.0
    patience.watch(waited)
    patience.watch(late)
    await late.given_up.wait()
    assert not waited.given_up.is_set()


async def test_the_look_out_ends_when_nothing_is_watched_and_begins_again() -> None:
    patience = Patience(0.04, 0.04)
    for _ in range(2):
        late = Waited(0.0)
        patience.watch(late)
        await late.given_up.wait()
        patience.forget(late)
        await asyncio.sleep(0.02)
