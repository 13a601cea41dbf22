"""What an alias file cannot say of itself: a uid that outlives renames, and its version number.

``$BODHI_HOME/state/aliases.json`` maps a file's stem to uid, version and the SHA-256 of the last
content that could be read. Two stems with one uid are a rename that is under way, or was when its
process was killed: see ``unfinished``.
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

    def put(self, stem: str, identity: Identity) -> None:
        """This is who the alias at ``stem`` is; whatever was remembered there is forgotten."""
        self._identities[stem] = identity

    def stems(self) -> dict[str, str]:
        """uid -> stem; of two stems with one uid, either."""
        return {known.uid: stem for stem, known in self._identities.items()}

    def unfinished(self) -> list[tuple[str, str]]:
        """(old stem, new stem) of every rename that nobody ended."""
        stems = self.stems()
        if len(stems) == len(self._identities):
            return []
        pairs = ((stem, stems[known.uid]) for stem, known in self._identities.items())
        twins = ((one, other) for one, other in pairs if one != other)
        return [
            pair if self.get(pair[0]).version < self.get(pair[1]).version else (pair[1], pair[0])
            for pair in twins
        ]

    def next_version(self, stem: str, sha256: str) -> int:
        """The version that the alias is at once its file has this content."""
        known = self._identities[stem]
        return known.version if known.sha256 in ("", sha256) else known.version + 1

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
