"""One SQLite file: one connection that writes, others that only read, and what to do with damage.

In WAL mode readers and the writer do not wait for each other. Only the writing connection moves the
log into the file (a checkpoint), because SQLite before 3.51.3 can damage a file whose log two
connections reset at the same moment; the lock on the home keeps other processes away. Commits are
not synced one by one (``synchronous=NORMAL``): they survive a kill, and a power cut may cost the
last ones, never the file.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bodhi.errors import DatabaseDamaged, DatabaseUnavailable
from bodhi.files import cause_of
from bodhi.store.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# A writer that waits longer keeps what it has to write in memory, where a kill would lose it.
_WRITER_WAITS_S = 0.2
_READER_WAITS_S = 5.0
_BESIDE = ("-wal", "-shm", "-journal")
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED"}
_CAUSES = {
    "SQLITE_BUSY": "another process holds it",
    "SQLITE_LOCKED": "another process holds it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk reported an error",
    "SQLITE_READONLY": "it is read-only",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_PERM": "permission is missing",
}


class Database:
    """``writing`` belongs to one thread; ``reading`` is for any, once the writer has opened."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self._path = path
        self._schema = schema
        self._writer: Engine | None = None
        self._readers: Engine | None = None
        self._opened = threading.Event()

    def open(self) -> None:
        """Make the file or change its tables to this version's. Nothing happens if it is open.

        Raises DatabaseUnavailable, DatabaseDamaged or DatabaseTooNew, and is not open then.
        """
        if self._writer is not None:
            return
        with self._told_apart():
            writer = _engine(self._path, is_writer=True)
            try:
                self._schema.bring_up(writer)
            except BaseException:
                writer.dispose()
                raise
            self._writer, self._readers = writer, _engine(self._path, is_writer=False)
        self._opened.set()

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        """One transaction: all of the block is written, or nothing. Raises as ``open``."""
        self.open()
        writer = self._writer
        assert writer is not None  # noqa: S101 - it has just been opened
        with self._told_apart(), writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """A view that stays as it is. Waits some seconds for the opening of a server's start.

        Raises DatabaseUnavailable.
        """
        self._opened.wait(_READER_WAITS_S)
        readers = self._readers
        if readers is None:
            raise DatabaseUnavailable(
                "The records of usage cannot be read now.",
                remedy="The server's log says why; it tries again by itself.",
            )
        with self._told_apart(), readers.connect() as connection:
            yield connection

    def is_whole(self) -> bool:
        """Whether the file as it is on the disk passes SQLite's own check; slow for a large one."""
        if not self._path.exists():
            return True
        try:
            with _connection(self._path, is_writer=False) as connection:
                first = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            return _name_of(error) not in _DAMAGED
        return first is None or first[0] == "ok"

    def move_aside(self) -> str:
        """Keep a damaged file under another name, which is returned, so that a new one can be made.

        Raises OSError.
        """
        self.close()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        target = self._path.with_name(f"{self._path.stem}.damaged-{stamp}{self._path.suffix}")
        number = 1
        while target.exists():
            number += 1
            target = target.with_name(
                f"{self._path.stem}.damaged-{stamp}-{number}{self._path.suffix}"
            )
        for ending in ("", *_BESIDE):
            with suppress(FileNotFoundError):
                Path(f"{self._path}{ending}").rename(f"{target}{ending}")
        return target.name

    def close(self) -> None:
        """Let go of the file, the readers first: who closes last moves the log into it."""
        self._opened.clear()
        readers, self._readers = self._readers, None
        writer, self._writer = self._writer, None
        for engine in (readers, writer):
            if engine is not None:
                engine.dispose()

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        """SQLite's errors as ours. One that leaves the connection in doubt closes the file."""
        from sqlalchemy.exc import DBAPIError

        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if _name_of(cause) not in _BUSY:
                self.close()
            raise _ours(cause, self._path.name) from error


def _ours(error: BaseException | None, name: str) -> DatabaseUnavailable:
    kind = _name_of(error)
    if kind in _DAMAGED:
        return DatabaseDamaged(f"{name} is damaged.")
    cause = cause_of(error) if isinstance(error, OSError) else _CAUSES.get(kind, "SQLite refused")
    return DatabaseUnavailable(f"{name} cannot be used now: {cause}.")


def _name_of(error: BaseException | None) -> str:
    """``SQLITE_IOERR_WRITE`` -> ``SQLITE_IOERR``: the primary code."""
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])


def _engine(path: Path, *, is_writer: bool) -> "Engine":
    from sqlalchemy import create_engine, event

    pool = {"pool_size": 1, "max_overflow": 0} if is_writer else {"pool_size": 4}
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(path, is_writer=is_writer),
        poolclass=_queue_pool(),
        **pool,
    )
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _queue_pool() -> type:
    from sqlalchemy.pool import QueuePool

    return QueuePool


def _connect(path: Path, *, is_writer: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=_WRITER_WAITS_S if is_writer else _READER_WAITS_S,
        isolation_level=None,  # transactions begin where we say, those of the schema too
        check_same_thread=False,
    )
    try:
        if is_writer:
            connection.execute("PRAGMA journal_mode=WAL")
            path.chmod(0o600)
            connection.execute("PRAGMA synchronous=NORMAL")
        else:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA wal_autocheckpoint=0")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _connection(path: Path, *, is_writer: bool) -> Iterator[sqlite3.Connection]:
    connection = _connect(path, is_writer=is_writer)
    try:
        yield connection
    finally:
        connection.close()
