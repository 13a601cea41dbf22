"""Records as the meter makes them, with what a test does not care about filled in."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

from bodhi.usage.model import ExperimentKind, ExperimentRecord, Outcome, RequestRecord, Source

DAY = 1_764_028_800  # a midnight UTC
_PARAMETERS = ["seed", "temperature", "top_p"]
_numbers = itertools.count(1)


def request(**fields: Any) -> RequestRecord:
    """A finished chat request of the alias ``u1``."""
    known: dict[str, Any] = {
        "request_id": f"{next(_numbers):016x}",
        "started_at": float(DAY),
        "uid": "u1",
        "alias": "one",
        "version": 1,
        "source": Source.USER,
        "model": "a/b:Q8_0",
        "template": "embedded",
        "endpoint": "/v1/chat/completions",
        "outcome": Outcome.FINISHED,
        "status": 200,
        "error": None,
        "prompt_tokens": 10,
        "cached_tokens": 4,
        "completion_tokens": 8,
        "first_token_ms": 50.0,
        "duration_ms": 200.0,
        "generation_ms": 100.0,
        "tokens_per_s": 70.0,
        "overridden": (),
        "user": None,
        "key_id": None,
    }
    return RequestRecord(**known | fields)


def experiment(**fields: Any) -> ExperimentRecord:
    """A publish of the alias ``u1`` that changed its temperature."""
    known: dict[str, Any] = {
        "experiment_id": f"e{next(_numbers)}",
        "at": float(DAY),
        "kind": ExperimentKind.PUBLISH,
        "uid": "u1",
        "changed_fields": ("/request_params/temperature",),
    }
    return ExperimentRecord(**known | fields)


def traffic(
    seed: int, *, start: float, seconds: float, aliases: int = 20
) -> Iterator[RequestRecord]:
    """Requests of every kind without end, each somewhere in the given seconds."""
    chance = random.Random(seed)
    outcomes = [*[Outcome.FINISHED] * 12, *Outcome]
    while True:
        number = chance.randrange(aliases)
        outcome = chance.choice(outcomes)
        is_counted = outcome is Outcome.FINISHED and chance.random() < 0.9
        is_user = number % 2 == 0
        yield request(
            request_id=f"{chance.getrandbits(64):016x}",
            started_at=start + chance.random() * seconds,
            uid=f"u{number}" if is_user else f"a/m{number}:Q8_0",
            alias=f"alias {number}" if is_user else f"a/m{number}:Q8_0",
            source=Source.USER if is_user else Source.MODEL,
            model=f"a/m{number % 5}:Q8_0",
            template=chance.choice(["embedded", "builtin:llama3", None]),
            outcome=outcome,
            status=chance.choice([200, 400, 502, None]),
            prompt_tokens=chance.randrange(1000) if is_counted else None,
            cached_tokens=chance.randrange(100) if is_counted else None,
            completion_tokens=chance.randrange(500) if is_counted else None,
            first_token_ms=chance.random() * 1000 if is_counted else None,
            duration_ms=chance.random() * 5000,
            generation_ms=chance.random() * 4000 if is_counted else None,
            tokens_per_s=chance.random() * 100 if is_counted else None,
            key_id=chance.choice([None, "k1", "k2"]),
            overridden=tuple(
                sorted(chance.sample(["seed", "temperature", "top_p"], chance.randrange(3)))
            ),
        )
