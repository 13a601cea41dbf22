"""Has schemathesis make up requests to a house, and tells what was answered."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx

from tests.threats.house import House

TEXT = "configured-key-of-this-test"
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
_COUNTED = re.compile(r"(\d+) generated")
_STREAMS = r"/(events|trials|trials/lanes)$"
_ROOT = Path(__file__).parents[2]
# What the hooks are told in their environment.
ADDRESS, KEY, COUNTED = "BODHI_TRIED_ADDRESS", "BODHI_TRIED_KEY", "BODHI_TRIED_COUNTED"


@dataclass(frozen=True)
class Tried:
    """What became of it. ``answered`` counts by operation and status."""

    number: int
    is_well: bool
    said: str
    answered: Counter[tuple[str, int]]

    @property
    def never_well(self) -> set[str]:
        """Operations that never succeeded."""
        well = {operation for operation, status in self.answered if status < 300}
        return {operation for operation, _ in self.answered} - well

    def share(self, status: int) -> float:
        """Of all answers."""
        found = sum(number for (_, one), number in self.answered.items() if one == status)
        return found / self.answered.total()


def tried(house: House, folder: Path, examples: int, *options: str) -> Tried:
    """Have requests made up, so many for each operation."""
    schema, address = "/api/v1/openapi.json", f"http://localhost:{house.port}"
    headers = {"authorization": f"Bearer {TEXT}"}
    # The control plane is built by now, however long that took.
    assert httpx.get(address + schema, headers=headers, timeout=100).status_code == 200
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", address + schema),
        *("--header", f"Authorization: Bearer {TEXT}", "--exclude-path-regex", _STREAMS),
        *("--phases", "examples,fuzzing,stateful", "--max-examples", str(examples)),
        *("--checks", _CHECKS, "--suppress-health-check", "all", "--no-color", "--no-shrink"),
        *("--request-timeout", "30", "--continue-on-failure"),
        # What is remembered from run to run is not seen in a new folder, yet takes a third of it.
        *("--generation-database", "none", *options),
    ]
    counted = folder / "answered.json"
    told = {ADDRESS: address, KEY: TEXT, COUNTED: str(counted)}
    told |= {"SCHEMATHESIS_HOOKS": "tests.acceptance.api_hooks", "PYTHONPATH": str(_ROOT)}
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    said = ended.stdout + ended.stderr
    answers = json.loads(counted.read_text(encoding="utf-8")) if counted.exists() else {}
    by_status = Counter({_split(line): number for line, number in answers.items()})
    number = _COUNTED.search(said)
    return Tried(int(number[1]) if number else 0, ended.returncode == 0, said, by_status)


def tried_and_as_described(house: House, folder: Path, examples: int, least: int) -> Tried:
    """The same, where at least so many requests have to be answered as it is described."""
    found = tried(house, folder, examples)
    assert found.is_well, found.said[-6000:]
    assert found.number >= least, found.said[-2000:]
    return found


def _split(line: str) -> tuple[str, int]:
    operation, _, status = line.rpartition(" ")
    return operation, int(status)
