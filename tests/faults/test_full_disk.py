"""A disk that is truly full, and one that is truly read-only."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.faults.acts import NEW, OLD

_UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


@cache
def why_not() -> str | None:
    """Why no disk of our own can be had here; None if it can."""
    if not shutil.which("unshare"):
        return "unshare is not installed"
    tried = subprocess.run(
        [*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        check=False,
        capture_output=True,
        text=True,
    )
    return f"no disk may be mounted: {tried.stderr.strip()}" if tried.returncode else None


pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def saved_there(folder: Path, disk: str) -> dict[str, Any]:
    """What a store on a small disk at ``folder`` says and shows: see ``full_disk``."""
    command = [*_UNSHARE, sys.executable, "-m", "tests.faults.full_disk", str(folder), disk]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def row(told: str, file: str) -> dict[str, Any]:
    return {"told": told, "file": file, "served": True, "problem": "None"}


PROMISE = {
    "full": row("507 a.yaml could not be written: the disk is full.", OLD),
    "room again": row("saved", NEW),
    "read-only": row("507 write.lock could not be written: the disk is read-only.", NEW),
    "writable again": row("saved", OLD),
}


@pytest.mark.fault("F2", "F5")
def test_a_full_disk_and_a_read_only_one_are_told_and_the_old_file_serves(tmp_path: Path) -> None:
    assert saved_there(tmp_path, "Disk") == PROMISE


@pytest.mark.planted("F2")
def test_a_save_that_writes_in_place_would_be_found_on_a_full_disk(tmp_path: Path) -> None:
    assert saved_there(tmp_path, "WritesInPlace")["full"] != PROMISE["full"]
