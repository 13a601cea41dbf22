"""``python -m benchmarks.cold``: the first token when no engine runs, and changing the alias.

Cold is the worst case: the demo's model loads in a tenth of a second, so that whatever Bodhi adds
is seen. The bare engine is the same worker process, started and asked without Bodhi.
"""

import asyncio
import http.client
import tempfile
import time
from pathlib import Path

import orjson

from benchmarks.bare import alias_text, bare_engine
from benchmarks.client import ask
from benchmarks.house import Running, bodhi, write_alias
from benchmarks.report import figure, ratios
from bodhi.demo import MODEL_FOLDER, REPO
from tests.support.hub import place_in_hub

ROUNDS = 7
SWITCHES = 100


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        place = Path(folder)
        model = next((MODEL_FOLDER / REPO).glob("*.gguf"))
        place_in_hub(place / "hub", "made/up-GGUF", "model.gguf", model)
        write_alias(place / "home", "one", alias_text("one", "model.gguf"))
        other = alias_text("two", "model.gguf") + "request_params:\n  top_k: 1\n"
        write_alias(place / "home", "two", other)
        (place / "run").mkdir(mode=0o700)
        with bodhi(place / "home", place / "hub") as gateway:
            _cold(gateway, model, place)
            _switch(gateway)


def _cold(gateway: Running, model: Path, place: Path) -> None:
    through, bare = [], []
    for _ in range(ROUNDS):
        bare.append(asyncio.run(_bare_first_token(model, place / "run")))
        through.append(ask(("127.0.0.1", gateway.port), "one", 4).first_s)
        _stop_engines(gateway)
    figure("cold first token, bare engine", [1000 * s for s in bare], "ms", places=0)
    figure("cold first token, through Bodhi", [1000 * s for s in through], "ms", places=0)
    figure("cold first token, Bodhi over bare", ratios(through, bare), "x")


async def _bare_first_token(model: Path, place: Path) -> float:
    began = time.perf_counter()
    async with bare_engine(model, place) as socket:
        answer = await asyncio.to_thread(ask, socket, "one", 4)
    return answer.arrivals[0] - began


def _switch(gateway: Running) -> None:
    target = ("127.0.0.1", gateway.port)
    ask(target, "one", 1)
    same, turns = [], []
    for _ in range(SWITCHES):
        same.append(ask(target, "one", 1).first_s)
        turns.append(ask(target, "two", 1).first_s)
    loads = [engine["loads"] for engine in _engines(gateway)]
    figure("first token, the alias of before", [1000 * s for s in same], "ms")
    figure("first token, the other alias on the same file", [1000 * s for s in turns], "ms")
    # Each of the rounds above, and the one request before the switches, began a load.
    extra = sum(loads) - ROUNDS - 1
    figure(f"loads caused by {2 * SWITCHES} changes of the alias", [extra], "", places=0)


def _engines(gateway: Running) -> list[dict[str, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port)
    connection.request("GET", "/api/v1/engines")
    engines: list[dict[str, int]] = orjson.loads(connection.getresponse().read())["engines"]
    return engines


def _stop_engines(gateway: Running) -> None:
    for engine in _engines(gateway):
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port)
        connection.request("DELETE", f"/api/v1/engines/{engine['id']}")
        connection.getresponse().read()


if __name__ == "__main__":
    main()
