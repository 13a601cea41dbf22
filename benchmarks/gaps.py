"""``python -m benchmarks.gaps``: how even a stream stays while the control plane is hammered.

Lists, saves, new and deleted aliases are asked for by connections of their own, one request after
another, over a home with a thousand aliases. The model is tiny, so that a gap is nobody's but ours.
"""

import http.client
import itertools
import json
import statistics
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.bare import alias_text
from benchmarks.client import ask
from benchmarks.house import bodhi, write_alias
from benchmarks.report import figure, note
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

ALIASES = 1000
ROUNDS = 5
TOKENS = 400
_RECIPE = {"repo": "made/up-GGUF", "filename": "model.gguf"}

Request = tuple[str, str, object]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        place = Path(folder)
        write_tiny_gguf(place / "model.gguf")
        place_in_hub(place / "hub", "made/up-GGUF", "model.gguf", place / "model.gguf")
        for name in ("bench", *(f"other-{number}" for number in range(ALIASES))):
            write_alias(place / "home", name, alias_text(name, "model.gguf"))
        with bodhi(place / "home", place / "hub") as gateway:
            target = ("127.0.0.1", gateway.port)
            _p99_ms(target)  # loads the engine
            _Hammer(gateway.port, _lists).once()  # and the control plane
            quiet = [_p99_ms(target) for _ in range(ROUNDS)]
            busy = [_hammered(gateway.port, target) for _ in range(ROUNDS)]
    figure("gap between tokens, p99, nothing else asked", quiet, "ms")
    figure("the same while lists and saves are hammered", busy, "ms")


def _hammered(port: int, target: tuple[str, int]) -> float:
    hammers = [_Hammer(port, work) for work in (_lists, _saves, _comings_and_goings)]
    for hammer in hammers:
        hammer.start()
    try:
        return _p99_ms(target)
    finally:
        for hammer in hammers:
            hammer.stop()
        answers = sum((hammer.statuses for hammer in hammers), Counter[int]())
        note(f"  answers of the control plane meanwhile, by status: {dict(answers)}")


def _p99_ms(target: tuple[str, int]) -> float:
    gaps = ask(target, "bench", TOKENS).gaps_s
    return 1000 * statistics.quantiles(gaps, n=100)[98]


def _lists(number: int) -> Request:
    del number
    return "GET", "/api/v1/aliases", None


def _saves(number: int) -> Request:
    edit = {"path": ["request_params", "temperature"], "value": (number % 20) / 10}
    return "PATCH", f"/api/v1/aliases/other-{number % ALIASES}", {"edits": [edit]}


def _comings_and_goings(number: int) -> Request:
    name = f"come-{number // 2}"
    if number % 2:
        return "DELETE", f"/api/v1/aliases/{name}", None
    return "POST", "/api/v1/aliases", {"recipe": {"name": name, **_RECIPE}}


class _Hammer:
    """Asks one thing after the other until it is told to stop; counts the answers."""

    _numbers = itertools.count()

    def __init__(self, port: int, work: Callable[[int], Request]) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._work = work
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._first = 2 * 10_000 * next(self._numbers)
        self.statuses: Counter[int] = Counter()

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the request that is on its way."""
        self._stopped.set()
        self._thread.join()
        self._line.close()

    def once(self, number: int = 0) -> None:
        """One request and its whole answer."""
        method, path, body = self._work(number)
        headers = {"if-match": "*", "content-type": "application/json"}
        sent = None if body is None else json.dumps(body)
        self._line.request(method, path, body=sent, headers=headers if method != "GET" else {})
        answer = self._line.getresponse()
        answer.read()
        self.statuses[answer.status] += 1

    def _run(self) -> None:
        for number in itertools.count(self._first):
            if self._stopped.is_set():
                return
            self.once(number)


if __name__ == "__main__":
    main()
