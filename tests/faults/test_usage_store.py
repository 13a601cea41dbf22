"""Records of usage outlive a database that is locked, full or damaged, and a kill at any moment."""

import itertools
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bodhi.usage.keeping import Usage
from bodhi.usage.model import Record
from bodhi.usage.recorder import Recorder
from bodhi.usage.writing import write
from tests.support.server import wait_until
from tests.usage.records import DAY, experiment, request, traffic

_LOSS_S = 1.0


@pytest.fixture
def usage(tmp_path: Path) -> Iterator[Usage]:
    """A recorder that writes into ``tmp_path``."""
    made = Usage(tmp_path)
    made.recorder.start()
    yield made
    made.recorder.close()


def ids(folder: Path) -> list[str]:
    """The requests that the database has, read by nobody's code but SQLite's."""
    path = folder / "usage.sqlite3"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT request_id FROM requests")]
        except sqlite3.DatabaseError:
            return []


def everything(folder: Path) -> list[str]:
    """Every row of every table, as SQLite writes it out."""
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        return [line for line in connection.iterdump() if line.startswith("INSERT")]


def sums(folder: Path) -> int:
    """How many requests the days' sums count."""
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return 0
        return int(connection.execute("SELECT total(requests) FROM days").fetchone()[0])


def put(usage: Usage, count: int) -> list[str]:
    now = time.time()  # what is too old is removed
    records = [request(started_at=now) for _ in range(count)]
    for record in records:
        usage.recorder.put(record)
    return [record.request_id for record in records]


