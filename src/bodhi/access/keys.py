"""The keys of a home: made here, shown once, kept as digests in ``state/keys.json`` (0600).

A key is ``bodhi_<id>_<secret>``: the id finds it, the secret has 256 random bits. With so many, a
plain SHA-256 cannot be guessed back, and needs no salt.
"""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bodhi.access.grant import Grant, KeyScope
from bodhi.errors import InvalidInput, KeyNotFound, NameInvalid, StorageFailed
from bodhi.files import Disk, make_folder, replace_file, storage_errors, write_lock

_PREFIX = "bodhi"
_LAYOUT = 1
_LONGEST_NAME = 64
_MOST_KEYS = 1000
# How long a look at the file holds; a revoked key must be refused within a second.
_FRESH_S = 0.25


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key. ``created_at`` is ISO 8601, UTC; ``digest`` SHA-256 of the key."""

    id: str
    name: str
    scope: KeyScope
    aliases: tuple[str, ...]
    created_at: str
    digest: bytes = field(repr=False)

    @property
    def grant(self) -> Grant:
        """What whoever holds the key may do."""
        return Grant(self.scope, frozenset(self.aliases) or None, self.id)


def digest_of(text: str) -> bytes:
    """SHA-256 of a key, all that is ever kept or compared."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def id_in(text: str) -> str:
    """The part of a key that finds it; empty if the text is no key of ours."""
    parts = text.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == _PREFIX else ""


class KeyStore:
    """The keys under ``home``. Threads may call everything; nothing is cached beyond ``_FRESH_S``.

    Its own changes are seen at once, those of another process within a second.
    """

    def __init__(self, home: Path, *, disk: Disk | None = None) -> None:
        self._home = home
        self._disk = disk or Disk()
        self._path = home / "state" / "keys.json"
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._seen: tuple[int, ...] | None = None
        self._keys: dict[str, Key] = {}

    def all(self) -> tuple[Key, ...]:
        """Every key, the oldest first. Raises StorageFailed if the file cannot be read."""
        return tuple(self._read().values())

    def find(self, key_id: str) -> Key | None:
        """The key of this id, as the file was at most a quarter of a second ago.

        Raises StorageFailed when it finds that the file cannot be read: then no key is known.
        """
        with self._lock:
            now = time.monotonic()
            if now - self._looked_at > _FRESH_S:
                # First, so that a broken file is not read anew for every stranger who asks.
                self._looked_at = now
                self._refresh()
            return self._keys.get(key_id)

    def create(self, name: str, scope: KeyScope, aliases: Sequence[str] = ()) -> tuple[Key, str]:
        """Make a key; its text is in the answer and nowhere else.

        Raises NameInvalid, InvalidInput or StorageFailed, and has changed nothing then.
        """
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise NameInvalid(f"A key's name is 1 to {_LONGEST_NAME} printable characters.")
        if aliases and scope is not KeyScope.INFERENCE:
            raise InvalidInput("Only a key with the scope inference can be limited to aliases.")
        if not all(aliases):
            raise NameInvalid("The name of an alias is empty.")
        key_id = secrets.token_hex(6)
        text = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
        created = datetime.now(UTC).isoformat(timespec="seconds")
        unique = tuple(dict.fromkeys(aliases))
        key = Key(key_id, name, scope, unique, created, digest_of(text))
        with self._changing() as keys:
            if len(keys) >= _MOST_KEYS:
                raise StorageFailed(f"There are {_MOST_KEYS} keys.", remedy="Revoke some.")
            keys[key.id] = key
        return key, text

    def revoke(self, key_id: str) -> Key:
        """Forget a key for good. Raises KeyNotFound or StorageFailed."""
        with self._changing() as keys:
            if key_id not in keys:
                raise KeyNotFound("No key has this id.", remedy="bodhi keys list shows them.")
            return keys.pop(key_id)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """The keys as they are; what the block leaves of them is saved, unless it raises."""
        with storage_errors("keys.json"):
            for folder in (self._home, self._path.parent):
                make_folder(folder)
        with write_lock(self._home):
            keys = self._read()
            yield keys
            content = {"layout": _LAYOUT, "keys": [_as_json(key) for key in keys.values()]}
            with storage_errors("keys.json"):
                replace_file(self._path, json.dumps(content, indent=1).encode(), self._disk)
        with self._lock:
            self._looked_at = float("-inf")

    def _refresh(self) -> None:
        """Read the file if it is another one than before. Whatever fails leaves no key known."""
        seen: tuple[int, ...]
        try:
            status = self._path.stat()
            seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        except FileNotFoundError:
            seen = ()
        except OSError as error:
            self._keys, self._seen = {}, None
            raise StorageFailed("keys.json cannot be read.") from error
        if seen != self._seen:
            self._keys, self._seen = {}, None
            self._keys = self._read()
            self._seen = seen

    def _read(self) -> dict[str, Key]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageFailed("keys.json cannot be read.") from error
        try:
            entries = json.loads(content)
            if entries["layout"] != _LAYOUT:
                raise ValueError("another layout")
            keys = [_from_json(entry) for entry in entries["keys"]]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            # Written over, it would silently shut out everybody who holds a key.
            raise StorageFailed(
                "keys.json is not one that this version of Bodhi wrote.",
                remedy="Put a good copy back, or move it away and make new keys.",
            ) from error
        return {key.id: key for key in keys}


def _as_json(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "aliases": list(key.aliases),
        "created_at": key.created_at,
        "sha256": key.digest.hex(),
    }


def _from_json(entry: dict[str, Any]) -> Key:
    """Raises ValueError, KeyError or TypeError."""
    digest = bytes.fromhex(entry["sha256"])
    texts = [entry["id"], entry["name"], entry["created_at"], *entry["aliases"]]
    limits = isinstance(entry["aliases"], list)
    if len(digest) != 32 or not limits or not all(isinstance(text, str) for text in texts):
        raise ValueError("not a key")
    aliases = tuple(entry["aliases"])
    scope = KeyScope(entry["scope"])
    return Key(entry["id"], entry["name"], scope, aliases, entry["created_at"], digest)
