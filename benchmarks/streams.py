"""``python -m benchmarks.streams``: real inference through Bodhi, beside the engine alone.

Tokens a second at 1 and 8 streams, and how even a stream stays while the server is hammered. The
model has random weights and some 100 million parameters, few for a model of today: the more there
are, the less is seen of what Bodhi adds.
"""

import asyncio
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.bare import alias_text, bare_engine
from benchmarks.client import ask, ask_together
from benchmarks.house import Running, bodhi, write_alias
from benchmarks.load import Plan, Reading, measure
from benchmarks.report import figure, note, ratios
from benchmarks.two_cores import two_cores
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

ROUNDS = 5
TOKENS = {1: 120, 8: 40}  # by the number of streams
GAP_TOKENS = 150
_HAMMER = b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_CONNECTIONS = 16


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        place = Path(folder)
        model = place / "model.gguf"
        write_tiny_gguf(model, layers=8, dim=1024)
        place_in_hub(place / "hub", "made/up-GGUF", "model.gguf", model)
        write_alias(place / "home", "bench", alias_text("bench", "model.gguf"))
        (place / "run").mkdir(mode=0o700)
        with bodhi(place / "home", place / "hub") as gateway:
            asyncio.run(_compare(gateway, model, place / "run"))
            _gaps(gateway)


async def _compare(gateway: Running, model: Path, place: Path) -> None:
    through: dict[int, list[float]] = {count: [] for count in TOKENS}
    straight: dict[int, list[float]] = {count: [] for count in TOKENS}
    async with bare_engine(model, place) as socket:
        for _ in range(ROUNDS + 1):
            for count, tokens in TOKENS.items():
                ways = ((through, ("127.0.0.1", gateway.port)), (straight, socket))
                for rates, target in ways:
                    rate = await asyncio.to_thread(ask_together, target, "bench", tokens, count)
                    rates[count].append(rate)
    for count in TOKENS:
        mine, theirs = through[count][1:], straight[count][1:]  # the first round warms up
        figure(f"{count} streams, the engine alone", theirs, "tok/s", places=1)
        figure(f"{count} streams, through Bodhi", mine, "tok/s", places=1)
        figure(f"{count} streams, Bodhi over the engine alone", ratios(mine, theirs), "x", places=3)


def _gaps(gateway: Running) -> None:
    target = ("127.0.0.1", gateway.port)
    quiet, busy = [], []
    for _ in range(ROUNDS):
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
