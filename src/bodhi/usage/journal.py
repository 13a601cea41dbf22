"""Where records wait while the database cannot take them: a file of JSON lines, at most so large.

A line that was not finished, because the writer was killed, is not a record. Records leave the file
only after the database has them; one that is replayed twice is counted once, by its id.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

MOST_BYTES = 64 << 20
_AT_ONCE = 1000


class Journal:
    """Rows of records, each ``[kind, id, time, ...]``. Belongs to one thread.

    ``lengths`` says how long a row of each kind is; others, of another version, are passed over.
    """

    def __init__(self, path: Path, lengths: Mapping[str, int], most_bytes: int) -> None:
        self._path = path
        self._lengths = lengths
        self._most = most_bytes

    @property
    def is_empty(self) -> bool:
        return self._size() == 0

    def append(self, rows: Sequence[Sequence[Any]]) -> int:
        """Add rows at the end; returns how many had room. Raises OSError, with none added."""
        size = self._size()
        lines: list[bytes] = []
        for row in rows:
            line = orjson.dumps(row) + b"\n"
            size += len(line)
            if size > self._most:
                break
            lines.append(line)
        if lines:
            self._write(b"".join(lines))
        return len(lines)

    def batches(self) -> Iterator[list[list[Any]]]:
        """What is there, some at a time, the oldest first. Raises OSError."""
        batch: list[list[Any]] = []
        with self._path.open("rb") as file:
            for line in file:
                row = self._row(line)
                if row is not None:
                    batch.append(row)
                if len(batch) >= _AT_ONCE:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def clear(self) -> None:
        """Everything is in the database. Raises OSError."""
        self._path.unlink(missing_ok=True)

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def _write(self, data: bytes) -> None:
        """In one piece at the end, on a line of its own, or not at all."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                data = b"\n" + data
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)

    def _row(self, line: bytes) -> list[Any] | None:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        if not line.endswith(b"\n") or not isinstance(row, list) or not row:
            return None
        is_whole = isinstance(row[0], str) and len(row) == self._lengths.get(row[0])
        return row if is_whole and isinstance(row[1], str) else None
