"""``python -m benchmarks.streams``: real inference through Bodhi, beside the engine alone.

Tokens a second at 1 and 8 streams, and how even a stream stays while the server is hammered. The
engine alone is Bodhi's own, asked the same on its own socket: two engines with the same options
differ by more than the gateway takes. Every answer is as long as was asked for. The two ways take
turns, each first in every other round, and the ratio is of neighbours, so that a machine that slows
down does not speak for one of them.

The same is told in processor time, engine and gateway together over the engine alone: what Bodhi
takes from an engine that needs every processor, whatever else the machine does meanwhile. What the
gateway takes itself is told apart, and set against the engine alone. The model has random weights
and some 300 million parameters, as few as the smallest in use: the more there are, the less is seen
of what Bodhi adds.
"""

import statistics
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.bare import alias_text
from benchmarks.client import ask, ask_together
from benchmarks.house import Running, bodhi, processor_s, write_alias
from benchmarks.load import Plan, Reading, Target, measure
from benchmarks.report import figure, note, ratios
from benchmarks.two_cores import two_cores
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

ROUNDS = 8
TOKENS = {1: 60, 8: 40}  # of each answer, by the number of streams
GAP_TOKENS = 150
GAP_ROUNDS = 5
_HAMMER = b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_CONNECTIONS = 16


@dataclass
class Way:
    """Where to ask, the processor time taken by all who serve there, and what was seen."""

    target: Target
    processor_s: Callable[[], float]
    gateway_s: Callable[[], float]
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # milliseconds of a processor, a token
    shares: list[float] = field(default_factory=list)  # of it the gateway's own

    def take(self, count: int) -> None:
        """One round."""
        before, own = self.processor_s(), self.gateway_s()
        self.rates.append(ask_together(self.target, "bench", TOKENS[count], count))
        tokens = count * TOKENS[count]
        self.costs.append(1000 * (self.processor_s() - before) / tokens)
        self.shares.append(1000 * (self.gateway_s() - own) / tokens)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        place = Path(folder)
        model = place / "model.gguf"
        write_tiny_gguf(model, layers=24, dim=1024)
        place_in_hub(place / "hub", "made/up-GGUF", "model.gguf", model)
        write_alias(place / "home", "bench", alias_text("bench", "model.gguf"))
        with bodhi(place / "home", place / "hub") as gateway:
            _compare(gateway)
            _gaps(gateway)


def _compare(gateway: Running) -> None:
    ask(("127.0.0.1", gateway.port), "bench", 1)  # starts the engine
    engine = _engine_below(gateway.pid)

    def engine_s() -> float:
        return processor_s(engine.pid)

    for count in TOKENS:
        ways = (
            Way(
                ("127.0.0.1", gateway.port),
                lambda: engine_s() + gateway.processor_s(),
                gateway.processor_s,
            ),
            Way(_socket_of(engine), engine_s, lambda: 0.0),
        )
        for number in range(ROUNDS + 1):
            for way in ways[:: 1 if number % 2 else -1]:
                way.take(count)
        _tell(count, *ways)


def _engine_below(pid: int) -> psutil.Process:
    (engine,) = psutil.Process(pid).children(recursive=True)
    return engine


def _socket_of(engine: psutil.Process) -> str:
    """The path on which it listens."""
    (path,) = {str(line.laddr) for line in engine.net_connections("unix")} - {""}
    return path


def _tell(count: int, through: Way, alone: Way) -> None:
    mine, theirs = through.rates[1:], alone.rates[1:]  # the first round warms up
    spent, bare = through.costs[1:], alone.costs[1:]
    streams = f"{count} stream{'s' if count > 1 else ''}"
    figure(f"{streams}, the engine alone", theirs, "tok/s", places=1)
    figure(f"{streams}, through Bodhi", mine, "tok/s", places=1)
    figure(f"{streams}, Bodhi over the engine alone", ratios(mine, theirs), "x", places=3)
    figure("  processor time of a token, the engine alone", bare, "ms")
    figure("  the same, the engine alone over Bodhi with it", ratios(bare, spent), "x", places=3)
    own = through.shares[1:]
    figure("  the gateway's own processor time of a token", own, "ms", places=3)
    together = [engine + share for engine, share in zip(bare, own, strict=True)]
    figure("  the engine alone over itself and that", ratios(bare, together), "x", places=4)


def _gaps(gateway: Running) -> None:
    target = ("127.0.0.1", gateway.port)
    quiet, busy = [], []
    for _ in range(GAP_ROUNDS):
        quiet.append(_p99_ms(target))
        with ThreadPoolExecutor(1) as pool:
            hammering = pool.submit(_hammer, target)
            busy.append(_p99_ms(target))
            reading = hammering.result()
            note(f"  {reading.rate:,.0f} other requests/s meanwhile, {reading.wrong} wrong")
    figure("gap between tokens, p99, nothing else asked", quiet, "ms")
    figure(f"the same while {_CONNECTIONS} connections ask for the models", busy, "ms")


def _p99_ms(target: tuple[str, int]) -> float:
    gaps = ask(target, "bench", GAP_TOKENS).gaps_s
    return 1000 * statistics.quantiles(gaps, n=100)[98]


def _hammer(target: tuple[str, int]) -> Reading:
    return measure(Plan(target, _HAMMER, _CONNECTIONS, 2.0), two_cores()[1])


if __name__ == "__main__":
    main()
