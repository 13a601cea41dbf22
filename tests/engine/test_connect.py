"""A connection to an engine on this machine."""

import asyncio
import socket
from pathlib import Path

import pytest
import uvloop

from bodhi.engine.connect import connect
from bodhi.engine.contract import UnixAddress


async def knock_at_a_full_queue(path: Path, engine: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    connecting = loop.create_task(connect(loop, asyncio.Protocol, UnixAddress(path)))
    await asyncio.sleep(0.02)
    assert not connecting.done()
    engine.accept()[0].close()
    transport = await connecting
    transport.write(b"hello")
    with engine.accept()[0] as let_in:
        assert await asyncio.to_thread(let_in.recv, 5) == b"hello"
    transport.abort()


def test_who_finds_the_queue_full_is_let_in_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as engine, socket.socket(socket.AF_UNIX) as first:
        engine.bind(str(path))
        engine.listen(0)  # room for one, which is the least there is
        first.connect(str(path))
        with socket.socket(socket.AF_UNIX) as second:
            second.setblocking(False)
            with pytest.raises(BlockingIOError):  # or what follows would prove nothing
                second.connect(str(path))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(knock_at_a_full_queue(path, engine))


def test_where_nobody_listens_it_is_an_error(tmp_path: Path) -> None:
    async def knock() -> None:
        loop = asyncio.get_running_loop()
        await connect(loop, asyncio.Protocol, UnixAddress(tmp_path / "s"))

    loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner, pytest.raises(FileNotFoundError):
        runner.run(knock())
