"""One file as a scan finds it, before anybody has read it; and the walk that finds it.

Nothing here raises for what it meets: folders change while they are read, and other programs
leave anything in them. What cannot be a model carries its ``problem`` along.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bodhi.files import file_identity
from bodhi.model_files.file_names import is_model_name
from bodhi.model_files.header_bytes import kind_of_entry

_MAX_DEPTH = 8
MAX_ENTRIES = 500_000


class FoundFile(NamedTuple):
    """``real_path`` is where the bytes are; ``identity`` of a file without bytes names its link."""

    snapshot: str | None
    filename: str
    path: str
    real_path: str
    identity: str
    size_bytes: int
    modified_at: float
    problem: str | None


class Located(NamedTuple):
    """Where the bytes of an entry are, their status, and why they may not be used, if so."""

    real_path: str
    status: os.stat_result
    problem: str | None = None


class FoundRepo(NamedTuple):
    """One repository in one place. ``refs`` maps ref names to snapshot folders."""

    repo: str
    refs: tuple[tuple[str, str], ...]
    snapshot_times: tuple[tuple[str, float], ...]
    files: tuple[FoundFile, ...]


class Walk:
    """Counts what one scan looks at, and gathers what it could not look at.

    ``problems`` are sentences for people; they name folders, never paths.
    """

    def __init__(self) -> None:
        self._left = MAX_ENTRIES
        self.problems: list[str] = []

    def entries(self, folder: str, name: str) -> list["os.DirEntry[str]"]:
        """The entries of ``folder``; none if it is gone, none and a problem if it is closed.

        ``name`` is what the folder is called in a problem.
        """
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except FileNotFoundError:
            return []
        except OSError as problem:
            self.problems.append(f"{readable(name)} cannot be read: {problem.strerror}")
            return []
        if len(entries) > self._left:
            self.problems.append(f"{readable(name)} was not read to the end: too many entries")
        kept = entries[: self._left]
        self._left -= len(kept)
        return kept

    def model_entries(self, folder: str, name: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
        """Model files below ``folder`` with their names relative to it; links are not entered."""
        waiting = [("", folder)]
        while waiting:
            prefix, place = waiting.pop()
            for entry in self.entries(place, f"{name}/{prefix}" if prefix else name):
                if is_folder(entry):
                    if prefix.count("/") < _MAX_DEPTH:
                        waiting.append((f"{prefix}{entry.name}/", entry.path))
                elif is_model_name(entry.name):
                    yield prefix + entry.name, entry


def is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def is_within(path: str, root: str) -> bool:
    """Whether ``path`` lies below ``root``; both absolute and free of links."""
    return path.startswith(root.rstrip(os.sep) + os.sep)


def readable(name: str) -> str:
    """``name`` with everything escaped that a terminal or JSON could not take."""
    if name.isprintable():
        return name
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def inspect(
    entry: "os.DirEntry[str]",
    filename: str,
    snapshot: str | None,
    locate: Callable[["os.DirEntry[str]"], Located],
) -> FoundFile | None:
    """Look at one entry without opening it; None if it vanished meanwhile.

    ``locate`` finds where the bytes are; it may raise OSError.
    """
    try:
        real_path, status, problem = locate(entry)
    except FileNotFoundError:
        return _without_bytes(entry, filename, snapshot)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a possible name"
        return _bad(entry, filename, snapshot, f"cannot be looked at: {reason}")
    if problem is None and not stat.S_ISREG(status.st_mode):
        problem = f"is {kind_of_entry(status.st_mode)}, not a regular file"
    if not filename.isprintable():
        problem = "has a name that is not printable text"
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    return FoundFile(
        snapshot=snapshot,
        filename=readable(filename),
        path=readable(entry.path),
        real_path=readable(real_path),
        identity=file_identity(status),
        size_bytes=size,
        modified_at=status.st_mtime,
        problem=problem,
    )


def _without_bytes(
    entry: "os.DirEntry[str]", filename: str, snapshot: str | None
) -> FoundFile | None:
    """A link whose target is gone stays on the list; an entry that is gone itself does not."""
    try:
        os.lstat(entry.path)
    except OSError:
        return None
    return _bad(entry, filename, snapshot, "is a link to a file that is not there")


def _bad(entry: "os.DirEntry[str]", filename: str, snapshot: str | None, problem: str) -> FoundFile:
    try:
        target = str(Path(entry.path).readlink())
    except (OSError, ValueError):
        target = filename
    return FoundFile(
        snapshot=snapshot,
        filename=readable(filename),
        path=readable(entry.path),
        real_path=readable(entry.path),
        identity=f"link:{readable(target)}",
        size_bytes=0,
        modified_at=0.0,
        problem=problem,
    )
