"""Who is being answered at this moment, so that whoever loses the right to it is cut off.

An answer can be an hour of events. A key that was revoked, or a session that is over, ends what
was begun with it, too.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bodhi.http.callers import Who

# Together with how long a look at the file of keys holds, this stays below the promised second.
_LOOK_EVERY_S = 0.25


class Presence:
    """``confirm`` says whether somebody may still do all that they could."""

    def __init__(self, confirm: Callable[[Who], bool]) -> None:
        self._confirm = confirm
        self._there: dict[Who, set[Callable[[], object]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def during(self, who: Who, hang_up: Callable[[], object]) -> Iterator[None]:
        """Call ``hang_up`` should ``who`` lose the right within the block."""
        self._there.setdefault(who, set()).add(hang_up)
        if self._timer is None:
            self._look_later()
        try:
            yield
        finally:
            there = self._there[who]
            there.discard(hang_up)
            if not there:
                del self._there[who]

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        self._timer = None
        for who, ways in list(self._there.items()):
            if not self._confirm(who):
                for hang_up in list(ways):
                    hang_up()
        if self._there:
            self._look_later()
