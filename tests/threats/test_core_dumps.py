"""T36: a process that breaks does not write what it held, prompts and keys, to the disk."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.server import running_server, wait_until


@pytest.fixture
def cores_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine whose owner wants core dumps: children inherit that."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    if before[1] == 0:
        pytest.skip("core dumps are forbidden on this machine")
    monkeypatch.chdir(tmp_path)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


def may_dump(pid: int) -> bool:
    return psutil.Process(pid).rlimit(psutil.RLIMIT_CORE) != (0, 0)


def dumps(child: "subprocess.Popen[str]") -> bool:
    """Whether our child leaves a core when it breaks; the kernel says so in how it ended."""
    child.send_signal(signal.SIGSEGV)
    ended = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    return ended.si_code == os.CLD_DUMPED


@pytest.mark.threat("T36")
def test_neither_gateway_nor_engine_leaves_a_core(tmp_path: Path, cores_allowed: None) -> None:
    with running_server(tmp_path / "home", tmp_path / "hub", "--demo") as server:
        with server.openai() as client:
            client.completions.create(model="demo:short", prompt="a secret", max_tokens=1)
        (engine_process,) = server.children()
        assert not may_dump(engine_process.pid)
        assert not may_dump(server.process.pid)
        folder = Path(engine_process.cwd())
        engine_process.send_signal(signal.SIGSEGV)
        assert wait_until(lambda: not server.children(), within_s=10)
        assert list(folder.glob("core*")) == []
        assert not dumps(server.process)
    shutil.rmtree(folder, ignore_errors=True)
    assert list(tmp_path.glob("core*")) == []


@pytest.mark.planted("T36")
def test_a_process_that_leaves_a_core_would_be_found(cores_allowed: None) -> None:
    code = "print(1, flush=True); import time; time.sleep(60)"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert may_dump(child.pid)
        # Where cores go, and whether one is written there, is the machine's own affair.
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        assert dumps(child) or pattern != "core"
