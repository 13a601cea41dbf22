"""Every system call of a save fails, or is the last one before a kill: old or new, never less."""

from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.faults import strace
from tests.faults.acts import ACTS, trouble, trouble_again
from tests.faults.strace import Call, Tracer

pytestmark = pytest.mark.skipif(strace.why_not() is not None, reason=str(strace.why_not()))

ERRORS = ("ENOSPC", "EIO", "EACCES", "EDQUOT", "EINTR")
KILL = "signal=SIGKILL"


@pytest.fixture(scope="module")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracer]:
    with strace.tracer(tmp_path_factory.mktemp("traced")) as made:
        yield made


def found(tracer: Tracer, act: str, disk: str, call: Call, fault: str) -> list[str]:
    """What goes wrong when ``fault`` befalls that call."""
    home, outcome, log = tracer.run(act, disk, f"{call.name}:{fault}:when={call.number}")
    was_hit = "INJECTED" in log if "error" in fault else outcome is None
    if not was_hit:
        return ["the fault did not happen"]
    wrong = trouble(act, home, outcome) + trouble_again(act, home)
    if "error=EIO" in fault and call.promises(ACTS[act].look):
        if outcome == "saved":
            wrong.append("saved, although fsync failed")
        if strace.was_tried_again(log):
            wrong.append("fsync was tried again")
    return wrong


def survey(tracer: Tracer, act: str, faults: list[str], disk: str = "Disk") -> dict[str, list[str]]:
    """Everything wrong, when each call of the act is befallen by each of the faults."""
    wrong = {}
    for call in tracer.calls(act, disk):
        for fault in faults:
            if seen := found(tracer, act, disk, call, fault):
                wrong[f"{call.name} #{call.number} {fault} ({call.text})"] = seen
    return wrong


@pytest.mark.fault("F1")
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_any_system_call_leaves_old_or_new_and_nothing_behind(
    tracer: Tracer, act: str
) -> None:
    assert survey(tracer, act, [KILL]) == {}


@pytest.mark.fault("F2", "F3", "F5")
@pytest.mark.parametrize("act", ACTS)
def test_a_system_call_that_fails_is_told_and_tears_nothing(tracer: Tracer, act: str) -> None:
    calls = tracer.calls(act, "Disk")
    assert {"openat", "fsync", "rename", "close", "flock"} <= {call.name for call in calls}
    pairs = zip(calls, cycle(ERRORS), strict=False)
    wrong = {
        f"{call.name} #{call.number} {error} ({call.text})": seen
        for call, error in pairs
        if (seen := found(tracer, act, "Disk", call, f"error={error}"))
    }
    assert wrong == {}


@pytest.mark.fault("F3")
@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_called_saved_whose_fsync_failed(tracer: Tracer, act: str) -> None:
    syncs = [call for call in tracer.calls(act, "Disk") if call.name == "fsync"]
    assert len(syncs) >= 2
    for call in syncs:
        assert found(tracer, act, "Disk", call, "error=EIO") == []


@pytest.mark.planted("F1", "F2", "F3", "F5")
def test_a_save_that_copies_over_the_old_file_would_be_found(tracer: Tracer) -> None:
    writes = [call for call in tracer.calls("save", "CopiesOver") if call.name == "write"]
    for fault in (KILL, *(f"error={error}" for error in ERRORS if error != "EINTR")):
        assert found(tracer, "save", "CopiesOver", writes[1], fault)


@pytest.mark.planted("F3")
@pytest.mark.parametrize(
    ("disk", "what"),
    [
        ("IgnoresFsync", ["saved, although fsync failed"]),
        ("RetriesFsync", ["saved, although fsync failed", "fsync was tried again"]),
    ],
)
def test_a_save_that_ignores_fsync_or_tries_again_would_be_found(
    tracer: Tracer, disk: str, what: list[str]
) -> None:
    sync = next(call for call in tracer.calls("save", disk) if call.name == "fsync")
    assert found(tracer, "save", disk, sync, "error=EIO") == what


@pytest.mark.soak
@pytest.mark.fault("F1", "F2", "F3", "F5")
@pytest.mark.parametrize("act", ACTS)
def test_every_call_with_every_error(tracer: Tracer, act: str) -> None:
    assert survey(tracer, act, [KILL, *(f"error={error}" for error in ERRORS)]) == {}
