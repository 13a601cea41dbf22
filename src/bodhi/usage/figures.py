"""What is asked of the sums: totals, by alias, model or template, over time, and adjustments.

Nothing here reads the records one by one, so that a figure costs as much as there were aliases and
days, not as there were requests.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Subquery, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from bodhi.errors import InvalidInput
from bodhi.usage.span import DAY, HOUR, MINUTE, Span, pieces
from bodhi.usage.tables import ADJUSTMENTS, EXPERIMENTS_BY_DAY, SUBJECTS, SUMS, SUMS_BY

# A chart of more points shows nothing more.
MOST_POINTS = 2000


class Every(StrEnum):
    """How long one point of a series lasts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        return {"minute": MINUTE, "hour": HOUR, "day": DAY}[self.value]


class By(StrEnum):
    """What figures are told apart by."""

    ALIAS = "alias"
    MODEL = "model"
    TEMPLATE = "template"
    SOURCE = "source"


class Sums(NamedTuple):
    """Sums of requests; see ``tables.SUMS``. ``of`` is what they are of, ``at`` when they begin."""

    of: dict[str, Any]
    at: int | None
    sums: dict[str, Any]


class Filter(NamedTuple):
    """Only these requests: of one alias, by uid, or of a source."""

    uid: str | None = None
    source: str | None = None


ALL = Filter()


def totals(connection: Connection, span: Span, only: Filter = ALL) -> Sums:
    """All requests of the span together."""
    rolled = _rolled(span)
    row = connection.execute(_only(select(*_summed(rolled)), rolled, only)).one()
    return Sums({}, None, _named(row))


def grouped(connection: Connection, span: Span, by: By, only: Filter = ALL) -> list[Sums]:
    """Sums for each alias, model, template or source of the span, most requests first."""
    rolled = _rolled(span)
    keys, extra = _keys(by)
    statement = select(*keys, *extra, *_summed(rolled)).group_by(*keys)
    statement = _only(statement, rolled, only).order_by(func.sum(rolled.c.requests).desc(), *keys)
    names = [column.name for column in (*keys, *extra)]
    return [
        Sums(dict(zip(names, row, strict=False)), None, _named(row[len(names) :]))
        for row in connection.execute(statement)
    ]


