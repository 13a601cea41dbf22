"""The reference pages say what the commands and the registry say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The tool, its page, and something that the page has.
PAGES = {
    "make_cli_reference.py": ("command-line.md", "--json"),
    "make_params_reference.py": ("parameters.md", "0.8"),
}


def check(tool: Path) -> subprocess.CompletedProcess[str]:
    # The page must not depend on whose terminal it is written in.
    surroundings = {**os.environ, "COLUMNS": "40", "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, str(tool), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=surroundings,
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_is_current(name: str) -> None:
    checked = check(ROOT / "tools" / name)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_not_current_would_be_noticed(name: str, tmp_path: Path) -> None:
    file, part = PAGES[name]
    tool = tmp_path / "tools" / name
    tool.parent.mkdir()
    tool.write_bytes((ROOT / "tools" / name).read_bytes())
    assert check(tool).returncode == 1
    subprocess.run([sys.executable, str(tool)], check=True, timeout=60)
    assert check(tool).returncode == 0
    page = tmp_path / "docs" / "reference" / file
    page.write_text(page.read_text().replace(part, "changed", 1))
    ended = check(tool)
    assert ended.returncode == 1
    assert name in ended.stderr
