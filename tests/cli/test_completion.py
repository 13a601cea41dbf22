"""Shells complete nouns, verbs and the names of aliases, whatever lies in the aliases folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.cli.completion import complete_alias
from tests.support.command_line import GOOD, Machine, bodhi
from tests.support.terminal import Terminal, terminal


def completed(*words: str) -> list[str]:
    """What bash is told for a line of which the last word is being typed."""
    line = {"COMP_WORDS": "\n".join(("bodhi", *words)), "COMP_CWORD": str(len(words))}
    ended = bodhi(_BODHI_COMPLETE="complete_bash", **line)
    assert (ended.code, ended.err) == (0, "")
    return ended.out.split()


def test_nouns_and_verbs_are_completed() -> None:
    assert completed("al") == ["aliases"]
    assert completed("aliases", "re") == ["resolve", "rename"]


def test_parameters_are_completed_and_made_ready_for_their_value(machine: Machine) -> None:
    assert completed("aliases", "unset", "tiny", "top_") == ["top_k", "top_n_sigma", "top_p"]
    assert completed("aliases", "set", "tiny", "--enforce", "temp") == ["temperature"]
    assert completed("aliases", "set", "tiny", "chat_temp") == [
        "chat_template=",
        "chat_template_kwargs=",
    ]


@pytest.mark.parametrize(
    "words",
    [
        *(("aliases", verb) for verb in ("show", "resolve", "validate", "clone", "set", "unset")),
        *(("aliases", verb) for verb in ("edit", "rename", "delete")),
        ("chat",),
    ],
)
def test_names_of_aliases_are_completed(machine: Machine, words: tuple[str, ...]) -> None:
    machine.alias("tiny--chat", GOOD)
    machine.alias("other", "alias: other\n")
    assert completed(*words, "ti") == ["tiny:chat"]


def test_bash_s_cut_at_the_colon_is_undone(machine: Machine) -> None:
    machine.alias("tiny--chat", GOOD)
    machine.alias("tiny--code", "alias: tiny:code\n")
    assert completed("chat", "tiny", ":") == ["chat", "code"]
    assert completed("chat", "tiny", ":", "co") == ["code"]
    assert completed("chat", "huge", ":", "co") == []


def test_completion_needs_no_heavy_package(machine: Machine) -> None:
    machine.alias("tiny--chat", GOOD)
    script = (
        "import sys\nfrom bodhi.cli import main\ntry:\n main()\nexcept SystemExit:\n"
        " print({'pydantic', 'yaml', 'rich'} & sys.modules.keys())"
    )
    env = {
        **os.environ,
        "_BODHI_COMPLETE": "complete_bash",
        "COMP_WORDS": "bodhi\nchat\nti",
        "COMP_CWORD": "2",
    }
    child = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert child.stdout.splitlines() == ["tiny:chat", "set()"]


@pytest.mark.parametrize(
    "text",
    [
        b"alias: tiny:chat\r\n",
        b"alias: 'tiny:chat'\n",
        b'# first\nalias:   "tiny:chat"   # a remark\n',
        b"repo: a/b\nalias: tiny:chat",
    ],
)
def test_a_name_is_found_however_it_is_written(machine: Machine, text: bytes) -> None:
    machine.alias("a", "").write_bytes(text)
    assert complete_alias("") == ["tiny:chat"]


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"alias:", b"alias: [a]", b"x: 1\n  alias: no", b"alias: a\x1b[2Jb"]
)
def test_a_file_without_a_plain_name_completes_nothing(machine: Machine, text: bytes) -> None:
    machine.alias("a", "").write_bytes(text)
    assert complete_alias("") == []


def test_folders_pipes_hidden_and_missing_files_are_passed_over(machine: Machine) -> None:
    machine.alias("good", GOOD)
    machine.alias(".hidden", "alias: hidden\n")
    folder = machine.home / "aliases"
    (folder / "dangling.yaml").symlink_to(folder / "nowhere")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    assert complete_alias("") == ["tiny:chat"]


def test_without_a_home_nothing_is_completed_and_nothing_is_said() -> None:
    assert complete_alias("") == []


@pytest.fixture
def shell(machine: Machine, tmp_path: Path) -> Iterator[Terminal]:
    """A real bash that has been taught, with ``bodhi`` on its path."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash on this machine")
    machine.alias("tiny--chat", GOOD)
    program = tmp_path / "bin" / "bodhi"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bodhi "$@"\n')
    program.chmod(0o755)
    taught = tmp_path / "taught"
    taught.write_text(
        f'PATH="{program.parent}:$PATH"\nPS1="ready> "\n' + bodhi(_BODHI_COMPLETE="source_bash").out
    )
    with terminal([bash, "--noprofile", "--rcfile", str(taught), "-i"]) as screen:
        screen.wait_for("ready> ")
        yield screen


@pytest.mark.parametrize("typed", ["ti", "tiny:", "tiny:c"])
def test_a_real_bash_completes_a_name_with_a_colon(shell: Terminal, typed: str) -> None:
    shell.type(f"bodhi chat {typed}\t")
    shell.wait_for("bodhi chat tiny:chat")
