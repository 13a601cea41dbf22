"""Text that strangers wrote stays text where it is shown: terminals, spreadsheets, the log."""

import csv
import io
import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bodhi import log
from bodhi.aliases.yaml12_write import dump
from bodhi.cli import output
from bodhi.params.values import JsonObject
from bodhi.usage import csv_text
from tests.support.command_line import bodhi
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf
from tests.threats.house import FILE, REPO

# Clear, title, clipboard (OSC 52), C1 forms of them, overwriting, turning the direction round.
_FORGED = (
    "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]52;c;cm0gLXJm\x1b\\", "\x9b31m", "\x9d0;t\x9c",
    "good\rbad", "good\x08\x08\x08\x08bad", 'line\n{"level":"error"}', "a\u2028b", "a\x85b",
    "\u202eexe.txt", "\u2066hidden\u2069", "\x00", "\x7f",
)  # fmt: skip
_FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")
_SHOWN_ONLY = "\n\t"


def obeyed(text: str) -> set[str]:
    """Characters of ``text`` that a terminal would obey instead of show."""
    direction = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return {
        letter
        for letter in text
        if (ord(letter) < 0x20 and letter not in _SHOWN_ONLY)
        or 0x7F <= ord(letter) < 0xA0
        or letter in f"\u2028\u2029{direction}"
    }


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """A home whose alias and a hub whose model say all of it of themselves."""
    model, everything = tmp_path / "tiny.gguf", "".join(_FORGED)
    write_tiny_gguf(model, metadata={"general.name": everything, "general.license": everything})
    place_in_hub(tmp_path / "hub", REPO, FILE, model)
    folder = tmp_path / "home" / "aliases"
    folder.mkdir(parents=True)
    told: JsonObject = {
        "alias": "forged",
        "repo": REPO,
        "filename": FILE,
        "description": everything,
        "tags": [everything],
        "request_params": {"system_prompt": everything, everything: 1},
    }
    (folder / "forged.yaml").write_text(dump(told), encoding="utf-8")
    return tmp_path / "home", tmp_path / "hub"


_COMMANDS = (
    ("aliases", "list"), ("aliases", "show", "forged"), ("aliases", "explain", "forged"),
    ("aliases", "lint", "forged"), ("models", "list"), ("models", "show", REPO),
)  # fmt: skip


@pytest.mark.threat("T31")
def test_no_command_prints_what_a_terminal_obeys(place: tuple[Path, Path]) -> None:
    home, hub = map(str, place)
    ends = [bodhi(*command, BODHI_HOME=home, BODHI_HUB_CACHE=hub) for command in _COMMANDS]
    assert [obeyed(end.out + end.err) for end in ends] == [set()] * len(ends)
    assert any("hidden" in end.out for end in ends)  # it was printed, what is harmless of it


@pytest.mark.planted("T31")
def test_a_table_that_is_printed_as_it_is_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [[text] for text in _FORGED]
    assert obeyed(output.table(["name"], cells)) == set()
    monkeypatch.setattr(output, "clean", lambda text: text)
    assert "\x1b" in obeyed(output.table(["name"], cells))


def formulas(made: str) -> list[str]:
    """Cells that a spreadsheet would work out."""
    cells = [cell for row in csv.reader(io.StringIO(made, newline="")) for cell in row]
    return [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def table_of(texts: tuple[str, ...]) -> str:
    rows = [{"alias": text, "figures": {"model": text, "requests": -1}} for text in texts]
    return csv_text.csv_of(rows, ["alias", "model"])


@pytest.mark.threat("T31")
def test_no_cell_of_a_table_is_a_formula_or_a_further_row() -> None:
    texts = _FORMULAS + _FORGED
    made = table_of(texts)
    assert formulas(made) == []
    assert len(list(csv.reader(io.StringIO(made, newline="")))) == 1 + len(texts)


@pytest.mark.planted("T31")
def test_a_formula_in_a_cell_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "_FORMULA", ())
    assert formulas(table_of(_FORMULAS)) == [cell for text in _FORMULAS for cell in (text, text)]


def logged(format_: Callable[[logging.LogRecord], str]) -> list[str]:
    """The lines that the texts make, each logged once."""
    records = [
        logging.LogRecord("bodhi", logging.WARNING, "", 0, "of %s", (text,), None)
        for text in _FORGED
    ]
    return "\n".join(format_(record) for record in records).splitlines()


@pytest.mark.threat("T31")
@pytest.mark.parametrize("is_watched", [False, True])
def test_what_is_logged_is_one_line_that_nothing_obeys(
    monkeypatch: pytest.MonkeyPatch, *, is_watched: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_watched, raising=False)
    formatter = log._Plain() if is_watched else log._JsonLines()
    lines = logged(formatter.format)
    assert len(lines) == len(_FORGED)
    assert obeyed("".join(lines)) == set()
    if not is_watched:
        said = [json.loads(line)["message"] for line in lines]
        assert said == [f"of {text}" for text in _FORGED]


@pytest.mark.planted("T31")
def test_a_log_of_plain_text_would_be_found() -> None:
    lines = logged(lambda record: record.getMessage())
    assert len(lines) > len(_FORGED)
    assert obeyed("".join(lines))
