"""Whose turn it is."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.waiting import FairQueue, Waiter
from tests.engine.factories import make_spec

_SPEC = make_spec()


def _queue(aliases: str) -> FairQueue[None]:
    loop = asyncio.new_event_loop()
    queue = FairQueue[None]()
    for ticket, alias in enumerate(aliases):
        queue.put(Waiter(_SPEC, alias, ticket, loop.create_future()))
    loop.close()
    return queue


def _drain(queue: FairQueue[None]) -> list[Waiter[None]]:
    return [queue.pop() for _ in range(len(queue))]


def test_aliases_take_turns() -> None:
    turns = "".join(waiter.alias for waiter in _drain(_queue("aaaabbc")))
    assert turns == "abcabaa"


@given(st.text("abc", max_size=30))
def test_within_an_alias_the_first_come_is_the_first_served(aliases: str) -> None:
    served = _drain(_queue(aliases))
    assert sorted(waiter.ticket for waiter in served) == list(range(len(aliases)))
    for alias in "abc":
        tickets = [waiter.ticket for waiter in served if waiter.alias == alias]
        assert tickets == sorted(tickets)


@given(st.text("abc", min_size=1, max_size=30))
def test_nobody_waits_longer_than_a_round_per_place_in_their_own_row(aliases: str) -> None:
    served = _drain(_queue(aliases))
    for position, waiter in enumerate(served):
        before = aliases[: waiter.ticket].count(waiter.alias)
        assert position <= (before + 1) * len(set(aliases)) - 1


@given(st.text("abc", min_size=1, max_size=30), st.data())
def test_who_gives_up_is_gone_and_nobody_else_is(aliases: str, data: st.DataObject) -> None:
    queue = _queue(aliases)
    gone = data.draw(st.sampled_from(list(queue)))
    queue.discard(gone)
    queue.discard(gone)
    assert len(queue) == len(aliases) - 1
    assert queue.waiting_for(gone.alias) == aliases.count(gone.alias) - 1
    if queue:
        assert queue.oldest_ticket() == min(waiter.ticket for waiter in queue)
    assert gone not in _drain(queue)
