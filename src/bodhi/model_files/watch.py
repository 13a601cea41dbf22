"""Sees model files come and go within two seconds, where the system tells of it.

A look at everything each half minute stays: network disks tell nothing, and watches can be used up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from pathlib import Path

from watchfiles import Change, awatch

log = logging.getLogger("bodhi")

_DEBOUNCE_MS = 200
# A download writes for hours. What it writes into is no model until it gets another name.
_UNFINISHED = (".incomplete", ".part", ".lock")


async def watch_models(
    folders: Iterable[Path],
    refresh: Callable[[], Awaitable[object]],
    *,
    pause_s: float = 0.5,
    retry_s: float = 10.0,
) -> None:
    """Call ``refresh`` after changes below ``folders``, at most every ``pause_s``, until cancelled.

    A folder that is not there, or that is replaced, is watched ``retry_s`` seconds later at most.
    """
    wanted = list(dict.fromkeys(folders))
    while True:
        there = _there(wanted)
        if not there:
            await asyncio.sleep(retry_s)
            continue
        try:
            await _until_others(wanted, there, refresh, pause_s, retry_s)
        except (OSError, RuntimeError) as error:
            log.warning("changes of model files are seen late: %s", type(error).__name__)
            await asyncio.sleep(retry_s)
        await refresh()


async def _until_others(
    wanted: list[Path],
    there: dict[Path, tuple[int, int]],
    refresh: Callable[[], Awaitable[object]],
    pause_s: float,
    retry_s: float,
) -> None:
    """Refresh at every change, until other folders are there than ``there``."""
    changes = awatch(
        *there,
        watch_filter=_matters,
        debounce=_DEBOUNCE_MS,
        step=50,
        rust_timeout=int(retry_s * 1000),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    async with aclosing(changes):
        async for found in changes:
            if found:
                await refresh()
                await asyncio.sleep(pause_s)
            if _there(wanted) != there:
                return


def _matters(change: Change, path: str) -> bool:
    del change
    return not path.endswith(_UNFINISHED)


def _there(folders: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Which of them are folders now, and which folder each is."""
    found = {}
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:
            continue
        found[folder] = (status.st_dev, status.st_ino)
    return found
