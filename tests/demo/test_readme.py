"""What the README shows is what happens."""

import re
import subprocess
import sys
from pathlib import Path

from bodhi.aliases.reader import read_alias
from tests.support.server import running_server

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first fenced block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_python_example_runs_against_the_demo(tmp_path: Path) -> None:
    with running_server(tmp_path / "home", tmp_path / "hub", "--demo") as server:
        code = block("python")
        assert "http://127.0.0.1:1135/v1" in code
        shown = subprocess.run(
            [sys.executable, "-c", code.replace("http://127.0.0.1:1135", server.address)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    precise, creative = shown.splitlines()
    assert precise.startswith("demo:precise -> Monday")
    assert creative.startswith("demo:creative -> ")


def test_the_alias_file_is_one_that_bodhi_reads() -> None:
    alias = read_alias(block("yaml").encode(), stem="llama3--instruct")
    assert alias.name == "llama3:instruct"
    assert alias.request_policy["max_tokens"] == {"clamp": [1, 1024]}
