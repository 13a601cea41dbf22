"""The reference page says what the commands say."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "make_cli_reference.py"


def check(tool: Path = TOOL) -> subprocess.CompletedProcess[str]:
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


def test_the_reference_of_the_command_line_is_current() -> None:
    checked = check()
    assert checked.returncode == 0, checked.stderr


def test_a_page_that_is_not_current_would_be_noticed(tmp_path: Path) -> None:
    tool = tmp_path / "tools" / "make_cli_reference.py"
    tool.parent.mkdir()
    tool.write_bytes(TOOL.read_bytes())
    assert check(tool).returncode == 1
    subprocess.run([sys.executable, str(tool)], check=True, timeout=60)
    assert check(tool).returncode == 0
    page = tmp_path / "docs" / "reference" / "command-line.md"
    page.write_text(page.read_text().replace("--json", "--yaml", 1))
    ended = check(tool)
    assert ended.returncode == 1
    assert "make_cli_reference.py" in ended.stderr
