"""A connection to an engine on this machine, and what goes out with it."""

import asyncio
import os
import socket
import threading
from pathlib import Path

import pytest
import uvloop

from bodhi.engine.connect import connect
from bodhi.engine.contract import UnixAddress


def listener(path: Path) -> socket.socket:
    """With room for one who waits to be let in, which is the least there is."""
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    made.listen(0)
    return made


@pytest.mark.anyio
async def test_who_finds_the_queue_full_is_let_in_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with listener(path) as engine, socket.socket(socket.AF_UNIX) as first:
        first.connect(str(path))
        with socket.socket(socket.AF_UNIX) as second:
            second.setblocking(False)
            with pytest.raises(BlockingIOError):  # or what follows would prove nothing
                second.connect(str(path))
        loop = asyncio.get_running_loop()
        connecting = loop.create_task(connect(loop, asyncio.Protocol, UnixAddress(path), b"hello"))
        await asyncio.sleep(0)
        assert not connecting.done()
        engine.accept()[0].close()
        transport = await connecting
        with engine.accept()[0] as let_in:
            assert let_in.recv(5) == b"hello"
        transport.abort()


@pytest.mark.anyio
async def test_a_request_larger_than_the_sockets_memory_arrives_whole(tmp_path: Path) -> None:
    path, request = tmp_path / "s", bytes(range(256)) * 32_768
    with listener(path) as engine:
        loop = asyncio.get_running_loop()
        transport = await connect(loop, asyncio.Protocol, UnixAddress(path), request)
        with engine.accept()[0] as let_in:
            arrived = await asyncio.to_thread(_read, let_in, len(request))
        transport.abort()
    assert arrived == request


def _read(line: socket.socket, size: int) -> bytes:
    with line.makefile("rb") as reader:
        return reader.read(size)


@pytest.mark.anyio
async def test_where_nobody_listens_it_is_an_error(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    with pytest.raises(FileNotFoundError):
        await connect(loop, asyncio.Protocol, UnixAddress(tmp_path / "s"), b"hello")


def test_a_connection_that_ends_closes_nobody_elses_file(tmp_path: Path) -> None:
    """The server's loop and the socket's object know the same descriptor: only one may close it."""
    path, is_over, wrong = tmp_path / "s", threading.Event(), list[OSError]()

    def open_and_close() -> None:
        while not is_over.is_set():
            try:
                os.close(os.open(__file__, os.O_RDONLY))
            except OSError as error:
                wrong.append(error)

    async def connect_often(engine: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(1_000):
            transport = await connect(loop, asyncio.Protocol, UnixAddress(path), b"hello")
            transport.abort()
            engine.accept()[0].close()
            given_up = loop.create_task(
                connect(loop, asyncio.Protocol, UnixAddress(path), b"hello")
            )
            await asyncio.sleep(0)
            given_up.cancel()
            with pytest.raises(asyncio.CancelledError):
                await given_up
            engine.accept()[0].close()

    others = [threading.Thread(target=open_and_close) for _ in range(3)]
    for other in others:
        other.start()
    try:
        with listener(path) as engine, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(connect_often(engine))
    finally:
        is_over.set()
        for other in others:
            other.join()
    assert wrong == []
