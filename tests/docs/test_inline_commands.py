"""A command that a page names in passing is one that there is, with the options that it has."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bodhi.cli.program import app
from tests.contract.project import ROOT
from tests.docs.blocks import PAGES

_FENCED = re.compile(r"(?ms)^ *(`{3,}).*?^ *\1")
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_PLACEHOLDER = re.compile(r"[A-Z_]+|\.\.\.|…|\[.*|<.*")


def named_commands(text: str) -> Iterator[list[str]]:
    """The words of every inline ``bodhi ...`` and ``make ...``."""
    for span in _SPAN.findall(_FENCED.sub("", text)):
        words = str(span).split()
        if words[0].rpartition("/")[2] in {"bodhi", "make"} and len(words) > 1:
            yield [words[0].rpartition("/")[2], *words[1:]]


def unknown_words(words: list[str]) -> list[str]:
    """Those that the program does not know: nouns, verbs, options. Arguments may be anything."""
    if words[0] == "make":
        return [w for w in words[1:] if not _is_target(w)]
    command: Any = get_command(app)
    found = []
    for word in words[1:]:
        if word.startswith("-"):
            if word.partition("=")[0] not in _options(command):
                found.append(word)
        elif commands := getattr(command, "commands", None):
            if _PLACEHOLDER.fullmatch(word):
                break
            if word not in commands:
                return [*found, word]
            command = commands[word]
    return found


def _is_target(word: str) -> bool:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    name, is_variable, _ = word.partition("=")
    pattern = rf"(?m)\$[({{]{name}\b" if is_variable else rf"(?m)^{re.escape(word)}:"
    return re.search(pattern, makefile) is not None


def _options(command: Any) -> set[str]:
    own = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
    return own | {"--help", "-h"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wrong = {" ".join(words): unknown_words(words) for words in named_commands(text)}
    assert {command: words for command, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`bodhi aliases\nlist` and `bodhi chat NAME`", []),
        ("`bodhi pull owner/repo:Q4_K_M --force`", ["--force"]),
        ("`.venv/bin/bodhi alias list`", ["alias"]),
        ("`bodhi aliases mend x`", ["mend"]),
        ("`make tests`", ["tests"]),
        ("`make demo PORT=1`", []),
        ("`make demo PROT=1`", ["PROT=1"]),
        ("```sh\nbodhi nonsense\n```\nand `bodhi.cli`", []),
    ],
)
def test_a_command_that_is_not_there_would_be_found(text: str, unknown: list[str]) -> None:
    found = [word for words in named_commands(text) for word in unknown_words(words)]
    assert found == unknown
