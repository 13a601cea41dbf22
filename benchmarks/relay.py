"""``python -m benchmarks.relay``: what the way through Bodhi costs, beside none and LiteLLM's.

The engine is a stub that answers at once, so that nothing but the way is left. The gateway, with
everything switched on that a user's server has, runs on one processor; the generator and the stub
share the other. *Direct* is the same request sent to the stub without a gateway.

Ratios compare what a second of processor time is worth, the gateway's or (direct) the stub's own:
the rate that an infinitely quick client would see, which no client here is, on a machine where
nobody else takes time away. The rates that were seen stand beside, with the generator's ceiling.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from benchmarks.house import Running, bodhi, free_port, program, write_alias
from benchmarks.litellm import litellm
from benchmarks.load import Plan, Reading, measure, request_bytes
from benchmarks.report import figure, note, ratios
from benchmarks.stub_engine import write_program
from benchmarks.two_cores import two_cores
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 16
PATH = "/v1/chat/completions"
_ALIAS = """\
alias: stub
repo: made/up-GGUF
filename: m.gguf
chat_template: embedded
context_params:
  n_parallel: 16
request_params:
  temperature: 0.3
  top_p: 0.9
  stop:
    - <|end|>
request_policy:
  top_p: enforce
"""
_BODY = {"model": "stub", "messages": [{"role": "user", "content": "What day comes after Monday?"}]}


@dataclass
class Series:
    """The rounds of one way: its readings, and the answers a processor second was worth."""

    readings: list[Reading] = field(default_factory=list)
    per_processor_s: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    gateway_core, load_core = two_cores()
    with tempfile.TemporaryDirectory(prefix="bench") as folder, ExitStack() as stack:
        place = Path(folder)
        gateway = stack.enter_context(_gateway(place, gateway_core, load_core))
        engine = stack.enter_context(_stub(place, load_core, "shared"))
        lone = stack.enter_context(_stub(place, gateway_core, "lone"))
        peer = stack.enter_context(litellm(engine.port, core=gateway_core))
        for streams in (True, False):
            _compare(gateway, lone, peer, load_core, streams=streams)
        _added_latency(gateway, lone, load_core)


def _compare(gateway: Running, direct: Running, peer: Running, core: int, *, streams: bool) -> None:
    what = "streamed" if streams else "in one piece"
    ways = {"direct": direct, "Bodhi": gateway, "LiteLLM": peer}
    series = {name: Series() for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            _take(series[name], way, core, streams=streams, reconnect=name == "direct" and streams)
    for name in ways:
        _print_rates(f"{what}, {name}, {CONNECTIONS} connections", series[name])
    worth = {name: series[name].per_processor_s for name in ways}
    figure(f"{what}, Bodhi over direct", ratios(worth["Bodhi"], worth["direct"]), "x", places=3)
    figure(f"{what}, Bodhi over LiteLLM", ratios(worth["Bodhi"], worth["LiteLLM"]), "x", places=0)


def _take(series: Series, way: Running, core: int, *, streams: bool, reconnect: bool) -> None:
    plan = Plan(("127.0.0.1", way.port), _request(streams), CONNECTIONS, SECONDS, reconnect)
    before = way.processor_s()
    reading = measure(plan, core)
    series.readings.append(reading)
    series.per_processor_s.append(reading.rate * SECONDS / (way.processor_s() - before))


def _added_latency(gateway: Running, direct: Running, core: int) -> None:
    added = []
    for _ in range(ROUNDS):
        plans = [
            Plan(("127.0.0.1", way.port), _request(streams=True), 1, SECONDS, way is direct)
            for way in (gateway, direct)
        ]
        relayed, straight = (measure(plan, core).median_s for plan in plans)
        added.append(1000 * (relayed - straight))
    figure("streamed, 1 connection, median answer: Bodhi minus direct", added, "ms", places=3)


def _print_rates(name: str, series: Series) -> None:
    figure(name, [reading.rate for reading in series.readings], "/s", places=0)
    figure("  per second of its processor time", series.per_processor_s, "/s", places=0)
    ceiling = min(reading.ceiling for reading in series.readings)
    wrong = sum(reading.wrong for reading in series.readings)
    is_valid = all(reading.is_valid for reading in series.readings)
    verdict = "" if is_valid else "; the rate is INVALID, it is the generator's"
    note(f"  the generator alone could do {ceiling:,.0f}/s; {wrong} wrong answers{verdict}")


def _request(streams: bool) -> bytes:
    return request_bytes(PATH, orjson.dumps(_BODY | ({"stream": True} if streams else {})))


@contextmanager
def _gateway(place: Path, core: int, engine_core: int) -> Iterator[Running]:
    model, hub, home = place / "m.gguf", place / "hub", place / "home"
    write_tiny_gguf(model)
    place_in_hub(hub, "made/up-GGUF", "m.gguf", model)
    write_alias(home, "stub", _ALIAS)
    engine = write_program(place / "llama-server", core=engine_core)
    with bodhi(home, hub, core=core, engine="binary", llama_server=str(engine)) as running:
        # The engine is started by the first request, which nobody measures.
        measure(Plan(("127.0.0.1", running.port), _request(streams=False), 1, 1.0), engine_core)
        yield running


@contextmanager
def _stub(place: Path, core: int, name: str) -> Iterator[Running]:
    port = free_port()
    command = [str(write_program(place / name, core=core)), "--alias", "stub"]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    with program([*command, *where], port=port, path="/health") as running:
        yield running


if __name__ == "__main__":
    main()
