"""One request to an engine and the answer as it arrives: httptools over a fresh connection.

A new connection per request, because llama.cpp closes the connection after every streamed answer
without announcing it. Closing ours is how a request is cancelled: the engine then frees the slot.
"""

import asyncio
from typing import cast

import httptools

from bodhi.engine.connect import connect, target
from bodhi.engine.contract import Address
from bodhi.errors import EngineFailure, EngineProtocol, EngineSilent
from bodhi.gateway.patience import Patience

# A client that reads slowly stops the engine's socket, not the gateway's memory.
_HIGH_WATER = 256 * 1024


class ConnectionLost(EngineFailure):
    """The engine closed the connection in the middle of its answer."""

    code = "engine_connection_lost"


class EngineStream(asyncio.Protocol):
    """The answer to one request. ``status`` is set once :meth:`begin` has returned.

    ``is_complete`` says that its end has arrived, perhaps before it was read.
    """

    def __init__(self, request: bytes, patience: Patience) -> None:
        self._loop = asyncio.get_running_loop()
        self._request = request
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        # What httptools calls for each piece of the body, of which there is one a token.
        self.on_body = self._chunks.append
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._error: EngineFailure | None = None
        self.is_complete = False
        self._patience = patience
        self.due = self._loop.time() + patience.first_byte_s
        self.status = 0

    @classmethod
    async def begin(
        cls, address: Address, path: str, body: bytes, *, api_key: str | None, patience: Patience
    ) -> "EngineStream":
        """Connect, send, and wait for the status line.

        Raises EngineFailure where the engine cannot be reached or answers no HTTP.
        """
        stream = cls(_request(address, path, body, api_key), patience)
        patience.watch(stream)
        try:
            await connect(stream._loop, lambda: stream, address)
            while not stream.status:
                await stream._more()
        except OSError as error:
            stream.close()
            raise ConnectionLost("The engine does not answer on its socket.") from error
        except BaseException:
            stream.close()
            raise
        return stream

    async def read(self) -> bytes:
        """What has arrived since the last call; waits for some; empty at the end of the answer.

        Raises ConnectionLost, EngineSilent or EngineProtocol after what arrived was handed out.
        """
        while not self._chunks and not self.is_complete:
            await self._more()
        arrived = b"".join(self._chunks)
        self._chunks.clear()
        if self._size > _HIGH_WATER and self._transport is not None:
            self._transport.resume_reading()
        self._size = 0
        return arrived

    async def read_all(self, limit: int = 1 << 26) -> bytes:
        """The whole rest of the answer, at most ``limit`` bytes."""
        parts: list[bytes] = []
        size = 0
        while part := await self.read():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise EngineProtocol("The engine's answer is too large.")
        return b"".join(parts)

    def close(self) -> None:
        """Let go of the connection; a running request is cancelled in the engine."""
        self._patience.forget(self)
        self._parser = None  # which holds us: a circle that only the garbage collector would open
        if self._transport is not None:
            self._transport.abort()

    def give_up(self) -> None:
        """The engine was silent for too long."""
        self._fail(EngineSilent("The engine sent nothing for too long."))
        self.close()

    async def _more(self) -> None:
        """Return when something has happened since the last time; raise when nothing more can."""
        if self._error is not None:
            raise self._error
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: EngineFailure) -> None:
        if self._error is None and not self.is_complete:
            self._error = error
        self._wake()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not an isinstance check: uvloop's transports have no base class in common with asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.due = self._loop.time() + self._patience.silence_s
        if self._parser is None:  # closed meanwhile
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(EngineProtocol("The engine did not answer in HTTP."))
            self.close()
        self._size += len(data)
        if self._size > _HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._patience.forget(self)
        if not self.is_complete:
            self._fail(ConnectionLost("The engine closed the connection in mid-answer."))

    # httptools callbacks

    def on_headers_complete(self) -> None:
        assert self._parser is not None  # noqa: S101 - it is the caller
        self.status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        self.is_complete = True


def _request(address: Address, path: str, body: bytes, key: str | None) -> bytes:
    path, host = target(address, path)
    authorization = f"authorization: Bearer {key}\r\n" if key else ""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        f"{authorization}content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
