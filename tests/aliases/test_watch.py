"""Edits made by hand are seen soon, whatever happens to the folder."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bodhi.aliases.store import AliasStore
from bodhi.aliases.watch import watch_aliases
from tests.aliases.samples import alias_text, open_store, write_file

pytestmark = pytest.mark.anyio


class Seen:
    """Collects the stems that were reported, and waits for one."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()

    def __call__(self, stems: frozenset[str]) -> None:
        self._queue.put_nowait(stems)

    async def wait_for(self, stem: str, timeout_s: float) -> None:
        async with asyncio.timeout(timeout_s):
            while stem not in await self._queue.get():
                pass


@asynccontextmanager
async def watching(store: AliasStore, poll_s: float) -> AsyncIterator[Seen]:
    """Runs the watcher; it is known to watch once it has reported a first hand edit."""
    seen = Seen()
    task = asyncio.create_task(watch_aliases(store, seen, poll_s=poll_s))
    try:
        write_file(store.folder.parent, "first", alias_text("first"))
        await seen.wait_for("first", 10)
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_hand_edit_is_seen_within_a_second(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    async with watching(store, poll_s=60) as seen:
        # From here events are at work: a poll alone would take a minute.
        write_file(tmp_path, "a", alias_text())
        started = time.monotonic()
        await seen.wait_for("a", 5)
        assert time.monotonic() - started < 1
        write_file(tmp_path, "a", "broken: [")
        await seen.wait_for("a", 5)
        stored = store.get("a")
        assert stored
        assert stored.alias
        assert stored.problem
        (tmp_path / "aliases" / "a.yaml").unlink()
        await seen.wait_for("a", 5)
        assert store.get("a") is None


async def test_an_editor_that_renames_over_the_file_is_seen(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text())
    async with watching(store, poll_s=60) as seen:
        other = tmp_path / "aliases" / "a.yaml~"
        other.write_text(alias_text(snapshot="new"))
        other.replace(tmp_path / "aliases" / "a.yaml")
        await seen.wait_for("a", 5)


async def test_a_change_behind_a_link_is_seen_by_the_poll(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    target = tmp_path / "elsewhere.yaml"
    target.write_text(alias_text())
    (tmp_path / "aliases" / "a.yaml").symlink_to(target)
    async with watching(store, poll_s=0.2) as seen:
        target.write_text(alias_text(snapshot="new"))
        await seen.wait_for("a", 5)


async def test_a_folder_that_is_replaced_is_watched_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text())
    async with watching(store, poll_s=0.2) as seen:
        store.folder.rename(tmp_path / "away")
        write_file(tmp_path, "a", alias_text(snapshot="new"))
        await seen.wait_for("a", 5)
        write_file(tmp_path, "b", alias_text("b"))
        await seen.wait_for("b", 5)


async def test_a_folder_that_comes_late_is_watched(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.folder.rmdir()
    async with watching(store, poll_s=0.1):
        assert store.get("first")
