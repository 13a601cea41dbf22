"""Whoever follows usage hears of new figures, and not with every request."""

import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bodhi.usage import recorder
from bodhi.usage.keeping import Usage
from tests.usage.records import request

_PROMISED_S = 1.0


def gaps(folder: Path, times: int) -> list[float]:
    """Seconds between one telling and the next, while requests end all the time."""
    told: list[float] = []
    usage = Usage(folder, on_written=lambda: told.append(time.monotonic()))
    usage.recorder.start()
    pause, until = threading.Event(), time.monotonic() + 30
    put = 0
    while len(told) < times and time.monotonic() < until:
        usage.recorder.put(request(started_at=time.time()))
        put += 1
        pause.wait(0.005)
    usage.recorder.close()
    assert len(told) == times
    assert put > 20 * times
    return [after - before for before, after in pairwise(told)]


def test_new_figures_are_told_once_a_second_at_most(tmp_path: Path) -> None:
    assert min(gaps(tmp_path, 3)) > 0.99 * _PROMISED_S


def test_a_recorder_that_tells_of_each_batch_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_TELL_S", 0.0)
    assert min(gaps(tmp_path, 3)) < _PROMISED_S
