"""The pure parts of trials: what chunks come to, who is being tried, how far a load is."""

from dataclasses import replace

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.contract import EngineInfo, EngineState
from bodhi.gateway.sse import DONE, frame
from bodhi.params.values import JsonObject
from bodhi.trial.reading import Reading, payloads
from bodhi.trial.slots import loaded_percent
from bodhi.trial.trials import Trials
from tests.engine.factories import make_spec

_PIECES = st.lists(
    st.tuples(st.sampled_from(["reasoning_content", "content"]), st.text(max_size=5)), max_size=20
)


def chunk(kind: str, text: str | None, **more: object) -> JsonObject:
    return {"choices": [{"index": 0, "delta": {kind: text}}], **more}  # type: ignore[dict-item]


@given(_PIECES, st.data())
def test_the_text_of_a_trial_does_not_depend_on_how_its_chunks_arrive(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    chunks = [chunk(kind, text) for kind, text in pieces]
    reading, told = Reading(), list[JsonObject]()
    while chunks:
        size = data.draw(st.integers(1, len(chunks)))
        events = frame(*(orjson.dumps(one) for one in chunks[:size]))
        told += reading.deltas(payloads(events))
        del chunks[:size]
    for kind, word in (("reasoning_content", "reasoning"), ("content", "content")):
        wanted = "".join(text for given_kind, text in pieces if given_kind == kind)
        assert "".join(str(one.get(word, "")) for one in told) == wanted
    assert all(len(one.keys() - {"pieces"}) == 1 for one in told)
    assert sum(one.get("pieces", 1) for one in told) == sum(text != "" for _, text in pieces)  # type: ignore[misc]


def test_pieces_that_arrive_together_are_told_as_one_with_their_count() -> None:
    chunks = [chunk("content", "a"), chunk("content", "b"), chunk("reasoning_content", "c")]
    assert Reading().deltas(chunks) == [{"content": "ab", "pieces": 2}, {"reasoning": "c"}]


def test_figures_are_the_engines_own() -> None:
    reading = Reading()
    reading.deltas(
        [
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            {
                "choices": [],
                "usage": {"prompt_tokens": 9, "completion_tokens": 4},
                "timings": {"cache_n": 3, "prompt_ms": 1.5, "predicted_ms": 2.5,
                            "predicted_per_second": 1600.0},
            },
        ]
    )  # fmt: skip
    assert reading.finish_reason == "stop"
    assert reading.figures() == {
        "prompt_tokens": 9,
        "cached_tokens": 3,
        "completion_tokens": 4,
        "prompt_ms": 1.5,
        "generation_ms": 2.5,
        "tokens_per_second": 1600.0,
    }


def test_a_completion_and_a_tool_call_and_several_choices_are_read() -> None:
    call: JsonObject = {"index": 0, "function": {"name": "f", "arguments": "{}"}}
    chunks: list[JsonObject] = [
        {"choices": [{"index": 1, "text": "x"}, {"index": 0, "text": "y"}]},
        {"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]},
    ]
    assert Reading().deltas(chunks) == [
        {"content": "x", "index": 1},
        {"content": "y"},
        {"tool_calls": [call]},
    ]


def test_an_error_in_the_stream_is_kept_and_the_end_is_no_chunk() -> None:
    reading = Reading()
    events = frame(orjson.dumps({"error": {"code": "engine_crashed"}}), DONE)
    assert reading.deltas(payloads(events)) == []
    assert reading.error == {"code": "engine_crashed"}


def test_an_alias_is_being_tried_until_its_last_trial_ends() -> None:
    told: list[str] = []
    trials = Trials(told.append)
    with trials.under_way("u", "chat"):
        with trials.under_way("u", "chat"), trials.under_way(None, "new"):
            assert trials.running() == {"u"}
        assert trials.running() == {"u"}
    assert trials.running() == frozenset()
    assert told == ["chat"] * 4


def test_a_load_is_told_by_the_memory_it_took_and_never_as_done() -> None:
    spec = make_spec(memory_bytes=1000)
    info = EngineInfo(
        id="e", load_key=spec.load_key, state=EngineState.STARTING, model="m", options={},
        slots=1, busy=0, waiting=0, pid=1, started_at=0.0, load_seconds=None,
        memory_bytes=None, aliases=(), loads=1,
    )  # fmt: skip
    percents = [
        loaded_percent(replace(info, memory_bytes=taken), spec) for taken in (None, 10, 995, 5000)
    ]
    assert percents == [0, 1, 99, 99]
    assert loaded_percent(info, make_spec(memory_bytes=0)) == 0
