"""No engine outlives the gateway, whatever started it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.engine.contract.kinds import Kind

_REPOSITORY = Path(__file__).parents[3]


@contextmanager
def gateway_with(kind: Kind, *arguments: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A gateway in a process of its own, and the number of its engine."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.contract.parent", kind.name, *map(str, arguments)],
        stdout=subprocess.PIPE,
        cwd=_REPOSITORY,
        # The variable that names a real server was taken from us before this test began.
        env={**os.environ, **kind.variables, "PYTHONPATH": str(_REPOSITORY / "src")},
    )
    try:
        assert parent.stdout is not None
        yield parent, int(parent.stdout.readline())
    finally:
        parent.kill()
        parent.communicate()


def test_no_engine_lives_a_second_after_the_gateway_was_killed(
    kind: Kind, tiny_model: Path, runtime_dir: Path, tmp_path: Path
) -> None:
    with gateway_with(kind, tiny_model, runtime_dir, tmp_path) as (parent, pid):
        engine = psutil.Process(pid)
        assert engine.is_running()
        parent.kill()
        deadline = time.monotonic() + 1
        while engine.is_running() and engine.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, "the engine outlived its gateway"
            time.sleep(0.005)
