"""``python -m benchmarks.usage``: a million requests' records, what writing them and figures cost.

Records are made in the order of time, over thirty days and twenty aliases, and written by what
writes them in a server. Figures are asked of a real server over them; the processor's time is the
server's own, because that of the clock is also other programs'.
"""

import contextlib
import http.client
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.house import Running, bodhi
from benchmarks.report import figure
from bodhi.usage.keeping import Usage
from bodhi.usage.model import RequestRecord
from bodhi.usage.writing import write
from tests.usage.records import traffic

RECORDS = 1_000_000
ROUNDS = 9
_DAY_S = 86400
_DAYS = 30
_AT_ONCE = 5000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        home = Path(folder, "home")
        (home / "state").mkdir(parents=True)
        figure("writing one record, processor time", _fill(home / "state"), "µs", places=1)
        size = (home / "state" / "usage.sqlite3").stat().st_size
        figure(f"{RECORDS:,} records on the disk", [size / 2**20], "MiB", places=0)
        with bodhi(home, home / "no-hub") as gateway:
            _get(
                gateway.port, "/api/v1/dashboard"
            )  # the control plane is loaded, and the file open
            for name, path in _questions().items():
                _ask(gateway, name, path)


def _questions() -> dict[str, str]:
    now = int(time.time())
    day, month = f"from={now - _DAY_S}&to={now}", f"from={now - _DAYS * _DAY_S}&to={now}"
    return {
        "the dashboard": "/api/v1/dashboard",
        "summary of a day": f"/api/v1/usage/summary?{day}",
        "summary of thirty days": f"/api/v1/usage/summary?{month}",
        "aliases of thirty days": f"/api/v1/usage/aliases?{month}",
        "models of thirty days": f"/api/v1/usage/models?{month}",
        "templates of thirty days": f"/api/v1/usage/templates?{month}",
        "adjustments of thirty days": f"/api/v1/usage/adjustments?{month}",
        "a day by the hour": f"/api/v1/usage/series?{day}&every=hour",
        "thirty days by the day": f"/api/v1/usage/series?{month}&every=day",
        "thirty days by the day and alias": f"/api/v1/usage/series?{month}&every=day&by=alias",
        "thirty days by the hour": f"/api/v1/usage/series?{month}&every=hour",
    }


def _ask(gateway: Running, name: str, path: str) -> None:
    taken, worked = [], []
    for _ in range(ROUNDS):
        before, began = gateway.processor_s(), time.perf_counter()
        _get(gateway.port, path)
        taken.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (gateway.processor_s() - before))
    figure(name, taken, "ms", places=1)
    figure("  of it the server's processor time", [sum(worked) / ROUNDS], "ms", places=1)


def _fill(folder: Path) -> list[float]:
    """Write all records; the microseconds of processor time that one of each batch took."""
    usage, taken = Usage(folder), []
    usage.database.open()
    for batch in _batches():
        began = time.process_time()
        with usage.database.writing() as connection:
            write(connection, batch)
        taken.append(1e6 * (time.process_time() - began) / len(batch))
    usage.database.close()
    return taken


def _batches() -> Iterator[list[RequestRecord]]:
    length = _DAYS * _DAY_S * _AT_ONCE / RECORDS
    first = time.time() - _DAYS * _DAY_S
    for number in range(RECORDS // _AT_ONCE):
        made = traffic(number, start=first + number * length, seconds=length)
        yield list(itertools.islice(made, _AT_ONCE))


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} was answered with {answer.status}")
    return body


if __name__ == "__main__":
    main()
