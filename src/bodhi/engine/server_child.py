"""The gateway's end of a llama-server binary: it is ready when its own socket says so."""

import asyncio
from contextlib import suppress
from pathlib import Path

import psutil

from bodhi.engine.child import STOP_GRACE_S, ChildProcess
from bodhi.engine.contract import Address, TcpAddress, UnixAddress

_LOOPBACK = "127.0.0.1"
_ASK_EVERY_S = 0.02
_ANSWER_WITHIN_S = 2.0
_REQUEST = b"GET /health HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n"


class ServerChild(ChildProcess):
    """A program that reports nothing by itself. ``socket``: see ``ChildProcess``."""

    def __init__(
        self,
        model_path: Path,
        *,
        socket: Path | None,
        api_key: str | None,
        made_files: tuple[Path, ...],
        stop_grace_s: float = STOP_GRACE_S,
    ) -> None:
        super().__init__(
            model_path,
            socket=socket,
            api_key=api_key,
            stop_grace_s=stop_grace_s,
            made_files=made_files,
        )
        self._where: Address | None = UnixAddress(socket) if socket else None
        self._watch: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._watch = asyncio.get_running_loop().create_task(self._until_healthy())

    def process_exited(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().process_exited()

    async def _until_healthy(self) -> None:
        while True:
            address = self._where or await self._own_listener()
            if address is not None and await is_healthy(address):
                return self.become_ready(address)
            await asyncio.sleep(_ASK_EVERY_S)

    async def _own_listener(self) -> Address | None:
        return await asyncio.to_thread(own_listener, self.pid)


def own_listener(pid: int) -> TcpAddress | None:
    """The loopback port on which this very process listens, by the system's own table.

    That is the proof that it is ours: nothing is ever sent to a port that somebody else has.
    """
    with suppress(psutil.Error, OSError):
        for connection in psutil.Process(pid).net_connections("tcp4"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.ip == _LOOPBACK:
                return TcpAddress(connection.laddr.ip, connection.laddr.port)
    return None


async def is_healthy(address: Address) -> bool:
    """Whether ``/health`` is answered with 200; llama.cpp says 503 while it loads."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            reader, writer = await _connect(address)
            try:
                writer.write(_REQUEST)
                status = (await reader.readline()).split()
            finally:
                writer.close()
    except (OSError, ValueError):
        return False
    return status[1:2] == [b"200"]


async def _connect(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, UnixAddress):
        return await asyncio.open_unix_connection(str(address.path))
    return await asyncio.open_connection(address.host, address.port)
