"""A month of requests and experiments for the showcase, written as the server's own writer does it.

Chance is seeded; the times end now. Two days and some nights are empty, so that pictures have gaps.
"""

import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bodhi.usage.keeping import usage_database
from bodhi.usage.model import ExperimentKind, ExperimentRecord, Outcome, RequestRecord, Source
from bodhi.usage.writing import write
from tests.support.server import RunningServer
from tests.usage.records import experiment, request

_HOUR, _DAY = 3600, 86400
# Alias -> how often it is asked in a busy hour, its chat template, its tokens per second.
_ASKED = {
    "llama3:instruct": (9, "embedded", 38.0),
    "coder": (6, "builtin:llama3", 21.0),
    "coder:review": (2, "builtin:llama3", 22.0),
    "demo:precise": (3, "embedded", 640.0),
    "gemma:translate": (1, "builtin:gemma", 30.0),
}
_MODELS = {
    "bartowski/Llama-3.2-3B-Instruct-GGUF:Q8_0": (3, "embedded", 36.0),
    "ggml-org/gemma-3-4b-it-GGUF:Q4_K_M": (1, "embedded", 31.0),
}
_OUTCOMES = (*[Outcome.FINISHED] * 60, Outcome.FAILED, Outcome.INTERRUPTED, *[Outcome.LEFT] * 2)
_CHANGED = ("temperature", "temperature", "top_p", "max_tokens", "seed", "n_ctx", "min_p")


def write_history(
    server: RunningServer, home: Path, *, days: int = 30, now: float | None = None
) -> list[RequestRecord]:
    """Into the database of a running server, whose aliases it is about; returns the requests."""
    uids = _uids(server)
    chance = random.Random(7)
    end = time.time() if now is None else now
    requests = list(_requests(chance, uids, end - days * _DAY, end))
    tried = [
        experiment(
            at=end - chance.random() * days * _DAY,
            kind=chance.choice([ExperimentKind.TRIAL] * 4 + [ExperimentKind.PUBLISH]),
            uid=uids["coder"],
            changed_fields=(f"/request_params/{chance.choice(_CHANGED)}",),
        )
        for _ in range(days * 4)
    ]
    _keep(home, requests, tried)
    return requests


def write_asked(server: RunningServer, home: Path, asked: Mapping[str, int], at: float) -> None:
    """So many requests to each of these user aliases, all of one moment."""
    uids, chance = _uids(server), random.Random(7)
    requests = [
        _one(chance, at, alias, uids[alias], Source.USER, "embedded", 30.0)
        for alias, times in asked.items()
        for _ in range(times)
    ]
    _keep(home, requests, [])


def _keep(home: Path, requests: list[RequestRecord], tried: list[ExperimentRecord]) -> None:
    database = usage_database(home / "state")
    database.open()
    try:
        with database.writing() as connection:
            write(connection, requests, tried)
    finally:
        database.close()


def _requests(
    chance: random.Random, uids: Mapping[str, str], start: float, end: float
) -> Iterator[RequestRecord]:
    empty = {3, 4}  # days (UTC) of the span
    hour = start // _HOUR * _HOUR
    while hour < end:
        busy = 0.1 if time.gmtime(hour).tm_hour < 6 else 1.0
        if int(hour // _DAY - start // _DAY) not in empty:
            for source, asked in ((Source.USER, _ASKED), (Source.MODEL, _MODELS)):
                for alias, (often, template, speed) in asked.items():
                    for _ in range(int(chance.random() * (often + 1) * busy)):
                        at = hour + chance.random() * _HOUR
                        if at < end:
                            uid = uids.get(alias, alias)
                            yield _one(chance, at, alias, uid, source, template, speed)
        hour += _HOUR


def _one(
    chance: random.Random,
    at: float,
    alias: str,
    uid: str,
    source: Source,
    template: str,
    speed: float,
) -> RequestRecord:
    tokens = chance.randrange(40, 400)
    generation = tokens / (speed * (0.8 + 0.4 * chance.random())) * 1000
    first = 80 + chance.random() * 400
    return request(
        request_id=f"{chance.getrandbits(64):016x}",
        started_at=at,
        uid=uid,
        alias=alias,
        source=source,
        model=alias if source is Source.MODEL else _MODEL_OF.get(alias, "bodhi/demo:Q8_0"),
        template=template,
        outcome=chance.choice(_OUTCOMES),
        prompt_tokens=chance.randrange(50, 2000),
        cached_tokens=chance.randrange(50),
        completion_tokens=tokens,
        first_token_ms=first,
        duration_ms=first + generation,
        generation_ms=generation,
        tokens_per_s=tokens / generation * 1000,
        overridden=tuple(sorted(chance.sample(_CHANGED[1:], chance.randrange(3)))),
    )


_MODEL_OF = {
    "llama3:instruct": "bartowski/Llama-3.2-3B-Instruct-GGUF:Q8_0",
    "coder": "Qwen/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M",
    "coder:review": "Qwen/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M",
    "gemma:translate": "ggml-org/gemma-3-4b-it-GGUF:Q4_K_M",
}


def _uids(server: RunningServer) -> dict[str, str]:
    """Alias -> what its records are kept under."""
    with server.http() as client:
        listed = client.get("/api/v1/aliases").json()["aliases"]
        details = [client.get(f"/api/v1/aliases/{one['id']}").json() for one in listed]
    return {one["name"]: one["uid"] for one in details if one["source"] == "user"}
