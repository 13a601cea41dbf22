"""Sees edits made by hand within a second, and within seconds where no event arrives.

The operating system's file events come through watchfiles. They do not cover everything (network
disks, links to files elsewhere, a full event queue, a folder that was replaced), so the folder is
also looked at every few seconds; looking costs one stat a file.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from watchfiles import awatch

from bodhi.aliases.store import AliasStore

# Editors save in bursts: temporary file, rename, metadata.
_DEBOUNCE_MS = 50
# How often the watcher asks whether there is more; each time wakes a processor, idle or not.
_STEP_MS = 50


async def watch_aliases(
    store: AliasStore, on_change: Callable[[frozenset[str]], None], *, poll_s: float = 4.0
) -> None:
    """Keep ``store`` equal to the disk until cancelled.

    ``on_change`` is called on the event loop with the stems that look different. ``poll_s`` is
    the longest time in seconds that a change can go unseen.
    """

    async def look() -> None:
        if changed := await asyncio.to_thread(store.reload):
            on_change(changed)

    await look()
    while True:
        try:
            await _until_replaced(store.folder, look, poll_s)
        except (OSError, RuntimeError):
            # No events to be had: the folder is missing, or the system's watches are used up.
            await asyncio.sleep(poll_s)
        await look()


async def _until_replaced(folder: Path, look: Callable[[], Awaitable[None]], poll_s: float) -> None:
    """Look at every event and every poll, until ``folder`` is another folder than before."""
    watched = _identity(folder)
    changes = awatch(
        folder,
        watch_filter=None,
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        rust_timeout=int(poll_s * 1000),
        yield_on_timeout=True,
        recursive=False,
    )
    async with aclosing(changes):
        async for _ in changes:
            await look()
            if _identity(folder) != watched:
                return


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
