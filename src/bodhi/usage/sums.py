"""Sums of requests by the buckets of time that they began in. Pure."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from bodhi.usage.model import Outcome, RequestRecord
from bodhi.usage.tables import OUTCOMES, SUMS

_PLACE = {name: place for place, name in enumerate(SUMS)}
_OUTCOME = {name: _PLACE[name] for name in OUTCOMES}
_PROMPT, _CACHED = _PLACE["prompt_tokens"], _PLACE["cached_tokens"]
_COMPLETION, _UNCOUNTED = _PLACE["completion_tokens"], _PLACE["uncounted"]
_FIRST_MS, _FIRSTS = _PLACE["first_token_ms"], _PLACE["first_tokens"]
_DURATION, _GENERATION, _TIMED = (
    _PLACE["duration_ms"],
    _PLACE["generation_ms"],
    _PLACE["timed_tokens"],
)

_Sums: TypeAlias = list[Any]


def bucket_of(at: float, length: int) -> int:
    """When the bucket of ``length`` seconds began that ``at`` is in; none is before the epoch."""
    return int(max(at, 0.0)) // length * length


class Buckets:
    """Adds records up by subject, in buckets of each of ``lengths``.

    ``lengths`` are in seconds, the shortest first; each divides the next.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths = lengths
        self._shortest: dict[tuple[int, int], _Sums] = {}

    def add(self, record: RequestRecord, subject: int) -> None:
        """Count one request."""
        key = (bucket_of(record.started_at, self._lengths[0]), subject)
        sums = self._shortest.get(key)
        if sums is None:
            sums = self._shortest[key] = [0] * len(SUMS)
        sums[0] += 1
        if (outcome := _OUTCOME.get(record.outcome)) is not None:  # None: of another version
            sums[outcome] += 1
        sums[_PROMPT] += record.prompt_tokens or 0
        sums[_CACHED] += record.cached_tokens or 0
        sums[_COMPLETION] += record.completion_tokens or 0
        if record.prompt_tokens is None and record.outcome == Outcome.FINISHED:
            sums[_UNCOUNTED] += 1
        sums[_DURATION] += record.duration_ms
        if record.first_token_ms is not None:
            sums[_FIRST_MS] += record.first_token_ms
            sums[_FIRSTS] += 1
        if record.generation_ms is not None:
            sums[_GENERATION] += record.generation_ms
            sums[_TIMED] += (record.tokens_per_s or 0.0) * record.generation_ms / 1000

    def rows(self, length: int) -> list[tuple[Any, ...]]:
        """Bucket, subject and the sums of both, for one of the lengths."""
        if length == self._lengths[0]:
            return [(*key, *sums) for key, sums in self._shortest.items()]
        longer: dict[tuple[int, int], _Sums] = {}
        for (bucket, subject), sums in self._shortest.items():
            key = (bucket // length * length, subject)
            known = longer.get(key)
            longer[key] = (
                sums if known is None else [a + b for a, b in zip(known, sums, strict=True)]
            )
        return [(*key, *sums) for key, sums in longer.items()]
