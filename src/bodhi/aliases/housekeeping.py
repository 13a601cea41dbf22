"""What is done for a home while it serves, when nobody waits.

Readings are kept for the next start, and versions; what has become old goes.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from bodhi.aliases.store import AliasStore
from bodhi.errors import StorageFailed

log = logging.getLogger("bodhi")

# The start itself, and whoever has waited for it, come first.
_AFTER_START_S = 2
_EVERY_S = 6 * 60 * 60
# Between two files that are written: the disk and the interpreter are for others, too.
_PAUSE_S = 0.001


class Forgets(Protocol):
    """What removes things that have become old."""

    def forget_old(self) -> Iterable[str]: ...


async def keep_house(store: AliasStore, drafts: Forgets | None = None) -> None:
    """Until cancelled: readings and versions that are not kept yet are; old trash and drafts go."""
    is_over = threading.Event()
    await asyncio.sleep(_AFTER_START_S)
    try:
        while True:
            await asyncio.to_thread(_once, store, drafts, is_over)
            await asyncio.sleep(_EVERY_S)
    finally:
        is_over.set()


def _once(store: AliasStore, drafts: Forgets | None, is_over: threading.Event) -> None:
    _try(store.remember_readings)
    _try(store.purge_old)
    if drafts is not None:
        _try(drafts.forget_old)
    for stem in list(store.view.by_stem):
        if is_over.is_set():
            return
        # Ten thousand first versions are nobody's hurry.
        is_over.wait(_PAUSE_S if store.keep_version_of(stem) else 0)


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except StorageFailed as error:
        log.warning("%s", error.message)
