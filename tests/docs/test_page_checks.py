"""The table of the page's checks: an id a promise, tests that exist, and nothing left out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.contract.project import ROOT, files

PAGE = ROOT / "docs" / "explanation" / "page-checks.md"
IDS = (
    *(f"L{number:02}" for number in range(1, 11)),
    *(f"B{number:02}" for number in range(1, 8)),
    *(f"E{number:02}" for number in range(1, 17)),
    *(f"P{number:02}" for number in (*range(1, 9), 10)),
    *(f"S{number:02}" for number in range(1, 6)),
    *(f"A{number:02}" for number in range(1, 5)),
    *("K01", "K02", "K03", "D01", "D02", "T03", "U01", "X01"),
    *("F1a", "F1b", "F2a", "F2b", "F2c", "F3a", "F3b"),
)
_PYTHON = re.compile(r"(?m)^(?:async )?def (test_\w+)\(")
_SCRIPT = re.compile(r'\btest(?:\.each\(.*?\))?\(\s*"([^"]+)"', re.DOTALL)
_CARRIED = re.compile(r"test_((?:[a-z]\d[\da-z]_)+)")
_HOW_FAR = re.compile(r"whole(?:: .+)?|(?:in part|not yet): .+")


class Line(NamedTuple):
    """One row of the table."""

    id: str
    checks: tuple[str, ...]
    how_far: str


def lines_of(text: str) -> Iterator[Line]:
    for row in re.findall(r"(?m)^\| ([A-Z]\d\w .+) \|$", text):
        cells = [cell.strip() for cell in row.split("|")]
        yield Line(cells[0], tuple(re.findall(r"`([^`]+)`", cells[2])), cells[3])


def known_checks() -> frozenset[str]:
    """``path::name`` of each test, and the command of each benchmark."""
    found = set()
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.name.startswith("test_") and path.suffix == ".py":
            found |= {f"{name}::{one}" for one in _PYTHON.findall(path.read_text("utf-8"))}
        elif ".test." in path.name:
            found |= {f"{name}::{one}" for one in _SCRIPT.findall(path.read_text("utf-8"))}
        elif path.parent.name == "benchmarks":
            found.add(f"python -m benchmarks.{path.stem}")
    return frozenset(found)


def carried(check: str) -> set[str]:
    """The ids in the name of a test."""
    name = _CARRIED.match(check.rpartition("::")[2])
    known = {one.lower(): one for one in IDS}
    return {known[one] for one in name[1].split("_") if one in known} if name else set()


def wrong_in(text: str, known: frozenset[str]) -> list[str]:
    """Rows without a true word, checks that are none, tests whose id does not name them."""
    lines = list(lines_of(text))
    named = {line.id: line.checks for line in lines}
    wrong = [f"{line.id} says nothing" for line in lines if not _HOW_FAR.fullmatch(line.how_far)]
    wrong += [
        f"{line.id} has no check"
        for line in lines
        if not line.checks and not line.how_far.startswith("not yet")
    ]
    wrong += [f"{one} is no check" for line in lines for one in line.checks if one not in known]
    wrong += [
        f"{id_} does not name {check}"
        for check in sorted(known)
        for id_ in sorted(carried(check))
        if check not in named.get(id_, ())
    ]
    return wrong


def test_every_id_has_one_row_and_every_row_checks_that_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert sorted(line.id for line in lines_of(text)) == sorted(IDS)
    assert wrong_in(text, known_checks()) == []


KNOWN = frozenset({"a/test_a.py::test_l01_b02_here", "a/b.test.ts::a name", "python -m b.c"})
GOOD = "| L01 | x | `a/test_a.py::test_l01_b02_here` | whole |\n"
TWIN = GOOD.replace("L01", "B02")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (GOOD + TWIN, []),
        (GOOD + TWIN + "| L02 | x | `python -m b.c` `a/b.test.ts::a name` | in part: y |", []),
        (GOOD + TWIN + "| L02 | x | | not yet: y |", []),
        (GOOD + TWIN + "| L02 | x | | whole |", ["L02 has no check"]),
        (GOOD + TWIN + "| L02 | x | `python -m b.c` | done |", ["L02 says nothing"]),
        (GOOD + TWIN + "| L02 | x | `python -m b.c` | in part |", ["L02 says nothing"]),
        (GOOD + TWIN + "| L02 | x | `test_gone` | whole |", ["test_gone is no check"]),
        (GOOD, ["B02 does not name a/test_a.py::test_l01_b02_here"]),
    ],
)
def test_a_row_that_is_not_true_would_be_found(text: str, wrong: list[str]) -> None:
    assert wrong_in(text, KNOWN) == wrong
