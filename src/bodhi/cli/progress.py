"""How far a download is, on one line of a terminal that is written over and over."""

import sys
import time
from dataclasses import dataclass, field

from bodhi.cli.output import clean, size

_EVERY_S = 0.1
_ERASE_LINE = "\r\x1b[K"


@dataclass
class Progress:
    """Bytes, rate and time left, on standard error; silent where that is no terminal."""

    _shown_at: float = 0.0
    _filename: str = ""
    _began: tuple[float, int] = field(default=(0.0, 0))

    def __call__(self, filename: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes are here."""
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if filename != self._filename:
            self._filename, self._began = filename, (now, done)
        elif now - self._shown_at < _EVERY_S and done < total:
            return
        self._shown_at = now
        sys.stderr.write(_ERASE_LINE + line(filename, done, total, self._rate(now, done)))
        sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._filename and sys.stderr.isatty():
            sys.stderr.write(_ERASE_LINE)
            sys.stderr.flush()

    def _rate(self, now: float, done: int) -> float:
        then, already = self._began
        return (done - already) / (now - then) if now > then else 0.0


def line(filename: str, done: int, total: int, rate: float) -> str:
    """``name  1.2 of 4.9 GiB  24 %  35.1 MiB/s  1:45 left``; ``rate`` in bytes a second."""
    share = 100 * done // total if total else 100
    parts = [clean(filename), f"{size(done)} of {size(total)}", f"{share} %"]
    if rate > 0:
        minutes, seconds = divmod(round((total - done) / rate), 60)
        parts += [f"{size(int(rate))}/s", f"{minutes}:{seconds:02d} left"]
    return "  ".join(parts)
