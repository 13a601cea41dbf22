"""One request to an engine and the answer as it arrives: httptools over a fresh connection.

A new connection per request, because llama.cpp closes the connection after every streamed answer
without announcing it. Closing ours is how a request is cancelled: the engine then frees the slot.
"""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

from bodhi.engine.contract import Address, UnixAddress
from bodhi.errors import EngineFailure, EngineProtocol, EngineSilent

# A client that reads slowly stops the engine's socket, not the gateway's memory.
_HIGH_WATER = 256 * 1024


class ConnectionLost(EngineFailure):
    """The engine closed the connection in the middle of its answer."""

    code = "engine_connection_lost"


class EngineStream(asyncio.Protocol):
    """The answer to one request. ``status`` is set once :meth:`begin` has returned."""

    def __init__(self, silence_s: float, first_byte_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._error: EngineFailure | None = None
        self._complete = False
        self._silence_s = silence_s
        self._deadline = self._loop.time() + first_byte_s
        self._timer = self._loop.call_at(self._deadline, self._check_silence)
        self.status = 0

    @classmethod
    async def begin(
        cls,
        address: Address,
        path: str,
        body: bytes,
        *,
        api_key: str | None,
        silence_s: float,
        first_byte_s: float,
    ) -> "EngineStream":
        """Connect, send, and wait for the status line. Times in seconds.

        Raises EngineFailure where the engine cannot be reached or answers no HTTP.
        """
        loop = asyncio.get_running_loop()
        stream = cls(silence_s, first_byte_s)
        try:
            if isinstance(address, UnixAddress):
                await loop.create_unix_connection(lambda: stream, str(address.path))
            else:
                await loop.create_connection(lambda: stream, address.host, address.port)
            stream._send(path, body, api_key)
            await stream._until(lambda: stream.status > 0)
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
        await self._until(lambda: bool(self._chunks) or self._complete)
        chunks, self._chunks = self._chunks, []
        if self._size > _HIGH_WATER and self._transport is not None:
            self._transport.resume_reading()
        self._size = 0
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

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
        self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _send(self, path: str, body: bytes, key: str | None) -> None:
        assert self._transport is not None  # noqa: S101 - connected by now
        authorization = f"authorization: Bearer {key}\r\n" if key else ""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: engine\r\ncontent-type: application/json\r\n"
            f"{authorization}content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self._transport.write(head.encode() + body)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            if self._error is not None:
                raise self._error
            self._waiter = self._loop.create_future()
            await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: EngineFailure) -> None:
        if self._error is None and not self._complete:
            self._error = error
        self._wake()

    def _check_silence(self) -> None:
        """One timer a request, moved on lazily: re-arming it per chunk would cost more."""
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._check_silence)
        elif not self._complete:
            self._fail(EngineSilent("The engine sent nothing for too long."))
            self.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not an isinstance check: uvloop's transports have no base class in common with asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._deadline = self._loop.time() + self._silence_s
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(EngineProtocol("The engine did not answer in HTTP."))
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._timer.cancel()
        if not self._complete:
            self._fail(ConnectionLost("The engine closed the connection in mid-answer."))

    # httptools callbacks

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._wake()

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)
        self._size += len(body)
        if self._size > _HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        self._complete = True
        self._wake()
