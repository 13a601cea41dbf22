"""What an alias file cannot say of itself: a uid that outlives renames, and its version number.

``$BODHI_HOME/state/aliases.json`` maps a file's stem to uid, version and the SHA-256 of the last
content that could be read. It can be lost without harm: uids and versions then start anew.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from bodhi.files import Disk, replace_file


@dataclass(frozen=True, slots=True)
class Identity:
    """``sha256`` is empty while no content of the file could be read yet."""

    uid: str
    version: int
    sha256: str


class Sidecar:
    """The identities in memory and on disk. Save only under the write lock."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk
        self._signature: tuple[int, ...] | None = None
        self._identities: dict[str, Identity] = {}

    def get(self, stem: str) -> Identity:
        return self._identities[stem]

    def is_current(self, contents: Mapping[str, str]) -> bool:
        """Whether every stem is known with this content; ``""`` is content that is unreadable."""
        known = self._identities
        return all(
            stem in known and sha256 in ("", known[stem].sha256)
            for stem, sha256 in contents.items()
        )

    def refresh(self) -> None:
        """Read the file again if another process has written it. A damaged one is moved aside."""
        try:
            status = self._path.stat()
            signature = (status.st_ino, status.st_mtime_ns, status.st_size)
            if signature == self._signature:
                return
            self._identities = _read(self._path.read_bytes())
            self._signature = signature
        except FileNotFoundError:
            return
        except (ValueError, TypeError, AttributeError):
            self._path.replace(self._path.with_name(f"aliases.json.damaged-{time.time_ns()}"))

    def note(self, contents: Mapping[str, str]) -> None:
        """Count what was seen: a new stem begins at version 1, other content adds one."""
        for stem, sha256 in contents.items():
            known = self._identities.get(stem)
            if known is None:
                self._identities[stem] = Identity(uuid.uuid4().hex, 1, sha256)
            elif sha256 and not known.sha256:
                self._identities[stem] = replace(known, sha256=sha256)
            elif sha256 and sha256 != known.sha256:
                self._identities[stem] = replace(known, version=known.version + 1, sha256=sha256)

    def move(self, stem: str, new_stem: str) -> None:
        """The alias goes on under another stem; whatever was remembered there is forgotten."""
        self._identities[new_stem] = self._identities.pop(stem)

    def forget(self, stem: str) -> None:
        """The alias was deleted: another one of its name is another alias."""
        self._identities.pop(stem, None)

    def save(self) -> None:
        """Raises OSError; what is in memory goes on counting."""
        data = orjson.dumps(self._identities, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        replace_file(self._path, data, self._disk)
        status = self._path.stat()
        self._signature = (status.st_ino, status.st_mtime_ns, status.st_size)


def _read(data: bytes) -> dict[str, Identity]:
    table: dict[str, dict[str, Any]] = orjson.loads(data)
    identities = {stem: Identity(**fields) for stem, fields in table.items()}
    for stem, known in table.items():
        texts = isinstance(known["uid"], str) and isinstance(known["sha256"], str)
        if not texts or type(known["version"]) is not int or known["version"] < 1:
            raise ValueError(stem)
    return identities
