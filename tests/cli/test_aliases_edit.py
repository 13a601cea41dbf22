"""``bodhi aliases edit``: the editor's text is checked, kept on error, and saved with care."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.command_line import GOOD, PROGRAM, Machine, bodhi
from tests.support.terminal import Terminal, terminal

TEXT = "# mine\n" + GOOD + "request_params:\n  temperature: 0.7 # warm\n"

# An editor that replaces one text by another: the next line of its script, each time it is opened.
_EDITOR = """\
import pathlib, sys
script, draft = map(pathlib.Path, sys.argv[1:])
line, _, rest = script.read_text().partition("\\n")
script.write_text(rest)
old, new, *other = line.split(" -> ")
draft.write_text(draft.read_text().replace(old, new))
if other:
    pathlib.Path(other[0]).write_text(pathlib.Path(other[0]).read_text() + "# theirs\\n")
"""


@pytest.fixture
def path(machine: Machine, tiny_model: Path) -> Path:
    machine.model(tiny_model)
    return machine.alias("tiny--chat", TEXT)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script of the editor: ``OLD -> NEW`` a line, and a file that changes meanwhile."""
    program, script = tmp_path / "editor.py", tmp_path / "script"
    program.write_text(_EDITOR)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    monkeypatch.setenv("TMPDIR", str(drafts))
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {program} {script}")
    return script


def drafts() -> list[Path]:
    return list(Path(os.environ["TMPDIR"]).rglob("*.yaml"))


@contextmanager
def editing(script: Path, lines: Sequence[str]) -> Iterator[Terminal]:
    script.write_text("\n".join(lines))
    with terminal([*PROGRAM, "aliases", "edit", "tiny:chat"]) as screen:
        yield screen


def test_what_the_editor_changed_is_saved_and_shown(path: Path, editor: Path) -> None:
    editor.write_text("0.7 -> 0.2")
    ended = bodhi("aliases", "edit", "tiny:chat")
    assert (ended.code, ended.err) == (0, "")
    assert "+  temperature: 0.2 # warm" in ended.out
    assert path.read_text() == TEXT.replace("0.7", "0.2")
    assert drafts() == []


def test_an_unchanged_text_saves_nothing(path: Path, editor: Path) -> None:
    before = path.stat().st_ino, path.stat().st_mtime_ns
    editor.write_text("nowhere -> there")
    assert "Nothing was changed." in bodhi("aliases", "edit", "tiny:chat").err
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


def test_a_wrong_text_is_kept_and_can_be_edited_again(path: Path, editor: Path) -> None:
    with editing(editor, ["0.7 -> 9", "9 -> 1"]) as screen:
        screen.wait_for("line 6: temperature must be a number from 0 to 2")
        screen.wait_for("[e]dit again, [d]iscard?")
        assert path.read_text() == TEXT
        screen.type("e\r")
        assert screen.wait_end() == 0
    assert path.read_text() == TEXT.replace("0.7", "1")


def test_a_remedy_stands_on_a_line_of_its_own(path: Path, editor: Path) -> None:
    editor.write_text("temperature: -> temprature:")
    said = bodhi("aliases", "edit", "tiny:chat").err.splitlines()
    assert "  Did you mean temperature?" in said


def test_a_wrong_text_can_be_discarded(path: Path, editor: Path) -> None:
    with editing(editor, ["repo: -> repo: ["]) as screen:
        screen.wait_for("[e]dit again, [d]iscard?")
        screen.type("d\r")
        screen.wait_for("Discarded")
        assert screen.wait_end() == 0
    assert path.read_text() == TEXT
    assert drafts() == []


def test_where_nobody_can_be_asked_the_text_is_kept_in_its_file(path: Path, editor: Path) -> None:
    editor.write_text("0.7 -> 9")
    ended = bodhi("aliases", "edit", "tiny:chat")
    assert (ended.code, path.read_text()) == (65, TEXT)
    (kept,) = drafts()
    assert f"Your text is kept in {kept}" in ended.err
    assert "temperature: 9" in kept.read_text()


def test_a_change_made_meanwhile_is_shown_and_not_lost(path: Path, editor: Path) -> None:
    with editing(editor, [f"0.7 -> 0.2 -> {path}", "# mine -> # mine # theirs"]) as screen:
        screen.wait_for("+# theirs")
        screen.wait_for("[e]dit again, [d]iscard?")
        assert path.read_text() == TEXT + "# theirs\n"
        screen.type("e\r")
        assert screen.wait_end() == 0
    # Worked into the text by hand: nobody else can know where it belongs.
    wanted = TEXT.replace("0.7", "0.2").replace("# mine", "# mine # theirs")
    assert path.read_text() == wanted


def test_a_file_that_cannot_be_parsed_is_not_opened(machine: Machine, editor: Path) -> None:
    path = machine.alias("torn", "alias: torn\nrepo: [\n")
    editor.write_text("[ -> ]")
    ended = bodhi("aliases", "edit", "torn")
    assert ended.code == 73
    assert "torn.yaml, line" in ended.err
    assert str(path) in ended.err
    assert editor.read_text() == "[ -> ]"


@pytest.mark.parametrize(
    ("editor_words", "said"),
    [
        ("false", "The editor ended with 1"),
        ("rm", "The editor removed the text"),
        ("no-such-editor", "no editor"),
        ("'", "no editor"),
    ],
)
def test_an_editor_that_fails_changes_nothing(
    path: Path, editor: Path, editor_words: str, said: str
) -> None:
    ended = bodhi("aliases", "edit", "tiny:chat", VISUAL=editor_words)
    assert (ended.code, path.read_text()) == (65, TEXT)
    assert said in ended.err
