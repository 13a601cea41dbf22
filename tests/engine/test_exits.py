"""How an engine's end is told."""

import pytest

from bodhi.engine import exits
from bodhi.engine.contract import EngineExit


@pytest.mark.parametrize(
    ("returncode", "words"),
    [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL"), (-6, "SIGABRT"), (-99, "signal 99")],
)
def test_an_ending_is_named(returncode: int, words: str) -> None:
    assert exits.ending(returncode) == words


def test_a_failed_load_quotes_its_first_different_lines_and_a_crash_its_last() -> None:
    lines = ("cause", "cause", "told", "told again", "last")
    load = exits.load_failed("m.gguf", EngineExit(3, lines))
    crash = exits.crashed("m.gguf", EngineExit(-6, lines))
    assert load.message == "The engine could not load m.gguf (exit code 3): cause; told"
    assert crash.message == "The engine of m.gguf ended unexpectedly (SIGABRT): told again; last"


def test_without_lines_there_is_a_sentence_and_a_remedy() -> None:
    error = exits.crashed("m.gguf", EngineExit(-9, ()))
    assert error.message.endswith("(SIGKILL).")
    assert "memory" in (error.remedy or "")
