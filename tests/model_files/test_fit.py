"""Words for people: whether a load fits."""

import pytest

from bodhi.model_files.fit import Fit, Room, Verdict

GIB = 2**30


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (5.1, "fits · needs 5.1 of 23.4 GiB"),
        (22.0, "tight · needs 22.0 of 23.4 GiB"),
        (23.5, "does not fit · needs 23.5 of 23.4 GiB"),
        (0.03, "fits · needs 0.03 of 23.4 GiB"),
    ],
)
def test_the_words_say_what_is_needed_and_what_is_there(needs: float, words: str) -> None:
    assert Fit([Room(None, int(needs * GIB), int(23.4 * GIB))]).words == words


def test_the_fullest_memory_decides() -> None:
    fit = Fit([Room("CUDA0", 9 * GIB, 8 * GIB), Room(None, GIB, 16 * GIB)])
    assert fit.verdict is Verdict.TOO_LARGE
    assert fit.words == ("does not fit · needs 9.0 of 8.0 GiB on CUDA0 · needs 1.0 of 16.0 GiB")


def test_what_is_exactly_free_still_fits_tightly() -> None:
    assert Room(None, GIB, GIB).verdict is Verdict.TIGHT
    assert Room(None, GIB + 1, GIB).verdict is Verdict.TOO_LARGE
    assert Room(None, 1, -5).words == "needs 0.00 of 0.0 GiB"
