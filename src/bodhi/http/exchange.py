"""One request and its answer on a connection, as the application sees it: ASGI's two callables."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from http import HTTPStatus
from typing import Protocol

from bodhi.http.asgi import Message
from bodhi.http.errors import Headers

STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_HIGH_WATER = 64 << 10
_NUL = 0x00
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# Their answers have no body, whatever the headers say (RFC 9110, 6.4.1).
_WITHOUT_BODY = (204, 304)


def header_lines(fields: Headers) -> bytes:
    """The lines of a head, each with its end."""
    return b"\r\n".join([*map(b": ".join, fields), b""])


class _Framing(Enum):
    """How the caller knows where the answer ends."""

    EMPTY = auto()
    LENGTH = auto()
    CHUNKS = auto()
    UNTIL_CLOSED = auto()  # for HTTP/1.0, whose connections are always closed


# Each by a name of its own, because looking one up in its class is slow.
_EMPTY, _LENGTH, _CHUNKS, _UNTIL_CLOSED = _Framing


class Line(Protocol):
    """What an exchange asks of the connection it is on."""

    draining: asyncio.Future[None] | None  # set while the caller reads too slowly

    def server_lines(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def answered(self) -> None: ...


class Exchange:
    """``receive`` and ``send`` of ASGI. The head of an answer leaves with its first body bytes.

    Nothing is checked here that an application of ours could get wrong in a way that a caller
    would not notice; what would break the framing raises RuntimeError.
    """

    __slots__ = (
        "_arrived",
        "_expects_continue",
        "_framing",
        "_head",
        "_is_head",
        "_knows_chunks",
        "_left",
        "_line",
        "_on_leave",
        "_size",
        "_told",
        "_waiter",
        "done",
        "gone",
        "is_whole",
        "keep_alive",
        "started",
        "task",
    )

    def __init__(
        self, line: Line, *, method: str, version: str, keep_alive: bool, expects_continue: bool
    ) -> None:
        self._line = line
        self._is_head = method == "HEAD"
        self._knows_chunks = version != "1.0"
        self._expects_continue = expects_continue
        self._arrived: list[bytes] = []
        self._size = 0
        self._told = False  # the application knows that the body is whole
        self._waiter: asyncio.Future[None] | None = None
        self._head = b""
        self._framing = _EMPTY
        self._left = 0  # bytes of the announced length that are still to be sent
        self._on_leave: Callable[[], object] | None = None
        self.task: asyncio.Task[None]  # what answers, once it does
        self.keep_alive = keep_alive
        self.is_whole = False  # the request has arrived
        self.started = False  # the answer's head is fixed
        self.done = False  # the answer is out
        self.gone = False  # the caller is

    # -- For the connection.

    def arrive(self, body: bytes) -> None:
        """Some of the request's body; once the answer is out nobody wants it."""
        if self.done:
            return
        self._arrived.append(body)
        self._size += len(body)
        if self._size > _HIGH_WATER:
            self._line.pause_reading()
        self._wake()

    def end(self) -> None:
        """The request is whole."""
        self.is_whole = True
        self._wake()

    def leave(self) -> None:
        """The caller has gone."""
        self.gone = True
        self._wake()
        if self._on_leave is not None:
            self._on_leave()

    # -- For the application.

    def on_leave(self, callback: Callable[[], object]) -> None:
        """Call ``callback`` once if the caller leaves before the answer is out. One at a time."""
        if self.gone:
            callback()
        elif not self.done:
            self._on_leave = callback

    async def receive(self) -> Message:
        """ASGI's."""
        if self._expects_continue:
            self._expects_continue = False
            if not self.started:
                self._line.write(_CONTINUE)
        while not (self._arrived or self.gone or self.done or (self.is_whole and not self._told)):
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self.gone or self.done:
            return {"type": "http.disconnect"}
        arrived, self._arrived = self._arrived, []
        if self._size > _HIGH_WATER:
            self._line.resume_reading()
        self._size = 0
        self._told = self.is_whole
        return {"type": "http.request", "body": b"".join(arrived), "more_body": not self.is_whole}

    async def send(self, message: Message) -> None:
        """ASGI's."""
        if self._line.draining is not None:
            await asyncio.shield(self._line.draining)
        if self.gone:
            return
        if self.started:
            self._send_body(message.get("body", b""), message.get("more_body", False))
        else:
            self._start(message["status"], message.get("headers", []))

    def _start(self, status: int, headers: Headers) -> None:
        self.started = True
        self._expects_continue = False
        lines = header_lines(headers)
        if not lines.count(b"\n") == lines.count(b"\r") == len(headers) or _NUL in lines:
            raise RuntimeError("a header of an answer would break it")
        length = None
        for name, value in headers:
            if name == b"content-length":
                length = value
        self._framing = self._choose_framing(status, length)
        if self._framing is _CHUNKS:
            lines += b"transfer-encoding: chunked\r\n"
        if not self.keep_alive:
            lines += b"connection: close\r\n"
        self._head = STATUS_LINES[status] + lines + self._line.server_lines() + b"\r\n"

    def _choose_framing(self, status: int, length: bytes | None) -> "_Framing":
        if self._is_head or status in _WITHOUT_BODY:
            return _EMPTY
        if length is not None:
            self._left = int(length)
            return _LENGTH
        return _CHUNKS if self._knows_chunks else _UNTIL_CLOSED

    def _send_body(self, body: bytes, more: bool) -> None:
        if self.done and not body:
            return  # the end of an answer whose length was known, and which ended with that
        if self._framing is _CHUNKS:
            end = b"" if more else b"0\r\n\r\n"
            body = b"%x\r\n%b\r\n%b" % (len(body), body, end) if body else end
        elif self._framing is _EMPTY:
            body = b""
        elif self._framing is _LENGTH:
            self._left -= len(body)
            # The caller knows now that it has all, and may send the next request at once.
            more = more and self._left != 0
        if self.done or self._left < 0 or (self._left and not more):
            raise RuntimeError("the body of an answer is not as long as announced")
        if not more:
            self.done = True
            self._on_leave = None  # which often knows us: a circle, see EngineStream.close
            self._wake()
        head, self._head = self._head, b""
        if head or body:
            self._line.write(head + body)
        if self.done:
            self._line.answered()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
