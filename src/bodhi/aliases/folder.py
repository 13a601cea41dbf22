"""The alias folder as it is on disk: which files are there, and what each of them says.

Reading is incremental: a file whose status is unchanged keeps its last reading. Nothing here
raises because of one file; what is wrong with it becomes its :class:`Problem`.
"""

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bodhi.aliases.filenames import SUFFIXES
from bodhi.aliases.model import Alias, Problem
from bodhi.aliases.reader import check_stem, read_recipe
from bodhi.aliases.yaml12 import MAX_BYTES
from bodhi.errors import AliasFileInvalid
from bodhi.files import cause_of

# A file changed so recently could change again within the clock tick of its time stamp.
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read. ``name`` is the alias it claims to hold, known even if it is misplaced.

    ``signature`` is None while the file's status cannot be trusted to show the next change; it
    says nothing of what was read.
    """

    file: str
    stem: str
    signature: tuple[int, ...] | None = field(compare=False)
    etag: str
    modified_at: float
    name: str | None = None
    alias: Alias | None = None
    problem: Problem | None = None
    data: bytes = field(default=b"", compare=False, repr=False)


def read_folder(
    folder: Path, before: Mapping[str, Reading], *, with_data: bool = False
) -> dict[str, Reading]:
    """File name -> reading, of every alias file in ``folder``. Raises OSError for the folder.

    ``before`` is the last answer; readings that still hold are the same objects. ``with_data``
    has the bytes in those that are new.
    """
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if is_alias_file(entry.name))
    readings: dict[str, Reading] = {}
    for name in names:
        if reading := read_file(folder, name, before.get(name), with_data=with_data):
            readings[name] = reading
    return readings


def is_alias_file(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith(".")


def read_file(
    folder: Path, name: str, before: Reading | None, *, with_data: bool = False
) -> Reading | None:
    """The reading of one file, None if it is not there (any more)."""
    path = os.path.join(folder, name)  # noqa: PTH118 - ten thousand paths, each used once
    try:
        status = os.stat(path)  # noqa: PTH116
        if before and before.signature == _signature(status):
            return before
        if not stat.S_ISREG(status.st_mode):
            return _broken(name, "It is not a regular file")
        data, status = read_contents(path)
    except FileNotFoundError:
        is_link = os.path.lexists(path)
        return _broken(name, "It is a link to a file that is missing") if is_link else None
    except OSError as error:
        return _broken(name, f"It cannot be read: {cause_of(error)}")
    reading = _read(name, data, status, before)
    return replace(reading, data=data) if with_data else reading


def shown(name: str) -> str:
    """A file name as text for people, also where its bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_contents(path: str | Path) -> tuple[bytes, os.stat_result]:
    """At most one byte more than is allowed. Not blocked by a pipe that took the file's place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123
        status = os.fstat(descriptor)
        data = file.read(MAX_BYTES + 1) if stat.S_ISREG(status.st_mode) else b""
        return data or b"", status


def _read(name: str, data: bytes, status: os.stat_result, before: Reading | None) -> Reading:
    etag = hashlib.sha256(data).hexdigest()
    settled = time.time_ns() - status.st_mtime_ns > _SETTLED_NS
    signature = _signature(status) if settled else None
    modified_at = status.st_mtime_ns / 1e9
    if before and before.etag == etag:
        return replace(before, signature=signature, modified_at=modified_at)
    stem, recipe, problem = stem_of(name), None, None
    try:
        recipe = read_recipe(data)
        check_stem(recipe, stem, data)
    except AliasFileInvalid as error:
        problem = Problem(shown(name), error.message.rstrip("."), error.line)
    claim, alias = recipe.name if recipe else None, None if problem else recipe
    return Reading(name, stem, signature, etag, modified_at, claim, alias, problem)


def _broken(name: str, reason: str) -> Reading:
    return Reading(name, stem_of(name), None, "", 0.0, problem=Problem(shown(name), reason))


def stem_of(name: str) -> str:
    """The stem of a file name, as text."""
    return shown(name).rpartition(".")[0]


def _signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
