"""The commands that are not run as a page has them, each with its reason and what is done instead.

A command that is not here is run. A rule for a command that stands on no page is an error.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.contract.project import ROOT
from tests.docs.blocks import PAGES, Block, Command, page_blocks
from tests.docs.runner import Surroundings, faults


@dataclass(frozen=True)
class Rule:
    """``check`` raises where the command could not do what the page says."""

    reason: str
    check: Callable[[str, Surroundings], None]


def make_would_run(command: str, at: Surroundings) -> None:
    """The verb exists, and make can say what it would do."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    assert command.startswith("make ")
    done = subprocess.run(
        [*command.split(), "--dry-run"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout.strip()


def is_answered(command: str, at: Surroundings) -> None:
    """The same conversation, with somebody who says one thing and leaves."""
    typed = Command(Block("a rule", 0, "bash", ""), f"echo Hello | {command}")
    found = faults([typed], at)
    assert not found, found


def an_installed_wheel_would_serve(command: str, at: Surroundings) -> None:
    """Built and installed without its dependencies, it has the page, and a program that starts."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        build = ["-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run([python, *build], cwd=ROOT, capture_output=True, check=True)
        (wheel,) = Path(folder).glob(Path(command.rsplit(maxsplit=1)[-1]).name)
        place = Path(folder, "installed")
        install = ["-m", "pip", "install", "--no-index", "--no-deps", "--target", str(place)]
        subprocess.run([python, *install, wheel], capture_output=True, check=True)
        assert (place / "bodhi" / "_ui" / "index.html").exists()
        tried = [python, str(place / "bin" / "bodhi"), "version"]
        subprocess.run(tried, env={"PYTHONPATH": str(place)}, capture_output=True, check=True)


def systemd_would_start_it(command: str, at: Surroundings) -> None:
    """The page's unit is named so, and what it runs is a command of ours."""
    blocks = [block for path in PAGES for block in page_blocks(path)]
    (unit,) = (block for block in blocks if block.language == "ini" and "[Service]" in block.text)
    assert "bodhi" in command.split()
    (line,) = re.findall(r"(?m)^ExecStart=%h/\.local/share/bodhi/bin/(bodhi .*)$", unit.text)
    found = faults([Command(Block("a rule", 0, "bash", ""), f"{line} --help")], at)
    assert not found, found


RULES: dict[str, Rule] = {
    "make demo": Rule(
        "serves until it is stopped; tests/demo starts the same demo and asks it", make_would_run
    ),
    "make test": Rule("runs these very tests", make_would_run),
    ".venv/bin/bodhi chat demo:precise": Rule("waits for somebody at a terminal", is_answered),
    "make check": Rule("is a part of what runs these very tests", make_would_run),
    "make wheel": Rule("writes into the working copy that these tests run from", make_would_run),
    "~/.local/share/bodhi/bin/pip install dist/bodhi_llm-*.whl": Rule(
        "takes the engine and all else from the package index", an_installed_wheel_would_serve
    ),
    "systemctl --user enable --now bodhi": Rule(
        "wants a session of a user with systemd", systemd_would_start_it
    ),
    "journalctl --user --unit bodhi --follow": Rule(
        "wants a session of a user with systemd", systemd_would_start_it
    ),
    "make fix": Rule("is the linter's own writing, checked by make check", make_would_run),
}


def rule_for(command: str) -> Rule | None:
    """The rule of a command, whatever comment stands behind it."""
    return RULES.get(command.partition("#")[0].strip())
