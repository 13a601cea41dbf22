"""The home folder: its layout version, and the locks that keep processes out of each other's way.

``server.lock`` is held by a server for as long as it runs, ``write.lock`` by whoever saves, for
the length of one save. Both are flock(2) locks: the kernel drops them when a process dies, so a
killed server leaves nothing that has to be cleaned up.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from bodhi.errors import HomeInUse, HomeTooNew, StartRefused
from bodhi.files import Disk, cause_of, make_folder, replace_file

LAYOUT = 1
_FOLDERS = ("aliases", "state", "templates", "trash")


def prepare_home(home: Path) -> None:
    """Make the home and its folders (0700) where they are missing and check the layout version.

    Raises HomeTooNew if a newer Bodhi made it, StartRefused if it cannot be made or read.
    """
    try:
        make_folder(home)
        for name in _FOLDERS:
            make_folder(home / name)
        _check_layout(home / "layout")
    except OSError as error:
        raise StartRefused(
            f"The home folder {home} cannot be prepared: {cause_of(error)}.",
            remedy="Correct its permissions, or choose another folder with BODHI_HOME.",
        ) from error


def _check_layout(path: Path) -> None:
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        replace_file(path, f"{LAYOUT}\n".encode(), Disk())
        return
    if not text.isdecimal():
        raise StartRefused(
            f"The file {path} should hold the layout version, {LAYOUT}, and does not.",
            remedy=f"Write {LAYOUT} into it if this home was made by this version of Bodhi.",
        )
    if int(text[:9]) > LAYOUT:
        raise HomeTooNew(
            f"The home folder has layout {text[:9]}; this version of Bodhi knows {LAYOUT}.",
            remedy="Start the newer version of Bodhi, or choose another folder with BODHI_HOME.",
        )


class HomeLock:
    """One server a home. The file says who holds it: process id and address."""

    def __init__(self, home: Path) -> None:
        self._path = home / "server.lock"
        self._descriptor: int | None = None

    def acquire(self, address: str = "") -> Self:
        """Take the lock.

        Raises HomeInUse, naming the process and address of the holder, or StartRefused where
        nothing can be locked.
        """
        descriptor = -1
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            refusal = _refusal(descriptor, error)
            if descriptor >= 0:
                os.close(descriptor)
            raise refusal from None
        self._descriptor = descriptor
        self.describe(address)
        return self

    def describe(self, address: str) -> None:
        """Write who holds the lock; ``address`` is host:port once it is known."""
        assert self._descriptor is not None  # noqa: S101 - only the holder describes itself
        # For people only: the lock holds without it, and a full disk can still be served from.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()} {address}\n".encode(), 0)

    def release(self) -> None:
        """Let go. The file stays: removing it could let two servers lock two files."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self if self._descriptor is not None else self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def _refusal(descriptor: int, error: OSError) -> StartRefused:
    """Why the lock cannot be had: somebody has it, or the disk does not let us."""
    if not isinstance(error, BlockingIOError):
        return StartRefused(
            f"The home folder cannot be locked: {cause_of(error)}.",
            remedy="Choose another folder with BODHI_HOME, or mend the disk.",
        )
    pid, _, where = os.pread(descriptor, 200, 0).decode("ascii", "replace").partition(" ")
    process = f"process {pid.strip()}" if pid.strip() else "a process that is starting"
    at = f" at {where.strip()}" if where.strip() else ""
    return HomeInUse(
        f"Another Bodhi server uses this home: {process}{at}.",
        remedy="Stop it first, or give this one its own folder with BODHI_HOME.",
    )
