"""One connection: how answers are framed, and who waits for whom. The corpus of what is refused is
in tests/threats."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from bodhi.gateway.leaving import cancelled_when_caller_leaves
from bodhi.http.asgi import ON_LEAVE, App, Message, Receive, Scope, Send, send_whole
from bodhi.http.connection import Connection
from bodhi.http.exchange import Exchange
from tests.support.garbage import uncollected

pytestmark = pytest.mark.anyio

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
Open = Callable[[App], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@pytest.fixture
async def connect() -> AsyncIterator[Open]:
    """Serves an application, and connects to it."""
    servers: list[asyncio.Server] = []
    writers: list[asyncio.StreamWriter] = []

    async def open_to(app: App) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        config = uvicorn.Config(app, log_config=None)
        config.load()
        config.loaded_app = app
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
        servers.append(server)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writers.append(writer)
        return reader, writer

    yield open_to
    for writer in writers:
        writer.close()
    for server in servers:
        server.close()


async def head_of(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).lower()


def answering(body: bytes, *, status: int = 200, headers: Any = ()) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body"})

    return app


async def test_an_answer_of_unknown_length_is_chunked(connect: Open) -> None:
    reader, writer = await connect(answering(b"hello"))
    writer.write(GET)
    assert b"transfer-encoding: chunked\r\n" in await head_of(reader)
    assert await reader.readuntil(b"0\r\n\r\n") == b"5\r\nhello\r\n0\r\n\r\n"


async def test_a_caller_of_http_1_0_gets_no_chunks_but_the_end_of_the_connection(
    connect: Open,
) -> None:
    reader, writer = await connect(answering(b"hello"))
    writer.write(b"GET / HTTP/1.0\r\nhost: x\r\n\r\n")
    head = await head_of(reader)
    assert b"chunked" not in head
    assert b"connection: close\r\n" in head
    assert await reader.read() == b"hello"


@pytest.mark.parametrize(
    ("request_line", "status"), [(b"HEAD /", 200), (b"GET /", 304), (b"GET /", 204)]
)
async def test_an_answer_without_body_leaves_the_connection_usable(
    connect: Open, request_line: bytes, status: int
) -> None:
    app = answering(b"hello", status=status, headers=[(b"content-length", b"5")])
    reader, writer = await connect(app)
    for _ in range(2):
        writer.write(request_line + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"content-length: 5\r\n" in await head_of(reader)


async def test_a_short_answer_leaves_in_one_piece(connect: Open) -> None:
    written: list[bytes] = []

    class Noting(Connection):
        def write(self, data: bytes) -> None:
            written.append(data)
            super().write(data)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_whole(send, 200, [], b"hello")

    config = uvicorn.Config(app, log_config=None)
    config.load()
    config.loaded_app = app
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Noting(config, ServerState(), {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(GET)
        await reader.readuntil(b"hello")
        writer.close()
    assert len(written) == 1


async def test_a_caller_who_waits_for_leave_to_send_gets_it_when_the_body_is_wanted(
    connect: Open,
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_whole(send, 200, [], (await receive())["body"])

    reader, writer = await connect(app)
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n")
    assert await head_of(reader) == b"http/1.1 100 continue\r\n\r\n"
    writer.write(b"hello")
    await head_of(reader)
    assert await reader.readexactly(5) == b"hello"


async def test_a_body_that_nobody_reads_stops_arriving(connect: Open) -> None:
    go_on = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        size = 0
        more = True
        while more:
            message = await receive()
            size += len(message["body"])
            more = message["more_body"]
        await send_whole(send, 200, [], str(size).encode())

    size = 64 << 20
    reader, writer = await connect(app)
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % size)
    writer.write(b"x" * size)
    waiting = asyncio.create_task(writer.drain())
    done, _ = await asyncio.wait({waiting}, timeout=0.3)
    assert not done, "the server took a body that nobody wanted"
    go_on.set()
    await waiting
    await head_of(reader)
    assert await reader.readexactly(len(str(size))) == str(size).encode()


async def test_an_application_waits_for_a_caller_who_reads_slowly(connect: Open) -> None:
    sent = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            await asyncio.sleep(0)
            sent += 1
        await send({"type": "http.response.body"})

    reader, writer = await connect(app)
    writer.write(GET)
    await head_of(reader)
    before = -1
    while sent != before:
        before = sent
        for _ in range(100):
            await asyncio.sleep(0)
    assert sent < 500
    while sent < 1000:
        assert await reader.read(1 << 20)


async def test_the_callback_for_a_caller_who_leaves_is_called_once_and_only_before_the_end(
    connect: Open,
) -> None:
    calls: list[str] = []
    left = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"]

        def leave() -> None:
            calls.append(name)
            left.set()

        scope[ON_LEAVE](leave)
        if name == "/answered":
            await send_whole(send, 200, [], b"")
        else:
            await asyncio.Event().wait()

    reader, writer = await connect(app)
    writer.write(b"GET /answered HTTP/1.1\r\nhost: x\r\n\r\n")
    await head_of(reader)
    writer.write(b"GET /left HTTP/1.1\r\nhost: x\r\n\r\n")
    await writer.drain()
    writer.close()
    await left.wait()
    assert calls == ["/left"]


async def test_a_defect_before_the_answer_is_a_plain_500(
    connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("a secret")

    reader, writer = await connect(app)
    writer.write(GET)
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in answer


@pytest.mark.parametrize("length", [None, b"50"])
async def test_a_defect_inside_the_answer_ends_the_connection_without_an_end_of_the_answer(
    connect: Open, caplog: pytest.LogCaptureFixture, length: bytes | None
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [] if length is None else [(b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError

    reader, writer = await connect(app)
    writer.write(GET)
    await head_of(reader)
    rest = await reader.read()
    assert b"half" in rest
    assert b"0\r\n\r\n" not in rest


@pytest.mark.parametrize(
    "message",
    [
        {"status": 200, "headers": [(b"a", b"b\r\nset-cookie: c=d")]},
        {"status": 200, "headers": [(b"a\nb", b"c")]},
        {"status": 200, "headers": [(b"a", b"\0")]},
    ],
)
async def test_a_header_that_would_break_the_answer_never_leaves(
    connect: Open, caplog: pytest.LogCaptureFixture, message: Message
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", **message})

    reader, writer = await connect(app)
    writer.write(GET)
    answer = await reader.read()
    assert b"set-cookie" not in answer
    assert not answer.startswith(b"HTTP/1.1 200")


async def test_an_answer_of_known_length_is_over_with_its_last_byte(connect: Open) -> None:
    """Callers send the next request then, whatever the application still has to say."""
    go_on = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"hello", "more_body": True})
        await go_on.wait()
        await send({"type": "http.response.body"})

    reader, writer = await connect(app)
    for _ in range(2):
        writer.write(GET)
        await head_of(reader)
        assert await reader.readexactly(5) == b"hello"
    go_on.set()


@pytest.mark.parametrize(("announced", "body"), [(b"3", b"hello"), (b"9", b"hello")])
async def test_an_answer_of_another_length_than_announced_is_cut(
    connect: Open, caplog: pytest.LogCaptureFixture, announced: bytes, body: bytes
) -> None:
    reader, writer = await connect(answering(body, headers=[(b"content-length", announced)]))
    writer.write(GET + GET)
    answer = await reader.read()
    assert answer.count(b"HTTP/1.1") <= 1


async def test_what_nobody_read_of_a_body_is_not_taken_for_the_next_request(connect: Open) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_whole(send, 200, [], scope["path"].encode())

    reader, writer = await connect(app)
    writer.write(b"POST /one HTTP/1.1\r\nhost: x\r\ncontent-length: 40\r\n\r\n")
    await head_of(reader)
    assert await reader.readexactly(4) == b"/one"
    writer.write(GET.ljust(40, b"x"))
    writer.write(b"GET /two HTTP/1.1\r\nhost: x\r\n\r\n")
    await head_of(reader)
    assert await reader.readexactly(4) == b"/two"


async def test_a_request_leaves_nothing_for_the_garbage_collector(connect: Open) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with cancelled_when_caller_leaves(scope):
            await send_whole(send, 200, [], b"hello")

    reader, writer = await connect(app)
    with uncollected(Exchange) as left:
        for _ in range(20):
            writer.write(GET)
            await head_of(reader)
            await reader.readexactly(5)
        assert left() <= 2, "the last one of the connection, and the one before in its task"
