"""The folder for engines' sockets: short, of this user alone, gone when the server is gone."""

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from bodhi.errors import EngineLoadFailed

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_BYTES = 100
_PREFIX = "bodhi-"
_LOCK = "lock"


class RuntimeDir:
    """A folder made when first asked for, and the removal of it and of what others left behind.

    While a server lives it holds a lock in its folder, which ends with it however it ends.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """``parent``: the user's runtime folder; None takes the system's temporary folder."""
        self._parent = Path(tempfile.gettempdir()) if parent is None else parent
        self._path: Path | None = None
        self._lock: int | None = None

    def path(self) -> Path:
        """The folder, mode 700. Raises EngineLoadFailed if it cannot be made."""
        if self._path is None:
            try:
                self._path, self._lock = _make_locked(self._parent)
            except OSError as error:
                raise _cannot_be_made(error) from error
            _sweep(self._parent)
        return self._path

    def remove(self) -> None:
        """Remove the folder with everything in it; a later ``path`` makes another."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
        self._path = self._lock = None


def _make_locked(parent: Path) -> tuple[Path, int]:
    """A new folder and its lock. It gets its name when it is locked, so no sweep can mistake it."""
    is_windows = sys.platform == "win32"  # locks nothing, and renames no folder with open files
    made = Path(tempfile.mkdtemp(prefix=_PREFIX if is_windows else f".{_PREFIX}", dir=parent))
    lock = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if is_windows:
        return made, lock
    _try_lock(lock)
    return made.rename(made.with_name(made.name.removeprefix("."))), lock


def require_private(folder: Path) -> None:
    """Make ``folder`` if it is absent. Raises EngineLoadFailed if others could enter it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_be_made(error) from error
    if not _is_private(folder):
        raise EngineLoadFailed(
            "The folder for engine sockets can be entered by other users.",
            remedy="Remove the folder, or give it to the server's user with mode 700.",
        )


def _is_private(folder: Path) -> bool:
    if sys.platform == "win32":
        return True
    facts = folder.lstat()
    is_ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid()
    return is_ours and not stat.S_IMODE(facts.st_mode) & 0o077


def socket_path(folder: Path, engine_id: str) -> Path | None:
    """Where this engine's socket goes, or None if that name is too long for a socket."""
    path = folder / f"{engine_id}.sock"
    return path if len(os.fsencode(path)) <= SOCKET_PATH_BYTES else None


def _sweep(parent: Path) -> None:
    """Remove the folders of servers that were killed."""
    for lock_file in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):
            if not _is_private(lock_file.parent):
                continue
            lock = os.open(lock_file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _try_lock(lock):
                    shutil.rmtree(lock_file.parent, ignore_errors=True)
            finally:
                os.close(lock)


def _try_lock(descriptor: int) -> bool:
    """Whether the lock is ours now. Windows keeps open files from being removed by itself."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _cannot_be_made(error: OSError) -> EngineLoadFailed:
    return EngineLoadFailed(f"The folder for engine sockets cannot be made ({error.strerror}).")
