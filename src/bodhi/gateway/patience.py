"""Gives up what has been silent for too long, with one timer for everything that is waited for.

A timer for each would cost the hot path more than the request's own bookkeeping.
"""

import asyncio
from typing import Protocol

_LOOKS_PER_SILENCE = 8
_LOOK_EVERY_S = 1.0


class Silent(Protocol):
    """Something that is due by the event loop's clock, in seconds, unless it is heard of."""

    due: float

    def give_up(self) -> None: ...


class Patience:
    """How long an engine may be silent: ``silence_s`` seconds, ``first_byte_s`` at the beginning.

    What is overdue is given up at most a second, or an eighth of ``silence_s``, too late.
    """

    def __init__(self, silence_s: float, first_byte_s: float) -> None:
        self.silence_s = silence_s
        self.first_byte_s = first_byte_s
        self._every_s = min(_LOOK_EVERY_S, silence_s / _LOOKS_PER_SILENCE)
        self._watched: set[Silent] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, one: Silent) -> None:
        """Give ``one`` up when it is overdue, unless it is forgotten before."""
        self._watched.add(one)
        if self._timer is None:
            self._wait()

    def forget(self, one: Silent) -> None:
        """Nothing more is expected of ``one``."""
        self._watched.discard(one)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._every_s, self._look)

    def _look(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        for one in [one for one in self._watched if one.due <= now]:
            one.give_up()
        if self._watched:
            self._wait()
