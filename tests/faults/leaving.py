"""Callers who leave, on real sockets, and an engine that knows who is there and who has left."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bodhi.engine.contract import EngineSpec
from bodhi.engine.supervisor import Supervisor
from bodhi.gateway.relay import Relay
from bodhi.gateway.routes import Gateway
from bodhi.http.asgi import App
from bodhi.http.server import Server, listen
from tests.gateway.calling import serving
from tests.support.fake_engine_process import FakeProcess
from tests.support.scripted_engine import (
    END,
    STREAM,
    ScriptedLauncher,
    ScriptedProcess,
    delta,
    event,
)

DONE = event(b"[DONE]") + END
Wrap = Callable[[App], App]


@dataclass
class PatientEngine(ScriptedLauncher):
    """Answers each caller, known by the text of their message, only when a test lets it.

    A text that begins with ``prompt`` gets nothing before that, any other a first piece.
    """

    arrived: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    gone: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    go_on: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    talks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> FakeProcess:
        process = ScriptedProcess(spec, engine_id, stop_s=self.stop_s)
        process.socket = runtime_dir / f"{engine_id}.sock"
        process.server = await asyncio.start_unix_server(self._serve, process.socket)
        self.processes.append(process)
        if self.load_s is not None:
            process.become_ready()
        return process

    async def end(self) -> None:
        """Stop listening, and let go of everybody."""
        self.close()
        for task in self.talks:
            task.cancel()
        await asyncio.gather(*self.talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self.talks.add(talk)
        leaving = asyncio.ensure_future(self._talk(reader, writer))
        try:
            await leaving
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # left before it had said what it wants
        finally:
            leaving.cancel()
            writer.transport.abort()
            self.talks.discard(talk)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        body = orjson.loads(await reader.readexactly(length))
        name = str(body["messages"][0]["content"])
        start = STREAM + event(delta("e", "a"))
        if not name.startswith("prompt"):
            writer.write(start)
        self.arrived[name].set()
        leaving = asyncio.ensure_future(reader.read())
        going = asyncio.ensure_future(self.go_on[name].wait())
        try:
            await asyncio.wait({leaving, going}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                self.gone[name].set()
                return
            writer.write((start if name.startswith("prompt") else b"") + DONE)
            await writer.drain()
            await leaving  # until what was written is read, and the connection closed
        finally:
            leaving.cancel()
            going.cancel()


@dataclass
class Caller:
    """One request on a connection of its own."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> bytes:
        """Everything until the server closes; empty if it never answers."""
        return await self.reader.read()

    def leave(self) -> None:
        self.writer.transport.abort()


@dataclass
class Scene:
    """A server with one engine of so many slots."""

    engine: PatientEngine
    supervisor: Supervisor
    port: int
    callers: list[Caller] = field(default_factory=list)

    async def ask(self, name: str, *, stream: bool = True) -> Caller:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        message = {"role": "user", "content": name}
        body = json.dumps({"model": "x", "messages": [message], "stream": stream}).encode()
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        self.callers.append(Caller(reader, writer))
        return self.callers[-1]

    def counts(self) -> tuple[int, int]:
        """(requests in the engine, requests that wait)."""
        infos = self.supervisor.engines()
        return sum(info.busy for info in infos), sum(info.waiting for info in infos)

    async def until(self, busy: int, waiting: int, within_s: float) -> bool:
        """Whether the counts become these in time; nothing announces them."""
        try:
            async with asyncio.timeout(within_s):
                while self.counts() != (busy, waiting):
                    await asyncio.sleep(0.002)
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def scene(
    folder: Path, *, slots: int, wrap: Wrap = lambda app: app, is_slow_to_load: bool = False
) -> AsyncIterator[Scene]:
    """The gateway behind the real server; ``wrap`` may put a defect between the two."""
    engine = PatientEngine(load_s=None if is_slow_to_load else 0.0)
    supervisor = Supervisor(
        engine,
        max_engines=1,
        max_queue=1000,
        idle_unload_s=0,
        load_timeout_s=60,
        free_memory=None,
        runtime_parent=folder,
    )
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    app = wrap(Gateway(_Always(slots), Relay(supervisor, 60), 1 << 20))
    server = Server(app, drain_s=1, on_ready=on_ready)
    listener = listen("127.0.0.1", 0)
    work = asyncio.create_task(server.serve([listener]))
    await ready.wait()
    made = Scene(engine, supervisor, listener.getsockname()[1])
    try:
        yield made
    finally:
        for caller in made.callers:
            caller.leave()
        await engine.end()
        server.should_exit = server.force_exit = True
        await work
        await supervisor.aclose(0)


class _Always:
    """Every name is served by one alias."""

    def __init__(self, slots: int) -> None:
        self._served = serving(slots=slots)

    async def find(self, name: str) -> Any:
        return self._served

    async def look_again(self) -> None:
        """No file ever changes."""

    async def names(self) -> list[tuple[str, str, float]]:
        return []
