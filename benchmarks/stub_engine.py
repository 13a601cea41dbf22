"""A program that passes for a llama-server and answers at once: what is left is the way to it.

It keeps the habits of the real one that cost a gateway time: it streams one HTTP chunk a token,
closes the connection after every streamed answer, and keeps it open after one in a single piece.
With a pace it streams as many tokens as it is asked for, each so long after the one before.
"""

import asyncio
import os
import re
import stat
import sys
from pathlib import Path
from typing import cast

import httptools
import orjson
import uvloop

TOKENS = 8
_STREAMS = re.compile(rb'"stream":\s*true')
_MOST = re.compile(rb'"(?:max_tokens|n_predict)":\s*(\d+)')
_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Type: text/event-stream\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_DONE = b"data: [DONE]\n\n"
_ROOT = Path(__file__).resolve().parent.parent
_FLAGS = """\
-m,    --model FNAME                    some text
-a,    --alias STRING                   some text
-c,    --ctx-size N                     some text
-np,   --parallel N                     some text
-t,    --threads N                      some text
-tb,   --threads-batch N                some text
-fit,  --fit [on|off]                   some text
-cram, --cache-ram N                    some text
--host HOST                             ip address to listen, or bind to an UNIX socket if the
                                        address ends with .sock
--port PORT                             some text
--api-key KEY                           the key to ask for (env: LLAMA_API_KEY)
--offline                               some text
--jinja, --no-jinja                     some text
--no-webui                              some text
"""


def write_program(path: Path, *, core: int | None = None, pace_s: float = 0.0) -> Path:
    """An executable at ``path`` that runs this module, on one processor if ``core`` is given."""
    path.write_text(
        f"#!{sys.executable} -I\n"
        f"import os, sys\n"
        f"sys.path.insert(0, {str(_ROOT)!r})\n"
        f"from benchmarks.stub_engine import main\n"
        f"main({core!r}, {pace_s!r})\n",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def main(core: int | None, pace_s: float) -> None:
    """Answer ``--help`` and ``--version``, or serve where ``--host`` says."""
    given = sys.argv[1:]
    if "--help" in given:
        print(_FLAGS)
        return
    if "--version" in given:
        print("version: 9999 (stub)")
        return
    if core is not None:
        os.sched_setaffinity(0, {core})
    port = given[given.index("--port") + 1] if "--port" in given else "0"
    host = given[given.index("--host") + 1]
    uvloop.run(_serve(host, int(port), given[given.index("--alias") + 1], pace_s))


async def _serve(host: str, port: int, name: str, pace_s: float) -> None:
    streamed, whole = answers(name)
    loop = asyncio.get_running_loop()

    def connection() -> _Connection:
        return _Paced(name, pace_s) if pace_s else _Connection(streamed, whole)

    if host.endswith(".sock"):
        server: asyncio.AbstractServer = await loop.create_unix_server(connection, host)
    else:
        server = await loop.create_server(connection, host, port)
    print("listening", flush=True)
    await server.serve_forever()


def answers(name: str) -> tuple[bytes, bytes]:
    """The HTTP answers to a chat request, streamed and in one piece, as llama.cpp words them."""
    words = [" word"] * (TOKENS - 1)
    events: list[dict[str, str | None]] = [{"role": "assistant", "content": None}]
    events += [{"content": word} for word in words]
    events.append({})
    last = len(events) - 1
    pieces = [_event(name, delta, is_last=index == last) for index, delta in enumerate(events)]
    streamed = _STREAM_HEAD + b"".join(map(_chunk, [*pieces, _DONE])) + b"0\r\n\r\n"
    choice = {"index": 0, "message": {"role": "assistant", "content": "".join(words)}}
    one = orjson.dumps(_frame(name, "chat.completion") | {"choices": [choice]} | _figures())
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return streamed, head % len(one) + one


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def _event(name: str, delta: dict[str, str | None], *, is_last: bool) -> bytes:
    choice = {"finish_reason": "stop" if is_last else None, "index": 0, "delta": delta}
    chunk = _frame(name, "chat.completion.chunk") | {"choices": [choice]}
    return b"data: " + orjson.dumps(chunk | (_figures() if is_last else {})) + b"\n\n"


def _frame(name: str, kind: str) -> dict[str, object]:
    return {"object": kind, "created": 1_790_000_000, "id": "chatcmpl-" + "x" * 32, "model": name}


def _figures() -> dict[str, object]:
    usage = {"completion_tokens": TOKENS, "prompt_tokens": 12, "total_tokens": TOKENS + 12}
    return {"usage": usage, "timings": {"prompt_n": 12, "predicted_n": TOKENS}}


class _Connection(asyncio.Protocol):
    def __init__(self, streamed: bytes, whole: bytes) -> None:
        self._streamed = streamed
        self._whole = whole
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = b"".join(self._body)
        self._body.clear()
        if self._parser.get_method() == b"GET":
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        elif _STREAMS.search(body):
            self.stream(body)
        else:
            self._transport.write(self._whole)

    def stream(self, body: bytes) -> None:
        """The answer to ``body``, and the end of the connection."""
        del body
        self._transport.write(self._streamed)
        self._transport.close()


class _Paced(_Connection):
    """Each piece at its time, whenever the one before went out."""

    def __init__(self, name: str, pace_s: float) -> None:
        super().__init__(*answers(name))
        self._piece = _chunk(_event(name, {"content": " word"}, is_last=False))
        self._end = b"".join(map(_chunk, [_event(name, {}, is_last=True), _DONE])) + b"0\r\n\r\n"
        self._pace_s = pace_s

    def stream(self, body: bytes) -> None:
        found = _MOST.search(body)
        self._transport.write(_STREAM_HEAD)
        self._loop = asyncio.get_running_loop()
        self._next(int(found[1]) if found else TOKENS, self._loop.time())

    def _next(self, left: int, due: float) -> None:
        if self._transport.is_closing():
            return
        if left == 0:
            self._transport.write(self._end)
            self._transport.close()
            return
        self._transport.write(self._piece)
        self._loop.call_at(due + self._pace_s, self._next, left - 1, due + self._pace_s)
