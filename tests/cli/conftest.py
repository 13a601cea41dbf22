"""What the commands need around them: a server to ask, a machine with files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.cli import program
from tests.support.command_line import Ended, Machine, Run
from tests.support.fake_bodhi import FakeBodhi, fake_bodhi


@pytest.fixture
def server() -> Iterator[FakeBodhi]:
    """A server that speaks Bodhi's routes; its address is ``server.address``."""
    with fake_bodhi() as fake:
        yield fake


@pytest.fixture
def machine() -> Machine:
    """The homes of this test, still empty."""
    return Machine(Path(os.environ["BODHI_HOME"]), Path(os.environ["HF_HOME"]) / "hub")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``bodhi ARGUMENTS`` in this process, which spares the start of an interpreter."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["bodhi", *arguments])
        with pytest.raises(SystemExit) as ended:
            program.run()
        printed = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run
