"""A power cut at any moment of one save or two: old or new, and what was promised stays."""

from pathlib import Path

import orjson
import pytest

from bodhi.aliases.store import AliasStore
from bodhi.files import is_temporary
from tests.aliases.samples import alias_text, open_store, temporary_files
from tests.faults.acts import AFTER, CHANGES, State, furnish
from tests.faults.bad_disks import NeverSyncsFiles, NeverSyncsFolders
from tests.faults.crash_states import Files, RecordingDisk, Returned, states_after_cuts

# Second acts, by the alias that they need.
THEN: dict[str, list[str]] = {"save": ["a"], "rename": ["a", "b"], "delete": ["a", "b"]}
HISTORIES = [(act,) for act in CHANGES] + [
    (act, f"{then} {stem}")
    for act in CHANGES
    for then, stems in THEN.items()
    for stem in stems
    if f"{stem}.yaml" in AFTER[act]
]


class WithoutFsync(NeverSyncsFiles, RecordingDisk):
    """The first planted defect."""


class WithoutFolderSync(NeverSyncsFolders, RecordingDisk):
    """The second one."""


def _do(store: AliasStore, act: str) -> object:
    if act in CHANGES:
        return CHANGES[act](store)
    verb, stem = act.split()
    if verb == "save":
        return store.save(stem, alias_text(stem, snapshot="newer"), if_etag=None)
    if verb == "rename":
        return store.rename(stem, "c", if_etag=None)
    return store.delete(stem, if_etag=None)


def _visible(files: Files, folder: str) -> State:
    return {
        path.name: data.decode("utf-8", "replace")
        for path, data in files.items()
        if path.parent.name == folder and not is_temporary(path.name)
    }


def _tree(home: Path) -> Files:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def _recorded(
    home: Path, history: tuple[str, ...], kind: type[RecordingDisk]
) -> tuple[Files, RecordingDisk, list[State]]:
    """(what was on the disk before, the disk, the alias files before and after each act)."""
    furnish(home)
    disk = kind()
    before = disk.know(_tree(home))
    store = AliasStore(home, disk=disk)
    store.load_all()
    shown = [_visible(before, "aliases")]
    for act in history:
        _do(store, act)
        disk.operations.append(Returned(act))
        shown.append(_visible(_tree(home), "aliases"))
    return before, disk, shown


def lost_or_torn(home: Path, history: tuple[str, ...], kind: type[RecordingDisk]) -> set[str]:
    """What is wrong with any state that a power cut may leave; empty if the promise holds."""
    before, disk, shown = _recorded(home, history, kind)
    wrong: set[str] = set()
    seen: set[tuple[object, ...]] = set()
    for returned, files in states_after_cuts(before, disk):
        key = (len(returned), *sorted(files.items()))
        if key not in seen:
            seen.add(key)
            wrong |= set(_wrong(files, shown, len(returned), history))
            legal = shown[len(returned) : len(returned) + 2]
            wrong |= set(_wrong_when_opened(home, files, legal))
    assert len(seen) > 5
    return wrong


def _wrong(files: Files, shown: list[State], done: int, history: tuple[str, ...]) -> list[str]:
    aliases, trash = _visible(files, "aliases"), _visible(files, "trash")
    legal = shown[done : done + 2]
    if done < len(history) and history[done].startswith("rename"):
        # Both, until the next start: see AliasStore.rename.
        legal.append(shown[done] | shown[done + 1])
    wrong = [] if aliases in legal else [f"after {history[:done]}: {aliases}"]
    deleted = 1 + sum("delete" in act for act in history[:done])
    restored = sum("restore" in act for act in history[: done + 1])
    if deleted - restored > len(trash):
        wrong.append(f"after {history[:done]} the trash has only {trash}")
    sidecar = _visible(files, "state").get("aliases.json", "{}")
    try:
        orjson.loads(sidecar)
    except ValueError:
        wrong.append(f"the sidecar is {sidecar!r}")
    return wrong


def _wrong_when_opened(home: Path, files: Files, legal: list[State]) -> list[str]:
    """A server that starts on this disk serves every alias that is there, old or new."""
    for path in _tree(home):
        path.unlink()
    for path, data in files.items():
        path.write_bytes(data)
    store = open_store(home)
    problems = [str(stored.problem) for stored in store.all() if stored.problem]
    if (found := _visible(_tree(home), "aliases")) not in legal:
        problems.append(f"after a start: {found}")
    uids = [stored.uid for stored in store.all()]
    return problems + temporary_files(home) + [uid for uid in uids if uids.count(uid) > 1]


@pytest.mark.fault("F4")
@pytest.mark.parametrize("history", HISTORIES, ids=" and ".join)
def test_after_a_power_cut_every_alias_is_old_or_new_and_promises_are_kept(
    tmp_path: Path, history: tuple[str, ...]
) -> None:
    assert lost_or_torn(tmp_path, history, RecordingDisk) == set()


@pytest.mark.planted("F4")
@pytest.mark.parametrize("kind", [WithoutFsync, WithoutFolderSync])
@pytest.mark.parametrize("act", CHANGES)
def test_a_sync_that_is_left_out_would_be_found(
    tmp_path: Path, act: str, kind: type[RecordingDisk]
) -> None:
    assert lost_or_torn(tmp_path, (act,), kind)
