"""The catalogue that requests read, refreshed behind their backs: at most one scan at a time."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from bodhi.model_files.index import Catalogue, ModelIndex

# Model files come and go by other programs' hands; who asks often need not scan as often.
RECENT_S = 1.0


class LiveCatalogue:
    """``now`` is the newest finished scan; reading it costs nothing and never blocks.

    ``on_change`` is told, on the event loop, the ids of the models that came, went or changed.
    """

    def __init__(
        self, index: ModelIndex, on_change: Callable[[frozenset[str]], None] | None = None
    ) -> None:
        self._index = index
        self._on_change = on_change
        self._scan: asyncio.Task[None] | None = None
        self._scanned_at = time.monotonic()
        self.now: Catalogue = index.scan()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders below which models are looked for."""
        return self._index.roots

    async def recent(self) -> Catalogue:
        """What is there, at most a second ago."""
        return await self.refresh(RECENT_S)

    async def refresh(self, max_age_s: float = 0.0) -> Catalogue:
        """Scan in a thread unless the last scan is younger than ``max_age_s``; share a running one.

        A caller that gives up does not stop the scan for the others.
        """
        if self._scan is None and time.monotonic() - self._scanned_at < max_age_s:
            return self.now
        if self._scan is None:
            self._scan = asyncio.create_task(self._run())
        await asyncio.shield(self._scan)
        return self.now

    async def _run(self) -> None:
        try:
            before, self.now = self.now, await asyncio.to_thread(self._index.scan)
            self._scanned_at = time.monotonic()
        finally:
            self._scan = None
        if self._on_change is not None and before is not self.now:
            self._on_change(_differences(before, self.now))


def _differences(before: Catalogue, after: Catalogue) -> frozenset[str]:
    """The ids of rows that only one of the two has, or that differ in them."""
    old, new = ({row.id: row for row in one.rows} for one in (before, after))
    return frozenset(one for one in old.keys() | new.keys() if old.get(one) != new.get(one))
