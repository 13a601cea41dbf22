"""The catalogue that requests read, refreshed behind their backs: at most one scan at a time."""

import asyncio
import time

from bodhi.model_files.index import Catalogue, ModelIndex

# Model files come and go by other programs' hands; who asks often need not scan as often.
RECENT_S = 1.0


class LiveCatalogue:
    """``now`` is the newest finished scan; reading it costs nothing and never blocks."""

    def __init__(self, index: ModelIndex) -> None:
        self._index = index
        self._scan: asyncio.Task[None] | None = None
        self._scanned_at = time.monotonic()
        self.now: Catalogue = index.scan()

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
            self.now = await asyncio.to_thread(self._index.scan)
            self._scanned_at = time.monotonic()
        finally:
            self._scan = None
