"""Model files that come and go by other hands are seen soon, and downloads disturb nobody."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.watch import watch_models
from tests.support.hub import place_in_hub

pytestmark = pytest.mark.anyio

REPO, FILE, MODEL = "us/tiny-GGUF", "tiny.Q8_0.gguf", "us/tiny-GGUF:Q8_0"


class Seen:
    """Collects what was told, and waits for one model. ``looks`` counts scans."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        self.looks = 0

    def __call__(self, ids: frozenset[str]) -> None:
        self._queue.put_nowait(ids)

    async def wait_for(self, model: str) -> float:
        """Seconds until it was told."""
        started = time.monotonic()
        async with asyncio.timeout(60):
            while model not in await self._queue.get():
                pass
        return time.monotonic() - started


@asynccontextmanager
async def watching(hub: Path, model: Path, retry_s: float = 100) -> AsyncIterator[Seen]:
    """Runs the watcher; it is known to watch once it has told of a first model that came."""
    seen = Seen()
    catalogue = LiveCatalogue(ModelIndex(hub), seen)

    async def refresh() -> None:
        seen.looks += 1
        await catalogue.refresh()

    task = asyncio.create_task(watch_models([hub], refresh, pause_s=0, retry_s=retry_s))
    telling = asyncio.create_task(seen.wait_for("us/first-GGUF:Q8_0"))
    try:
        while not telling.done():  # until the watch has begun, which nothing tells
            shutil.rmtree(hub / "models--us--first-GGUF", ignore_errors=True)
            place_in_hub(hub, "us/first-GGUF", FILE, model)
            await asyncio.wait({telling}, timeout=1)
        await telling
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_file_that_is_deleted_is_told_and_so_is_one_that_comes(
    tmp_path: Path, tiny_model: Path
) -> None:
    hub = tmp_path / "hub"
    place_in_hub(hub, REPO, FILE, tiny_model)
    async with watching(hub, tiny_model) as seen:
        # Nothing but the watch looks here.
        shutil.rmtree(hub / "models--us--tiny-GGUF")
        await seen.wait_for(MODEL)
        place_in_hub(hub, REPO, FILE, tiny_model)
        await seen.wait_for(MODEL)


async def test_the_content_behind_a_link_that_is_deleted_is_told(
    tmp_path: Path, tiny_model: Path
) -> None:
    hub = tmp_path / "hub"
    placed = place_in_hub(hub, REPO, FILE, tiny_model)
    async with watching(hub, tiny_model) as seen:
        placed.resolve().unlink()
        await seen.wait_for(MODEL)


async def test_a_folder_that_comes_later_is_watched(tmp_path: Path, tiny_model: Path) -> None:
    hub = tmp_path / "hub"
    async with watching(hub, tiny_model, retry_s=0.2) as seen:
        shutil.rmtree(hub)
        hub.mkdir()
        place_in_hub(hub, REPO, FILE, tiny_model)
        await seen.wait_for(MODEL)


async def test_a_download_in_progress_makes_nobody_look(tmp_path: Path, tiny_model: Path) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    async with watching(hub, tiny_model) as seen:
        looks = seen.looks
        part = hub / "models--us--first-GGUF" / "blobs" / "a.incomplete"
        for _ in range(20):
            with part.open("ab") as file:
                file.write(b"x" * 1000)
            await asyncio.sleep(0.1)
        # What comes after it is seen, so the writes before it were, too, and counted for nothing.
        place_in_hub(hub, REPO, FILE, tiny_model)
        await seen.wait_for(MODEL)
        assert seen.looks - looks <= 3
