"""What usage sums up is what a client counted itself, over kills of the server as well."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server, wait_until

MODEL = "tests/tiny-GGUF:F32"
_LOSS_S = 1.0
_CALLERS = 4
_SHORT = {"model": MODEL, "prompt": "the", "max_tokens": 2, "ignore_eos": True}
_STREAM = _SHORT | {"stream": True, "stream_options": {"include_usage": True}}


@dataclass(frozen=True)
class Entry:
    """One request as its caller saw it. ``at`` is when it ended, in seconds since the epoch."""

    id: str
    at: float
    outcome: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass
class Log:
    """The client's own log. ``must`` are requests of which no kill may have cost the record."""

    entries: list[Entry] = field(default_factory=list)
    must: set[str] = field(default_factory=set)


def whole(client: httpx.Client) -> Entry:
    answer = client.post("/v1/completions", json=_SHORT)
    return _finished(answer, answer.json()["usage"])


def streamed(client: httpx.Client) -> Entry:
    with client.stream("POST", "/v1/completions", json=_STREAM) as answer:
        lines = [line for line in answer.iter_lines() if line.startswith("data: {")]
        usages = [httpx.Response(200, content=line[6:]).json().get("usage") for line in lines]
    return _finished(answer, next(one for one in reversed(usages) if one))


def misspelt(client: httpx.Client) -> Entry:
    return _refused(client.post("/v1/completions", json=_SHORT | {"model": "nobody"}), 404)


def out_of_range(client: httpx.Client) -> Entry:
    return _refused(client.post("/v1/completions", json=_SHORT | {"temperature": -1}), 400)


def left(client: httpx.Client) -> Entry:
    body = _SHORT | {"stream": True, "max_tokens": 4000}
    with client.stream("POST", "/v1/completions", json=body) as answer:
        next(answer.iter_bytes())
    return Entry(answer.headers["x-request-id"], time.time(), "left")


_WAYS: list[Callable[[httpx.Client], Entry]] = [
    *[whole] * 6, *[streamed] * 6, misspelt, out_of_range, left,
]  # fmt: skip


def _finished(answer: httpx.Response, usage: Mapping[str, int]) -> Entry:
    assert answer.status_code == 200
    tokens = usage["prompt_tokens"], usage["completion_tokens"]
    return Entry(answer.headers["x-request-id"], time.time(), "finished", *tokens)


def _refused(answer: httpx.Response, status: int) -> Entry:
    assert answer.status_code == status, answer.text
    return Entry(answer.headers["x-request-id"], time.time(), "refused")


def _call(server: RunningServer, seed: int, log: Log, is_over: threading.Event) -> None:
    """Ask in every way until told to stop, or until the server is gone."""
    chance = random.Random(seed)
    with server.http() as client:
        while not is_over.is_set():
            try:
                log.entries.append(chance.choice(_WAYS)(client))
            except httpx.TransportError:
                return


def ask_and_kill(server: RunningServer, log: Log, count: int, seed: int, *, kill: bool) -> None:
    """At least so many requests; the server is killed in the middle of the next ones.

    Not before half of them have to be recorded, however quick it answers.
    """
    is_over, known = threading.Event(), len(log.entries)
    callers = [
        threading.Thread(target=_call, args=(server, seed + number, log, is_over))
        for number in range(_CALLERS)
    ]
    for caller in callers:
        caller.start()

    def is_enough() -> bool:
        came = log.entries[known:]
        settled = sum(one.at < time.time() - _LOSS_S for one in came)
        return len(came) >= count and settled >= count // 2

    assert wait_until(is_enough, 60 + count / 2)
    killed_at = time.time()
    if kill:
        server.process.kill()
    is_over.set()
    for caller in callers:
        caller.join(60)
    log.must |= {one.id for one in log.entries[known:] if not kill or one.at < killed_at - _LOSS_S}


def recorded(home: Path) -> list[str]:
    """The ids of the requests that are recorded, read by nobody's code but SQLite's."""
    path = home / "state" / "usage.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT request_id FROM requests")]


def wrong_with(log: Log, ids: list[str], told: Mapping[str, Any]) -> list[str]:
    """In what records and the figures that the server tells differ from the client's log."""
    kept = [one for one in log.entries if one.id in set(ids)]
    outcomes = Counter(one.outcome for one in kept)
    counted = {
        "requests": len(kept),
        "prompt_tokens": sum(one.prompt_tokens for one in kept),
        "completion_tokens": sum(one.completion_tokens for one in kept if one.outcome != "left"),
        **{name: outcomes[name] for name in ("finished", "refused", "left")},
    }
    wrong = [f"{len(log.must - set(ids))} missing"] if log.must - set(ids) else []
    # A request that was on its way when the server was killed is in no caller's log.
    unknown = len(set(ids)) - len(kept)
    wrong += [f"{unknown} unknown"] if unknown > 3 * _CALLERS else []
    wrong += [f"{len(ids) - len(set(ids))} double"] if len(ids) != len(set(ids)) else []
    for name, value in counted.items():
        if not value <= told[name] <= value + (unknown if name == "requests" else 10 * unknown):
            wrong.append(f"{name}: {told[name]}, and {value} were counted")
    return wrong


@pytest.fixture
def hub(tmp_path: Path, tiny_model: Path) -> Path:
    place_in_hub(tmp_path / "hub", "tests/tiny-GGUF", "tiny.F32.gguf", tiny_model)
    return tmp_path / "hub"


def told_after_kills(home: Path, hub: Path, log: Log, count: int) -> tuple[list[str], Any]:
    """What is recorded and told after so many requests in four parts, with a kill between each."""
    began = time.time()
    for part in range(4):
        with running_server(home, hub) as server:
            ask_and_kill(server, log, count // 4, 100 * part, kill=part < 3)
            if part == 3:
                wait_until(lambda: log.must <= set(recorded(home)), 20, 0.1)
                span = {"from": began - 60, "to": time.time() + 60}
                with server.http() as client:
                    answer = client.get("/api/v1/usage/summary", params=span)
                assert answer.status_code == 200, answer.text
                return recorded(home), answer.json()["figures"]
    raise AssertionError("there are four parts")


def test_figures_are_the_clients_own_over_three_kills(tmp_path: Path, hub: Path) -> None:
    log = Log()
    ids, told = told_after_kills(tmp_path / "home", hub, log, 1_000)
    assert wrong_with(log, ids, told) == []
    assert len(log.must) > 400
    assert {one.outcome for one in log.entries} == {"finished", "refused", "left"}


@pytest.mark.soak
def test_figures_are_the_clients_own_over_ten_thousand_requests(tmp_path: Path, hub: Path) -> None:
    log = Log()
    ids, told = told_after_kills(tmp_path / "home", hub, log, 10_000)
    assert wrong_with(log, ids, told) == []
    assert len(log.must) > 9_000


def test_what_is_lost_or_counted_twice_would_be_found() -> None:
    entries = [Entry(str(number), 0.0, "finished", 3, 2) for number in range(100)]
    log = Log(entries, {one.id for one in entries})
    ids = [one.id for one in entries]
    told = {"requests": 100, "prompt_tokens": 300, "completion_tokens": 200}
    told |= {"finished": 100, "refused": 0, "left": 0}
    assert wrong_with(log, ids, told) == []
    assert wrong_with(log, ids[1:], told | {"requests": 99}) != []
    assert wrong_with(log, [*ids, "1"], told) == ["1 double"]
    for name in told:
        assert wrong_with(log, ids, told | {name: told[name] + 1}) != []
