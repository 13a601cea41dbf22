"""``python -m benchmarks.bombs``: streams beside hostile chat templates, over HTTP.

The engine is a stub that sends a piece to each of four streams every ten milliseconds. Meanwhile
every template that is meant to use a machine up is sent to be rendered: one after the other, and
two at a time, as many as there are processes for it. Then one also waits until the process of
another has been replaced. The gaps are those between pieces as the streams' reader gets them; the
same is measured without bombs, for as long, in turns.
"""

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.client import ask
from benchmarks.house import bodhi, write_alias
from benchmarks.load import Target
from benchmarks.report import figure, note
from benchmarks.stub_engine import write_program
from bodhi.chat_templates.size import is_too_large
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf
from tests.threats.template_payloads import BOMBS

ROUNDS = 2
STREAMS = 4
PACE_S = 0.010
TOKENS = 100  # a second of each stream, which then begins anew
AT_ONCE = (1, 2)
_ALIAS = (
    f"alias: stub\nrepo: made/up-GGUF\nfilename: m.gguf\nchat_template: embedded\n"
    f"context_params:\n  n_parallel: {STREAMS}\n  n_ctx: {STREAMS * 512}\n"
)


@dataclass(frozen=True)
class Ended:
    """How one bomb ended, and after how many seconds."""

    name: str
    status: int
    took_s: float


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder, _house(Path(folder)) as target:
        _send_all(target, 2)  # starts the processes that render
        for at_once in AT_ONCE:
            _measure(target, at_once)


def _measure(target: Target, at_once: int) -> None:
    beside, alone, slowest = [], [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with _Streams(target) as streams:
            ended = _send_all(target, at_once)
        beside.append(streams.p99_ms())
        slowest.append(max(one.took_s for one in ended))
        wrong = [f"{one.name}: {one.status}" for one in ended if one.status != 422]
        note(f"  {len(ended)} bombs, other answers than 422: {', '.join(wrong) or 'none'}")
        lasted_s = time.perf_counter() - began
        with _Streams(target) as streams:
            time.sleep(lasted_s)
        alone.append(streams.p99_ms())
    figure(f"gap of {STREAMS} streams, p99, {at_once} bomb(s) at a time", beside, "ms", places=1)
    figure("the same without bombs", alone, "ms", places=1)
    figure("the slowest bomb's answer", slowest, "s")


@contextmanager
def _house(place: Path) -> Iterator[Target]:
    """A running server, whose engine has been started."""
    write_tiny_gguf(place / "m.gguf")
    place_in_hub(place / "hub", "made/up-GGUF", "m.gguf", place / "m.gguf")
    write_alias(place / "home", "stub", _ALIAS)
    engine = write_program(place / "llama-server", pace_s=PACE_S)
    homes = place / "home", place / "hub"
    with bodhi(*homes, engine="binary", llama_server=str(engine)) as running:
        target = "127.0.0.1", running.port
        ask(target, "stub", 1)
        yield target


def _send_all(target: Target, at_once: int) -> list[Ended]:
    """Every one that is not refused for its size alone."""
    bombs = [(name, text) for name, text in BOMBS.items() if not is_too_large(text)]
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda bomb: _send(target, *bomb), bombs))


def _send(target: Target, name: str, text: str) -> Ended:
    assert not isinstance(target, str)  # noqa: S101 - a server of ours is on TCP
    line = http.client.HTTPConnection(*target, timeout=60)
    asked = {"template": text, "messages": [{"role": "user", "content": "Hello"}]}
    began = time.perf_counter()
    headers = {"content-type": "application/json"}
    line.request("POST", "/api/v1/templates/render", orjson.dumps(asked), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return Ended(name, answer.status, time.perf_counter() - began)


class _Streams:
    """Within ``with``, every stream is asked for again as soon as it has ended."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._stopped = threading.Event()
        self._gaps_s: list[float] = []

    def __enter__(self) -> "_Streams":
        self._threads = [threading.Thread(target=self._run) for _ in range(STREAMS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def p99_ms(self) -> float:
        """Of all gaps of all streams."""
        return 1000 * statistics.quantiles(self._gaps_s, n=100)[98]

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._gaps_s += ask(self._target, "stub", TOKENS).gaps_s


if __name__ == "__main__":
    main()
