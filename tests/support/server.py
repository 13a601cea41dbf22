"""Starts the real server as a user does, in a process of its own, and finds its address."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import psutil
from openai import OpenAI

_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0):\d+")


@dataclass
class RunningServer:
    """One ``bodhi serve``. ``lines`` is everything it printed, both streams."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    address: str = ""

    def openai(self, **options: object) -> OpenAI:
        """OpenAI's own client on this server."""
        return OpenAI(
            base_url=f"{self.address}/v1",
            api_key="not needed",
            max_retries=0,
            **options,  # type: ignore[arg-type]
        )

    def http(self) -> httpx.Client:
        """A plain client on this server."""
        return httpx.Client(base_url=self.address, timeout=60)

    def engines(self) -> list[dict[str, object]]:
        """What ``/api/v1/engines`` says."""
        with self.http() as client:
            engines: list[dict[str, object]] = client.get("/api/v1/engines").json()["engines"]
            return engines

    def children(self) -> list[psutil.Process]:
        """The engine processes, by the process table."""
        return psutil.Process(self.process.pid).children(recursive=True)


def wait_until(condition: Callable[[], bool], within_s: float, every_s: float = 0.01) -> bool:
    """Poll a condition that nothing announces; False where it stayed false."""
    pause = threading.Event()
    for _ in range(max(1, int(within_s / every_s))):
        if condition():
            return True
        pause.wait(every_s)
    return bool(condition())


@contextlib.contextmanager
def running_server(
    home: Path,
    hub: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = ("bodhi",),
) -> Iterator[RunningServer]:
    """Serve until the block ends; a server that is still alive then is asked to stop, and waits.

    ``program`` is the module that is run, and what it takes before the command.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *program, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "BODHI_HOME": str(home), "HF_HUB_CACHE": str(hub), **(env or {})},
    )
    server = RunningServer(process)
    ready = threading.Event()
    reader = threading.Thread(target=_read, args=(server, ready), daemon=True)
    reader.start()
    try:
        if not ready.wait(30) or not server.address:
            raise AssertionError("the server did not start:\n" + "".join(server.lines))
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        assert process.stdout is not None
        process.stdout.close()


def _read(server: RunningServer, ready: threading.Event) -> None:
    assert server.process.stdout is not None
    for line in server.process.stdout:
        server.lines.append(line)
        if not server.address and (match := _ADDRESS.search(line)):
            server.address = match[0]
            ready.set()
    ready.set()
