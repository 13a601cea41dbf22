"""Callers who never finish: heads, bodies and silences that are given up in time.

The limits are seconds in the product and tenths of a second here; the server looks at them once
a second. What a caller drips meanwhile buys no time.
"""

import asyncio
import select
import socket
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httptools
import pytest

from bodhi.http.connection import Connection
from bodhi.params.values import JsonObject
from tests.support.server import wait_until
from tests.threats.corpus.case import BODY, HOST, LENGTH, SIZE, chat_body, post, post_whole
from tests.threats.house import House, hello, make_place, running_house
from tests.threats.wire import Wire, ask

_PATIENCE_S = 8.0
_DRIP_EVERY_S = 0.05
_CL = b"Content-Length: " + LENGTH + b"\r\n"
_TE = b"Transfer-Encoding: chunked\r\n"
_HEAD = post(_CL)


class _Hasty(Connection):
    """The same connection in a hurry."""

    head_s = 0.3
    body_s = 0.3
    body_bytes_per_s = 1000.0
    idle_s = 0.3


class _Patient(Connection):
    """Waits for ever."""

    head_s = body_s = idle_s = float("inf")


@dataclass(frozen=True)
class Slow:
    """A caller who sends ``first``, then ``drip`` again and again. ``status``: of the answers."""

    name: str
    first: bytes
    drip: bytes = b""
    status: tuple[int, ...] = (408,)


_GET = b"GET /health HTTP/1.1\r\n" + HOST
_SLOW = (
    Slow("says nothing", b"", status=()),
    Slow("sends empty lines", b"\r\n", b"\r\n", status=()),
    Slow("sends a letter", b"G"),
    Slow("sends half a head", _GET),
    Slow("drips a value", _GET + b"X: ", b"a"),
    Slow("drips a target", b"GET /", b"a"),
    Slow("drips headers", _GET, b"X: y\r\n"),
    Slow("sends no body", _HEAD),
    Slow("sends half a body", _HEAD + BODY[:9]),
    Slow("drips a body", post(b"Content-Length: 100000\r\n"), b"a"),
    Slow("drips chunks", post(_TE), b"1\r\na\r\n"),
    Slow("drips the extension of a chunk", post(_TE, SIZE + b";"), b"a"),
    Slow("drips zeros before a size", post(_TE), b"0"),
    Slow("promises a body", post(_CL + b"Expect: 100-continue\r\n")),
    Slow("is silent after an answer", _GET + b"\r\n", status=(200,)),
    Slow("drips empty lines after an answer", _GET + b"\r\n", b"\r\n", status=(200,)),
    Slow("begins anew after an answer", _GET + b"\r\n", b"G", status=(200, 400)),
    Slow(
        "was refused and still owes the body",
        b"POST / HTTP/1.1\r\nHost: evil.com\r\nContent-Length: 9000\r\n\r\n",
        b"a",
        status=(421,),
    ),
)


@dataclass(frozen=True)
class Ending:
    """How it went on with a slow caller."""

    is_closed: bool
    statuses: tuple[int, ...]


class _Statuses:
    """The status of each answer, as httptools reads them."""

    def __init__(self) -> None:
        self.found: list[int] = []
        self.parser = httptools.HttpResponseParser(self)

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        if status >= 200:
            self.found.append(status)


def outlast(port: int, slow: Slow, patience_s: float) -> Ending:
    """Be that caller until the server closes, or for ``patience_s`` seconds."""
    answers = _Statuses()
    until = time.monotonic() + patience_s
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(slow.first)
        while time.monotonic() < until:
            readable, _, _ = select.select([connection], [], [], _DRIP_EVERY_S)
            try:
                data = connection.recv(65536) if readable else None
                if slow.drip and not readable:
                    connection.sendall(slow.drip)
            except ConnectionError:
                return Ending(True, tuple(answers.found))
            if data == b"":
                return Ending(True, tuple(answers.found))
            answers.parser.feed_data(data or b"")
    return Ending(False, tuple(answers.found))


def outlast_all(port: int, slow: tuple[Slow, ...], patience_s: float) -> dict[str, Ending]:
    """All of them at the same time."""
    with ThreadPoolExecutor(len(slow)) as pool:
        endings = pool.map(lambda one: outlast(port, one, patience_s), slow)
        return {one.name: ending for one, ending in zip(slow, endings, strict=True)}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(make_place(tmp_path_factory.mktemp("hasty")), connection=_Hasty) as house:
        yield house


@pytest.mark.threat("T33")
def test_who_does_not_come_to_an_end_is_given_up_and_told_so(hasty: House) -> None:
    asked = len(hasty.engine.requests)
    endings = outlast_all(hasty.port, _SLOW, _PATIENCE_S)
    assert {name for name, ending in endings.items() if not ending.is_closed} == set()
    assert {name: ending.statuses for name, ending in endings.items()} == {
        slow.name: slow.status for slow in _SLOW
    }
    assert len(hasty.engine.requests) == asked
    assert wait_until(lambda: hasty.is_quiet, 5)


@pytest.mark.planted("T33")
def test_a_server_that_waits_for_ever_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = make_place(tmp_path_factory.mktemp("patient"))
    with running_house(place, connection=_Patient) as house:
        endings = outlast_all(house.port, _SLOW, 2.5)
    left = {name for name, ending in endings.items() if not ending.is_closed}
    # That one is refused for what it says.
    assert left == {slow.name for slow in _SLOW} - {"begins anew after an answer"}


@pytest.mark.threat("T33")
def test_hundreds_of_them_keep_nobody_else_waiting(hasty: House) -> None:
    with ThreadPoolExecutor(1) as pool:
        idlers = [Wire(hasty.port) for _ in range(200)]
        for number, idler in enumerate(idlers):
            idler.send((_GET, _HEAD, b"")[number % 3])
        for _ in range(20):
            assert ask(hasty.port, post_whole(BODY)).status == 200
        closed = pool.submit(lambda: [idler.rest() for idler in idlers])
        closed.result(_PATIENCE_S)
    for idler in idlers:
        with idler:
            pass
    assert wait_until(lambda: hasty.is_quiet, 5)


@pytest.mark.threat("T33")
def test_a_body_that_keeps_its_pace_may_take_longer_than_the_limit(hasty: House) -> None:
    whole = post_whole(chat_body("a" * 4000))
    began = time.monotonic()
    with Wire(hasty.port) as wire:
        for at in range(0, len(whole), 150):
            wire.send(whole[at : at + 150])
            time.sleep(_DRIP_EVERY_S)
        answer = wire.answer()
    assert time.monotonic() - began > 1.3, "long enough for the server to have looked"
    assert answer is not None
    assert answer.status == 200


@pytest.mark.threat("T33")
def test_an_answer_may_take_as_long_as_it_takes(hasty: House) -> None:
    async def slowly(body: JsonObject) -> AsyncIterator[bytes]:
        await asyncio.sleep(1.5)
        async for data in hello(body):
            yield data

    hasty.engine.script = slowly
    try:
        answer = ask(hasty.port, post_whole(BODY))
    finally:
        hasty.engine.script = hello
    assert answer.status == 200
    assert b"hello" in answer.body
