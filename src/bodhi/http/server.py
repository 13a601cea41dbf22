"""uvicorn, made stricter about requests, and with signals that end in order and with status 0."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bodhi.errors import StartRefused
from bodhi.http.asgi import App

_LARGEST_HEAD = 32 * 1024


class StrictProtocol(HttpToolsProtocol):
    """Refuses, with 400, what uvicorn lets pass: targets that name a host, heads without end.

    A target such as ``http://elsewhere/`` would overrule the Host header that the guard checks.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))
        if not self.url.startswith(b"/"):
            raise ValueError("the target is not a path")

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > _LARGEST_HEAD:
            raise ValueError("the head of the request is too large")


class Server(uvicorn.Server):
    """Calls ``on_ready`` as soon as requests are accepted."""

    def __init__(
        self, app: App, *, drain_s: float, on_ready: Callable[[], Awaitable[None]]
    ) -> None:
        config = uvicorn.Config(
            app,
            http=StrictProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # nobody stands between us and the caller unless a setting says so
            timeout_keep_alive=75,
            timeout_graceful_shutdown=max(1, round(drain_s)),
        )
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._on_ready()

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
