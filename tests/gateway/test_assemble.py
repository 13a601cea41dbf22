"""A stream put together is the answer that a caller would have got in one piece."""

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bodhi.gateway.assemble import Assembly
from bodhi.params.values import Json, JsonObject


def chunk(index: int = 0, finish: str | None = None, **delta: Json) -> JsonObject:
    choice: JsonObject = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "choices": [choice]}


def assembled(*chunks: JsonObject) -> JsonObject:
    assembly = Assembly()
    for one in chunks:
        assembly.add(one)
    return assembly.whole()


@given(st.lists(st.text(max_size=6), max_size=12))
def test_content_is_the_pieces_in_order(pieces: list[str]) -> None:
    whole = assembled(
        chunk(role="assistant", content=None),
        *(chunk(content=piece) for piece in pieces),
        chunk(finish="stop"),
    )
    assert whole["object"] == "chat.completion"
    assert whole["choices"] == [
        {
            "index": 0,
            "finish_reason": "stop",
            "logprobs": None,
            "message": {"role": "assistant", "content": "".join(pieces)},
        }
    ]


@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["content", "thoughts"]), st.text("ab")))
)
def test_texts_that_take_turns_are_each_whole(pieces: list[tuple[int, str, str]]) -> None:
    whole = assembled(*(chunk(index, **{name: text}) for index, name, text in pieces))
    for choice in cast("list[dict[str, Any]]", whole["choices"]):
        for name in ("content", "thoughts"):
            of_it = [text for index, key, text in pieces if (index, key) == (choice["index"], name)]
            assert choice["message"].get(name, "") == "".join(of_it)


def test_usage_and_timings_come_from_the_last_chunk_which_has_no_choices() -> None:
    last: JsonObject = {"choices": [], "usage": {"total_tokens": 3}, "timings": {"predicted_n": 2}}
    whole = assembled(chunk(content="a", finish="stop"), last)
    assert whole["usage"] == {"total_tokens": 3}
    assert whole["timings"] == {"predicted_n": 2}


def test_several_choices_are_kept_apart_and_in_order() -> None:
    whole = assembled(chunk(1, content="b"), chunk(0, content="a"), chunk(1, content="B"))
    choices = whole["choices"]
    assert isinstance(choices, list)
    texts = [c["message"]["content"] for c in choices]  # type: ignore[index,call-overload]
    assert texts == ["a", "bB"]


def test_tool_calls_are_joined_by_index() -> None:
    def call(index: int, **function: Json) -> JsonObject:
        return {"index": index, "function": function}

    first: JsonObject = {"id": "c1", "type": "function", **call(0, name="f", arguments="")}
    whole = assembled(
        chunk(tool_calls=[first]),
        chunk(tool_calls=[call(0, arguments='{"a"')]),
        chunk(tool_calls=[call(0, arguments=": 1}"), {"id": "c2", **call(1, name="g")}]),
        chunk(finish="tool_calls"),
    )
    choices = whole["choices"]
    assert isinstance(choices, list)
    assert choices[0]["message"] == {  # type: ignore[index,call-overload]
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}},
            {"id": "c2", "function": {"name": "g"}},
        ],
    }


def test_reasoning_has_its_own_field_and_logprobs_are_appended() -> None:
    one, two = chunk(reasoning_content="thi"), chunk(reasoning_content="nk", content="ok")
    for part, token in ((one, "a"), (two, "b")):
        part["choices"][0]["logprobs"] = {"content": [{"token": token}]}  # type: ignore[index,call-overload]
    choice = assembled(one, two)["choices"][0]  # type: ignore[index]
    assert choice["message"]["reasoning_content"] == "think"  # type: ignore[index,call-overload]
    assert choice["logprobs"] == {"content": [{"token": "a"}, {"token": "b"}]}  # type: ignore[index,call-overload]


def test_completions_keep_their_own_shape() -> None:
    parts: list[JsonObject] = [
        {"object": "text_completion", "choices": [{"index": 0, "text": t, "finish_reason": f}]}
        for t, f in (("a", None), ("b", "length"))
    ]
    assert assembled(*parts)["choices"] == [
        {"index": 0, "text": "ab", "finish_reason": "length", "logprobs": None}
    ]
