"""Reads the front of a file piece by piece and never past a bound: the ground ``gguf`` stands on.

Every length in a GGUF header is written by a stranger. Here each is compared with what is left
of the file before anything is read, skipped or allocated.
"""

import os
import stat
from struct import Struct, error
from typing import Any

from bodhi.errors import ModelFileUnusable
from bodhi.files import file_identity

HEADER_BUDGET = 64 * 2**20
MAX_STRING = 16 * 2**20
# Between two remembered offsets in a long array of strings.
MARK_EVERY = 1024

_FIRST_READ = 64 * 2**10
_LARGEST_READ = 2**20
# O_NONBLOCK: opening a pipe must not wait for a writer. O_BINARY exists on Windows only.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class GgufError(ModelFileUnusable):
    """The file is not a GGUF that can be used.

    ``fact`` is what it does wrong ("ends within the counts"), ``offset`` the byte where that
    shows. ``settled`` is False where the very same bytes may be readable later.
    """

    def __init__(self, fact: str, offset: int | None = None, *, settled: bool = True) -> None:
        self.fact = fact if offset is None else f"{fact} (at byte {offset})"
        super().__init__(f"The file {self.fact}.")
        self.offset = offset
        self.settled = settled


def kind_of_entry(mode: int) -> str:
    """What a directory entry that is not a regular file is, in words."""
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFLNK: "a link",
    }
    return kinds.get(stat.S_IFMT(mode), "a special file")


class HeaderBytes:
    """A window on one open file, used as a context manager; ``offset`` is the next byte to read."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        try:
            self._file = os.open(path, _OPEN_FLAGS)
        except (OSError, ValueError) as problem:
            raise _unreadable(problem) from None
        status = os.fstat(self._file)
        if not stat.S_ISREG(status.st_mode):
            os.close(self._file)
            raise GgufError(f"is {kind_of_entry(status.st_mode)}, not a regular file")
        self.identity = file_identity(status)
        self.file_bytes = status.st_size
        self.bytes_read = 0
        self.offset = 0
        self._limit = min(self.file_bytes, HEADER_BUDGET)
        self._window = b""
        self._window_start = 0
        self._next_read = _FIRST_READ
        self._length = Struct("<Q")

    def __enter__(self) -> "HeaderBytes":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def use_byte_order(self, order: str) -> None:
        """``<`` or ``>``: how the lengths of strings are written from here on."""
        self._length = Struct(f"{order}Q")

    def seek(self, offset: int) -> None:
        """Go to where this reader has been before, or was told to look."""
        self.offset = offset
        if not self._window_start <= offset <= self._window_start + len(self._window):
            self._window, self._window_start = b"", offset

    def require(self, count: int, what: str) -> None:
        """Refuse unless ``count`` more bytes lie within the file and the header budget."""
        if self.offset + count <= self._limit:
            return
        if self.offset + count > self.file_bytes:
            raise GgufError(f"ends within {what}", self.offset)
        raise GgufError(f"has {what} beyond {HEADER_BUDGET // 2**20} MiB of header", self.offset)

    def unpack(self, layout: Struct, what: str) -> tuple[Any, ...]:
        at = self._at(layout.size, what)
        self.offset += layout.size
        return layout.unpack_from(self._window, at)

    def take(self, count: int, what: str) -> bytes:
        at = self._at(count, what)
        self.offset += count
        return self._window[at : at + count]

    def skip(self, count: int, what: str) -> None:
        self.require(count, what)
        self.offset += count

    def string_length(self, what: str) -> int:
        """Read the length of the string that begins here, and check that the string is there."""
        (length,) = self.unpack(self._length, what)
        if length > MAX_STRING:
            raise GgufError(f"claims a string of {length} bytes in {what}", self.offset - 8)
        self.require(length, what)
        return int(length)

    def skip_strings(self, count: int, what: str) -> tuple[int, ...]:
        """Pass over ``count`` strings; returns the offset of every ``MARK_EVERY``-th of them."""
        self.require(8 * count, what)
        marks = []
        for first in range(0, count, MARK_EVERY):
            marks.append(self.offset)
            left = min(MARK_EVERY, count - first)
            while left:
                left -= self._skip_within_window(left, what)
                if left:
                    self._fill(8, what)
        self.require(0, what)
        return tuple(marks)

    def _skip_within_window(self, count: int, what: str) -> int:
        """The hot loop: a vocabulary has hundreds of thousands of strings.

        A length is looked at only where it leads out of the window, so the longest string
        allowed is exact up to the size of a window.
        """
        window, at = self._window, self.offset - self._window_start
        read_length, passed = self._length.unpack_from, 0
        try:
            for passed in range(count):  # noqa: B007 - how far it came is the result
                at += 8 + read_length(window, at)[0]
            passed = count
        except (error, OverflowError):
            pass
        if at - len(window) > 8 + MAX_STRING:
            raise GgufError(f"claims a string of over {MAX_STRING} bytes in {what}", self.offset)
        self.offset = self._window_start + at
        return passed

    def _at(self, count: int, what: str) -> int:
        """Where in the window the next ``count`` bytes are, after reading them if need be."""
        at = self.offset - self._window_start
        if at + count > len(self._window):
            self._fill(count, what)
            return 0
        return at

    def _fill(self, count: int, what: str) -> None:
        self.require(count, what)
        size = min(max(count, self._next_read), self._limit - self.offset)
        self._next_read = min(2 * self._next_read, _LARGEST_READ)
        try:
            os.lseek(self._file, self.offset, os.SEEK_SET)
            self._window = os.read(self._file, size)
        except OSError as problem:
            raise _unreadable(problem) from None
        self._window_start = self.offset
        self.bytes_read += len(self._window)
        if len(self._window) < count:
            raise GgufError("was cut while being read", self.offset, settled=False)


def _unreadable(problem: OSError | ValueError) -> GgufError:
    reason = (problem.strerror if isinstance(problem, OSError) else None) or "not a possible name"
    return GgufError(f"cannot be read: {reason}", settled=False)
