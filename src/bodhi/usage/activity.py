"""What is going on now: requests in flight, and when each alias was last used. In memory.

Requests in flight are counted by the event loop's thread alone; any thread may read.
"""

from collections.abc import Mapping


class Activity:
    """By the alias's uid; by its name for a model alias, which has none."""

    def __init__(self) -> None:
        self._in_flight: dict[str, int] = {}
        self._last_used: dict[str, float] = {}

    def in_flight(self, uid: str) -> int:
        """Requests that are being answered now, or wait for it."""
        return self._in_flight.get(uid, 0)

    def last_used(self, uid: str) -> float | None:
        """When the last request began, in seconds since the epoch; None if there was none.

        Known from the start once the records of earlier runs were opened: see ``recall``.
        """
        return self._last_used.get(uid)

    @property
    def all_in_flight(self) -> dict[str, int]:
        """Every alias that is active now, with its number of requests."""
        return self._in_flight.copy()

    def begin(self, uid: str, at: float) -> None:
        """A request for this alias begins."""
        self._in_flight[uid] = self._in_flight.get(uid, 0) + 1
        self._last_used[uid] = at

    def end(self, uid: str) -> None:
        """It has ended, however it did; once for each ``begin``."""
        left = self._in_flight[uid] - 1
        if left:
            self._in_flight[uid] = left
        else:
            del self._in_flight[uid]

    def recall(self, last_used: Mapping[str, float]) -> None:
        """Take in what is known of earlier runs; what was seen since is newer and stays."""
        self._last_used = {**last_used, **self._last_used}
