"""More than there is room for: bodies without measure, and more requests than may wait."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bodhi.params.values import JsonObject
from tests.threats.corpus.case import BODY, post, post_whole
from tests.threats.house import House, hello, make_place, running_house
from tests.threats.wire import Answer, Wire, ask

_MIB = 1024 * 1024
_SENT = 24 * _MIB
_PIECE = b" " * 65536
# What both ends and the system hold of a connection that nobody reads.
_BUFFERS = 8 * _MIB


def greedy(port: int, path: bytes) -> tuple[int, Answer | None]:
    """Send a body that seems to have no end. How much was taken of it, and the answer."""
    head = post(b"Transfer-Encoding: chunked\r\n").replace(b"/v1/chat/completions", path)
    chunk = b"%x\r\n%b\r\n" % (len(_PIECE), _PIECE)
    taken = 0
    with Wire(port) as wire:
        wire.send(head)
        while taken < _SENT and wire.take(chunk):
            taken += len(_PIECE)
        return taken, wire.answer()


@pytest.mark.threat("T33")
@pytest.mark.parametrize("path", [b"/v1/chat/completions", b"/api/v1/aliases"])
def test_a_body_without_measure_ends_early_and_keeps_nobody_waiting(
    tmp_path: Path, path: bytes
) -> None:
    with running_house(make_place(tmp_path), max_body_mib=1) as house, ThreadPoolExecutor() as pool:
        found = [pool.submit(greedy, house.port, path) for _ in range(4)]
        for _ in range(20):
            assert ask(house.port, post_whole(BODY)).status == 200
        for one in found:
            taken, answer = one.result(60)
            assert taken <= _MIB + _BUFFERS
            assert answer is not None
            assert answer.status == 413


@pytest.mark.planted("T33")
def test_a_body_that_is_read_to_its_end_would_be_found(tmp_path: Path) -> None:
    with running_house(make_place(tmp_path), max_body_mib=1024) as house:
        assert greedy(house.port, b"/v1/chat/completions")[0] > _MIB + _BUFFERS


def crowd(house: House, number: int) -> list[Answer]:
    """What so many callers are answered while the engine is at its first request."""
    go = threading.Event()

    async def held(body: JsonObject) -> AsyncIterator[bytes]:
        await asyncio.to_thread(go.wait, 60)
        async for data in hello(body):
            yield data

    house.engine.script = held
    refused = threading.Event()

    def one() -> Answer:
        answer = ask(house.port, post_whole(BODY))
        if answer.status != 200:
            refused.set()
        return answer

    with ThreadPoolExecutor(number) as pool:
        asked = [pool.submit(one) for _ in range(number)]
        refused.wait(3)
        go.set()
        return [one.result(60) for one in asked]


@pytest.mark.threat("T33")
def test_who_finds_the_line_full_is_told_when_to_come_back(tmp_path: Path) -> None:
    with running_house(make_place(tmp_path), max_queue=2) as house:
        answers = crowd(house, 8)
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    assert {answer.status for answer in refused} == {429}
    assert all(int(answer.header(b"retry-after") or 0) >= 1 for answer in refused)
    assert len(answers) - len(refused) >= 3, "one is served, two wait"


@pytest.mark.planted("T33")
def test_a_line_without_end_would_be_found(tmp_path: Path) -> None:
    with running_house(make_place(tmp_path)) as house:
        assert {answer.status for answer in crowd(house, 8)} == {200}
