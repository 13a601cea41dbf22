"""uvicorn over strict connections, with signals that end in order and with status 0."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn

from bodhi.errors import StartRefused
from bodhi.http.asgi import EVERYWHERE, App
from bodhi.http.connection import Connection

_TICKS_PER_LOOK = 10  # a tick is a tenth of a second


class Server(uvicorn.Server):
    """Calls ``on_ready`` as soon as requests are accepted, ``on_stop`` when no more are."""

    def __init__(
        self,
        app: App,
        *,
        drain_s: float,
        on_ready: Callable[[], Awaitable[None]],
        on_stop: Callable[[], None] | None = None,
        connection: type[Connection] = Connection,
    ) -> None:
        config = uvicorn.Config(
            app,
            interface="asgi3",  # which uvicorn would only guess of an app that is no coroutine
            http=connection,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            headers=[(name.decode(), value.decode()) for name, value in EVERYWHERE],
            proxy_headers=False,  # nobody stands between us and the caller unless a setting says so
            timeout_graceful_shutdown=max(1, round(drain_s)),
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._on_stop is not None:
            self._on_stop()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_PER_LOOK == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection) and connection.due < now:
                    connection.close_late()
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again at the end, which reads as a crash."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; StartRefused, with the remedy, where the port is taken or forbidden."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise StartRefused(
            f"Port {port} on {host} cannot be used: {error.strerror}.",
            remedy="Choose another with --port, or stop the program that has it.",
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """``http://host:port`` as a person would type it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
