"""Which engines start, stop and yield."""

import pytest

from bodhi.engine.contract import EngineState
from bodhi.engine.policy import Running, Wanted, back_off_s, decide

READY, STARTING, STOPPING = EngineState.READY, EngineState.STARTING, EngineState.STOPPING


def running(
    engine_id: str,
    *,
    state: EngineState = READY,
    busy: int = 0,
    oldest: int | None = None,
    turn_ends: int = 0,
    last_used: float = 0.0,
    memory: int = 0,
) -> Running:
    return Running(engine_id, state, busy, oldest, turn_ends, last_used, memory)


def wanted(key: str, ticket: int = 10, memory: int = 0) -> Wanted:
    return Wanted(key, ticket, memory)


def test_a_free_place_is_used() -> None:
    decision = decide([running("a")], [wanted("k")], max_engines=2, free_bytes=0)
    assert (decision.start, decision.stop) == (["k"], [])


def test_the_idle_engine_unused_for_longest_goes_first() -> None:
    engines = [running("a", last_used=2), running("b", last_used=1), running("c", busy=1)]
    decision = decide(engines, [wanted("k")], max_engines=3, free_bytes=0)
    assert (decision.start, decision.stop, decision.yielding) == ([], ["b"], set())


def test_a_busy_engine_yields_and_is_not_stopped() -> None:
    engines = [running("a", busy=2), running("b", busy=1)]
    decision = decide(engines, [wanted("k")], max_engines=2, free_bytes=0)
    assert (decision.start, decision.stop, decision.yielding) == ([], [], {"b"})


def test_an_engine_on_its_way_out_is_enough() -> None:
    engines = [running("a", state=STOPPING), running("b")]
    decision = decide(engines, [wanted("k")], max_engines=2, free_bytes=0)
    assert (decision.start, decision.stop, decision.yielding) == ([], [], set())


def test_an_engine_keeps_its_turn_for_those_who_came_before() -> None:
    decision = decide([running("a", oldest=9)], [wanted("k", 10)], max_engines=1, free_bytes=0)
    assert (decision.stop, decision.yielding) == ([], set())


def test_an_engine_keeps_its_turn_for_those_who_waited_during_its_load() -> None:
    batch = [running("a", busy=1, oldest=11, turn_ends=12)]
    decision = decide(batch, [wanted("k", 10)], max_engines=1, free_bytes=0)
    assert decision.yielding == set()
    over = [running("a", busy=1, oldest=12, turn_ends=12)]
    decision = decide(over, [wanted("k", 10)], max_engines=1, free_bytes=0)
    assert decision.yielding == {"a"}


def test_a_load_that_somebody_waits_for_goes_on() -> None:
    engines = [running("a", state=STARTING, oldest=11)]
    assert decide(engines, [wanted("k", 10)], max_engines=1, free_bytes=0).stop == []


def test_a_load_that_nobody_waits_for_any_more_makes_room() -> None:
    engines = [running("a", state=STARTING)]
    assert decide(engines, [wanted("k")], max_engines=1, free_bytes=0).stop == ["a"]


def test_the_older_request_has_the_free_place() -> None:
    decision = decide([], [wanted("young", 2), wanted("old", 1)], max_engines=1, free_bytes=0)
    assert decision.start == ["old"]


def test_nobody_younger_takes_the_place_that_an_older_one_waits_for() -> None:
    engines = [running("a", busy=1, memory=5)]
    keys = [wanted("old", 1, memory=8), wanted("young", 2, memory=1)]
    decision = decide(engines, keys, max_engines=2, free_bytes=3)
    assert decision.start == []
    assert decision.yielding == {"a"}


def test_idle_engines_are_stopped_until_the_memory_suffices_and_no_more() -> None:
    engines = [running(name, last_used=age, memory=4) for age, name in enumerate("abc")]
    decision = decide(engines, [wanted("k", memory=9)], max_engines=9, free_bytes=1)
    assert (decision.start, decision.stop, decision.refuse) == ([], ["a", "b"], [])


def test_what_can_never_fit_is_refused_and_nothing_is_stopped_for_it() -> None:
    decision = decide(
        [running("a", memory=4)], [wanted("k", memory=9)], max_engines=9, free_bytes=4
    )
    assert (decision.refuse, decision.stop) == (["k"], [])


def test_memory_that_a_running_load_will_take_is_not_free() -> None:
    engines = [running("a", state=STARTING, oldest=1, memory=6)]
    decision = decide(engines, [wanted("k", memory=6)], max_engines=9, free_bytes=10)
    assert (decision.start, decision.refuse) == ([], [])


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (5, 16), (6, 30), (5000, 30)])
def test_the_rest_after_a_failure_doubles_up_to_half_a_minute(failures: int, seconds: int) -> None:
    assert back_off_s(failures) == seconds


def test_a_remote_is_let_in_where_nothing_is_free_and_nobody_goes_for_it() -> None:
    remote = Wanted("far", 5, 0, is_remote=True)
    decision = decide([running("a")], [wanted("k"), remote], max_engines=1, free_bytes=0)
    assert (decision.start, decision.stop) == (["far"], ["a"])  # which goes for the other
    decision = decide([running("a")], [remote], max_engines=1, free_bytes=0)
    assert (decision.start, decision.stop, decision.yielding) == (["far"], [], set())
