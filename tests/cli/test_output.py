"""What reaches the terminal is aligned, clean and coloured only where that is wanted."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.cli.output import clean, clean_text, error_text, fields, size, table
from bodhi.errors import BodhiError
from tests.support.command_line import PROGRAM, bodhi
from tests.support.terminal import terminal

HOSTILE = "a\x1b[2Jb\x9b31mc\u202egpj.exe\u2066\r\nd\x07"


@given(st.text())
def test_a_cleaned_name_is_one_line_without_control_characters(text: str) -> None:
    kinds = {unicodedata.category(letter) for letter in clean(text)}
    assert not kinds & {"Cc", "Zl", "Zp"}
    assert len(f"x{clean(text)}x".splitlines()) == 1
    assert not any(
        unicodedata.bidirectional(letter) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI"}
        for letter in clean(text)
    )


def test_what_a_terminal_would_obey_is_taken_out_and_the_rest_stays() -> None:
    assert clean(HOSTILE) == "a[2Jb31mcgpj.exed"
    assert clean("Grüße 模型 a-b:c/d") == "Grüße 模型 a-b:c/d"
    assert clean_text("one\n\ttwo\x1b[0m\r") == "one\n\ttwo[0m"


def test_columns_begin_at_the_same_place_whatever_is_in_them() -> None:
    lines = table(("A", "B"), [("x", "1"), ("模型", "2"), ("long name", "3")]).splitlines()
    assert lines == ["A          B", "x          1", "模型       2", "long name  3"]


def test_a_hostile_cell_makes_no_second_row() -> None:
    assert len(table(("A",), [(HOSTILE,)]).splitlines()) == 2


def test_fields_leave_out_what_is_not_known() -> None:
    assert fields([("name", "x"), ("quantization", "Q8_0"), ("license", None)]).splitlines() == [
        "name          x",
        "quantization  Q8_0",
    ]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (5 * 1024**3, "5.0 GiB"), (None, None)],
)
def test_sizes_are_binary(count: int | None, shown: str | None) -> None:
    assert size(count) == shown


def test_an_error_cannot_forge_a_second_line() -> None:
    text = error_text(BodhiError("bad\nError: worse\x1b[2J", remedy="do\rthat"))
    assert text == "Error: badError: worse[2J\ndothat"


def test_a_pipe_gets_no_colours() -> None:
    assert "\x1b" not in bodhi("engines", "list", "--server", "127.0.0.1:1").err


def test_a_terminal_gets_colours_unless_it_declines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = [*PROGRAM, "engines", "list", "--server", "127.0.0.1:1"]
    with terminal(command) as coloured:
        coloured.wait_for("\x1b[31mError:\x1b[0m No server answers")
        assert coloured.wait_end() == 69
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal(command) as plain:
        plain.wait_for("Error: No server answers")
    assert "\x1b" not in plain.screen


def test_json_is_ascii_so_that_no_terminal_obeys_it() -> None:
    written = json.dumps(HOSTILE)
    assert written.isascii()
    assert written.isprintable()
