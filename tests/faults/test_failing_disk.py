"""Saving when things fail: the old file or the new one, never less, and never a false promise."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest

from bodhi.aliases.store import AliasStore
from bodhi.errors import BodhiError, StorageFailed
from bodhi.files import Disk, cause_of
from tests.aliases.samples import open_store, temporary_files
from tests.faults.acts import (
    ACTS,
    AFTER,
    CHANGES,
    NEW,
    OLD,
    aliases_of,
    furnish,
    make_home,
    trouble,
    trouble_again,
)
from tests.faults.bad_disks import CopiesOver

_HOMES = 8
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EINTR)


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


class FailingCopy(CopiesOver, FailingDisk):
    """The planted defect: the old file is open for writing for a while."""


def _opened(home: Path, kind: type[FailingDisk]) -> tuple[AliasStore, FailingDisk]:
    furnish(home)
    disk = kind()
    store = AliasStore(home, disk=disk)
    store.load_all()
    disk.calls = 0
    return store, disk


def _wrong_after(home: Path, name: str, number: int, code: int, kind: type[FailingDisk]) -> object:
    """What breaks a promise when the disk's call of that number fails; None if nothing does."""
    store, disk = _opened(home, kind)
    disk.fail_at, disk.errno = number, code
    outcome = "saved"
    try:
        CHANGES[name](store)
    except BodhiError as error:
        outcome = f"{type(error).__name__}: {error.message}"
        if "secret" in outcome or cause_of(OSError(code, "")) not in outcome or error.status != 507:
            return outcome
    if disk.calls < number:
        return f"only {disk.calls} calls"
    in_memory = {s.stem: s.etag for s in store.all() if s.alias and not s.problem}
    if wrong := trouble(name, home, outcome):
        return wrong
    if in_memory != {s.stem: s.etag for s in open_store(home).all()}:
        return f"{outcome}, and memory has {in_memory}"
    # Once the cause is gone it works again, without a restart.
    if aliases_of(home) != AFTER[name]:
        CHANGES[name](store)
    return None if aliases_of(home) == AFTER[name] else "it does not work again"


def _calls(home: Path, name: str, kind: type[FailingDisk]) -> int:
    store, disk = _opened(home, kind)
    CHANGES[name](store)
    assert disk.calls >= 3
    return disk.calls


def _survey(
    folder: Path, name: str, codes: Iterable[int], kind: type[FailingDisk]
) -> dict[int, object]:
    """What goes wrong when each call fails in its turn, the errors one after the other."""
    numbers = range(1, _calls(folder / "0", name, kind) + 1)
    pairs = zip(numbers, cycle(codes), strict=False)
    seen = {n: _wrong_after(folder / str(n), name, n, code, kind) for n, code in pairs}
    return {number: wrong for number, wrong in seen.items() if wrong}


@pytest.mark.fault("F2", "F3", "F5")
@pytest.mark.parametrize("name", CHANGES)
def test_whatever_call_fails_the_folder_is_old_or_new_and_memory_agrees(
    tmp_path: Path, name: str
) -> None:
    assert _survey(tmp_path, name, ERRORS, FailingDisk) == {}


@pytest.mark.soak
@pytest.mark.fault("F2", "F3", "F5")
@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("name", CHANGES)
def test_whatever_call_fails_with_any_error_the_folder_is_old_or_new(
    tmp_path: Path, name: str, code: int
) -> None:
    assert _survey(tmp_path, name, [code], FailingDisk) == {}


@pytest.mark.planted("F2", "F3", "F5")
@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_a_save_that_copies_over_the_old_file_would_be_found(tmp_path: Path, code: int) -> None:
    assert _survey(tmp_path, "save", [code], FailingCopy)


@pytest.mark.fault("F2", "F3", "F5")
@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_keys_too_are_old_or_new(tmp_path: Path, code: int) -> None:
    for name in ("create a key", "revoke a key"):
        for number in range(1, 7):
            home, disk = make_home(tmp_path / f"{name}{number}"), FailingDisk()
            run = ACTS[name].run(home, disk)
            disk.fail_at, disk.errno = number, code
            with pytest.raises(StorageFailed) as failed:
                run()
            assert trouble(name, home, f"StorageFailed: {failed.value.message}") == []
            assert trouble_again(name, home) == []


@pytest.mark.fault("F2", "F3", "F5")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_a_publish_is_whole_or_is_none_whatever_fails(tmp_path: Path, code: int) -> None:
    home, disk = make_home(tmp_path / "0"), FailingDisk()
    run = ACTS["publish"].run(home, disk)
    disk.calls = 0
    run()
    for number in range(1, disk.calls + 1):
        home, failing = make_home(tmp_path / str(number)), FailingDisk()
        run = ACTS["publish"].run(home, failing)
        failing.calls, failing.fail_at, failing.errno = 0, number, code
        outcome = "saved"
        try:
            run()
        except StorageFailed as error:
            outcome = f"StorageFailed: {error.message}"
        assert failing.calls >= number
        assert trouble("publish", home, outcome) == []


def test_until_the_rename_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    store, disk = _opened(tmp_path, FailingDisk)
    disk.fail_at = 3
    with pytest.raises(StorageFailed, match=r"a\.yaml could not be written: the disk is full"):
        store.save("a", NEW, if_etag=None)
    assert aliases_of(tmp_path) == {"a.yaml": OLD}
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
    assert aliases_of(tmp_path) == {"a.yaml": OLD}


def _kill_savers(home: Path, writer: str, kills: int) -> dict[str, int]:
    open_store(home).create(OLD)
    command = [sys.executable, "-m", "tests.faults.kill_savers", str(home), writer, str(kills)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, int] = json.loads(done.stdout)
    return answer


def _assert_nothing_is_torn_or_lost(home: Path, kills: int) -> None:
    seen = _kill_savers(home, "store", kills)
    assert (seen["kills"], seen["torn"], seen["lost"]) == (kills, 0, 0)
    # Positive control: the kills did hit saves that were under way, and some saves got through.
    assert seen["stray"] > 0
    assert seen["saved"] > 0
    store = open_store(home)
    assert temporary_files(home) == []
    (stored,) = store.all()
    assert stored.problem is None


@pytest.mark.fault("F1")
def test_a_thousand_kills_while_saving_tear_nothing_and_lose_nothing(tmp_path: Path) -> None:
    _assert_nothing_is_torn_or_lost(tmp_path, 1000)


@pytest.mark.soak
@pytest.mark.fault("F1")
def test_a_hundred_thousand_kills_while_saving(tmp_path: Path) -> None:
    # Side by side, because a save waits for the disk far longer than it works.
    homes = [tmp_path / str(number) for number in range(_HOMES)]
    with ThreadPoolExecutor(_HOMES) as pool:
        list(pool.map(_assert_nothing_is_torn_or_lost, homes, [100_000 // _HOMES] * _HOMES))


@pytest.mark.planted("F1")
def test_the_kills_catch_a_writer_that_does_tear(tmp_path: Path) -> None:
    assert _kill_savers(tmp_path, "naive", 60)["torn"] > 0
