"""A verb of another program, typed at first guess, is answered with the command that does it."""

import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from bodhi.cli.other_words import OTHER_WORDS, OtherWord
from bodhi.cli.program import app
from tests.contract.project import ROOT
from tests.docs.test_inline_commands import unknown_words
from tests.support.command_line import GOOD, Machine, Run

# The commands of Ollama 0.14, and the second names that its program takes.
OLLAMA = (
    *("serve", "start", "create", "show", "run", "stop", "pull", "push", "signin", "login"),
    *("signout", "logout", "list", "ls", "ps", "cp", "rm", "launch", "help"),
)
HOW_TO = ROOT / "docs" / "how-to" / "coming-from-ollama.md"
ALL_WORDS = [word for row in OTHER_WORDS for word in row.words]


def nouns() -> list[str]:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    return [name for name, command in commands.items() if hasattr(command, "commands")]


def own_commands() -> set[str]:
    return set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", OLLAMA)
def test_every_verb_of_ollama_is_a_command_or_has_an_answer(verb: str) -> None:
    assert verb in own_commands() or verb in ALL_WORDS


@pytest.mark.parametrize("row", OTHER_WORDS, ids=lambda row: row.words[0])
def test_every_answer_names_a_command_that_there_is(row: OtherWord) -> None:
    for command in row.commands:
        assert unknown_words(command.split()) == []


def test_an_answer_without_such_a_command_would_be_seen() -> None:
    assert unknown_words("bodhi models delete NAME --now".split()) == ["delete"]


def test_no_word_is_answered_twice_or_hides_a_command() -> None:
    assert len(ALL_WORDS) == len(set(ALL_WORDS))
    assert own_commands().isdisjoint(ALL_WORDS)


@pytest.mark.parametrize("word", ALL_WORDS)
def test_the_answer_is_said_and_ends_as_a_wrong_command_line_does(here: Run, word: str) -> None:
    ended = here(word)
    assert (ended.code, ended.out) == (2, "")
    assert f"No such command '{word}'. Bodhi calls it: bodhi " in ended.err


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("run llama3", "bodhi chat llama3"),
        ("run llama3 'Why is the sky blue?'", "bodhi chat llama3"),
        ("run --verbose llama3", "bodhi chat NAME"),
        ("cp a b", "bodhi aliases clone a b"),
        ("cp 'a b'", "bodhi aliases clone 'a b' NEW"),
        ("create mine -f Modelfile", "bodhi aliases create mine --from OWNER/REPO:QUANT"),
        ("rm llama3", "bodhi aliases delete llama3"),
        ("models run llama3", "bodhi chat llama3"),
        ("models pull a/b --revision main", "bodhi pull a/b --revision main"),
        ("validate mine", "bodhi aliases validate mine"),
        ("revoke x", "bodhi keys revoke x"),
    ],
)
def test_what_was_typed_stands_in_the_answer(here: Run, typed: str, answer: str) -> None:
    said = here(*shlex.split(typed)).err.partition("Bodhi calls it: ")[2]
    assert said.partition(" (")[0].strip() == answer


def test_what_a_terminal_would_obey_is_not_said(here: Run) -> None:
    assert "\x1b" not in here("run", "\x1b[2J\x9b").err


def test_an_unknown_word_is_refused_as_before(here: Run) -> None:
    assert "Bodhi calls it" not in here("nonsense").err
    assert "Did you mean 'list'" in here("aliases", "lst").err


@pytest.mark.parametrize("noun", ["aliases", "models", "presets", "templates", "keys", "engines"])
def test_ls_lists_within_every_noun_that_has_a_list(here: Run, noun: str) -> None:
    assert here(noun, "ls", "-h").out == here(noun, "list", "-h").out.replace(" list ", " ls ", 1)


def test_the_short_forms_do_what_the_verbs_do(here: Run, machine: Machine) -> None:
    file = machine.alias("tiny--chat", GOOD)
    assert here("aliases", "cp", "tiny:chat", "tiny:code").code == 0
    assert here("aliases", "mv", "tiny:code", "tiny:copy").code == 0
    assert here("aliases", "rm", "--yes", "tiny:chat").code == 0
    assert [path.name for path in file.parent.glob("*.yaml")] == ["tiny--copy.yaml"]


@pytest.mark.parametrize("noun", nouns())
def test_the_short_forms_are_not_in_the_help(here: Run, noun: str) -> None:
    verbs = [line.split()[0] for line in here(noun, "-h").out.splitlines() if line[:3] == "  l"]
    assert "ls" not in verbs


def test_the_how_to_page_shows_the_same_table() -> None:
    assert table_of(HOW_TO) == [shown(row) for row in OTHER_WORDS]


def test_a_row_that_is_on_one_side_only_would_be_seen() -> None:
    changed = OtherWord(("run",), ("bodhi serve",))
    assert shown(changed) not in table_of(HOW_TO)


def shown(row: OtherWord) -> str:
    words = ", ".join(f"`{word}`" for word in row.words)
    commands = ", ".join(f"`{command}`" for command in row.commands)
    return f"| {words} | {commands} | {row.remark} |".replace("|  |", "| |")


def table_of(page: Path) -> list[str]:
    head = "| word | Bodhi | remark |\n|---|---|---|\n"
    _, _, below = page.read_text(encoding="utf-8").partition(head)
    return below.partition("\n\n")[0].splitlines()
