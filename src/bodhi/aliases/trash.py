"""What was deleted: files in ``$BODHI_HOME/trash``, with who each of them was in its name.

``20261125T130000Z-<uid>-<version>-<file>``: so one rename deletes an alias or brings it back, and
nothing beside the file has to be kept in step with it. Chat templates lie there too, in the short
form of the name.
"""

import calendar
import os
import re
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bodhi.aliases.folder import is_alias_file, read_contents, stem_of
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.sidecar import Identity
from bodhi.chat_templates.own import SUFFIX, is_own_name
from bodhi.errors import AliasFileInvalid, NotInTrash

KEPT_DAYS = 30

_WHEN = "%Y%m%dT%H%M%SZ"
# The short form says nothing about identity.
_NAME = re.compile(
    r"(?P<when>\d{8}T\d{6}Z)-(?:(?P<uid>[0-9a-f]{32})-(?P<version>\d{1,9})|[0-9a-f]{6})"
    r"-(?P<file>.+)",
    re.DOTALL | re.ASCII,
)
# Bytes of a file name, on every file system that matters here; aliases have shorter ones.
_LONGEST = 255


class TrashKind(StrEnum):
    """What it was that was deleted."""

    ALIAS = "alias"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Trashed:
    """One deleted alias or template. ``id`` is its URL id, ``file`` what its file was called.

    ``uid`` and ``version`` are those that an alias had; a file that does not say has none.
    ``deleted_at`` is in seconds since the epoch.
    """

    id: str
    path: Path
    file: str
    uid: str | None
    version: int
    deleted_at: float

    @property
    def kind(self) -> TrashKind:
        """Which of both it is."""
        return TrashKind.TEMPLATE if self.file.endswith(SUFFIX) else TrashKind.ALIAS

    @property
    def stem(self) -> str:
        """The URL id of the alias, or the name of the template, that it was and would be again."""
        return stem_of(self.file)

    def name(self) -> str:
        """The name, as an alias's file has it; the stem, where that cannot be read."""
        if self.kind is TrashKind.TEMPLATE:
            return self.stem
        try:
            return read_recipe(read_contents(self.path)[0]).name
        except (OSError, AliasFileInvalid):
            return self.stem


def mark_of(identity: Identity, file: str) -> str | None:
    """What a deleted file's name says of who it was; None for a name that has no room for it."""
    mark = f"{identity.uid}-{identity.version}"
    room = _LONGEST - len("20261125T130000Z--") - len(os.fsencode(file))
    return mark if len(mark) <= room else None


def read_trash(folder: Path) -> list[Trashed]:
    """Everything in the trash, the latest first. Raises OSError."""
    with os.scandir(folder) as entries:
        paths = [folder / entry.name for entry in entries]
    found = [one for path in paths if (one := trashed_as(path)) is not None]
    return sorted(found, key=lambda one: (-one.deleted_at, one.id))


def find_trashed(folder: Path, trash_id: str, kind: TrashKind | None = None) -> Trashed:
    """The one with this id, which is only compared; of this ``kind``, if one is given.

    Raises NotInTrash or OSError.
    """
    for one in read_trash(folder):
        if one.id == trash_id and kind in (None, one.kind):
            return one
    raise NotInTrash("Nothing in the trash has this id.", remedy="GET /api/v1/trash has all.")


def trashed_as(path: Path) -> Trashed | None:
    """What the name of a file in the trash says; None if it was not put there by deleting."""
    match = _NAME.fullmatch(path.name)
    if match is None or not _is_ours(match["file"]):
        return None
    try:
        deleted_at = float(calendar.timegm(time.strptime(match["when"], _WHEN)))
    except ValueError:
        return None
    trash_id = path.name.removesuffix("-" + match["file"])
    version = int(match["version"] or 1)
    return Trashed(trash_id, path, match["file"], match["uid"], version, deleted_at)


def _is_ours(file: str) -> bool:
    return is_alias_file(file) or (file.endswith(SUFFIX) and is_own_name(file.removesuffix(SUFFIX)))
