"""``python -m benchmarks.start``: until the server answers, with few and with many aliases; memory.

Each round starts the real server and polls ``/health``; the clock runs from the moment the process
is made, and its processor time is what other work on the machine changes least. *Cold* is a home
that no server has seen, *warm* is one that has been served: what its files said is remembered. The
files themselves are in the system's cache both times. Idle memory is the resident set five seconds
later, no engine running.
"""

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.report import figure

ROUNDS = 5
PORT = 18311
ALIAS = """alias: made:{number}
repo: made/up-GGUF
filename: made-up.Q8_0.gguf
chat_template: llama3
context_params:
  n_ctx: 4096
request_params:
  temperature: 0.{digit}
  stop:
    - <|eot_id|>
"""


def main() -> None:
    """Measure and print."""
    for count in (3, 1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "aliases").mkdir()
            for number in range(count):
                text = ALIAS.format(number=number, digit=number % 10)
                (home / "aliases" / f"made--{number}.yaml").write_text(text)
            _time_to_ready(home)  # compiles what an installation has compiled
            cold = [_time_to_ready(home, forget=True) for _ in range(ROUNDS)]
            _figures(f"ready with {count:,} aliases, cold", cold)
            _be_seen(home)
            warm = [_time_to_ready(home) for _ in range(ROUNDS)]
            _figures(f"ready with {count:,} aliases, warm", warm)
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as process:
        _wait(process)
        time.sleep(5)
        resident = psutil.Process(process.pid).memory_info().rss / 2**20
        figure("idle memory of the server", [resident], "MiB", places=1)


def _time_to_ready(home: Path, *, forget: bool = False) -> tuple[float, float]:
    if forget:
        shutil.rmtree(home / "state", ignore_errors=True)
        shutil.rmtree(home / "versions", ignore_errors=True)
    started = time.perf_counter()
    with _server(home) as process:
        _wait(process)
        taken = time.perf_counter() - started
        times = psutil.Process(process.pid).cpu_times()
        return taken, times.user + times.system


def _figures(what: str, taken: list[tuple[float, float]]) -> None:
    walls, processors = zip(*taken, strict=True)
    figure(what, walls, "s")
    figure("  the same in processor time", processors, "s")


def _be_seen(home: Path) -> None:
    """Serve until the readings are kept."""
    with _server(home) as process:
        _wait(process)
        while not (home / "state" / "readings").exists():
            time.sleep(0.05)


@contextlib.contextmanager
def _server(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    surroundings = os.environ | {"BODHI_HOME": str(home), "HF_HUB_CACHE": str(home / "no-hub")}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "bodhi", "serve", "--port", str(PORT)],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
