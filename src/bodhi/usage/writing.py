"""The statements that write records, and keep every sum while they do.

A whole batch goes to SQLite as one JSON text and is taken apart there: for each row that Python
handed over, the thread would have to get hold of the interpreter again, which a busy event loop
lets go of only every five milliseconds. A record that is there already, by its id, is not counted
again; what sums are made of is what a batch really added.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Integer,
    Table,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from bodhi.usage.model import ExperimentRecord, RequestRecord
from bodhi.usage.tables import (
    ADJUSTMENTS,
    EXPERIMENTS,
    EXPERIMENTS_BY_DAY,
    OUTCOMES,
    REQUESTS,
    SUBJECTS,
    SUMS,
    SUMS_BY,
    TOKENS,
)

_DAY = 86400
_OPTIONAL = ("model", "template")


def write(
    connection: Connection,
    requests: Sequence[Sequence[Any]],
    experiments: Sequence[Sequence[Any]] = (),
) -> int:
    """Write records, given as rows in the order of their fields; returns how many were new.

    To be called in a transaction of the one writer.
    """
    added = 0
    if requests:
        batch = {"batch": orjson.dumps(requests).decode()}
        before = connection.scalar(select(func.coalesce(func.max(REQUESTS.c.id), 0)))
        connection.execute(_subjects(), batch)
        added = connection.execute(_requests(), batch).rowcount
        for statement in _sums():
            connection.execute(statement, {"before": before})
    if experiments:
        batch = {"batch": orjson.dumps(experiments).decode()}
        before = connection.scalar(select(func.coalesce(func.max(EXPERIMENTS.c.id), 0)))
        added += connection.execute(_experiments(), batch).rowcount
        for statement in _experiment_sums():
            connection.execute(statement, {"before": before})
    return added


def _each(kind: type) -> tuple[Any, dict[str, ColumnElement[Any]]]:
    """The rows of the batch, and their fields by name."""
    rows = func.json_each(bindparam("batch")).table_valued("value")
    fields = kind._fields  # type: ignore[attr-defined]
    return rows, {
        name: func.json_extract(rows.c.value, f"$[{place}]") for place, name in enumerate(fields)
    }


@cache
def _subjects() -> Insert:
    rows, of = _each(RequestRecord)
    key = [of["uid"], of["source"], *(func.coalesce(of[name], "") for name in _OPTIONAL)]
    found = (
        select(*key, func.max(of["alias"]), func.max(of["started_at"]))
        # Without a WHERE, SQLite would read ON CONFLICT as part of a join.
        .where(rows.c.value.is_not(None))
        .group_by(*key)
    )
    new = insert(SUBJECTS).from_select(
        ["uid", "source", "model", "template", "alias", "last_at"], found
    )
    return new.on_conflict_do_update(
        index_elements=["uid", "source", "model", "template"],
        set_={
            "alias": new.excluded.alias,
            "last_at": func.max(SUBJECTS.c.last_at, new.excluded.last_at),
        },
    )


@cache
def _requests() -> Insert:
    rows, of = _each(RequestRecord)
    names = [column.name for column in REQUESTS.c if column.name in RequestRecord._fields]
    found = (
        select(SUBJECTS.c.id, *(of[name] for name in names))
        .select_from(rows)
        .join(
            SUBJECTS,
            (SUBJECTS.c.uid == of["uid"])
            & (SUBJECTS.c.source == of["source"])
            & (SUBJECTS.c.model == func.coalesce(of["model"], ""))
            & (SUBJECTS.c.template == func.coalesce(of["template"], "")),
        )
        .where(rows.c.value.is_not(None))
    )
    new = insert(REQUESTS).from_select(["subject_id", *names], found)
    return new.on_conflict_do_nothing(index_elements=["request_id"])


@cache
def _sums() -> tuple[Insert, ...]:
    return (*(_sum_up(table, length) for length, table in SUMS_BY.items()), _overrides())


def _bucket(at: ColumnElement[float], length: int) -> ColumnElement[int]:
    """When its bucket of ``length`` seconds began; none begins before the epoch."""
    return cast(func.max(at, 0.0) / length, Integer) * length


def _sum_up(table: Table, length: int) -> Insert:
    of = REQUESTS.c
    bucket = _bucket(of.started_at, length)
    sums = {
        "requests": func.count(),
        **{name: func.sum(of.outcome == name) for name in OUTCOMES},
        **{name: func.coalesce(func.sum(of[name]), 0) for name in TOKENS},
        "first_token_ms": func.coalesce(func.sum(of.first_token_ms), 0.0),
        "first_tokens": func.count(of.first_token_ms),
        "duration_ms": func.sum(of.duration_ms),
        "generation_ms": func.coalesce(func.sum(of.generation_ms), 0.0),
        "timed_tokens": func.coalesce(func.sum(of.tokens_per_s * of.generation_ms / 1000), 0.0),
    }
    found = (
        select(bucket, of.subject_id, *(sums[name] for name in SUMS))
        .where(of.id > bindparam("before"))
        .group_by(bucket, of.subject_id)
    )
    new = insert(table).from_select(["bucket", "subject_id", *SUMS], found)
    return new.on_conflict_do_update(
        index_elements=["bucket", "subject_id"],
        set_={name: table.c[name] + new.excluded[name] for name in SUMS},
    )


def _overrides() -> Insert:
    """Which parameters callers gave other values, by day."""
    one = func.json_each(REQUESTS.c.overridden).table_valued("value")
    bucket = _bucket(REQUESTS.c.started_at, _DAY)
    found = (
        select(bucket, SUBJECTS.c.uid, one.c.value, literal("caller"), func.count())
        .select_from(REQUESTS)
        .join(SUBJECTS, SUBJECTS.c.id == REQUESTS.c.subject_id)
        .join(one, one.c.value.is_not(None))
        .where(REQUESTS.c.id > bindparam("before"))
        .group_by(bucket, SUBJECTS.c.uid, one.c.value)
    )
    return _add_adjustments(found)


def _add_adjustments(found: Any) -> Insert:
    new = insert(ADJUSTMENTS).from_select(["bucket", "uid", "field", "origin", "times"], found)
    return new.on_conflict_do_update(
        index_elements=["bucket", "uid", "field", "origin"],
        set_={"times": ADJUSTMENTS.c.times + new.excluded.times},
    )


@cache
def _experiments() -> Insert:
    rows, of = _each(ExperimentRecord)
    names = ExperimentRecord._fields
    found = select(*(of[name] for name in names)).where(rows.c.value.is_not(None))
    new = insert(EXPERIMENTS).from_select(list(names), found)
    return new.on_conflict_do_nothing(index_elements=["experiment_id"])


@cache
def _experiment_sums() -> tuple[Insert, ...]:
    of = EXPERIMENTS.c
    is_new = of.id > bindparam("before")
    bucket = _bucket(of.at, _DAY)
    counted = (
        select(bucket, of.uid, of.kind, func.count())
        .where(is_new)
        .group_by(bucket, of.uid, of.kind)
    )
    days = insert(EXPERIMENTS_BY_DAY).from_select(["bucket", "uid", "kind", "times"], counted)
    days = days.on_conflict_do_update(
        index_elements=["bucket", "uid", "kind"],
        set_={"times": EXPERIMENTS_BY_DAY.c.times + days.excluded.times},
    )
    one = func.json_each(of.changed_fields).table_valued("value")
    changed = (
        select(bucket, of.uid, one.c.value, literal("publish"), func.count())
        .select_from(EXPERIMENTS)
        .join(one, one.c.value.is_not(None))
        .where(is_new, of.kind == "publish")
        .group_by(bucket, of.uid, one.c.value)
    )
    return days, _add_adjustments(changed)
