"""The aliases that somebody wants on top: ``$BODHI_HOME/state/pins.json``, key -> time of pinning.

A user alias is pinned by its uid, so that it stays pinned under another name and when it comes back
from the trash; a model alias by its URL id. Threads may call everything.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from bodhi.aliases.entry import Entry
from bodhi.aliases.model import AliasSource
from bodhi.files import Disk, make_folder, replace_file, storage_errors, write_lock

_Times = dict[str, float]


class Pins:
    """The pins of one home. A file that cannot be read counts as empty and is moved aside."""

    def __init__(self, home: Path, *, disk: Disk | None = None) -> None:
        self._home = home
        self._path = home / "state" / "pins.json"
        self._disk = disk or Disk()
        self._lock = threading.Lock()
        self._signature: tuple[int, ...] | None = None
        self._times: _Times = {}

    def has(self, key: str) -> bool:
        """Whether this is pinned; ``key`` is an alias's uid, or the URL id of a model alias."""
        return key in self.all()

    def all(self) -> dict[str, float]:
        """Key -> when it was pinned, in seconds since the epoch; the first pin first.

        Raises StorageFailed.
        """
        with self._lock, storage_errors("pins.json", "read"):
            self._refresh()
            return dict(self._times)

    def add(self, key: str) -> None:
        """Pin it, if it is not pinned yet. Raises StorageFailed."""
        self._change(lambda times: {**times, key: time.time()} if key not in times else times)

    def remove(self, *keys: str) -> None:
        """Pinned no more, if they were. Raises StorageFailed."""
        self._change(lambda times: {k: at for k, at in times.items() if k not in keys})

    def _change(self, change: Callable[[_Times], _Times]) -> None:
        with self._lock, write_lock(self._home), storage_errors("pins.json"):
            self._refresh()
            times = change(self._times)
            if times == self._times:
                return
            make_folder(self._path.parent)
            replace_file(self._path, orjson.dumps(times, option=orjson.OPT_INDENT_2), self._disk)
            self._refresh()

    def _refresh(self) -> None:
        """Read the file again if somebody has written it."""
        try:
            status = self._path.stat()
            signature = (status.st_ino, status.st_mtime_ns, status.st_size)
            if signature != self._signature:
                self._times = _read(self._path.read_bytes())
                self._signature = signature
        except FileNotFoundError:
            self._times, self._signature = {}, None
        except ValueError:
            self._path.replace(self._path.with_name(f"pins.json.damaged-{time.time_ns()}"))
            self._times, self._signature = {}, None


def pin_key(entry: Entry) -> str:
    """What ``entry`` is pinned by."""
    return entry.uid if entry.source is AliasSource.USER and entry.uid else entry.id


def _read(data: bytes) -> _Times:
    times = orjson.loads(data)
    if not isinstance(times, dict) or not all(type(at) in (int, float) for at in times.values()):
        raise ValueError("pins.json")
    return dict(sorted(times.items(), key=lambda item: float(item[1])))
