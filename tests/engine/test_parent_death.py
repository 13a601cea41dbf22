"""No engine outlives the gateway, however it ends."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from bodhi.engine.runtime_dir import RuntimeDir
from tests.support.tiny_gguf import write_tiny_gguf

_REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    folder = RuntimeDir()
    yield folder.path()
    folder.remove()


@contextmanager
def parent_of_an_engine(
    *arguments: str | Path, when: str
) -> Iterator[tuple["subprocess.Popen[bytes]", psutil.Process]]:
    """A gateway in a process of its own, and its engine."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.doubles.parent", *map(str, arguments), when],
        stdout=subprocess.PIPE,
        cwd=_REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(_REPOSITORY / "src")},
    )
    try:
        assert parent.stdout is not None
        yield parent, psutil.Process(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.communicate()


def _dies_within_a_second(engine: psutil.Process) -> bool:
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        # A zombie that nobody collects is dead.
        if not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.005)
    return False


@pytest.mark.fault("F19")
@pytest.mark.parametrize("transport", ["unix", "tcp"])
@pytest.mark.parametrize("tie", ["prctl", "end of input"])
def test_no_engine_lives_a_second_after_its_parent_was_killed(
    transport: str, tie: str, tiny_model: Path, runtime_dir: Path
) -> None:
    arguments = (tiny_model, runtime_dir, transport, tie)
    with parent_of_an_engine(*arguments, when="ready") as (parent, engine):
        parent.kill()
        assert _dies_within_a_second(engine)


@pytest.mark.fault("F19")
@pytest.mark.planted("F19")
@pytest.mark.parametrize(("tie", "dies"), [("prctl", True), ("end of input", False)])
def test_only_the_kernel_ends_an_engine_that_is_loading(
    tie: str, dies: bool, tmp_path: Path, runtime_dir: Path
) -> None:
    """The second case shows what the first one is worth: a load listens to nothing."""
    model = tmp_path / "hangs.gguf"
    write_tiny_gguf(model, chat_template="{% for i in range(1000000000) %}{% endfor %}")
    with parent_of_an_engine(model, runtime_dir, "unix", tie, when="loading") as (parent, engine):
        while engine.cpu_times().user < 0.3:  # then it is in its loop
            time.sleep(0.01)
        parent.kill()
        try:
            assert _dies_within_a_second(engine) is dies
        finally:
            with suppress(psutil.NoSuchProcess):
                engine.kill()


def test_a_worker_whose_parent_was_gone_before_it_began_ends_at_once(tmp_path: Path) -> None:
    """The parent may die between the start of the worker and its asking the kernel."""
    worker = _REPOSITORY / "src" / "bodhi" / "engine" / "worker.py"
    config = b'{"parent_pid": 1, "prctl": true}\n'
    ended = subprocess.run(
        [sys.executable, "-I", str(worker)], input=config, timeout=20, check=False
    )
    assert ended.returncode == 1
