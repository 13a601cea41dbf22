"""One home, one server: the second is told who was first, and a kill leaves nothing behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

import pytest

from bodhi.aliases.home import HomeLock
from bodhi.errors import HomeInUse, StartRefused
from tests.support.server import running_server

_spawn = multiprocessing.get_context("spawn")
_FIRST = "127.0.0.1:1135"


def _hold(kind: type[HomeLock], home: Path, ready: Connection) -> None:
    kind(home).acquire(_FIRST)
    ready.send("held")
    signal.pause()


def broken_promises(kind: type[HomeLock], home: Path) -> list[str]:
    """What is wrong with a lock of this kind, between real processes."""
    wrong = []
    ours, theirs = _spawn.Pipe()
    holder = _spawn.Process(target=_hold, args=(kind, home, theirs))
    holder.start()
    assert ours.recv() == "held"
    assert holder.pid is not None
    try:
        kind(home).acquire().release()
        wrong.append("two have it")
    except HomeInUse as told:
        if told.exit_code != 75 or f"process {holder.pid} at {_FIRST}" not in told.message:
            wrong.append(f"the second is told {told.message}")
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with suppress(FileNotFoundError):
        (home / "server.lock").write_text(f"{os.getpid()} {_FIRST}\n")
    try:
        kind(home).acquire().release()
    except HomeInUse:
        wrong.append("a killed server whose process id has a new owner still has it")
    return wrong


class NoLock(HomeLock):
    """Writes down who it is, and asks nobody."""

    def acquire(self, address: str = "") -> Self:
        self._path.write_text(f"{os.getpid()} {address}\n")
        return self


class PidFile(HomeLock):
    """Believes the process id in the file."""

    def acquire(self, address: str = "") -> Self:
        with suppress(OSError, ValueError):
            first, _, where = self._path.read_text().partition(" ")
            os.kill(int(first), 0)
            raise HomeInUse(f"process {first} at {where.strip()}")
        self._path.write_text(f"{os.getpid()} {address}\n")
        return self


@pytest.mark.fault("F9")
def test_one_process_has_the_home_and_a_kill_gives_it_back(tmp_path: Path) -> None:
    assert broken_promises(HomeLock, tmp_path) == []


@pytest.mark.planted("F9")
@pytest.mark.parametrize(
    ("kind", "found"), [(NoLock, "two have it"), (PidFile, "process id has a new owner")]
)
def test_a_lock_that_trusts_a_file_would_be_found(
    tmp_path: Path, kind: type[HomeLock], found: str
) -> None:
    assert any(found in wrong for wrong in broken_promises(kind, tmp_path))


@pytest.mark.fault("F9")
def test_a_second_server_ends_with_75_and_the_first_one_s_address(tmp_path: Path) -> None:
    home, hub = tmp_path / "home", tmp_path / "hub"
    with running_server(home, hub) as first:
        second = subprocess.run(
            [sys.executable, "-m", "bodhi", "serve", "--port", "0"],
            env={**os.environ, "BODHI_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        where = first.address.removeprefix("http://")
        assert second.returncode == 75
        assert f"process {first.process.pid} at {where}" in second.stderr
        assert "Traceback" not in second.stderr
        first.process.kill()
        first.process.wait()
    with running_server(home, hub) as third:
        assert third.address


@pytest.mark.fault("F5")
def test_a_home_that_cannot_be_locked_is_refused_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "server.lock").mkdir()
    with pytest.raises(StartRefused, match="cannot be locked: Is a directory"):
        HomeLock(tmp_path).acquire()


@pytest.mark.fault("F2")
def test_a_lock_that_cannot_say_who_has_it_still_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        held = HomeLock(tmp_path).acquire("x:1")
    with pytest.raises(HomeInUse, match="a process that is starting"):
        HomeLock(tmp_path).acquire()
    held.release()
