"""Every content that an alias has had: ``$BODHI_HOME/versions/<uid>/<number>.yaml``.

A version is written before the alias's file gets its content, and counts once the alias has come to
its number: one that a kill left too early is written over. Its first line says what it is, and
proves that the rest is whole. The oldest go when there are too many.
"""

import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bodhi.aliases.noted import etag_of, join, split
from bodhi.errors import VersionNotFound
from bodhi.files import Disk, make_folder, write_new
from bodhi.params.values import JsonObject

KEPT = 200

_UID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"([1-9][0-9]{0,8})\.yaml", re.ASCII)


class _NoHurry(Disk):
    """For files that prove by themselves whether they are whole."""

    def fsync(self, descriptor: int) -> None:
        del descriptor

    def sync_folder(self, folder: Path) -> None:
        del folder


_NO_HURRY = _NoHurry()


class How(StrEnum):
    """What made a version."""

    EDIT = "edit"
    HAND = "hand"
    PUBLISH = "publish"
    RESTORE = "restore"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of one content. ``saved_at`` is in seconds since the epoch."""

    number: int
    saved_at: float
    how: How
    note: str | None
    etag: str


class Versions:
    """The versions under ``folder``, of each uid the newest ``kept``. Change them while alone.

    Methods raise OSError where the disk does; a uid that is none has no versions.
    """

    def __init__(self, folder: Path, disk: Disk, *, kept: int = KEPT) -> None:
        self._folder = folder
        self._disk = disk
        self._kept = kept

    def record(
        self,
        uid: str,
        number: int,
        text: bytes,
        how: How,
        note: str | None = None,
        *,
        is_promised: bool = True,
    ) -> None:
        """Keep ``text`` as that version, unless it is kept already.

        It is safe once this returns, unless nothing ``is_promised``: the disk then has its time.
        """
        if not _UID.fullmatch(uid) or self.has(uid, number, etag_of(text)):
            return
        disk = self._disk if is_promised else _NO_HURRY
        path = self._path(uid, number)
        if not path.parent.is_dir():
            make_folder(path.parent)
            disk.sync_folder(self._folder)
        with suppress(FileNotFoundError):
            disk.unlink(path)
        known: JsonObject = {"version": number, "saved_at": time.time(), "how": how, "note": note}
        write_new(path, join(known, text), disk)
        disk.sync_folder(path.parent)
        self._prune(uid, number)

    def has(self, uid: str, number: int, etag: str) -> bool:
        """Whether that version is kept and has this content."""
        found = self._read(uid, number)
        return found is not None and found[0].etag == etag

    def all(self, uid: str, *, newest: int) -> list[Version]:
        """What is kept, the newest first; ``newest`` is the version that the alias is at."""
        numbers = [number for number in self._numbers(uid) if number <= newest]
        found = (self._read(uid, number) for number in sorted(numbers, reverse=True))
        return [one[0] for one in found if one is not None]

    def read(self, uid: str, number: int) -> tuple[Version, bytes]:
        """A version and its text. Raises VersionNotFound."""
        found = self._read(uid, number)
        if found is None:
            raise VersionNotFound(
                f"Version {number} is not kept.", remedy="The list of versions has all that are."
            )
        return found

    def forget(self, uid: str) -> None:
        """Remove every version of this uid, which is nobody any more."""
        if _UID.fullmatch(uid):
            shutil.rmtree(self._folder / uid, ignore_errors=True)

    def _prune(self, uid: str, newest: int) -> None:
        if newest > self._kept:
            for number in self._numbers(uid):
                if number <= newest - self._kept:
                    with suppress(OSError):
                        self._path(uid, number).unlink()

    def _numbers(self, uid: str) -> list[int]:
        if not _UID.fullmatch(uid):
            return []
        try:
            names = [path.name for path in (self._folder / uid).iterdir()]
        except FileNotFoundError:
            return []
        return [int(match[1]) for name in names if (match := _NUMBER.fullmatch(name))]

    def _read(self, uid: str, number: int) -> tuple[Version, bytes] | None:
        if not _UID.fullmatch(uid) or number < 1:
            return None
        try:
            known, text = split(self._path(uid, number).read_bytes())
            version = Version(
                number,
                float(known["saved_at"]),
                How(known["how"]),
                known["note"] if isinstance(known["note"], str) else None,
                str(known["etag"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        return version, text

    def _path(self, uid: str, number: int) -> Path:
        return self._folder / uid / f"{number}.yaml"
