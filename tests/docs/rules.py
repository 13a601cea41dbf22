"""The commands that are not run as a page has them, each with its reason and what is done instead.

A command that is not here is run. A rule for a command that stands on no page is an error.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.project import ROOT
from tests.docs.blocks import Block, Command
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


RULES: dict[str, Rule] = {
    "make demo": Rule(
        "serves until it is stopped; tests/demo starts the same demo and asks it", make_would_run
    ),
    "make test": Rule("runs these very tests", make_would_run),
    ".venv/bin/bodhi chat demo:precise": Rule("waits for somebody at a terminal", is_answered),
    "make check": Rule("is a part of what runs these very tests", make_would_run),
    "make fix": Rule("is the linter's own writing, checked by make check", make_would_run),
}


def rule_for(command: str) -> Rule | None:
    """The rule of a command, whatever comment stands behind it."""
    return RULES.get(command.partition("#")[0].strip())
