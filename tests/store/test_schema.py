"""Tables are made or migrated whole, or stay as they were; what is newer is left alone."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from bodhi.errors import DatabaseTooNew
from bodhi.store.database import Database, _engine
from bodhi.store.schema import Schema
from bodhi.store.usage_migrations import FOLDER, REVISIONS
from bodhi.usage.keeping import usage_database
from bodhi.usage.tables import TABLES
from bodhi.usage.writing import write
from tests.usage.records import request

SCHEMA = Schema(lambda: TABLES, REVISIONS, FOLDER)


def migrated(path: Path, to: str) -> None:
    """A database that an older version left."""
    engine = _engine(path, is_writer=True)
    with engine.begin() as connection:
        SCHEMA.migrate(connection, to)
    engine.dispose()


def described(path: Path) -> dict[str, object]:
    """Tables, columns and indexes as the database has them."""
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    tables = {
        name: (
            [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in found.get_columns(name)
            ],
            found.get_pk_constraint(name),
            found.get_indexes(name),
            found.get_unique_constraints(name),
            found.get_foreign_keys(name),
        )
        for name in sorted(found.get_table_names())
    }
    engine.dispose()
    return dict(tables)


def test_a_new_database_has_the_tables_that_the_migrations_lead_to(tmp_path: Path) -> None:
    new = usage_database(tmp_path)
    new.open()
    new.close()
    migrated(tmp_path / "old.sqlite3", "head")
    assert described(tmp_path / "usage.sqlite3") == described(tmp_path / "old.sqlite3")


def test_an_older_database_keeps_its_records(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite3"
    migrated(path, "0001")
    assert "experiments" not in described(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO subjects (uid, alias, source, model, template, last_at)"
            " VALUES ('u9', 'nine', 'user', '', '', 1.0)"
        )
        connection.commit()
    database = usage_database(tmp_path)
    with database.writing() as connection:
        assert write(connection, [request()]) == 1
        names = connection.exec_driver_sql("SELECT alias FROM subjects ORDER BY 1").all()
    database.close()
    assert [tuple(row) for row in names] == [("nine",), ("one",)]
    assert "experiments" in described(path)


def test_requests_of_before_are_counted_by_key(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite3"
    migrated(path, "0003")
    some = [("k1", 100.5, 3), ("k1", 90.0, 4), ("k2", 86400.0, None), (None, 5.0, 1)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO subjects VALUES (1, 'u', 'a', 'user', '', '', 1.0)")
        connection.executemany(
            "INSERT INTO requests (request_id, started_at, subject_id, endpoint, outcome,"
            " duration_ms, key_id, completion_tokens) VALUES (?, ?, 1, '', '', 1.0, ?, ?)",
            [(str(at), at, key, tokens) for key, at, tokens in some],
        )
        connection.commit()
    database = usage_database(tmp_path)
    with database.writing() as connection:
        write(connection, [request(started_at=95.0, key_id="k1", completion_tokens=1)])
        found = connection.exec_driver_sql("SELECT * FROM key_days ORDER BY key_id").all()
    database.close()
    assert [tuple(row) for row in found] == [
        (0, "k1", 3, 10, 8, 100.5),
        (86400, "k2", 1, 0, 0, 86400.0),
    ]


_KILLED = """
import os, shutil, sys
from pathlib import Path
from sqlalchemy import event
from bodhi.store.database import _engine
from tests.store.test_schema import SCHEMA

def bring_up(path, last):
    engine = _engine(path, is_writer=True)
    count = 0

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection, *_):
        nonlocal count
        count += 1
        if "--hasty" in sys.argv and connection.in_transaction():
            connection.connection.driver_connection.execute("COMMIT")
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")
        if count == last:
            os.kill(os.getpid(), 9)

    SCHEMA.bring_up(engine)
    engine.dispose()

folder, killed = Path(sys.argv[1]), 0
while True:
    path = folder / f"{killed + 1}.sqlite3"
    shutil.copyfile(folder / "old.sqlite3", path)
    child = os.fork()
    if not child:
        bring_up(path, killed + 1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 9:
        break
    killed += 1
print(killed)
"""


def killed_at_each(folder: Path, *options: str) -> list[Path]:
    """Copies of ``old.sqlite3``, each left by a migration killed after one statement more."""
    migrated(folder / "old.sqlite3", "0001")
    command = [sys.executable, "-c", _KILLED, str(folder), *options]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    return [folder / f"{number}.sqlite3" for number in range(1, int(child.stdout) + 1)]


def half_done(path: Path, old: dict[str, object], new: dict[str, object]) -> bool:
    return described(path) not in (old, new)


@pytest.mark.fault("F36")
def test_a_migration_that_is_killed_at_any_statement_is_done_at_the_next_start(
    tmp_path: Path,
) -> None:
    migrated(tmp_path / "new.sqlite3", "head")
    left = killed_at_each(tmp_path)
    old, new = described(tmp_path / "old.sqlite3"), described(tmp_path / "new.sqlite3")
    assert len(left) > 5
    for path in left:
        assert not half_done(path, old, new)
        again = Database(path, SCHEMA)
        again.open()
        again.close()
        assert described(path) == new


@pytest.mark.planted("F36")
def test_a_migration_that_commits_each_statement_would_be_found(tmp_path: Path) -> None:
    migrated(tmp_path / "new.sqlite3", "head")
    left = killed_at_each(tmp_path, "--hasty")
    old, new = described(tmp_path / "old.sqlite3"), described(tmp_path / "new.sqlite3")
    assert any(half_done(path, old, new) for path in left)


@pytest.mark.fault("F36")
def test_a_newer_schema_is_refused_with_a_message_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite3"
    migrated(path, "head")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
        connection.commit()
    content = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="newer version"):
        usage_database(tmp_path).open()
    assert path.read_bytes() == content


def test_alembic_is_loaded_only_to_migrate(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bodhi.usage.keeping import usage_database\n"
        "database = usage_database(Path(sys.argv[1])); database.open(); database.close()\n"
        "print('alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    seen = []
    for name, revision in (("new", None), ("old", "0001"), ("same", "head")):
        folder = tmp_path / name
        folder.mkdir()
        if revision:
            migrated(folder / "usage.sqlite3", revision)
        command = [sys.executable, "-c", code, str(folder)]
        seen.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert seen == ["False True\n", "True True\n", "False True\n"]
