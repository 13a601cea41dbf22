"""The home folder: its layout and its locks, between real processes."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bodhi.aliases.home import HomeLock, prepare_home
from bodhi.errors import HomeInUse, HomeTooNew, StartRefused, StorageFailed
from bodhi.files import write_lock

spawn = multiprocessing.get_context("spawn")


def _hold_the_home(home: str, ready: Connection) -> None:
    HomeLock(Path(home)).acquire("127.0.0.1:1135")
    ready.send("held")
    signal.pause()


def test_a_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    prepare_home(home)
    for folder in (home, home / "aliases", home / "state", home / "trash"):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert (home / "layout").read_text() == "1\n"
    prepare_home(home)


def test_a_newer_layout_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "layout").write_text("2\n")
    with pytest.raises(HomeTooNew, match="layout 2"):
        prepare_home(tmp_path)
    assert (tmp_path / "layout").read_text() == "2\n"


def test_a_layout_that_is_no_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "layout").write_bytes(b"\xff")
    with pytest.raises(StartRefused, match="layout version"):
        prepare_home(tmp_path)


def test_a_home_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartRefused, match="cannot be prepared"):
        prepare_home(tmp_path / "file" / "home")


def test_a_second_server_is_told_who_holds_the_home_and_a_kill_frees_it(tmp_path: Path) -> None:
    ours, theirs = spawn.Pipe()
    holder = spawn.Process(target=_hold_the_home, args=(str(tmp_path), theirs))
    holder.start()
    try:
        assert ours.recv() == "held"
        with pytest.raises(HomeInUse, match=f"process {holder.pid} at 127.0.0.1:1135") as caught:
            HomeLock(tmp_path).acquire()
        assert caught.value.exit_code == 75
    finally:
        assert holder.pid is not None
        os.kill(holder.pid, signal.SIGKILL)
        holder.join()
    with HomeLock(tmp_path).acquire("127.0.0.1:1136"):
        assert (tmp_path / "server.lock").read_text() == f"{os.getpid()} 127.0.0.1:1136\n"


def test_a_released_home_can_be_taken_again(tmp_path: Path) -> None:
    first = HomeLock(tmp_path).acquire("x:1")
    with pytest.raises(HomeInUse):
        HomeLock(tmp_path).acquire()
    first.describe("x:2")
    with pytest.raises(HomeInUse, match="at x:2"):
        HomeLock(tmp_path).acquire()
    first.release()
    first.release()
    HomeLock(tmp_path).acquire().release()


def test_only_one_saves_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def save() -> None:
        for _ in range(20):
            with write_lock(tmp_path):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 80
    assert max(most) == 1


def test_waiting_for_a_saver_that_hangs_ends(tmp_path: Path) -> None:
    with write_lock(tmp_path), pytest.raises(StorageFailed, match="too long"):  # noqa: SIM117
        with write_lock(tmp_path, timeout_s=0.05):
            pass
    with write_lock(tmp_path, timeout_s=0):
        pass


def test_a_lock_file_that_cannot_be_opened_is_a_storage_failure(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"write\.lock"), write_lock(tmp_path / "missing"):
        pass
