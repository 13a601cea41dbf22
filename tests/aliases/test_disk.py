"""Saving when things fail: the old file or the new one, never less, and never a false promise."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bodhi.aliases.store import AliasStore
from bodhi.errors import StorageFailed
from bodhi.files import Disk, cause_of
from tests.aliases.samples import alias_text, open_store, temporary_files

OLD, NEW = alias_text("a"), alias_text("a", snapshot="new")
OTHER = alias_text("b")
Act = Callable[[AliasStore], object]


class FailingDisk(Disk):
    """Counts every call and fails the Nth with an errno; later calls work again."""

    def __init__(self) -> None:
        self.calls = 0
        self.fail_at = 0
        self.errno = errno.ENOSPC

    def _call(self) -> None:
        self.calls += 1
        if self.calls == self.fail_at:
            raise OSError(self.errno, os.strerror(self.errno), "/secret/path")

    def create(self, path: Path) -> int:
        self._call()
        return super().create(path)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._call()
        # As a disk may: a little at a time.
        return super().write(descriptor, data[:40])

    def fsync(self, descriptor: int) -> None:
        self._call()
        super().fsync(descriptor)

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        self._call()

    def rename(self, source: Path, target: Path) -> None:
        self._call()
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        self._call()
        super().unlink(path)

    def sync_folder(self, folder: Path) -> None:
        self._call()
        super().sync_folder(folder)


def _files(home: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (home / "aliases").iterdir()}


def _opened(home: Path) -> tuple[AliasStore, FailingDisk]:
    disk = FailingDisk()
    store = AliasStore(home, disk=disk)
    store.load_all()
    store.create(OLD)
    disk.calls = 0
    return store, disk


ACTS: dict[str, tuple[Act, dict[str, str]]] = {
    "save": (lambda store: store.save("a", NEW, if_etag=None), {"a.yaml": NEW}),
    "edit": (lambda store: store.edit("a", {("snapshot",): "new"}, if_etag=None), {"a.yaml": NEW}),
    "create": (lambda store: store.create(OTHER), {"a.yaml": OLD, "b.yaml": OTHER}),
    "rename": (lambda store: store.rename("a", "b", if_etag=None), {"b.yaml": OTHER}),
    "delete": (lambda store: store.delete("a", if_etag=None), {}),
}  # fmt: skip


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("name", ACTS)
def test_whatever_call_fails_the_folder_is_old_or_new_and_memory_agrees(
    tmp_path: Path, name: str, code: int
) -> None:
    act, after = ACTS[name]
    store, disk = _opened(tmp_path / "0")
    act(store)
    assert _files(tmp_path / "0") == after
    calls = disk.calls
    assert calls >= 3
    for number in range(1, calls + 1):
        home = tmp_path / str(number)
        store, disk = _opened(home)
        disk.fail_at, disk.errno = number, code
        try:
            act(store)
            saved = True
        except StorageFailed as error:
            saved = False
            _assert_it_names_the_cause_and_no_path(error, code)
        assert disk.calls >= number
        found = _files(home)
        assert found in ([after] if saved else [{"a.yaml": OLD}, after])
        in_memory = {f"{s.stem}.yaml": s.etag for s in store.all() if s.alias and not s.problem}
        assert in_memory == {f"{s.stem}.yaml": s.etag for s in open_store(home).all()}
        assert in_memory.keys() == found.keys()
        assert temporary_files(home) == []
        # Once the cause is gone it works again, without a restart.
        if found != after:
            act(store)
            assert _files(home) == after


def _assert_it_names_the_cause_and_no_path(error: StorageFailed, code: int) -> None:
    assert error.status == 507
    assert "secret" not in error.message
    assert cause_of(OSError(code, "")) in error.message


def test_until_the_rename_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    store, disk = _opened(tmp_path)
    disk.fail_at = 3
    with pytest.raises(StorageFailed, match=r"a\.yaml could not be written: the disk is full"):
        store.save("a", NEW, if_etag=None)
    assert _files(tmp_path) == {"a.yaml": OLD}
    assert store.text_of("a")[0] == OLD


def test_an_interrupted_save_is_no_saved_file(tmp_path: Path) -> None:
    class Interrupted(FailingDisk):
        def fsync(self, descriptor: int) -> None:
            if self.fail_at:
                raise KeyboardInterrupt

    disk = Interrupted()
    store = AliasStore(tmp_path, disk=disk)
    store.load_all()
    store.create(OLD)
    disk.fail_at = 1
    with pytest.raises(KeyboardInterrupt):
        store.save("a", NEW, if_etag=None)
    assert _files(tmp_path) == {"a.yaml": OLD}


def _kill_savers(home: Path, writer: str, kills: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.aliases.kill_savers", str(home), writer, str(kills)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100)
    answer: dict[str, int] = json.loads(done.stdout)
    return answer


def test_a_thousand_kills_while_saving_tear_nothing_and_lose_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).create(OLD)
    seen = _kill_savers(tmp_path, "store", 1000)
    assert seen["kills"] == 1000
    assert seen["torn"] == 0
    assert seen["lost"] == 0
    # Positive control: the kills did hit saves that were under way, and some saves got through.
    assert seen["stray"] > 0
    assert seen["saved"] > 0
    store = open_store(tmp_path)
    assert temporary_files(tmp_path) == []
    (stored,) = store.all()
    assert stored.problem is None


def test_the_kills_catch_a_writer_that_does_tear(tmp_path: Path) -> None:
    open_store(tmp_path).create(OLD)
    assert _kill_savers(tmp_path, "naive", 60)["torn"] > 0
