"""The command line as a person uses it: in a process of its own, on a machine with some files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.hub import place_in_hub

# An alias file that is right, for the model that Machine.model puts into the hub cache.
GOOD = "alias: tiny:chat\nrepo: us/tiny\nfilename: tiny.Q8_0.gguf\n"

PROGRAM = (sys.executable, "-m", "bodhi")


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, parsed."""
        return json.loads(self.out)


# A way to run ``bodhi ARGUMENTS``: the function below, or its sibling within the test's process.
Run = Callable[..., Ended]


def bodhi(*arguments: str, stdin: str | None = None, **environment: str) -> Ended:
    """Run ``bodhi ARGUMENTS``; without ``stdin`` there is none."""
    child = subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert "Traceback" not in child.stderr
    return Ended(child.returncode, child.stdout, child.stderr)


@dataclass(frozen=True)
class Machine:
    """The files of one machine: alias files and a hub cache."""

    home: Path
    hub: Path

    def alias(self, stem: str, text: str) -> Path:
        """Write an alias file."""
        path = self.home / "aliases" / f"{stem}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def model(self, source: Path, filename: str = "tiny.Q8_0.gguf", repo: str = "us/tiny") -> Path:
        """Put a model into the hub cache."""
        return place_in_hub(
            self.hub, repo, filename, source, snapshot="a" * 40, refs={"main": "a" * 40}
        )
