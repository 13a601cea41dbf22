"""OpenAI's own client against the real server over the real engine."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
)

from tests.acceptance.conftest import REPO
from tests.support.server import RunningServer

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def client(server: RunningServer) -> openai.OpenAI:
    return server.openai()


def chat(client: openai.OpenAI, model: str, **options: Any) -> ChatCompletion:
    reply = client.chat.completions.create(model=model, messages=HELLO, **options)
    assert isinstance(reply, ChatCompletion)
    return reply


def stream(client: openai.OpenAI, **options: Any) -> Iterator[ChatCompletionChunk]:
    return iter(
        client.chat.completions.create(model="cold", messages=HELLO, stream=True, **options)
    )


def test_a_chat_has_text_usage_and_the_aliass_name(client: openai.OpenAI) -> None:
    reply = chat(client, "cold")
    assert reply.model == "cold"
    assert reply.object == "chat.completion"
    assert reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 8
    assert reply.model_extra is not None
    assert reply.model_extra["timings"]["predicted_n"] == 8


def test_a_stream_adds_up_to_the_same_text_and_every_chunk_has_the_name(
    client: openai.OpenAI,
) -> None:
    whole = chat(client, "cold").choices[0].message.content
    chunks = list(stream(client))
    assert {chunk.model for chunk in chunks} == {"cold"}
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == whole


def test_usage_comes_with_a_stream_only_where_it_was_asked_for(client: openai.OpenAI) -> None:
    assert list(stream(client))[-1].usage is None
    usage = list(stream(client, stream_options={"include_usage": True}))[-1].usage
    assert usage is not None
    assert usage.completion_tokens == 8


def test_completions_work_in_one_piece_and_as_a_stream(client: openai.OpenAI) -> None:
    whole = client.completions.create(model="cold", prompt="the")
    assert whole.object == "text_completion"
    assert whole.model == "cold"
    parts = client.completions.create(model="cold", prompt="the", stream=True)
    assert "".join(part.choices[0].text for part in parts) == whole.choices[0].text


def test_logprobs_and_several_answers_come_through(client: openai.OpenAI) -> None:
    reply = chat(client, "wide:a", logprobs=True, top_logprobs=2, n=2, max_tokens=3)
    assert [choice.index for choice in reply.choices] == [0, 1]
    for choice in reply.choices:
        assert choice.logprobs is not None
        assert choice.logprobs.content is not None
        assert len(choice.logprobs.content) == 3
        assert len(choice.logprobs.content[0].top_logprobs) == 2


def test_a_response_format_holds_the_answer_to_its_schema(client: openai.OpenAI) -> None:
    schema = {"type": "object", "properties": {"a": {"enum": ["cat"]}}, "required": ["a"]}
    reply = chat(
        client,
        "cold",
        max_tokens=100,
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    )
    assert reply.choices[0].message.content is not None
    assert reply.choices[0].message.content.replace(" ", "").startswith('{"a":"cat"')


def test_models_lists_every_name_and_finds_one(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert "cold" in names
    assert f"{REPO}:F32" in names
    assert "gone" not in names
    assert client.models.retrieve("wide:a").id == "wide:a"
    assert client.models.retrieve(f"{REPO}:F32").owned_by == "bodhi-model"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")


def test_embeddings_come_from_an_alias_that_has_them(client: openai.OpenAI) -> None:
    reply = client.embeddings.create(model="vectors", input=["hello", "world"])
    assert reply.model == "vectors"
    assert len(reply.data) == 2
    assert len(reply.data[0].embedding) == 64


def test_embeddings_from_a_chat_alias_are_a_clear_refusal(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.embeddings.create(model="cold", input="hello")
    assert refused.value.code == "unsupported_by_engine"


def test_every_spelling_of_a_model_name_answers_under_its_full_name(
    client: openai.OpenAI,
) -> None:
    for name in (f"{REPO}:F32", f"{REPO}:f32", REPO):
        assert chat(client, name, max_tokens=1).model == f"{REPO}:F32"


@pytest.mark.parametrize(
    ("model", "options", "kind", "code"),
    [
        ("nobody", {}, openai.NotFoundError, "model_not_found"),
        ("gone", {}, openai.NotFoundError, "model_file_missing"),
        ("cold", {"temperature": 3}, openai.BadRequestError, "parameter_invalid"),
        ("cold", {"extra_body": {"seed": "x"}}, openai.BadRequestError, "parameter_invalid"),
        ("no-device", {}, openai.BadRequestError, "unsupported_by_engine"),
        ("cold", {"n": 2}, openai.BadRequestError, "unsupported_by_engine"),
        (
            "cold",
            {"extra_body": {"grammar": "root ::= ("}},
            openai.BadRequestError,
            "engine_rejected",
        ),
    ],
)
def test_errors_arrive_as_the_clients_own_classes(
    client: openai.OpenAI,
    model: str,
    options: dict[str, object],
    kind: type[openai.APIStatusError],
    code: str,
) -> None:
    with pytest.raises(kind) as refused:
        chat(client, model, **options)
    assert refused.value.code == code


def test_who_asks_for_a_model_file_that_is_not_here_gets_the_command_that_brings_it(
    client: openai.OpenAI,
) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        chat(client, "gone")
    error = refused.value.body
    assert isinstance(error, dict)
    assert error["to_type"].startswith("bodhi pull ")
    assert error["remedy"].endswith(error["to_type"])


def test_a_prompt_beyond_the_context_says_both_numbers(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.completions.create(model="cold", prompt="the " * 20_000)
    assert refused.value.code == "context_length_exceeded"
    assert "8192" in str(refused.value)


def test_the_reply_says_which_alias_answered_and_what_was_changed(client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model="enforced",
        messages=HELLO,
        temperature=1.7,
        extra_body={"id_slot": 1, "store": True},
    )
    assert raw.headers["x-bodhi-alias"] == "enforced@1"
    assert raw.headers["x-bodhi-changed"] == "temperature"
    assert raw.headers["x-bodhi-dropped"] == "id_slot, store"
    assert len(raw.headers["x-request-id"]) == 16
    assert "access-control-allow-origin" not in raw.headers
