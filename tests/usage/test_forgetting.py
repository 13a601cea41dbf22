"""Records of single requests go when they are old; what was summed up of them stays."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bodhi.usage import recorder
from bodhi.usage.keeping import Usage
from bodhi.usage.writing import forget, write
from tests.support.server import wait_until
from tests.usage.records import experiment, request

_DAY_S = 86400


def count(folder: Path, table: str, what: str = "count(*)") -> int:
    """Read by nobody's code but SQLite's."""
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        return int(connection.execute(f"SELECT {what} FROM {table}").fetchone()[0])  # noqa: S608


def filled(folder: Path, old: int, new: int) -> Usage:
    """Usage with requests of 91 days ago and of now, and one old experiment."""
    now = time.time()
    usage = Usage(folder)
    made = [request(started_at=now - 91 * _DAY_S) for _ in range(old)]
    made += [request(started_at=now) for _ in range(new)]
    tried = experiment(at=now - 91 * _DAY_S)
    with usage.database.writing() as connection:
        write(connection, made, [tried])
    return usage


def test_some_are_removed_at_a_time_and_never_new_ones(tmp_path: Path) -> None:
    usage = filled(tmp_path, old=25, new=7)
    before = time.time() - 90 * _DAY_S
    removed: list[int] = []
    while not removed or removed[-1]:
        with usage.database.writing() as connection:
            removed.append(forget(connection, before, 10))
    usage.database.close()
    assert removed == [10, 10, 5, 0]
    assert (count(tmp_path, "requests"), count(tmp_path, "experiments")) == (7, 0)


def test_a_recorder_removes_what_is_too_old_and_keeps_every_sum(tmp_path: Path) -> None:
    old = 2 * recorder._FORGET_AT_ONCE + 3
    filled(tmp_path, old=old, new=5).database.close()
    usage = Usage(tmp_path)
    usage.recorder.start()
    usage.recorder.want()
    assert wait_until(lambda: count(tmp_path, "requests") == 5, 30, 0.1)
    usage.recorder.close()
    for table in ("minutes", "hours", "days"):
        assert count(tmp_path, table, "sum(requests)") == old + 5


def test_what_is_kept_longer_by_a_setting_stays(tmp_path: Path) -> None:
    filled(tmp_path, old=20, new=0).database.close()
    usage = Usage(tmp_path, kept_days=92)
    usage.recorder.start()
    usage.recorder.want()
    assert wait_until(lambda: usage.recorder._forgets_at > 0, 30)
    usage.recorder.close()
    assert count(tmp_path, "requests") == 20
