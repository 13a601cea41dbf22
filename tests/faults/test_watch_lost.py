"""The system tells of no change: a look every few seconds finds it all the same."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from watchfiles import awatch

from bodhi.aliases import watch
from bodhi.aliases.watch import watch_aliases
from tests.aliases.samples import alias_text, open_store, write_file

pytestmark = pytest.mark.anyio

LONGEST_UNSEEN_S = 5.0
POLL_S = 0.05
_LONG_S = 20.0
_SHORT_S = 0.5  # ten polls; only a defect has to wait for it


def _deaf(where: Path, *, has_poll: bool = True) -> Callable[..., Any]:
    """The system's events of a folder where nothing happens: the watched one's are all lost."""

    def deaf(folder: Path, **options: Any) -> AsyncIterator[Any]:
        return awatch(where, **options | {"yield_on_timeout": has_poll})

    return deaf


def _without_watches(folder: Path, **options: Any) -> AsyncIterator[Any]:
    """As where the system's watches are used up."""
    raise OSError(28, "inotify watch limit reached")


async def is_seen(home: Path, edit: Callable[[Path], object], within_s: float = _LONG_S) -> bool:
    """Whether the edit reaches the store although no event tells of it."""
    store = open_store(home)
    told: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    task = asyncio.create_task(watch_aliases(store, told.put_nowait, poll_s=POLL_S))
    try:
        # It is watching once it has told of this.
        write_file(home, "first", alias_text("first"))
        assert "first" in await _within(told, _LONG_S)
        edit(home / "aliases")
        return "a" in await _within(told, within_s)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _within(told: "asyncio.Queue[frozenset[str]]", seconds: float) -> frozenset[str]:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await told.get()
    return frozenset()


def _in_place(folder: Path) -> None:
    (folder / "a.yaml").write_text(alias_text("a", snapshot="new"))


def _by_rename(folder: Path) -> None:
    other = folder / "a.yaml~"
    other.write_text(alias_text("a", snapshot="new"))
    other.replace(folder / "a.yaml")


def _through_a_link(folder: Path) -> None:
    (folder.parent / "elsewhere.yaml").write_text(alias_text("a", snapshot="new"))


EDITS = [_in_place, _by_rename, _through_a_link]


def _place(home: Path, edit: Callable[[Path], object]) -> Path:
    """A home with the alias ``a``, behind a link where the edit goes through one."""
    if edit is _through_a_link:
        target = home / "elsewhere.yaml"
        target.write_text(alias_text("a"))
        (home / "aliases").mkdir()
        (home / "aliases" / "a.yaml").symlink_to(target)
    else:
        write_file(home, "a", alias_text("a"))
    return home


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return folder


@pytest.mark.fault("F8")
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("has_watches", [True, False])
async def test_an_edit_that_no_event_tells_of_is_seen_by_the_next_look(
    tmp_path: Path,
    nowhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    edit: Callable[[Path], object],
    has_watches: bool,
) -> None:
    monkeypatch.setattr(watch, "awatch", _deaf(nowhere) if has_watches else _without_watches)
    assert await is_seen(_place(tmp_path, edit), edit)


@pytest.mark.fault("F8")
def test_the_next_look_is_never_more_than_five_seconds_away() -> None:
    # The server takes the default.
    default = inspect.signature(watch_aliases).parameters["poll_s"].default
    assert 0 < default < LONGEST_UNSEEN_S


@pytest.mark.planted("F8")
@pytest.mark.parametrize("edit", EDITS)
async def test_a_watcher_without_a_poll_would_be_found(
    tmp_path: Path,
    nowhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    edit: Callable[[Path], object],
) -> None:
    monkeypatch.setattr(watch, "awatch", _deaf(nowhere, has_poll=False))
    assert not await is_seen(_place(tmp_path, edit), edit, _SHORT_S)
