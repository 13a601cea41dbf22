"""Runs the commands of one page as its reader would: in order, in one shell, in a fresh place."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.project import ROOT, files
from tests.docs.blocks import Command

_MARK = "\x1e"
DEMO_ADDRESS = "http://127.0.0.1:1135"


@dataclass(frozen=True)
class Surroundings:
    """What a page supposes: a working copy, a home, a demo that is running, a model hub."""

    copy: Path
    home: Path
    hub_cache: Path
    server: str
    model_hub: str
    patience_s: float = 60

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "HF_"))}
        return kept | {
            "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
            "BODHI_HOME": str(self.home),
            "BODHI_PORT": self.server.rpartition(":")[2],
            "HOME": str(self.home.parent),
            "HF_HUB_CACHE": str(self.hub_cache),
            "HF_ENDPOINT": self.model_hub,
            "NO_COLOR": "1",
        }


def working_copy(place: Path) -> Path:
    """The files of this repository, and its environment."""
    for path in files():
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (place / ".venv").symlink_to(ROOT / ".venv")
    return place


def faults(typed: Sequence[Command], at: Surroundings) -> list[str]:
    """Run the commands; says which of them fail, or answer otherwise than their page shows."""
    script = "".join(
        f"{{ {command.text.replace(DEMO_ADDRESS, at.server)}\n}} </dev/null\n"
        f"printf '\\n{_MARK}%s{_MARK}' \"$?\"\n"
        for command in typed
    )
    printed = _printed(script, at)
    answers = re.findall(rf"(.*?)\n{_MARK}(\d+){_MARK}", printed, re.DOTALL)
    found = [
        fault
        for command, (output, status) in zip(typed, answers, strict=False)
        if (fault := _fault(command, output.replace(at.server, DEMO_ADDRESS), int(status)))
    ]
    if len(answers) < len(typed):
        last = typed[len(answers)]
        found.append(f"{last.block}: ended the shell or did not end: {last.text}")
    return found


def _printed(script: str, at: Surroundings) -> str:
    """What the shell and all that it starts print, until it ends or its time is over."""
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=at.copy,
        env=at.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            return shell.communicate(timeout=at.patience_s)[0]
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            return shell.communicate()[0]


def _fault(command: Command, output: str, status: int) -> str | None:
    if status != 0:
        return f"{command.block}: {command.text} ended with {status}: {output.strip()[-300:]}"
    if command.shown is not None and not is_shown(command.shown, output):
        return f"{command.block}: {command.text} printed something else:\n{output}"
    return None


def is_shown(shown: str, output: str) -> bool:
    """Whether a page shows this output; ``...`` stands for anything, within a line or for lines."""
    pattern = "".join(
        r"(?:[^\n]*\n)*"
        if line.strip() == "..."
        else re.escape(line.rstrip()).replace(r"\.\.\.", r"[^\n]*") + r"[ ]*\n"
        for line in shown.strip().splitlines()
    )
    return re.fullmatch(pattern, f"{output.strip()}\n" if output.strip() else "") is not None
