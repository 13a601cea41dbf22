"""The page of faults and threats says what the tests prove, and every proof is able to fail."""

import pytest

from tests.contract.project import ROOT, module, modules
from tests.contract.proofs import PAGE, contradictions, marks, rows

TEXT = (ROOT / PAGE).read_text(encoding="utf-8")

_PROOF = "@pytest.mark.fault('F1')\ndef test_a(): ...\n"
_PLANTED = "@pytest.mark.planted('F1')\ndef test_b(): ...\n"
_ROW = "| F1 | kept | [test_x.py](../../tests/test_x.py) |"


def test_every_promise_has_a_proof_and_a_planted_defect_and_the_page_names_them() -> None:
    assert contradictions(TEXT, modules("tests")) == []


def test_every_row_is_there_once_and_in_order() -> None:
    numbers = [(id_[0], int(id_[1:])) for id_ in rows(TEXT)]
    assert numbers == sorted(numbers)
    assert TEXT.count("\n| F") + TEXT.count("\n| T") == len(numbers)


@pytest.mark.parametrize(
    ("source", "page", "found"),
    [
        (_PROOF + _PLANTED, _ROW, []),
        (_PLANTED, _ROW, ["F1: no test proves it"]),
        (_PROOF, _ROW, ["F1: no planted defect shows that the proof can fail"]),
        (_PROOF + _PLANTED, "", [f"F1 has marks and no row in {PAGE}"]),
        (
            _PROOF + _PLANTED,
            _ROW.replace("test_x", "test_y"),
            ["F1: the last cell of its row should be: [test_x.py](../../tests/test_x.py)"],
        ),
    ],
)
def test_a_page_that_says_more_or_less_would_be_found(
    source: str, page: str, found: list[str]
) -> None:
    assert contradictions(page, [module("x", source, "tests/test_x.py")]) == found


@pytest.mark.parametrize("mark", ["fault", "fault()", "fault(ID)", "fault('T1')", "planted('x1')"])
def test_a_mark_that_names_no_fault_or_threat_would_be_found(mark: str) -> None:
    with pytest.raises(ValueError, match="needs ids"):
        list(marks(module("x", f"pytestmark = pytest.mark.{mark}")))


def test_marks_count_wherever_they_stand() -> None:
    source = "pytestmark = [pytest.mark.anyio, pytest.mark.fault('F1', 'F2')]\n" + _PLANTED
    assert list(marks(module("x", source))) == [("planted", "F1"), ("fault", "F1"), ("fault", "F2")]
