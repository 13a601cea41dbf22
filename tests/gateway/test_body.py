"""A request body is read once, and refused with the field that is wrong."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import BodhiError, InvalidInput, UnsupportedByEngine
from bodhi.gateway.body import read_request
from bodhi.gateway.dialects import CHAT, COMPLETIONS, EMBEDDINGS
from bodhi.params.values import JsonObject

HELLO: JsonObject = {"model": "a", "messages": [{"role": "user", "content": "hi"}]}


def chat(**changes: object) -> bytes:
    return orjson.dumps(HELLO | changes)


def test_content_parameters_and_ours_are_taken_apart() -> None:
    raw = chat(temperature=0.5, stream=True, stream_options={"include_usage": True}, store=True)
    request = read_request(raw, CHAT.fields)
    assert request.model == "a"
    assert request.stream
    assert request.wants_usage
    assert request.content == {"messages": HELLO["messages"]}
    assert request.params == {"temperature": 0.5, "store": True}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"model": NaN}',
        b'{"model": "\xff"}',
        b'{"model": "\\ud800"}',
        b"[" * 5000,
        b'{"a":' * 3000,
    ],
)
def test_what_is_not_a_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_request(raw, CHAT.fields)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"model": None}, "/model"),
        ({"model": 5}, "/model"),
        ({"stream": 1}, "/stream"),
        ({"stream_options": "x"}, "/stream_options"),
        ({"messages": None}, "/messages"),
        ({"messages": []}, "/messages"),
        ({"messages": ["hi"]}, "/messages/0"),
        ({"messages": [{"content": "hi"}]}, "/messages/0/role"),
        ({"messages": [{"role": 5, "content": "hi"}]}, "/messages/0/role"),
        ({"messages": [{"role": "user"}]}, "/messages/0/content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "/messages/0/content/0"),
        (
            {"messages": [{"role": "assistant", "content": None, "tool_calls": [{}]}]},
            "/messages/0/tool_calls/0",
        ),
        ({"tools": {}}, "/tools"),
        ({"tools": [{"type": "function"}]}, "/tools/0"),
        ({"tools": [{"function": {"name": "f", "parameters": 1}}]}, "/tools/0/function/parameters"),
        ({"tool_choice": 3}, "/tool_choice"),
        ({"n": 0}, "/n"),
        ({"n": 9}, "/n"),
        ({"top_logprobs": 21}, "/top_logprobs"),
        ({"logprobs": 1}, "/logprobs"),
        ({"grammar": "x" * 65_537}, "/grammar"),
    ],
)
def test_a_wrong_field_is_refused_by_its_pointer(changes: JsonObject, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_request(chat(**changes), CHAT.fields)
    assert refused.value.pointer == pointer


def test_no_engine_is_ever_asked_to_fetch_an_address() -> None:
    image = {"type": "image_url", "image_url": {"url": "http://169.254.169.254/"}}
    with pytest.raises(UnsupportedByEngine):
        read_request(chat(messages=[{"role": "user", "content": [image]}]), CHAT.fields)


def test_the_newer_role_developer_reaches_templates_as_system() -> None:
    request = read_request(chat(messages=[{"role": "developer", "content": "x"}]), CHAT.fields)
    assert request.content["messages"] == [{"role": "system", "content": "x"}]


def test_several_prompts_in_one_request_are_refused_by_name() -> None:
    raw = orjson.dumps({"model": "a", "prompt": ["one", "two"]})
    with pytest.raises(UnsupportedByEngine) as refused:
        read_request(raw, COMPLETIONS.fields)
    assert refused.value.pointer == "/prompt"
    one = read_request(orjson.dumps({"model": "a", "prompt": ["one"]}), COMPLETIONS.fields)
    assert one.content == {"prompt": "one"}


def test_dimensions_are_refused_rather_than_ignored() -> None:
    raw = orjson.dumps({"model": "a", "input": "x", "dimensions": 64})
    with pytest.raises(UnsupportedByEngine):
        read_request(raw, EMBEDDINGS.fields)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "text", "function", "name", "tool_calls"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*CHAT.fields, "stream", "stream_options"]), _JSON))
def test_any_body_is_read_or_refused_with_a_typed_error(fields: JsonObject) -> None:
    try:
        read_request(orjson.dumps({"model": "a"} | fields), CHAT.fields)
    except BodhiError as error:
        assert 400 <= error.status < 500  # noqa: PT017
