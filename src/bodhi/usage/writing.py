"""Writes records, and keeps every sum while it does.

Sums are added up here, batch by batch, and each bucket of the database is touched once. Rows go to
SQLite many at a time: for each statement the thread has to get hold of the interpreter again, which
a busy event loop lets go of only every half a millisecond. A record that is there already, by its
id, is not counted again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Table, delete, select

from bodhi.usage.model import ExperimentRecord, RequestRecord
from bodhi.usage.span import DAY
from bodhi.usage.sums import Buckets, bucket_of
from bodhi.usage.tables import (
    ADJUSTMENTS,
    EXPERIMENTS,
    EXPERIMENTS_BY_DAY,
    KEY_SUMS,
    KEYS_BY_DAY,
    REQUESTS,
    SUBJECTS,
    SUMS,
    SUMS_BY,
)

# Rows of one statement, the most first: few statements, and few different ones to keep compiled.
_AT_ONCE = (256, 32, 4, 1)
_SUBJECT = ("uid", "source", "model", "template")
# What of a record stands in its row in another form, and what as it is.
_CHANGED = ("overridden", "outcome")
_PLAIN = tuple(
    name for name in RequestRecord._fields if name in REQUESTS.c and name not in _CHANGED
)
# Of an enumeration's texts a plain one: for others sqlite3 looks for an adapter, at every row.
_text = str.__str__
_plain = itemgetter(*(RequestRecord._fields.index(name) for name in _PLAIN))

Row = Sequence[Any]
Subject = tuple[str, str, str, str]
_R = TypeVar("_R", RequestRecord, ExperimentRecord)


def write(
    connection: Connection,
    requests: Sequence[RequestRecord],
    experiments: Sequence[ExperimentRecord] = (),
) -> int:
    """Write records; returns how many were new.

    To be called in a transaction of the one writer.
    """
    added = 0
    if fresh := _new(connection, REQUESTS, "request_id", requests):
        _write_requests(connection, fresh)
        added += len(fresh)
    if tried := _new(connection, EXPERIMENTS, "experiment_id", experiments):
        _write_experiments(connection, tried)
        added += len(tried)
    return added


def forget(connection: Connection, before: float, most: int) -> int:
    """Remove records of before that time (seconds since the epoch), not their sums.

    Of each kind the ``most`` that were written first are looked at; returns how many were removed.
    """
    removed = 0
    for table, at in ((REQUESTS, REQUESTS.c.started_at), (EXPERIMENTS, EXPERIMENTS.c.at)):
        oldest = select(table.c.id).order_by(table.c.id).limit(most)
        statement = delete(table).where(table.c.id.in_(oldest), at < before)
        removed = max(removed, connection.execute(statement).rowcount)
    return removed


def _new(connection: Connection, table: Table, key: str, records: Sequence[_R]) -> list[_R]:
    """The records whose id, their first field, the table does not have; each id once."""
    by_id = {record[0]: record for record in records}
    if not by_id:
        return []
    # For each of the batch one look into the index, whatever the planner thinks of the sizes.
    statement = (
        f"SELECT each.value FROM json_each(?) AS each CROSS JOIN {table.name}"  # noqa: S608
        f" ON {table.name}.{key} = each.value"
    )
    given = (orjson.dumps(list(by_id)).decode(),)
    for (known,) in connection.exec_driver_sql(statement, given):
        del by_id[known]
    return list(by_id.values())


def _write_requests(connection: Connection, records: Sequence[RequestRecord]) -> None:
    ids = _write_subjects(connection, records)
    buckets, adjusted = Buckets(tuple(SUMS_BY)), Counter[tuple[int, str, str, str]]()
    rows: list[tuple[Any, ...]] = []
    for record in records:
        subject = ids[_subject_of(record)]
        buckets.add(record, subject)
        names = record.overridden
        if names:
            day = bucket_of(record.started_at, DAY)
            adjusted.update((day, record.uid, name, "caller") for name in names)
        overridden = orjson.dumps(names).decode() if names else None
        rows.append((subject, overridden, _text(record.outcome), *_plain(record)))
    _insert(connection, REQUESTS, ("subject_id", *_CHANGED, *_PLAIN), rows)
    for length, table in SUMS_BY.items():
        _add(connection, table, ("bucket", "subject_id"), SUMS, buckets.rows(length))
    _add_adjustments(connection, adjusted)
    _add_keys(connection, records)


def _add_keys(connection: Connection, records: Iterable[RequestRecord]) -> None:
    days: dict[tuple[int, str], list[float]] = {}
    for record in records:
        if record.key_id is None:
            continue
        key = bucket_of(record.started_at, DAY), record.key_id
        sums = days.setdefault(key, [0, 0, 0, record.started_at])
        sums[0] += 1
        sums[1] += record.prompt_tokens or 0
        sums[2] += record.completion_tokens or 0
        sums[3] = max(sums[3], record.started_at)
    key_columns = ("bucket", "key_id")
    ending = f"{_adding(key_columns, KEY_SUMS)}, last_at = max(last_at, excluded.last_at)"
    rows = [(*key, *sums) for key, sums in days.items()]
    _insert(connection, KEYS_BY_DAY, (*key_columns, *KEY_SUMS, "last_at"), rows, ending)


def _subject_of(record: RequestRecord) -> Subject:
    return record.uid, record.source, record.model or "", record.template or ""


def _write_subjects(connection: Connection, records: Iterable[RequestRecord]) -> dict[Subject, int]:
    """The ids of what the records are of, by its key; its latest name and use are kept."""
    latest: dict[Subject, tuple[str, float]] = {}
    for record in records:
        key = _subject_of(record)
        at = latest[key][1] if key in latest else record.started_at
        latest[key] = (record.alias, max(at, record.started_at))
    ending = (
        f" ON CONFLICT ({', '.join(_SUBJECT)}) DO UPDATE SET alias = excluded.alias,"
        " last_at = max(last_at, excluded.last_at)"
        f" RETURNING {', '.join(_SUBJECT)}, id"
    )
    rows = [(*key, *said) for key, said in latest.items()]
    columns = (*_SUBJECT, "alias", "last_at")
    found: dict[Subject, int] = {}
    for row in _insert(connection, SUBJECTS, columns, rows, ending):
        uid, source, model, template, found_id = row
        found[uid, source, model, template] = found_id
    return found


def _write_experiments(connection: Connection, records: Sequence[ExperimentRecord]) -> None:
    days, changed = Counter[tuple[int, str, str]](), Counter[tuple[int, str, str, str]]()
    rows = []
    for record in records:
        day = bucket_of(record.at, DAY)
        days[day, record.uid, record.kind] += 1
        if record.kind == "publish":
            changed.update((day, record.uid, name, "publish") for name in record.changed_fields)
        rows.append((*record[:-1], orjson.dumps(record.changed_fields).decode()))
    _insert(connection, EXPERIMENTS, ExperimentRecord._fields, rows)
    counted = [(*key, times) for key, times in days.items()]
    _add(connection, EXPERIMENTS_BY_DAY, ("bucket", "uid", "kind"), ("times",), counted)
    _add_adjustments(connection, changed)


def _add_adjustments(connection: Connection, adjusted: Counter[tuple[int, str, str, str]]) -> None:
    rows = [(*key, times) for key, times in adjusted.items()]
    _add(connection, ADJUSTMENTS, ("bucket", "uid", "field", "origin"), ("times",), rows)


def _add(
    connection: Connection,
    table: Table,
    key: Sequence[str],
    sums: Sequence[str],
    rows: Sequence[Row],
) -> None:
    """Add to the sums that are there for a key, or begin them."""
    _insert(connection, table, (*key, *sums), rows, _adding(key, sums))


def _adding(key: Sequence[str], sums: Iterable[str]) -> str:
    added = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}"


def _insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    ending: str = "",
) -> list[Row]:
    """Insert rows, many with one statement; what its ending returns."""
    returned: list[Row] = []
    for some in _pieces(rows):
        statement = _statement(table.name, tuple(columns), len(some), ending)
        result = connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))
        if result.returns_rows:
            returned += [tuple(row) for row in result]
    return returned


@cache
def _statement(table: str, columns: tuple[str, ...], count: int, ending: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)}{ending}"  # noqa: S608


def _pieces(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    at = 0
    for size in _AT_ONCE:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size