def series(
    connection: Connection,
    span: Span,
    every: Every,
    by: By | None = None,
    only: Filter = ALL,
) -> list[Sums]:
    """Sums for each minute, hour or day in which there was a request, the oldest first.

    The span grows to whole steps. Raises InvalidInput where it has more than ``MOST_POINTS``.
    """
    step = every.seconds
    if span.end - span.start > MOST_POINTS * step:
        raise InvalidInput(
            f"That are more than {MOST_POINTS} points.",
            pointer="/every",
            remedy="Ask for longer steps or for a shorter span.",
        )
    keys, extra = _keys(by) if by else ([], [])
    table = SUMS_BY[step]
    rolled = (
        select(table)
        .where(table.c.bucket >= span.start // step * step, table.c.bucket < span.end)
        .subquery()
    )
    statement = select(rolled.c.bucket, *keys, *extra, *_summed(rolled))
    statement = statement.group_by(rolled.c.bucket, *keys).order_by(rolled.c.bucket, *keys)
    names = [column.name for column in (*keys, *extra)]
    return [
        Sums(dict(zip(names, row[1:], strict=False)), row[0], _named(row[1 + len(names) :]))
        for row in connection.execute(_only(statement, rolled, only))
    ]


def most_active(connection: Connection, now: float) -> Sums | None:
    """The alias with most requests in the last full hour; None where there was none."""
    hour = int(now) // HOUR * HOUR - HOUR
    found = grouped(connection, Span(hour, hour + HOUR), By.ALIAS)
    return next((one for one in found if one.of["source"] in ("user", "model")), None)


class LastUse(NamedTuple):
    """An alias, and when its last request began (seconds since the epoch)."""

    uid: str
    alias: str
    source: str
    at: float


def recent(connection: Connection, since: float = 0.0, most: int | None = None) -> list[LastUse]:
    """Aliases by their last use, the latest first; trials of drafts are no use."""
    used = SUBJECTS.c.source.in_(("user", "model"))
    at = func.max(SUBJECTS.c.last_at).label("at")
    statement = (
        select(SUBJECTS.c.uid, SUBJECTS.c.alias, SUBJECTS.c.source, at)
        .where(used)
        .group_by(SUBJECTS.c.uid, SUBJECTS.c.source)
        .having(at >= since)
        .order_by(at.desc())
        .limit(most)
    )
    return [LastUse(*row) for row in connection.execute(statement)]


def last_used(connection: Connection) -> dict[str, float]:
    """When each alias was last used, by uid."""
    return {one.uid: one.at for one in reversed(recent(connection))}


class Counted(NamedTuple):
    """How often something was done."""

    name: str
    origin: str
    times: int


def adjustments(connection: Connection, span: Span, only: Filter = ALL) -> list[Counted]:
    """Fields that a publish changed or a caller gave another value, the most frequent first.

    Counted by whole days (UTC) that the span touches.
    """
    of = ADJUSTMENTS.c
    statement = (
        select(of.field, of.origin, func.sum(of.times))
        .where(*_days(of.bucket, span))
        .group_by(of.field, of.origin)
        .order_by(func.sum(of.times).desc(), of.field, of.origin)
    )
    if only.uid is not None:
        statement = statement.where(of.uid == only.uid)
    return [Counted(*row) for row in connection.execute(statement)]


class ExperimentDay(NamedTuple):
    """Experiments of one kind on one day, which began at ``at``."""

    at: int
    kind: str
    times: int


def experiments(connection: Connection, span: Span, only: Filter = ALL) -> list[ExperimentDay]:
    """Trials and publishes by whole days (UTC) that the span touches, the oldest first."""
    of = EXPERIMENTS_BY_DAY.c
    statement = (
        select(of.bucket, of.kind, func.sum(of.times))
        .where(*_days(of.bucket, span))
        .group_by(of.bucket, of.kind)
        .order_by(of.bucket, of.kind)
    )
    if only.uid is not None:
        statement = statement.where(of.uid == only.uid)
    return [ExperimentDay(*row) for row in connection.execute(statement)]


def _days(bucket: ColumnElement[int], span: Span) -> tuple[ColumnElement[bool], ...]:
    return bucket >= span.start // DAY * DAY, bucket < span.end


def _rolled(span: Span) -> Subquery:
    """The sums that cover the span exactly."""
    return union_all(
        *(
            select(*(SUMS_BY[piece.length].c[name] for name in ("subject_id", *SUMS))).where(
                SUMS_BY[piece.length].c.bucket >= literal(piece.start),
                SUMS_BY[piece.length].c.bucket < literal(piece.end),
            )
            for piece in pieces(span)
        )
    ).subquery()


def _keys(by: By) -> tuple[list[Any], list[Any]]:
    """What is grouped by, and what else is told of each group."""
    of = SUBJECTS.c
    if by is By.ALIAS:  # a renamed alias is known by its latest name
        return [of.uid, of.source], [func.max(of.alias).label("alias")]
    return [of[by.value]], []


def _summed(rolled: Subquery) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(rolled.c[name]), 0).label(name) for name in SUMS]


def _only(statement: Select[Any], rolled: Subquery, only: Filter) -> Select[Any]:
    statement = statement.select_from(rolled).join(SUBJECTS, SUBJECTS.c.id == rolled.c.subject_id)
    if only.uid is not None:
        statement = statement.where(SUBJECTS.c.uid == only.uid)
    if only.source is not None:
        statement = statement.where(SUBJECTS.c.source == only.source)
    return statement


def _named(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(SUMS, row, strict=True))
