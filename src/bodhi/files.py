"""How files of ours are kept: replaced so that they are old or new and never torn; one writer.

A new file is written beside the old one, synced, renamed over it, and the folder is synced: the
order that survives a power cut (Pillai et al., "All File Systems Are Not Created Equal", OSDI
2014). A failed fsync is never tried again on the same descriptor: the kernel may have dropped the
pages and would report success.
"""

import errno
import fcntl
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bodhi.errors import StorageFailed

_CAUSES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission is missing",
    errno.EPERM: "permission is missing",
    errno.EIO: "the disk reported an error",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
}
# Device names that Windows keeps for itself, whatever follows the first dot
# (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}\.tmp", re.DOTALL)


def file_identity(status: os.stat_result) -> str:
    """Changes whenever the bytes may have changed: device, inode, size and time of change."""
    return f"{status.st_dev:x}-{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"


class Disk:
    """The system calls that saving makes, one method each; tests pass a disk that fails."""

    def create(self, path: Path) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(path, flags, 0o600)

    def write(self, descriptor: int, data: memoryview) -> int:
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def sync_folder(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def storage_errors(name: str, action: str = "written") -> Iterator[None]:
    """Turns an OSError into StorageFailed that says which file (no folder) and why."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            f"{name} could not be {action}: {cause_of(error)}.",
            remedy="No half-written file is left. Try again once the cause is gone.",
        ) from error


def cause_of(error: OSError) -> str:
    """The reason in words that hold no path."""
    if known := _CAUSES.get(error.errno or 0):
        return known
    return os.strerror(error.errno) if error.errno else "the system gave no reason"


def replace_file(
    path: Path, data: bytes, disk: Disk, *, last_look: Callable[[], object] | None = None
) -> None:
    """Put ``data`` at ``path``: afterwards it is wholly there and safe, or OSError was raised.

    ``last_look`` is called when only the renaming is left to do, and may raise to prevent it.
    If the last step fails, syncing the folder, the new content may be visible although it was not
    promised; callers read the file again. The temporary file never stays, except after a kill.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        write_new(temporary, data, disk)
        if last_look is not None:
            last_look()
        disk.rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    disk.sync_folder(path.parent)


def write_new(path: Path, data: bytes, disk: Disk) -> None:
    """A file where none is, synced; its folder is not. A kill may leave a part. Raises OSError."""
    descriptor = disk.create(path)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[disk.write(descriptor, rest) :]
        disk.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    disk.close(descriptor)


def move_file(source: Path, target: Path, disk: Disk) -> None:
    """Rename into another folder of the same file system, durably. Raises OSError."""
    disk.rename(source, target)
    disk.sync_folder(target.parent)
    disk.sync_folder(source.parent)


def move_to_trash(path: Path, trash: Path, disk: Disk, *, mark: str | None = None) -> Path:
    """Move a file into ``trash`` under a name that says when; returns its place. Raises OSError.

    ``mark`` stands between the time and the file's own name; None makes one up.
    """
    make_folder(trash)
    when = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    kept = trash / f"{when}-{mark or secrets.token_hex(3)}-{path.name}"
    move_file(path, kept, disk)
    return kept


def remove_stray_files(folder: Path) -> int:
    """Remove what killed saves left behind; returns how many. Hold the write lock meanwhile."""
    stray = [path for path in folder.iterdir() if is_temporary(path.name)]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)


def is_device_name(name: str) -> bool:
    """Whether Windows keeps this name for a device: ``CON``, ``nul.txt``."""
    return name.split(".", maxsplit=1)[0].lower() in _DEVICES


def is_temporary(name: str) -> bool:
    """Whether a file of this name is what a killed save left."""
    return _TEMPORARY.fullmatch(name) is not None


def make_folder(path: Path) -> None:
    """Make ``path`` for its owner alone, if it is missing. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def write_lock(home: Path, *, timeout_s: float = 10.0) -> Iterator[None]:
    """Keep other processes (and threads) from saving meanwhile.

    Raises StorageFailed if another holds it for longer than ``timeout_s`` seconds, or if the lock
    file cannot be opened.
    """
    with storage_errors("write.lock"):
        descriptor = os.open(home / "write.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with storage_errors("write.lock", "locked"):
            _wait_for_lock(descriptor, timeout_s)
        yield
    finally:
        # What was saved is saved, whatever closing says; the kernel lets go of the lock anyway.
        with suppress(OSError):
            os.close(descriptor)


def _wait_for_lock(descriptor: int, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not _locked(descriptor):
        if time.monotonic() > deadline:
            raise StorageFailed(
                "Another Bodhi process has been saving for too long.",
                remedy="Try again; if this stays, look for a bodhi process that hangs.",
            )
        time.sleep(0.002)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
