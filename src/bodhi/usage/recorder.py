"""Takes records from the path of requests and writes them behind it, in a thread of its own.

Putting a record is one append to a queue. Twice a second at most, what is there goes into the
database in one transaction. While the database cannot take it, or is being checked, it goes into a
journal, which is replayed when the database can; so a kill costs the last second of records, and a
database that is locked, full or damaged costs requests nothing.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from bodhi.errors import DatabaseDamaged, DatabaseUnavailable
from bodhi.files import cause_of, make_folder
from bodhi.store.database import Database
from bodhi.usage.disguise import Disguise
from bodhi.usage.journal import MOST_BYTES, Journal
from bodhi.usage.model import ExperimentRecord, Record, RequestRecord
from bodhi.usage.span import DAY

log = logging.getLogger("bodhi.usage")

_GATHER_S = 0.25
_RETRY_S = 1.0
_TELL_S = 1.0
_AT_ONCE = 5000
# Old records go some at a time, so that new ones never wait for it.
KEPT_DAYS = 90
_FORGET_AT_ONCE = 500
_FORGET_EVERY_S = 3600.0
# In memory, while neither database nor journal takes them.
_MOST_WAITING = 20_000

# What a row begins with -> how long it is.
_LENGTHS = {
    "request": 1 + len(RequestRecord._fields),
    "experiment": 1 + len(ExperimentRecord._fields),
}

Row = list[Any]


class Recording(NamedTuple):
    """How recording goes. ``trouble`` is None where it goes well; ``lost`` counts since start."""

    trouble: str | None
    lost: int


class Recorder:
    """``put`` is for any thread. ``start`` begins writing, ``close`` ends it."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        keep_user: bool = False,
        kept_days: int = KEPT_DAYS,
        on_written: Callable[[], None] = lambda: None,
        on_opened: Callable[[], None] = lambda: None,
        journal_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._folder = folder
        self._journal = Journal(folder / "usage-journal.jsonl", _LENGTHS, journal_bytes)
        self._disguise = Disguise(folder / "usage.key", keep=keep_user)
        self._kept_s = kept_days * DAY
        self._forgets_at = 0.0
        self._on_written = on_written
        self._on_opened = on_opened
        self._queue: deque[Record] = deque()
        self._is_called = threading.Event()
        self._is_ending = threading.Event()
        self._is_wanted = False  # somebody would read
        self._is_checked = self._is_ready = False  # belong to the thread
        self._trouble: str | None = None
        self._lost = 0
        self._is_untold = False
        self._told_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)

    @property
    def state(self) -> Recording:
        return Recording(self._trouble, self._lost)

    def put(self, record: Record) -> None:
        """Have ``record`` written soon. Where memory for it has run out it is counted as lost."""
        if len(self._queue) >= _MOST_WAITING:
            self._lost += 1
            return
        self._queue.append(record)
        if not self._is_called.is_set():
            self._is_called.set()

    def start(self) -> None:
        self._thread.start()

    def want(self) -> None:
        """Somebody will read: open the database now, not with the first record."""
        self._is_wanted = True
        self._is_called.set()

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what is left, at most for so long, and let go of the files."""
        self._is_ending.set()
        self._is_called.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    # -- In the thread.

    def _run(self) -> None:
        with suppress(OSError):  # whoever writes there will say so
            make_folder(self._folder)
        while not self._is_ending.is_set():
            is_forgetting = self._is_ready and self._forgets_at == 0.0
            has_work = self._is_untold or not self._journal.is_empty or is_forgetting
            self._is_called.wait(_RETRY_S if has_work else _FORGET_EVERY_S)
            self._is_ending.wait(_GATHER_S)
            self._is_called.clear()
            self._step()
            self._tell()
            self._forget()
        self._step()
        self._database.close()

    def _step(self) -> None:
        """Never raises: a record that cannot be kept is lost, the thread is not."""
        try:
            records = self._drain()
            while records or self._is_wanted or not self._journal.is_empty:
                self._is_wanted = False
                self._keep(records)
                records = self._drain()
                if not records:
                    break
        except Exception:
            log.exception("records of usage could not be kept")

    def _drain(self) -> list[Record]:
        queue = self._queue
        records = [queue.popleft() for _ in islice(range(_AT_ONCE), len(queue))]
        return [self._disguised(record) for record in records]

    def _disguised(self, record: Record) -> Record:
        if isinstance(record, RequestRecord) and record.user is not None:
            # An empty one is nobody.
            return record._replace(user=self._disguise(record.user) if record.user else None)
        return record

    def _keep(self, records: Sequence[Record]) -> None:
        """Into the database, or else into the journal; nothing overtakes what waits there."""
        if self._is_ready and self._journal.is_empty and self._has_written(records):
            return
        self._spill(records)
        if self._is_ready or self._make_ready():
            self._replay()

    def _has_written(self, records: Sequence[Record]) -> bool:
        from bodhi.usage.writing import write

        try:
            if records:
                with self._database.writing() as connection:
                    write(
                        connection,
                        [one for one in records if isinstance(one, RequestRecord)],
                        [one for one in records if isinstance(one, ExperimentRecord)],
                    )
                self._is_untold = True
        except DatabaseDamaged:
            self._is_ready = self._begin_anew()
            return False
        except DatabaseUnavailable as error:
            self._complain(error.message)
            return False
        if self._trouble is not None:
            log.info("records of usage are written again")
        self._trouble = None
        return True

    def _make_ready(self) -> bool:
        """Check the file and open it. What comes meanwhile waits in the queue or the journal."""
        try:
            if not self._is_checked:
                self._check()
            self._database.open()
        except DatabaseDamaged:
            if not self._begin_anew():
                return False
        except DatabaseUnavailable as error:
            self._complain(error.message)
            return False
        self._is_ready = True
        self._on_opened()
        return True

    def _check(self) -> None:
        """Raises DatabaseDamaged. While the check of a large file runs, records are spilled."""
        found: list[bool] = []
        check = threading.Thread(
            target=lambda: found.append(self._is_whole()), name="usage-check", daemon=True
        )
        check.start()
        while check.is_alive():
            check.join(_GATHER_S)
            if check.is_alive():
                self._spill(self._drain())
        self._is_checked = True
        if found != [True]:
            raise DatabaseDamaged("The database of usage is damaged.")

    def _is_whole(self) -> bool:
        """Look at the file, and import what reads and writes it: that can take a second, too."""
        from bodhi.usage import figures, writing  # noqa: F401

        return self._database.is_whole()

    def _begin_anew(self) -> bool:
        """Keep the damaged file under another name. False where even that is not possible."""
        try:
            name = self._database.move_aside()
            self._database.open()
        except OSError as error:
            self._complain(f"the damaged file cannot be renamed: {cause_of(error)}")
            return False
        except DatabaseUnavailable as error:
            self._complain(error.message)
            return False
        log.warning(
            "the database of usage was damaged; it is kept as %s, and a new one begun", name
        )
        return True

    def _tell(self) -> None:
        """Say that there are new figures, once a second at most."""
        now = time.monotonic()
        if self._is_untold and now - self._told_at >= _TELL_S:
            self._is_untold, self._told_at = False, now
            self._on_written()

    def _forget(self) -> None:
        """Remove some of the records that are too old, and the rest in the next rounds."""
        if not self._is_ready or time.monotonic() < self._forgets_at:
            return
        removed = 0
        try:
            removed = self._removed()
        except DatabaseDamaged:
            self._is_ready = self._begin_anew()
        except DatabaseUnavailable:
            pass  # whoever writes there will say so
        except Exception:
            log.exception("old records of usage could not be removed")
        is_done = removed < _FORGET_AT_ONCE
        self._forgets_at = time.monotonic() + _FORGET_EVERY_S if is_done else 0.0

    def _removed(self) -> int:
        from bodhi.usage.writing import forget

        with self._database.writing() as connection:
            return forget(connection, time.time() - self._kept_s, _FORGET_AT_ONCE)

    def _spill(self, records: Sequence[Record]) -> None:
        rows = [_row(record) for record in records]
        try:
            missing = len(rows) - self._journal.append(rows) if rows else 0
        except OSError as error:
            self._complain(f"the journal cannot be written: {cause_of(error)}")
            missing = len(rows)
        if missing:
            self._lost += missing
            log.warning("%d records of usage are lost: there is no room for them", missing)

    def _replay(self) -> None:
        try:
            if self._journal.is_empty:
                return
            if all(self._has_written(_records(batch)) for batch in self._journal.batches()):
                self._journal.clear()
        except OSError as error:
            self._complain(f"the journal cannot be read: {cause_of(error)}")

    def _complain(self, reason: str) -> None:
        if self._trouble is None:
            log.warning("records of usage wait in a journal: %s", reason)
        self._trouble = reason


def _row(record: Record) -> Row:
    """As the journal keeps it."""
    return ["request" if isinstance(record, RequestRecord) else "experiment", *record]


def _records(rows: Sequence[Row]) -> list[Record]:
    """As the journal gave them back: a tuple comes as a list, and once came as nothing if empty."""
    return [_requested(row) if kind == "request" else _tried(row) for kind, *row in rows]


def _requested(row: Row) -> RequestRecord:
    record = RequestRecord._make(row)
    return record._replace(overridden=tuple(record.overridden or ()))


def _tried(row: Row) -> ExperimentRecord:
    record = ExperimentRecord._make(row)
    return record._replace(changed_fields=tuple(record.changed_fields or ()))
