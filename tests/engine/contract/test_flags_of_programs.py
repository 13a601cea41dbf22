"""What Bodhi says on the command line, said to the programs themselves.

``--version`` ends a program once everything before it was accepted.
"""

import os
import subprocess
from pathlib import Path

import pytest

from bodhi.engine.environment import engine_environment
from bodhi.engine.flags import Placement, command_flags, option_flags
from bodhi.engine.help_text import Build, read_build
from bodhi.params.parameter import Parameter
from tests.engine.contract.kinds import PROGRAMS, Program
from tests.engine.reload_rows import RELOAD, edge_values


@pytest.fixture(params=PROGRAMS, ids=str)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    chosen: Program = request.param
    return chosen.place(tmp_path)


def run(program: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program, *arguments],
        env=engine_environment(os.environ),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture
def build(program: Path) -> Build:
    found = read_build(run(program, "--help").stdout, "")
    assert found is not None
    return found


@pytest.mark.parametrize("row", RELOAD, ids=lambda row: row.key)
def test_every_value_of_the_registry_is_taken(row: Parameter, program: Path, build: Build) -> None:
    for value in edge_values(row):
        ended = run(program, *option_flags({row.key: value}, build), "--version")
        assert ended.returncode == 0, ended.stderr


def test_what_every_engine_is_told_is_taken(program: Path, build: Build, tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.write_text("{{ messages }}")
    for socket in (tmp_path / "x.sock", None):
        place = Placement("abc", tmp_path / "model.gguf", template, socket)
        flags = command_flags({"n_ctx": 512, "mlock": True, "no_mmap": True}, build, place)
        ended = run(program, *flags, "--version")
        assert ended.returncode == 0, ended.stderr


def test_what_is_not_known_is_not_taken(program: Path) -> None:
    """The positive control of the tests above."""
    assert run(program, "--no-such-flag", "--version").returncode != 0
    assert run(program, "--ctx-size", "many", "--version").returncode != 0
