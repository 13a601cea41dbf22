"""The real server on a fresh home, for benchmarks: ``bodhi serve`` as its users start it."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_START_S = 30.0


@dataclass(frozen=True)
class Running:
    """A process and the loopback port on which it answers."""

    pid: int
    port: int

    def processor_s(self) -> float:
        """Seconds of processor time that it has used."""
        return processor_s(self.pid)


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process has used, by its own clock.

    ``clock_getcpuclockid(3)`` makes that clock's number so; what is counted in ``/proc`` are
    hundredths of a second, of which a gateway needs few in a round.
    """
    return time.clock_gettime(~pid << 3 | 2)


@contextlib.contextmanager
def bodhi(home: Path, hub: Path, *, core: int | None = None, **settings: str) -> Iterator[Running]:
    """The server on ``home``, on one processor if ``core`` is given, until the block ends.

    ``settings`` by name, as ``BODHI_*`` variables.
    """
    port = free_port()
    command = [sys.executable, "-m", "bodhi", "serve", "--port", str(port)]
    variables = {f"BODHI_{name.upper()}": value for name, value in settings.items()}
    variables |= {"BODHI_HOME": str(home), "HF_HUB_CACHE": str(hub)}
    with program(command, port=port, path="/health", core=core, variables=variables) as running:
        yield running


@contextlib.contextmanager
def program(
    command: list[str],
    *,
    port: int,
    path: str,
    core: int | None = None,
    variables: dict[str, str] | None = None,
    start_s: float = _START_S,
) -> Iterator[Running]:
    """A program that answers at ``path`` once it is ready. Raises SystemExit if it never does."""
    pinned = ["taskset", "-c", str(core), *command] if core is not None else command
    process = subprocess.Popen(
        pinned,
        env=os.environ | (variables or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, path, start_s)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_alias(home: Path, name: str, text: str) -> None:
    """One alias file."""
    folder = home / "aliases"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _wait(process: subprocess.Popen[bytes], port: int, path: str, start_s: float) -> None:
    end = time.monotonic() + start_s
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise SystemExit(f"{process.args!r} did not answer")
