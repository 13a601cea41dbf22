"""``python -m benchmarks.listing``: ten thousand aliases over HTTP, and what others notice of it.

The list is asked of a real server while another connection asks ``/health`` again and again: how
long the slowest of these took is how long somebody's answer would have stood still.
"""

import contextlib
import http.client
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.house import bodhi
from benchmarks.report import figure
from benchmarks.start import ALIAS

ALIASES = 10_000
ROUNDS = 3
_LIST = "/api/v1/aliases"
_PAGE = (
    f"{_LIST}?q=source:user%20temp%3E0.4&sort=temp,-modified,name&group=template"
    "&facets=source,state,tag&limit=100"
)


def main() -> None:
    """Measure and print."""
    seconds: dict[str, list[float]] = {"the first time": [], "again": [], "after one edit": []}
    slowest: list[float] = []
    pages: list[float] = []
    first: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="bench") as folder:
            home = Path(folder, "home")
            (home / "aliases").mkdir(parents=True)
            for number in range(ALIASES):
                _write(home, number, number % 10)
            with bodhi(home, home / "no-hub") as gateway:
                # The control plane is loaded when it is first asked, whatever for.
                _get(gateway.port, "/api/v1/engines")
                with _somebody_else(gateway.port) as delays:
                    first.append(_seconds(gateway.port, f"{_LIST}?limit=100"))
                    slowest.append(1000 * max(delays, default=0.0))
                    for what, taken in seconds.items():
                        if what == "after one edit":
                            _edit(gateway.port, home)
                        delays.clear()
                        began = time.perf_counter()
                        size = len(_get(gateway.port, _LIST))
                        taken.append(time.perf_counter() - began)
                        slowest.append(1000 * max(delays, default=0.0))
                pages += [1000 * _seconds(gateway.port, _PAGE) for _ in range(ROUNDS)]
    figure(f"the list of {ALIASES:,} aliases", [size / 1e6], "MB", places=1)
    figure("a page of a hundred, the first time", first, "s")
    for what, taken in seconds.items():
        figure(f"all of them, {what}", taken, "s")
    figure("a page of them, searched, sorted, grouped and counted", pages, "ms", places=1)
    figure("slowest answer to others meanwhile", slowest, "ms", places=1)


def _seconds(port: int, path: str) -> float:
    began = time.perf_counter()
    _get(port, path)
    return time.perf_counter() - began


def _write(home: Path, number: int, digit: int) -> None:
    text = ALIAS.format(number=number, digit=digit)
    (home / "aliases" / f"made--{number}.yaml").write_text(text, encoding="utf-8")


def _edit(port: int, home: Path) -> None:
    """Change one alias, and wait until the server has seen it."""
    before = _get(port, f"{_LIST}/made--0")
    _write(home, 0, 9)
    while _get(port, f"{_LIST}/made--0") == before:
        time.sleep(0.01)


@contextlib.contextmanager
def _somebody_else(port: int) -> Iterator[list[float]]:
    """Asks ``/health`` a few hundred times a second; the list is how many seconds each took."""
    delays: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not stop.wait(0.001):
            began = time.perf_counter()
            connection.request("GET", "/health")
            connection.getresponse().read()
            delays.append(time.perf_counter() - began)
        connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield delays
    finally:
        stop.set()
        asking.join()


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read()


if __name__ == "__main__":
    main()
