"""Somebody else listens where an engine is expected: no request of anybody ever goes there."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bodhi.engine import server_child
from bodhi.engine.binary import BinaryLauncher
from bodhi.engine.contract import Launcher, TcpAddress
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import BodhiError
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat
from tests.support.fake_llama_server import write_fake_llama_server

pytestmark = pytest.mark.anyio

_YES = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Impostor:
    """Says yes to everything, at a port and in the place of every socket."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.port = 0

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readline())
        writer.write(_YES)
        writer.close()

    async def sit_at(self, path: Path) -> asyncio.Server:
        return await asyncio.start_unix_server(self._answer, path)


@pytest.fixture
async def impostor() -> AsyncIterator[Impostor]:
    impostor = Impostor()
    async with await impostor.listen():
        yield impostor


async def answered(launcher: Launcher, model: Path) -> str:
    """What a request through the supervisor comes to: the engine's name, or the error's code."""
    supervisor = make_supervisor(launcher, load_timeout_s=1)
    try:
        async with supervisor.slot(make_spec(model_path=model), alias="a") as lease:
            path, body = "/v1/chat/completions", chat()
            status, answer = await ask(lease.address, path, body, api_key=lease.api_key)
            is_engine = status == 200 and json.loads(answer).get("model") == lease.engine_id
            return "the engine" if is_engine else "somebody else"
    except BodhiError as error:
        return error.code
    finally:
        await supervisor.aclose(0)


@pytest.mark.fault("F20")
async def test_a_port_that_somebody_else_has_is_never_spoken_to(
    impostor: Impostor, tiny_model: Path, tmp_path: Path
) -> None:
    """The engine's own log names the impostor's port."""
    place = tmp_path / "llama-server"
    program = write_fake_llama_server(place, says_it_listens_on=impostor.port)
    launcher = BinaryLauncher(program, use_unix_sockets=False)
    assert await answered(launcher, tiny_model) == "engine_load_timeout"
    assert impostor.heard == []


@pytest.mark.planted("F20")
async def test_a_gateway_that_believes_the_port_it_is_told_would_be_found(
    impostor: Impostor, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = TcpAddress("127.0.0.1", impostor.port)
    monkeypatch.setattr(server_child, "own_listener", lambda pid: told)
    place = tmp_path / "llama-server"
    program = write_fake_llama_server(place, says_it_listens_on=impostor.port)
    launcher = BinaryLauncher(program, use_unix_sockets=False)
    assert await answered(launcher, tiny_model) == "somebody else"
    assert impostor.heard != []


@pytest.mark.fault("F20")
@pytest.mark.parametrize("kind", ["embedded", "program"])
async def test_the_place_of_a_socket_is_taken_back_from_whoever_sits_there(
    impostor: Impostor, tiny_model: Path, tmp_path: Path, kind: str
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server")
    launcher = EmbeddedLauncher() if kind == "embedded" else BinaryLauncher(program)
    folder = RuntimeDir()
    name = "0123abcd"
    async with await impostor.sit_at(folder.path() / f"{name}.sock"):
        process = await launcher.launch(
            make_spec(model_path=tiny_model), engine_id=name, runtime_dir=folder.path()
        )
        try:
            await process.wait_ready()
            status, body = await ask(process.address, "/v1/chat/completions", chat())
        finally:
            await process.stop()
    folder.remove()
    assert (status, json.loads(body)["model"]) == (200, name)
    assert impostor.heard == []
