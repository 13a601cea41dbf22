"""What callers say of whom they ask for, made into a word that tells nothing.

A keyed hash: without the key, which stays in the home, nobody can try names to see which fit.
"""

import hashlib
import os
import secrets
from pathlib import Path

_LONGEST = 256


class Disguise:
    """Called with a ``user``, gives 16 hexadecimal digits that are always the same for it."""

    def __init__(self, key_file: Path, *, keep: bool) -> None:
        self._file = key_file
        self._keep = keep
        self._key: bytes | None = None

    def __call__(self, user: str) -> str:
        """``user`` itself, cut to 256 characters, where the setting says that it is kept."""
        if self._keep:
            return user[:_LONGEST]
        if self._key is None:
            self._key = self._read() or self._make()
        return hashlib.blake2b(user.encode(), key=self._key, digest_size=8).hexdigest()

    def _read(self) -> bytes | None:
        try:
            key = self._file.read_bytes()
        except OSError:
            return None
        return key if len(key) == 32 else None

    def _make(self) -> bytes:
        """A new key. Where it cannot be kept it serves this run alone."""
        key = secrets.token_bytes(32)
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
                file.write(key)
        except OSError:
            pass
        return key
