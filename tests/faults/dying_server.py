"""Bodhi with a death foretold: the Nth call that saving makes is not made, the process is killed.

``python -m tests.faults.dying_server NUMBER safe|naive serve ...``; the file NUMBER holds N and may
come while the server runs: calls are counted from then on. ``naive`` writes into the old file where
a new one would take its place.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bodhi.cli import main
from bodhi.files import Disk

_CALLS = ("create", "write", "fsync", "close", "rename", "unlink", "sync_folder")


class Countdown:
    """Counts calls of any thread."""

    def __init__(self, number: Path) -> None:
        self._number = number
        self._lock = threading.Lock()
        self._count = 0

    def tick(self) -> None:
        """One more; does not come back from the last one."""
        with self._lock:
            if not self._number.exists():
                return
            self._count += 1
            if self._count == int(self._number.read_text()):
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """``call``, counted before it is made."""

        def counted(*arguments: Any) -> Any:
            self.tick()
            return call(*arguments)

        return counted

    def copy_over(self, disk: Disk, source: Path, target: Path) -> None:
        """What is wrong with renaming by copying: there is a moment in the middle."""
        del disk
        data = source.read_bytes()
        with target.open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            self.tick()
            file.write(data[len(data) // 2 :])
        source.unlink()


if __name__ == "__main__":
    countdown = Countdown(Path(sys.argv[1]))
    if sys.argv[2] == "naive":
        Disk.rename = countdown.copy_over.__get__(countdown)  # type: ignore[method-assign]
    for name in _CALLS:
        setattr(Disk, name, countdown.before(getattr(Disk, name)))
    del sys.argv[1:3]
    main()
