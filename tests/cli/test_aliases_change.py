"""``bodhi aliases set``, ``unset``, ``rename`` and ``delete``: one change is one changed line."""

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import GOOD, PROGRAM, Machine, Run, bodhi
from tests.support.terminal import terminal

TEXT = (
    "# mine\n" + GOOD + "request_params:\n  temp: 0.7   # warm\n  top_k: 5\n"
    "request_policy:\n  temperature: enforce\n"
)


@pytest.fixture
def path(machine: Machine, tiny_model: Path) -> Path:
    """The file of the alias ``tiny:chat``, which serves."""
    machine.model(tiny_model)
    return machine.alias("tiny--chat", TEXT)


def changed_lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines()[2:] if line[0] in "+-"]


def test_one_changed_value_is_one_changed_line_and_is_shown(path: Path) -> None:
    ended = bodhi("aliases", "set", "tiny:chat", "temperature=0.2")
    assert (ended.code, ended.err) == (0, "")
    assert changed_lines(ended.out) == ["-  temp: 0.7   # warm", "+  temp: 0.2   # warm"]
    assert path.read_text() == TEXT.replace("0.7", "0.2")


def test_parameters_of_both_sections_and_fields_are_set_together(here: Run, path: Path) -> None:
    words = ("ctx-size=512", "top_p=0.5", "chat_template=llama3", "--clamp", "top_p=0.1,0.9")
    shown = here("aliases", "set", "tiny:chat", *words, "--default", "temp", "--json").json
    assert shown["context_params"] == {"n_ctx": 512}
    assert shown["request_params"] == {"temperature": 0.7, "top_k": 5, "top_p": 0.5}
    assert shown["request_policy"] == {"top_p": {"clamp": [0.1, 0.9]}}
    assert (shown["chat_template"], shown["version"]) == ("llama3", 2)
    assert path.read_text().startswith("# mine\n")


def test_what_is_so_already_writes_nothing(here: Run, path: Path) -> None:
    before = path.stat().st_ino, path.stat().st_mtime_ns
    ended = here("aliases", "set", "tiny:chat", "top_k=5")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing changes" in ended.err
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tiny:chat", "temperature=9"), 65, "a number from 0 to 2"),
        (("tiny:chat", "ctx=512"), 65, "Did you mean n_ctx?"),
        (("tiny:chat", "top_p"), 65, "Write it like temperature=0.2."),
        (("tiny:chat", "chat_template=lama3"), 65, "llama3"),
        (("tiny:chat", "filename=gone.gguf"), 66, "bodhi pull us/tiny:gone.gguf"),
        (("tiny:chat", "n_ctx=64", "n_parallel=8"), 65, "n_parallel"),
        (("tiny:chat", "--enforce", "top_p"), 65, "top_p is enforced but has no value"),
        (("tiny:chat", "--clamp", "top_p=0.9,0.1"), 65, "clamp of top_p is empty"),
        (("tiny:chat",), 2, "KEY=VALUE"),
        (("us/tiny", "top_p=1"), 65, "bodhi aliases clone us/tiny:Q8_0 NEW"),
        (("tiny:chap", "top_p=1"), 66, "Did you mean tiny:chat?"),
    ],
)
def test_what_would_not_serve_is_refused_and_the_file_stays(
    here: Run, path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = here("aliases", "set", *words)
    assert ended.code == code
    assert said in ended.err
    assert path.read_text() == TEXT


def test_a_problem_that_was_there_before_stands_in_nobody_s_way(
    here: Run, machine: Machine
) -> None:
    path = machine.alias("tiny--chat", GOOD)  # its model file is not here
    assert here("aliases", "set", "tiny:chat", "top_k=9").code == 0
    assert "top_k: 9" in path.read_text()
    assert here("aliases", "set", "tiny:chat", "chat_template=lama3").code == 65


def test_unset_takes_out_a_line_and_a_policy_that_needs_its_value(here: Run, path: Path) -> None:
    assert changed_lines(here("aliases", "unset", "tiny:chat", "top_k").out) == ["-  top_k: 5"]
    shown = here("aliases", "unset", "tiny:chat", "temperature", "--json").json
    assert (shown["request_params"], shown["request_policy"]) == ({}, {})


def test_unset_keeps_what_an_alias_cannot_be_without(here: Run, path: Path) -> None:
    ended = here("aliases", "unset", "tiny:chat", "repo")
    assert (ended.code, path.read_text()) == (65, TEXT)
    assert "repo is missing" in ended.err


def test_a_rename_moves_the_file_and_keeps_its_text(here: Run, path: Path) -> None:
    assert here("aliases", "rename", "tiny:chat", "tiny:other").out == (
        "tiny:chat is now tiny:other.\n"
    )
    assert not path.exists()
    renamed = path.with_name("tiny--other.yaml")
    assert renamed.read_text() == TEXT.replace("tiny:chat", "tiny:other")


def test_a_rename_within_one_file_name_is_allowed(here: Run, path: Path) -> None:
    assert here("aliases", "rename", "tiny:chat", "tiny/chat", "--json").json["name"] == "tiny/chat"
    assert "alias: tiny/chat" in path.read_text()


@pytest.mark.parametrize("name", ["other", "us/tiny:Q8_0"])
def test_a_rename_never_takes_a_name_that_is_in_use(
    here: Run, machine: Machine, path: Path, name: str
) -> None:
    machine.alias("other", GOOD.replace("tiny:chat", "other"))
    assert here("aliases", "rename", "tiny:chat", name).code == 73
    assert path.read_text() == TEXT


def test_a_deleted_alias_comes_back_by_the_line_that_is_printed(here: Run, path: Path) -> None:
    ended = here("aliases", "delete", "tiny:chat", "--yes")
    assert (ended.code, ended.out, path.exists()) == (0, "tiny:chat is deleted.\n", False)
    command = shlex.split(ended.err.partition("To get it back: ")[2])
    subprocess.run(command, check=True, timeout=10)
    assert path.read_text() == TEXT
    assert here("aliases", "validate").code == 0


def test_a_broken_alias_can_be_deleted(here: Run, machine: Machine) -> None:
    path = machine.alias("torn", "alias: [\n")
    deleted = here("aliases", "delete", "torn", "--yes", "--json").json
    assert deleted["deleted"] == "torn"
    assert Path(deleted["trash"]).read_text() == "alias: [\n"
    assert not path.exists()


def test_nothing_is_deleted_without_an_answer(path: Path) -> None:
    ended = bodhi("aliases", "delete", "tiny:chat")
    assert ended.code == 65
    assert "--yes" in ended.err
    assert path.exists()


@pytest.mark.parametrize(("answer", "code", "stays"), [("\r", 1, True), ("y\r", 0, False)])
def test_on_a_terminal_the_person_is_asked(path: Path, answer: str, code: int, stays: bool) -> None:
    with terminal([*PROGRAM, "aliases", "delete", "tiny:chat"]) as screen:
        screen.wait_for("Delete tiny--chat? [y/N]")
        screen.type(answer)
        assert screen.wait_end() == code
    assert path.exists() is stays
