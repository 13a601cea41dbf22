"""Figures are what counting the records one by one would give, and do not count them."""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from bodhi.errors import InvalidInput
from bodhi.store.database import Database
from bodhi.usage import figures
from bodhi.usage.figures import By, Every, Filter
from bodhi.usage.keeping import usage_database
from bodhi.usage.model import ExperimentKind, RequestRecord
from bodhi.usage.shown import show_figures
from bodhi.usage.span import HOUR, Span, span_of
from bodhi.usage.tables import OUTCOMES, REQUESTS
from bodhi.usage.writing import write
from tests.usage.records import DAY, experiment, request, traffic


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = usage_database(tmp_path)
    made.open()
    yield made
    made.close()


def put(database: Database, *records: RequestRecord) -> int:
    with database.writing() as connection:
        return write(connection, records)


@pytest.fixture
def busy(database: Database) -> tuple[Database, list[RequestRecord]]:
    """Three days of traffic, written in batches."""
    stream = traffic(7, start=DAY, seconds=3 * 86400)
    records = list(itertools.islice(stream, 3000))
    for start in range(0, len(records), 500):
        put(database, *records[start : start + 500])
    return database, records


SPANS = [
    span_of(DAY, DAY + 3 * 86400),
    span_of(DAY + 4000, DAY + 4060),
    span_of(DAY + 3000, DAY + 2 * 86400 + 12345),
]


@pytest.mark.parametrize("span", SPANS)
def test_totals_are_those_of_the_records(
    busy: tuple[Database, list[RequestRecord]], span: Span
) -> None:
    database, records = busy
    inside = [one for one in records if span.start <= one.started_at < span.end]
    with database.reading() as connection:
        found = figures.totals(connection, span).sums
    assert found["requests"] == len(inside)
    outcomes = Counter(str(one.outcome) for one in inside)
    assert {name: found[name] for name in OUTCOMES} == {name: outcomes[name] for name in OUTCOMES}
    assert found["completion_tokens"] == sum(one.completion_tokens or 0 for one in inside)
    assert found["first_tokens"] == sum(one.first_token_ms is not None for one in inside)
    assert found["duration_ms"] == pytest.approx(sum(one.duration_ms for one in inside))


@pytest.mark.parametrize(("by", "key"), [(By.ALIAS, "uid"), (By.MODEL, "model")])
def test_groups_are_those_of_the_records_the_most_used_first(
    busy: tuple[Database, list[RequestRecord]], by: By, key: str
) -> None:
    database, records = busy
    with database.reading() as connection:
        found = figures.grouped(connection, SPANS[0], by)
    counted = Counter(getattr(one, key) for one in records)
    assert {one.of[key]: one.sums["requests"] for one in found} == counted
    numbers = [one.sums["requests"] for one in found]
    assert numbers == sorted(numbers, reverse=True)


def test_keys_have_what_came_with_them(busy: tuple[Database, list[RequestRecord]]) -> None:
    database, records = busy
    with database.reading() as connection:
        found = figures.keys(connection, SPANS[0])
    assert {one.key_id for one in found} == {"k1", "k2"}
    for one in found:
        mine = [record for record in records if record.key_id == one.key_id]
        assert one.requests == len(mine)
        assert one.prompt_tokens == sum(record.prompt_tokens or 0 for record in mine)
        assert one.completion_tokens == sum(record.completion_tokens or 0 for record in mine)
        assert one.last_used == max(record.started_at for record in mine)
    assert found == sorted(found, key=lambda one: -one.last_used)


