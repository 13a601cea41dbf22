"""An engine whose every byte a test decides: a real server on a real Unix socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from bodhi.engine.contract import Address, EngineSpec, UnixAddress
from bodhi.params.values import JsonObject
from tests.support.fake_engine_process import FakeLauncher, FakeProcess

Script = Callable[[JsonObject], AsyncIterator[bytes]]

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
STREAM = HEAD + b"access-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunked(data: bytes) -> bytes:
    """``data`` as one chunk of a chunked HTTP body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(payload: bytes | JsonObject) -> bytes:
    """One event in one chunk."""
    data = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    return chunked(b"data: " + data + b"\n\n")


def delta(engine_id: str, text: str, finish: str | None = None) -> JsonObject:
    """A chat chunk as llama.cpp sends them, under the engine's own name."""
    choice: JsonObject = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "model": engine_id, "choices": [choice]}


class ScriptedProcess(FakeProcess):
    """Answers each request with what the script yields."""

    socket: Path
    script: Script
    server: asyncio.Server

    @property
    def address(self) -> Address:
        return UnixAddress(self.socket)


@dataclass
class ScriptedLauncher(FakeLauncher):
    """``script`` may be changed between requests. ``left`` counts connections that were closed."""

    script: Script | None = None
    requests: list[JsonObject] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)  # the same, as they came
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> FakeProcess:
        process = ScriptedProcess(spec, engine_id, stop_s=self.stop_s)
        process.socket = runtime_dir / f"{engine_id}.sock"
        process.server = await asyncio.start_unix_server(self._serve, process.socket)
        self.processes.append(process)
        process.become_ready()
        return process

    def close(self) -> None:
        """Stop listening."""
        for process in self.processes:
            if isinstance(process, ScriptedProcess):
                process.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        self.raw.append(await reader.readexactly(length))
        body = orjson.loads(self.raw[-1])
        self.requests.append(body)
        watcher = asyncio.create_task(self._watch(reader))
        assert self.script is not None
        try:
            async for data in self.script(body):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            watcher.cancel()
            writer.close()

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        await reader.read()
        self.left.set()
