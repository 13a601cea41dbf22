"""What is asked of the sums: totals, by alias, model or template, over time, and adjustments.

Nothing here reads the records one by one, so that a figure costs as much as there were aliases and
days, not as there were requests.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Subquery, bindparam, func, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from bodhi.errors import InvalidInput
from bodhi.usage.span import DAY, HOUR, MINUTE, Piece, Span, pieces
from bodhi.usage.tables import (
    ADJUSTMENTS,
    EXPERIMENTS_BY_DAY,
    KEY_SUMS,
    KEYS_BY_DAY,
    SUBJECTS,
    SUMS,
    SUMS_BY,
)

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
    found = pieces(span)
    statement = _totals(_lengths(found), _kinds(only))
    row = connection.execute(statement, _given(found, only)).one()
    return Sums({}, None, _named(row))


def grouped(connection: Connection, span: Span, by: By, only: Filter = ALL) -> list[Sums]:
    """Sums for each alias, model, template or source of the span, most requests first."""
    found = pieces(span)
    statement = _grouped(_lengths(found), by, _kinds(only))
    names = _names(by)
    return [
        Sums(dict(zip(names, row, strict=False)), None, _named(row[len(names) :]))
        for row in connection.execute(statement, _given(found, only))
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
    whole = [Piece(step, span.start // step * step, span.end)]
    statement = _series(step, by, _kinds(only))
    names = _names(by)
    return [
        Sums(dict(zip(names, row[1:], strict=False)), row[0], _named(row[1 + len(names) :]))
        for row in connection.execute(statement, _given(whole, only))
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
    given = {"since": since, "most": -1 if most is None else most}
    return [LastUse(*row) for row in connection.execute(_recent(), given)]


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


class KeyUse(NamedTuple):
    """What one key asked for; its last request began at ``last_used``, seconds since the epoch."""

    key_id: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    last_used: float


def keys(connection: Connection, span: Span) -> list[KeyUse]:
    """Requests by the key they came with, by whole days (UTC), the latest use first."""
    of = KEYS_BY_DAY.c
    last = func.max(of.last_at)
    columns: list[Any] = [of.key_id, *(func.sum(of[name]) for name in KEY_SUMS), last]
    statement = (
        select(*columns)
        .where(*_days(of.bucket, span))
        .group_by(of.key_id)
        .order_by(last.desc(), of.key_id)
    )
    return [KeyUse(*row) for row in connection.execute(statement)]


def _days(bucket: ColumnElement[int], span: Span) -> tuple[ColumnElement[bool], ...]:
    return bucket >= span.start // DAY * DAY, bucket < span.end


# -- Statements, each built once: to build one takes longer than to run it.

_Lengths = tuple[int, ...]
_Kinds = tuple[str, ...]


def _lengths(found: Sequence[Piece]) -> _Lengths:
    return tuple(piece.length for piece in found)


def _kinds(only: Filter) -> _Kinds:
    """The columns of subjects that decide which requests count."""
    return tuple(name for name, value in zip(only._fields, only, strict=True) if value is not None)


def _given(found: Sequence[Piece], only: Filter) -> dict[str, Any]:
    """What the parameters of a statement stand for."""
    given: dict[str, Any] = {name: getattr(only, name) for name in _kinds(only)}
    for number, piece in enumerate(found):
        given |= {f"start{number}": piece.start, f"end{number}": piece.end}
    return given


@cache
def _recent() -> Select[Any]:
    of = SUBJECTS.c
    at = func.max(of.last_at).label("at")
    return (
        select(of.uid, of.alias, of.source, at)
        .where(of.source.in_(("user", "model")))
        .group_by(of.uid, of.source)
        .having(at >= bindparam("since"))
        .order_by(at.desc())
        .limit(bindparam("most"))
    )


@cache
def _totals(lengths: _Lengths, kinds: _Kinds) -> Select[Any]:
    rolled = _rolled(lengths)
    return _only(select(*_summed(rolled)), rolled, kinds, is_named=False)


@cache
def _grouped(lengths: _Lengths, by: By, kinds: _Kinds) -> Select[Any]:
    rolled = _rolled(lengths)
    each = rolled.c.subject_id
    # By subject first, so that each is looked up once.
    sums = select(each, *_summed(rolled)).group_by(each).subquery()
    keys, extra = _keys(by)
    statement = select(*keys, *extra, *_summed(sums)).group_by(*keys)
    return _only(statement, sums, kinds).order_by(func.sum(sums.c.requests).desc(), *keys)


@cache
def _series(step: int, by: By | None, kinds: _Kinds) -> Select[Any]:
    keys, extra = _keys(by) if by else ([], [])
    rolled = _rolled((step,))
    statement = select(rolled.c.bucket, *keys, *extra, *_summed(rolled))
    statement = statement.group_by(rolled.c.bucket, *keys).order_by(rolled.c.bucket, *keys)
    return _only(statement, rolled, kinds, is_named=by is not None)


def _rolled(lengths: _Lengths) -> Subquery:
    """The sums that cover pieces of these lengths."""
    return union_all(
        *(
            select(*(SUMS_BY[length].c[name] for name in ("bucket", "subject_id", *SUMS))).where(
                SUMS_BY[length].c.bucket >= bindparam(f"start{number}"),
                SUMS_BY[length].c.bucket < bindparam(f"end{number}"),
            )
            for number, length in enumerate(lengths)
        )
    ).subquery()


def _names(by: By | None) -> list[str]:
    keys, extra = _keys(by) if by else ([], [])
    return [column.name for column in (*keys, *extra)]


@cache
def _keys(by: By) -> tuple[list[Any], list[Any]]:
    """What is grouped by, and what else is told of each group."""
    of = SUBJECTS.c
    if by is By.ALIAS:  # a renamed alias is known by its latest name
        return [of.uid, of.source], [func.max(of.alias).label("alias")]
    return [of[by.value]], []


def _summed(rolled: Subquery) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(rolled.c[name]), 0).label(name) for name in SUMS]


def _only(
    statement: Select[Any], rolled: Subquery, kinds: _Kinds, *, is_named: bool = True
) -> Select[Any]:
    """Of these subjects alone; subjects are looked up only where somebody asks for them."""
    if not kinds and not is_named:
        return statement
    statement = statement.select_from(rolled).join(SUBJECTS, SUBJECTS.c.id == rolled.c.subject_id)
    for name in kinds:
        statement = statement.where(SUBJECTS.c[name] == bindparam(name))
    return statement


def _named(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(SUMS, row, strict=True))
