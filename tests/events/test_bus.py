"""The bus: every event once and in order, or the word that some were missed; never a buffer."""

import asyncio
import functools
import json
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.events import Bus, Event, EventKind, Listener

Given = ParamSpec("Given")


def on_a_loop(test: Callable[Given, Coroutine[Any, Any, None]]) -> Callable[Given, None]:
    """A test that pytest can call."""

    @functools.wraps(test)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def number(event: Event) -> int:
    found = json.loads(event.data)["n"]
    assert isinstance(found, int)
    return found


def publish(bus: Bus, n: int) -> None:
    bus.publish(EventKind.JOB, {"n": n})


async def read(listener: Listener) -> tuple[list[int], bool]:
    async with asyncio.timeout(10):
        news = await listener.more()
    assert news is not None
    return [number(event) for event in news.events], news.missed


@on_a_loop
async def test_a_listener_is_woken_by_what_any_thread_publishes() -> None:
    bus = Bus()
    listener = bus.listen()
    waiting = asyncio.create_task(read(listener))
    await asyncio.sleep(0)
    thread = threading.Thread(target=publish, args=(bus, 7))
    thread.start()
    assert await waiting == ([7], False)
    thread.join()


@on_a_loop
async def test_what_was_before_is_not_told_to_who_comes_without_an_id() -> None:
    bus = Bus()
    publish(bus, 1)
    listener = bus.listen()
    publish(bus, 2)
    assert await read(listener) == ([2], False)


@on_a_loop
async def test_who_comes_back_with_an_id_is_told_what_followed_it() -> None:
    bus = Bus()
    for n in (1, 2, 3):
        publish(bus, n)
    first = await bus.listen("unknown").more()
    assert first is not None
    assert first.missed
    publish(bus, 4)
    assert await read(bus.listen(first.id)) == ([4], False)


@pytest.mark.parametrize("id_", ["", "7", "x-1", "00000000-1", "{mark}-99", "{mark}-", "{mark}-1x"])
@on_a_loop
async def test_an_id_of_another_life_or_of_none_is_answered_by_missed(id_: str) -> None:
    bus = Bus()
    publish(bus, 1)
    mark = bus.listen().id.partition("-")[0]
    listener = bus.listen(id_.format(mark=mark))
    assert await read(listener) == ([], True)
    publish(bus, 2)
    assert await read(listener) == ([2], False)


@on_a_loop
async def test_a_slow_listener_is_told_once_that_it_missed_something() -> None:
    bus = Bus(kept=4)
    listener = bus.listen()
    for n in range(5):
        publish(bus, n)
    assert await read(listener) == ([], True)
    publish(bus, 5)
    assert await read(listener) == ([5], False)


@on_a_loop
async def test_closing_lets_listeners_read_what_is_left_and_end() -> None:
    bus = Bus()
    behind, asleep = bus.listen(), bus.listen("of another life")
    await read(asleep)
    waiting = asyncio.create_task(asleep.more())
    await asyncio.sleep(0)
    publish(bus, 1)
    bus.close()
    assert [number(event) for event in (await waiting).events] == [1]  # type: ignore[union-attr]
    assert await read(behind) == ([1], False)
    assert await behind.more() is None
    assert await asleep.more() is None


@on_a_loop
async def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    bus = Bus()
    waiting = asyncio.create_task(bus.listen().more())
    await asyncio.sleep(0)
    assert len(bus._sleepers) == 1
    waiting.cancel()
    await asyncio.wait({waiting})
    assert not bus._sleepers


def test_many_ids_are_told_as_many_and_none_not_at_all() -> None:
    bus = Bus()
    bus.publish_ids(EventKind.ALIAS, [])
    bus.publish_ids(EventKind.ALIAS, {"b", "a"})
    bus.publish_ids(EventKind.ALIAS, {str(n) for n in range(101)})
    told = [event.data for event in bus.since(0)[1].events]  # type: ignore[index]
    assert told == [b'{"ids":["a","b"]}', b'{"ids":null}']


@given(st.lists(st.sampled_from(["publish", "read", "leave"]), max_size=60), st.integers(1, 6))
def test_every_event_comes_once_and_in_order_or_is_told_to_be_missed(
    acts: list[str], kept: int
) -> None:
    asyncio.run(_follow(acts, kept))


async def _follow(acts: list[str], kept: int) -> None:
    bus = Bus(kept)
    listener = bus.listen()
    seen = published = 0
    for act in acts:
        if act == "publish":
            published += 1
            publish(bus, published)
        elif act == "leave":
            listener = bus.listen(listener.id)
        elif published > seen:
            numbers, missed = await read(listener)
            assert missed == (published - seen > kept)
            assert numbers == ([] if missed else list(range(seen + 1, published + 1)))
            seen = published
    assert listener.id.endswith(f"-{seen}")


@on_a_loop
async def test_events_of_many_threads_reach_many_listeners_in_one_order() -> None:
    bus, each, threads = Bus(kept=4000), 200, 4
    listeners = [bus.listen() for _ in range(8)]
    barrier = threading.Barrier(threads)

    def work(first: int) -> None:
        barrier.wait()
        for n in range(first, first + each):
            publish(bus, n)

    async def follow(listener: Listener) -> list[int]:
        found: list[int] = []
        while len(found) < each * threads:
            numbers, missed = await read(listener)
            assert not missed
            found += numbers
        return found

    workers = [threading.Thread(target=work, args=(1000 * t,)) for t in range(threads)]
    for worker in workers:
        worker.start()
    orders = await asyncio.gather(*map(follow, listeners))
    for worker in workers:
        worker.join()
    assert all(order == orders[0] for order in orders)
    assert len(set(orders[0])) == each * threads
