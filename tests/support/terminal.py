"""A program on a terminal of its own, so that tests can type, read the screen and press Ctrl-C."""

import contextlib
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A new session has no terminal until one is claimed; Ctrl-C goes to whoever has claimed it.
_CLAIM = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


@dataclass
class Terminal:
    """The keyboard and the screen of one running program."""

    process: subprocess.Popen[bytes]
    _master: int
    screen: str = ""
    _read_to: int = 0

    def type(self, text: str) -> None:
        """Press keys; ``\\r`` is Enter, ``\\x03`` is Ctrl-C, ``\\x04`` is Ctrl-D."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str, timeout_s: float = 20) -> None:
        """Read on until ``text`` appears after what was waited for before."""
        while (found := self.screen.find(text, self._read_to)) < 0:
            assert select.select([self._master], [], [], timeout_s)[0], self._missing(text)
            try:
                data = os.read(self._master, 65536)
            except OSError:  # how Linux says that the program has gone
                data = b""
            assert data, self._missing(text)
            self.screen += data.decode(errors="replace")
        self._read_to = found + len(text)

    def wait_end(self, timeout_s: float = 20) -> int:
        """The exit code, once the program has ended."""
        return self.process.wait(timeout_s)

    def _missing(self, text: str) -> str:
        return f"{text!r} did not come; the screen shows:\n{self.screen}"


@contextlib.contextmanager
def terminal(command: Sequence[str]) -> Iterator[Terminal]:
    """Run ``command`` on a fresh terminal; it is killed if it outlives the block."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _CLAIM, *command],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "INPUTRC": os.devnull},
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