@pytest.mark.parametrize("every", [Every.HOUR, Every.DAY])
def test_a_series_adds_up_to_the_totals(
    busy: tuple[Database, list[RequestRecord]], every: Every
) -> None:
    database, records = busy
    with database.reading() as connection:
        points = figures.series(connection, SPANS[0], every)
    counted = Counter(int(one.started_at) // every.seconds * every.seconds for one in records)
    assert {one.at: one.sums["requests"] for one in points} == counted
    assert [one.at for one in points] == sorted(counted)


def test_a_series_of_one_alias_is_of_that_alias(
    busy: tuple[Database, list[RequestRecord]],
) -> None:
    database, records = busy
    with database.reading() as connection:
        points = figures.series(connection, SPANS[0], Every.DAY, None, Filter(uid="u2"))
    assert sum(one.sums["requests"] for one in points) == sum(one.uid == "u2" for one in records)


def test_too_many_points_are_refused(database: Database) -> None:
    with database.reading() as connection, pytest.raises(InvalidInput, match="points"):
        figures.series(connection, span_of(DAY, DAY + 2 * 86400), Every.MINUTE)


def test_a_record_that_comes_twice_is_counted_once(database: Database) -> None:
    one, two = request(), request()
    assert put(database, one, two) == 2
    assert put(database, two, request(), two) == 1
    with database.reading() as connection:
        assert figures.totals(connection, span_of(DAY, DAY + 60)).sums["requests"] == 3


def test_a_renamed_alias_keeps_its_figures_under_its_new_name(database: Database) -> None:
    put(database, request(alias="old"))
    put(database, request(alias="new", started_at=DAY + 90.0))
    with database.reading() as connection:
        (found,) = figures.grouped(connection, span_of(DAY, DAY + 3600), By.ALIAS)
    assert (found.of["alias"], found.sums["requests"]) == ("new", 2)


def test_success_leaves_out_what_was_refused_and_whose_caller_left(database: Database) -> None:
    outcomes = ["finished", "finished", "finished", "failed", "refused", "left", "left"]
    put(database, *(request(outcome=outcome) for outcome in outcomes))
    with database.reading() as connection:
        shown = show_figures(figures.totals(connection, span_of(DAY, DAY + 60)))
    assert shown.success == 0.75
    assert (shown.tokens_per_s, shown.first_token_ms, shown.duration_ms) == (70.0, 50.0, 200.0)


def test_most_active_is_of_the_last_full_hour_and_no_trial(database: Database) -> None:
    now = DAY + 5 * HOUR + 600.0
    last_hour = now - HOUR
    put(
        database,
        *(request(uid="trial", source="draft", started_at=last_hour) for _ in range(9)),
        *(request(uid="this hour", started_at=now) for _ in range(9)),
        *(request(uid="winner", started_at=last_hour) for _ in range(3)),
        request(uid="other", started_at=last_hour),
    )
    with database.reading() as connection:
        most = figures.most_active(connection, now)
        assert most is not None
        assert (most.of["uid"], most.sums["requests"]) == ("winner", 3)
        assert figures.most_active(connection, now + 5 * HOUR) is None
        used = figures.recent(connection, since=now - 60)
        assert [one.uid for one in used] == ["this hour"]
        assert "trial" not in figures.last_used(connection)


def test_adjustments_are_what_callers_overrode_and_publishing_changed(database: Database) -> None:
    put(database, request(overridden=("seed", "top_p")), request(overridden=("seed",)))
    notes = [experiment(), experiment(kind=ExperimentKind.TRIAL), experiment(at=DAY + 86400.0)]
    with database.writing() as connection:
        write(connection, [], notes)
        assert write(connection, [], notes[:1]) == 0, "once by its id"
    span = span_of(DAY, DAY + 86400)
    with database.reading() as connection:
        assert figures.adjustments(connection, span) == [
            ("seed", "caller", 2),
            ("/request_params/temperature", "publish", 1),
            ("top_p", "caller", 1),
        ]
        days = figures.experiments(connection, span_of(DAY, DAY + 2 * 86400))
        assert days == [(DAY, "publish", 1), (DAY, "trial", 1), (DAY + 86400, "publish", 1)]


@pytest.mark.fault("F39")
@pytest.mark.parametrize("at", [-5.0, 0.0, 59.9])
def test_a_clock_before_the_epoch_makes_no_bucket_before_it(database: Database, at: float) -> None:
    put(database, request(started_at=at))
    with database.reading() as connection:
        assert figures.totals(connection, span_of(0, 60)).sums["requests"] == 1


@pytest.mark.fault("F39")
def test_a_clock_that_jumps_back_counts_where_it_says_it_is(database: Database) -> None:
    put(database, request(started_at=DAY + 7200.0), request(started_at=DAY + 60.0))
    put(database, request(started_at=DAY + 61.0))
    with database.reading() as connection:
        points = figures.series(connection, span_of(DAY, DAY + 86400), Every.HOUR)
        assert [(one.at, one.sums["requests"]) for one in points] == [(DAY, 2), (DAY + 7200, 1)]
        assert figures.last_used(connection) == {"u1": DAY + 7200.0}


@pytest.mark.planted("F39")
def test_a_bucket_before_the_epoch_would_be_found(database: Database) -> None:
    put(database, request(started_at=30.0))
    with database.writing() as connection:
        connection.execute(text("UPDATE minutes SET bucket = -60"))
    with database.reading() as connection:
        assert figures.totals(connection, span_of(0, 60)).sums["requests"] == 0


@contextmanager
def plans(connection: Connection) -> Iterator[list[str]]:
    """What SQLite says it will do for each statement of the block."""
    found: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        found.extend(row[3] for row in cursor.fetchall())

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def scans(found: list[str]) -> list[str]:
    return [line for line in found if "requests" in line.replace("requests_by_request_id", "")]


def test_no_figure_reads_the_records_one_by_one(database: Database) -> None:
    put(database, request())
    span = span_of(DAY + 59, DAY + 3 * 86400)
    with database.reading() as connection, plans(connection) as found:
        figures.totals(connection, span)
        for by in By:
            figures.grouped(connection, span, by)
            figures.series(connection, span, Every.HOUR, by)
        figures.series(connection, span, Every.HOUR, None, Filter(uid="u1"))
        figures.adjustments(connection, span)
        figures.experiments(connection, span)
        figures.keys(connection, span)
        figures.most_active(connection, DAY + 7200.0)
        figures.recent(connection)
    assert len(found) > 30
    assert scans(found) == []
    assert any("SEARCH days USING PRIMARY KEY" in line for line in found)


def test_a_figure_that_did_would_be_found(database: Database) -> None:
    with database.reading() as connection, plans(connection) as found:
        connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.status == 200))
    assert scans(found) == ["SCAN requests"]
