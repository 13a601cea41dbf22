"""One engine process as the gateway holds it, of whatever kind: its pipes and its end.

The pipes are read by the event loop's own callbacks, so they are always drained, and a process
that ended is noticed and reaped without anybody waiting for it. How a process says that it is
ready is its kind's own affair: see ``worker_child`` and ``server_child``.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import cast

import psutil

from bodhi.engine import exits
from bodhi.engine.contract import Address, EngineExit, LoadSample, UnixAddress
from bodhi.engine.output import LogLine, OutputRing
from bodhi.errors import EngineLoadFailed

STOP_GRACE_S = 2.0
# A pipe that is open after the exit is held by a grandchild.
_PIPE_GRACE_S = 0.1


class ChildProcess(asyncio.SubprocessProtocol):
    """The gateway's end of one process; an ``EngineProcess`` once it is connected.

    The child must lead its own process group, and log to standard error. ``socket`` is where it
    was told to listen, None for a port that is found out later. That file, and every one of
    ``made_files``, is removed when the process has ended.
    """

    def __init__(
        self,
        model_path: Path,
        *,
        socket: Path | None,
        api_key: str | None,
        stop_grace_s: float = STOP_GRACE_S,
        made_files: tuple[Path, ...] = (),
    ) -> None:
        loop = asyncio.get_running_loop()
        self.output = OutputRing()
        self._model_path = model_path
        self._made_files = made_files if socket is None else (socket, *made_files)
        self._api_key = api_key
        self._stop_grace_s = stop_grace_s
        self._address: Address | None = UnixAddress(socket) if socket else None
        self._transport: asyncio.SubprocessTransport | None = None
        self._statistics: psutil.Process | None = None
        self._open_pipes = {1, 2}
        self._pipes_closed = asyncio.Event()
        self._ready: asyncio.Future[bool] = loop.create_future()  # False: ended before it was
        self._gone: asyncio.Future[EngineExit] = loop.create_future()

    # -- What the supervisor uses.

    @property
    def pid(self) -> int:
        return self._connected().get_pid() or 0

    @property
    def address(self) -> Address:
        assert self._address is not None, "known once ready"  # noqa: S101 - the caller's duty
        return self._address

    @property
    def api_key(self) -> str | None:
        return self._api_key

    async def wait_ready(self) -> None:
        """Return once requests are answered. Raises EngineLoadFailed if the end comes first."""
        if not await asyncio.shield(self._ready):
            raise self.load_error(await self.wait_exit())

    async def wait_exit(self) -> EngineExit:
        """Return when the process is reaped, its pipes are read and its files are removed."""
        return await asyncio.shield(self._gone)

    async def stop(self) -> None:
        """SIGTERM, the grace period, SIGKILL to the whole group; return once it is reaped."""
        if not self._gone.done():
            self._signal(signal.SIGTERM)
            await asyncio.wait({self._gone}, timeout=self._stop_grace_s)
        if not self._gone.done():
            self._kill_group()
        await self.wait_exit()

    def connection_broke(self) -> None:
        """Nothing to do: the system tells of a child's end."""

    def sample(self) -> LoadSample | None:
        """The process as the system's table shows it, None once it is gone."""
        if self._statistics is None:
            return None
        try:
            with self._statistics.oneshot():
                times = self._statistics.cpu_times()
                resident = self._statistics.memory_info().rss
        except psutil.Error:
            return None
        return LoadSample(times.user + times.system, resident, self.output.total_bytes)

    def public_lines(self) -> tuple[str, ...]:
        return self.output.public_lines(str(self._model_path.parent))

    def log(self, after: int) -> tuple[LogLine, ...]:
        return self.output.log(after, str(self._model_path.parent))

    # -- For its kind.

    def become_ready(self, address: Address) -> None:
        """It answers at ``address``; from here on its lines may hold what clients sent."""
        if not self._ready.done():
            self._address = address
            self.output.mark_ready()
            self._ready.set_result(True)

    def load_error(self, exit_: EngineExit) -> EngineLoadFailed:
        """Why it ended before it was ready."""
        return exits.load_failed(self._model_path.name, exit_)

    # -- What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)
        with suppress(psutil.Error):
            self._statistics = psutil.Process(self.pid)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self.output.feed(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        del exc
        self._open_pipes.discard(fd)
        if not self._open_pipes:
            self._pipes_closed.set()

    def process_exited(self) -> None:
        self._finishing = asyncio.get_running_loop().create_task(self._finish())

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PIPE_GRACE_S):
                await self._pipes_closed.wait()
        if self._open_pipes:
            # Whoever holds it keeps the group's number from being given to somebody else.
            self._kill_group()
        transport = self._connected()
        returncode = transport.get_returncode()
        transport.close()
        for path in self._made_files:
            path.unlink(missing_ok=True)
        self._gone.set_result(
            EngineExit(-1 if returncode is None else returncode, self.public_lines())
        )
        if not self._ready.done():
            self._ready.set_result(False)

    def _connected(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None  # noqa: S101 - the event loop calls connection_made first
        return self._transport

    def _signal(self, number: signal.Signals) -> None:
        # The loop's own handle, because it knows whether the process was reaped already.
        with suppress(ProcessLookupError):
            self._connected().send_signal(number)

    def _kill_group(self) -> None:
        if sys.platform == "win32":  # has no groups
            self._connected().kill()
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