def has_all(folder: Path, wanted: list[str]) -> Callable[[], bool]:
    return lambda: set(wanted) <= set(ids(folder))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process's transaction, as far as SQLite can tell."""
    with closing(sqlite3.connect(folder / "usage.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def locked_and_written_later(usage: Usage, folder: Path) -> bool:
    """Whether what came while the database was locked cost nobody time and is written after."""
    first = put(usage, 10)
    assert wait_until(has_all(folder, first), 20)
    with locked(folder):
        began = time.perf_counter()
        meanwhile = put(usage, 2000)
        took = time.perf_counter() - began
        assert took < 1.0, "putting a record waits for nobody"
        journal = folder / "usage-journal.jsonl"
        assert wait_until(lambda: usage.recorder.state.trouble is not None, 20)
        is_kept = wait_until(lambda: journal.exists() and journal.stat().st_size > 200_000, 10)
    is_written = is_kept and wait_until(has_all(folder, meanwhile), 20)
    return is_written and len(ids(folder)) == sums(folder) == 2010


@pytest.mark.fault("F30")
def test_a_locked_database_costs_requests_nothing_and_no_record(
    usage: Usage, tmp_path: Path
) -> None:
    assert locked_and_written_later(usage, tmp_path)
    assert wait_until(lambda: usage.recorder.state.trouble is None, 5)
    assert usage.recorder.state.lost == 0


@pytest.mark.planted("F30")
def test_a_recorder_that_forgets_what_is_refused_would_be_found(
    usage: Usage, tmp_path: Path
) -> None:
    usage.recorder._spill = lambda records: None  # type: ignore[method-assign]
    usage.recorder._make_ready()
    assert not locked_and_written_later(usage, tmp_path)


def damage(folder: Path) -> None:
    """Overwrite every page but the first with noise."""
    path = folder / "usage.sqlite3"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(size - 4096))
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def damaged_and_begun_anew(folder: Path, make: Callable[[Path], Usage]) -> bool:
    """Whether a damaged file is kept beside a new one, and recording goes on."""
    before = make(folder)
    before.recorder.start()
    old = put(before, 500)
    assert wait_until(has_all(folder, old), 20)
    before.recorder.close()
    damage(folder)
    content = (folder / "usage.sqlite3").read_bytes()
    after = make(folder)
    after.recorder.start()
    try:
        new = put(after, 100)
        if not wait_until(has_all(folder, new), 10):
            return False
    finally:
        after.recorder.close()
    kept = list(folder.glob("usage.damaged-*.sqlite3"))
    return [path.read_bytes() for path in kept] == [content] and sums(folder) == 100


@pytest.mark.fault("F31")
def test_a_damaged_database_is_kept_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    assert damaged_and_begun_anew(tmp_path, Usage)


@pytest.mark.planted("F31")
def test_a_recorder_that_writes_on_into_damage_would_be_found(tmp_path: Path) -> None:
    class Trusting(Recorder):
        def _begin_anew(self) -> bool:
            return False

    def make(folder: Path) -> Usage:
        made = Usage(folder)
        made.recorder.__class__ = Trusting
        return made

    assert not damaged_and_begun_anew(tmp_path, make)


@pytest.mark.fault("F31")
def test_damage_while_it_is_written_is_met_in_the_same_way(usage: Usage, tmp_path: Path) -> None:
    assert wait_until(has_all(tmp_path, put(usage, 500)), 20)
    # Nothing is open in the writer's hands: it has looked for old records, too, and waits.
    assert wait_until(lambda: usage.recorder._forgets_at > 0, 20)
    usage.database.close()  # so that nothing of it is left in a cache
    damage(tmp_path)
    assert wait_until(has_all(tmp_path, put(usage, 100)), 20)
    assert list(tmp_path.glob("usage.damaged-*.sqlite3"))


def test_records_are_the_same_whether_they_waited_in_the_journal_or_not(tmp_path: Path) -> None:
    records: list[Record] = [
        *itertools.islice(traffic(1, start=DAY, seconds=60), 200),
        request(overridden=("seed", "top_p"), user="ann", error="queue_full"),
        experiment(),
    ]
    kept = []
    for is_waiting in (False, True):
        folder = tmp_path / str(is_waiting)
        folder.mkdir()
        recorder = Usage(folder, keep_user=True).recorder
        for record in records:
            recorder.put(record)
        if is_waiting:
            recorder._spill(recorder._drain())
        else:
            recorder._make_ready()
        recorder._step()
        kept.append(everything(folder))
    assert kept[0] == kept[1]
    for table, least in {
        "requests": 201,
        "minutes": 20,
        "adjustments": 3,
        "experiments": 1,
    }.items():
        assert sum(f'INTO "{table}"' in line for line in kept[0]) >= least


def test_an_empty_user_is_nobody(tmp_path: Path) -> None:
    recorder = Usage(tmp_path).recorder
    recorder.put(request(user=""))
    recorder._make_ready()
    recorder._step()
    with closing(sqlite3.connect(tmp_path / "usage.sqlite3")) as connection:
        assert connection.execute("SELECT user FROM requests").fetchall() == [(None,)]


@pytest.mark.fault("F31")
def test_damage_that_is_met_while_old_records_go_is_met_in_the_same_way(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    with usage.database.writing() as connection:
        write(connection, [request() for _ in range(500)])
    usage.database.close()
    damage(tmp_path)
    usage.recorder._is_ready = True
    usage.recorder._forget()
    assert list(tmp_path.glob("usage.damaged-*.sqlite3"))
    usage.recorder._keep(records := [request()])
    assert len(ids(tmp_path)) == len(records)
    usage.database.close()


@pytest.mark.fault("F31")
def test_a_database_of_a_newer_version_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Usage(tmp_path)
    first.database.open()
    with first.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    first.database.close()
    content = (tmp_path / "usage.sqlite3").read_bytes()
    second = Usage(tmp_path)
    second.recorder.start()
    put(second, 10)
    assert wait_until(lambda: "newer version" in (second.recorder.state.trouble or ""), 20)
    second.recorder.close()
    assert (tmp_path / "usage.sqlite3").read_bytes() == content
    assert (tmp_path / "usage-journal.jsonl").read_bytes().count(b"\n") == 10
    assert "newer version" in caplog.text


@pytest.mark.fault("F31")
def test_what_has_no_room_in_the_journal_is_counted_as_lost(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    usage.recorder._journal._most = 1000
    usage.recorder._database.open()
    usage.recorder.start()
    with locked(tmp_path):
        put(usage, 100)
        assert wait_until(lambda: usage.recorder.state.lost > 0, 20)
    assert wait_until(lambda: len(ids(tmp_path)) + usage.recorder.state.lost == 100, 20)
    usage.recorder.close()


@contextmanager
def putting(folder: Path, first: int, *options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.faults.usage_putter", str(folder), str(first)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def killed_and_counted(folder: Path, rounds: int, *options: str) -> list[str]:
    """What is wrong with the records after as many kills: missing ones, double ones, bad sums."""
    chance = random.Random(3)
    must: set[str] = set()
    may: set[str] = set()
    for round_ in range(rounds):
        with putting(folder, round_ * 1_000_000, *options) as process:
            assert process.stdout is not None
            said: list[tuple[str, float]] = []
            until = 0.0
            for line in process.stdout:
                number, at = line.split()
                said.append((f"{int(number):016x}", float(at)))
                until = until or float(at) + 1.2 + chance.random()
                if float(at) > until:
                    break
            process.kill()
            last = said[-1][1]
            rest = [line.split()[0] for line in process.stdout if line.endswith("\n")]
            said += [(f"{int(number):016x}", last) for number in rest]
        may |= {one for one, _ in said}
        must |= {one for one, at in said if at < last - _LOSS_S}
    usage = Usage(folder)
    usage.recorder.start()
    assert wait_until(lambda: not (folder / "usage-journal.jsonl").exists(), 30)
    usage.recorder.close()
    found = ids(folder)
    wrong = [f"{len(must - set(found))} missing"] if must - set(found) else []
    wrong += [f"{len(found) - len(set(found))} double"] if len(found) != len(set(found)) else []
    wrong += ["sums"] if sums(folder) != len(found) else []
    with closing(sqlite3.connect(folder / "usage.sqlite3")) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    wrong += ["damage"] if verdict != "ok" else []
    assert len(must) > 100
    assert len(set(found) - may) <= 100 * rounds, "those whose number was on its way"
    return wrong


@pytest.mark.fault("F32")
def test_a_kill_costs_the_last_second_of_records_and_counts_none_twice(tmp_path: Path) -> None:
    assert killed_and_counted(tmp_path, 4) == []


@pytest.mark.soak
@pytest.mark.fault("F32")
def test_a_hundred_kills_cost_no_more(tmp_path: Path) -> None:
    assert killed_and_counted(tmp_path, 100) == []


@pytest.mark.planted("F32")
def test_a_recorder_that_lets_records_wait_would_be_found(tmp_path: Path) -> None:
    assert any("missing" in one for one in killed_and_counted(tmp_path, 2, "--lazy"))
