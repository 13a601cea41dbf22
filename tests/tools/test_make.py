"""The two commands of a stranger, and the one of the build machine."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INTERNAL = {"help", "env", "env-dev"}


def make(*arguments: str) -> str:
    # A make that runs this very test must not lend its own flags and jobs to another.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout


def test_make_alone_lists_every_verb_once() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = re.findall(r"^  make (\S+) +\S", make(), re.MULTILINE)
    assert sorted({*listed} | INTERNAL) == sorted(targets)
    assert len(listed) == len({*listed})


def test_the_port_of_the_demo_can_be_chosen() -> None:
    assert "--port 1135" in make("--dry-run", "demo", "PORT=1135")
    assert "--port 2000" in make("--dry-run", "demo", "PORT=2000")


def test_make_test_runs_lint_types_and_all_tests() -> None:
    commands = make("--dry-run", "test").splitlines()
    assert any(command.endswith("ruff check") for command in commands)
    assert any(command.endswith("mypy") for command in commands)
    assert commands[-1].split()[0].endswith("pytest")
    assert not re.search(r"-k|-m |--ignore|--deselect|tests/", commands[-1])


def test_the_build_machine_runs_exactly_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test </dev/null"
