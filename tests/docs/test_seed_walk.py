"""The walk through the specification: each line has a check that exists, or says it has none."""

import re
from collections.abc import Iterator

import pytest

from tests.contract.project import ROOT, files

PAGE = ROOT / "docs" / "explanation" / "seed-walk.md"
_TEST = re.compile(r"^\s*(?:async )?def (test_\w+)\(", re.MULTILINE)


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    """What each row of a table asks for, and what stands under check."""
    for row in re.findall(r"(?m)^\|(?!---)(.+)\|$", text):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]
        if cells[-1] != "check":
            yield cells[0], cells[-1]


def named_tests() -> frozenset[str]:
    return frozenset(
        name
        for path in files()
        if path.name.startswith("test_") and path.suffix == ".py"
        for name in _TEST.findall(path.read_text(encoding="utf-8"))
    )


def wrong_lines(text: str, known: frozenset[str]) -> list[str]:
    """Lines whose check is neither one that exists nor plainly "not yet"."""
    return [
        line
        for line, check in lines_of(text)
        if not check.startswith("not yet") and re.sub(r"`", "", check) not in known
    ]


def test_every_line_has_a_check_that_exists_or_none_yet() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(list(lines_of(text))) > 80
    assert wrong_lines(text, named_tests()) == []


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("| a line | there | `test_a` |", []),
        ("| a line | | not yet: nothing of it |", []),
        ("| a line | there | `test_b` |", ["a line"]),
        ("| a line | there | done |", ["a line"]),
        ("| a line | there | |", ["a line"]),
        ("| the line | where | check |\n|---|---|---|", []),
    ],
)
def test_a_check_that_is_not_there_would_be_found(row: str, wrong: list[str]) -> None:
    assert wrong_lines(row, frozenset({"test_a"})) == wrong
