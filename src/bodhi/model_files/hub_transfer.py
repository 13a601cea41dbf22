"""Brings one blob from the hub to disk for ``download.py``: resumed, checked, then visible.

The unfinished file is ``<hash>.incomplete`` beside the blob, as huggingface_hub names it. It gets
its final name only after size and hash were found right and the bytes are on the disk.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bodhi.errors import DownloadCorrupt, DownloadFailed, StorageFailed
from bodhi.files import Disk, storage_errors
from bodhi.model_files.hub_client import Hub, RemoteFile

_CHUNK_BYTES = 1 << 20
# How often in a row the connection may break off without one more byte.
_FRUITLESS_TRIES = 3

# Called with the bytes on disk so far; often.
OnBytes = Callable[[int], None]


def fetch_blob(hub: Hub, file: RemoteFile, blob: Path, on_bytes: OnBytes) -> None:
    """Make ``blob`` hold ``file``; its folder exists and nobody else writes there.

    Raises DownloadCorrupt (the part is gone then), StorageFailed, or DownloadFailed and
    KeyboardInterrupt, after which the part is kept and a next call goes on where it ends.
    """
    partial = blob.with_name(blob.name + ".incomplete")
    with storage_errors(file.filename), _opened(partial) as descriptor:
        _Transfer(hub, file, descriptor, on_bytes).run(partial)
        os.fsync(descriptor)
        partial.replace(blob)
        Disk().sync_folder(blob.parent)


def is_here(file: RemoteFile, blob: Path) -> bool:
    """Whether the blob is there; its name is its hash, checked before it got that name."""
    return blob.is_file() and blob.stat().st_size == file.size_bytes


def missing_bytes(file: RemoteFile, blob: Path) -> int:
    """How many bytes are still to come."""
    if is_here(file, blob):
        return 0
    with suppress(OSError):
        here = blob.with_name(blob.name + ".incomplete").stat().st_size
        return file.size_bytes - here if here <= file.size_bytes else file.size_bytes
    return file.size_bytes


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raise StorageFailed where the disk has less room than is needed."""
    with storage_errors("The hub cache", "looked at"):
        free = shutil.disk_usage(folder).free
    if needed_bytes > free:
        raise StorageFailed(
            f"The download needs {needed_bytes:,} bytes and the disk has {free:,} left.",
            remedy="Make room, or choose a smaller quantization.",
        )


class _Transfer:
    def __init__(self, hub: Hub, file: RemoteFile, descriptor: int, on_bytes: OnBytes) -> None:
        self._hub, self._file = hub, file
        self._descriptor = descriptor
        self._on_bytes = on_bytes
        self._done = 0
        self._hash = _hash_for(file)

    def run(self, partial: Path) -> None:
        self._take_up()
        fruitless = 0
        while self._done < self._file.size_bytes:
            before = self._done
            try:
                self._receive()
            except DownloadCorrupt:
                partial.unlink(missing_ok=True)
                raise
            except DownloadFailed:
                fruitless = fruitless + 1 if self._done <= before else 0
                if fruitless == _FRUITLESS_TRIES:
                    raise
        if self._hash.hexdigest() != self._file.hash:
            partial.unlink(missing_ok=True)
            raise DownloadCorrupt(
                f"{self._file.filename} is not what the hub announced: its hash is another.",
                remedy="What came was removed. Try again; if it stays, tell the model's owner.",
            )

    def _take_up(self) -> None:
        """Hash what an earlier try left; what is longer than the file cannot be part of it."""
        if os.fstat(self._descriptor).st_size > self._file.size_bytes:
            self._start_over()
        while chunk := os.read(self._descriptor, _CHUNK_BYTES):
            self._hash.update(chunk)
            self._done += len(chunk)
        self._on_bytes(self._done)

    def _receive(self) -> None:
        with self._hub.read(self._file, self._done) as (response, starts_at):
            if starts_at != self._done:
                self._start_over()
                if starts_at != 0:
                    raise DownloadFailed("The hub sent another part of the file than was asked.")
            while chunk := response.read1(_CHUNK_BYTES):
                if self._done + len(chunk) > self._file.size_bytes:
                    raise DownloadCorrupt(
                        f"{self._file.filename} is longer than the hub announced.",
                        remedy="What came was removed. Is HF_ENDPOINT the right hub?",
                    )
                self._keep(chunk)
        if self._done < self._file.size_bytes:
            raise DownloadFailed(
                f"The connection for {self._file.filename} broke off.",
                remedy="Run the same command again: it goes on where it stopped.",
            )

    def _keep(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        # Here, because further out an OSError means the connection.
        with storage_errors(self._file.filename):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        self._hash.update(chunk)
        self._done += len(chunk)
        self._on_bytes(self._done)

    def _start_over(self) -> None:
        with storage_errors(self._file.filename):
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
        self._done, self._hash = 0, _hash_for(self._file)


def _hash_for(file: RemoteFile) -> "hashlib._Hash":
    """SHA-256 of the bytes or, for what git itself keeps, SHA-1 after git's ``blob`` header."""
    if len(file.hash) == 64:
        return hashlib.sha256()
    return hashlib.sha1(f"blob {file.size_bytes}\0".encode(), usedforsecurity=False)


@contextmanager
def _opened(partial: Path) -> Iterator[int]:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(partial, flags, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
