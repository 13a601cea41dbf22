"""A span of time, and which sums cover it exactly: minutes, then hours, then days. Pure."""

import math
from typing import NamedTuple

from bodhi.errors import InvalidInput

MINUTE, HOUR, DAY = 60, 3600, 86400
_LATEST = 253_402_300_800  # the year 10000


class Piece(NamedTuple):
    """Sums of buckets of ``length`` seconds that begin in [``start``, ``end``)."""

    length: int
    start: int
    end: int


class Span(NamedTuple):
    """From ``start`` up to and without ``end``, whole minutes in seconds since the epoch."""

    start: int
    end: int


def span_of(start: float, end: float) -> Span:
    """The whole minutes that hold everything from ``start`` to ``end``. Raises InvalidInput."""
    if not 0 <= start < end <= _LATEST:
        raise InvalidInput(
            "A span of time begins at the epoch or later and ends after it began.", pointer="/from"
        )
    first = int(start // MINUTE)
    # The least of numbers divided by sixty is zero, and a span holds at least a minute.
    return Span(first * MINUTE, max(math.ceil(end / MINUTE), first + 1) * MINUTE)


def pieces(span: Span) -> list[Piece]:
    """At most five pieces that cover ``span`` once, each of the largest buckets that fit."""
    found = []
    at = span.start
    for finer, coarser in ((MINUTE, HOUR), (HOUR, DAY)):
        until = min(-(-at // coarser) * coarser, span.end // finer * finer)
        if at < until:
            found.append(Piece(finer, at, until))
            at = until
    for length in (DAY, HOUR, MINUTE):
        until = span.end // length * length
        if at < until:
            found.append(Piece(length, at, until))
            at = until
    return found
