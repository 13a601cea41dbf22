"""The engine's own Jinja renders the built-in templates as the reference does.

Where it departs from the reference on purpose, a test says so, so that another engine version
which does otherwise is noticed.
"""

from itertools import product
from pathlib import Path

import pytest

from bodhi.chat_templates.builtin import BUILTIN
from tests.support.jinja_reference import Message, outcome
from tests.support.published_templates import published_templates
from tests.support.template_engine import engine_outcomes
from tests.support.tiny_gguf import write_tiny_gguf

# What the tiny model calls the begin and the end of a sequence.
BOS, EOS = "<s>", "</s>"
WITHOUT_A_PLACE_FOR_SYSTEM = ("llama2-legacy", "phi3", "gemma")
every_template = pytest.mark.parametrize("template_id", BUILTIN)


def talk(*turns: tuple[str, str]) -> list[Message]:
    return [{"role": role, "content": content} for role, content in turns]


# Every order of roles up to three turns that leaves the reply to the model.
ORDERS: list[list[Message]] = [
    talk(*((role, f" {role} {i}\n") for i, role in enumerate((*before, "user"))))
    for length in range(3)
    for before in product(("system", "user", "assistant"), repeat=length)
]


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, but one whose tokenizer adds no token of its own before the prompt."""
    path = tmp_path_factory.mktemp("plain-model") / "plain.gguf"
    write_tiny_gguf(path, metadata={"tokenizer.ggml.add_bos_token": False})
    return path


def reference(text: str, messages: list[Message]) -> tuple[str, str]:
    return outcome(text, messages, bos_token=BOS, eos_token=EOS)


def system_put_into_the_first_turn(messages: list[Message]) -> list[Message]:
    """What the engine makes of a system message that a template has no place for."""
    if messages[0]["role"] != "system" or len(messages) == 1:
        return messages
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n{first['content']}"}, *rest]


def reason(result: tuple[str, str]) -> tuple[str, str]:
    """An error by its reason alone: the engine wraps it into where in the template it arose."""
    kind, text = result
    return kind, text.rpartition("Jinja Exception: ")[2] if kind == "error" else text


@every_template
def test_the_engine_renders_what_the_reference_renders(template_id: str, plain_model: Path) -> None:
    text = BUILTIN[template_id].text
    conversations = ORDERS + [case.messages for case in published_templates()[template_id].cases]
    seen_by_template = [
        system_put_into_the_first_turn(messages)
        if template_id in WITHOUT_A_PLACE_FOR_SYSTEM
        else messages
        for messages in conversations
    ]
    given = [reason(result) for result in engine_outcomes(plain_model, text, conversations)]
    assert given == [reference(text, messages) for messages in seen_by_template]
    assert any(kind == "prompt" for kind, _ in given)


@every_template
def test_the_engine_treats_ours_as_it_treats_the_publishers(
    template_id: str, plain_model: Path
) -> None:
    unusual: list[list[Message]] = [
        talk(("user", "Hello"), ("assistant", "Begun")),
        talk(("user", "Hello"), ("tool", "result")),
        talk(("user", "\u00a0no-break\u3000")),
        [{"role": "user", "content": [{"type": "text", "text": "a part"}]}],
        [],
    ]
    ours, original = (
        [reason(result) for result in engine_outcomes(plain_model, text, ORDERS + unusual)]
        for text in (BUILTIN[template_id].text, published_templates()[template_id].original)
    )
    assert ours == original


def test_the_engine_leaves_out_a_first_bos_that_the_tokenizer_adds(tiny_model: Path) -> None:
    text, messages = BUILTIN["llama3"].text, talk(("user", "Hello"))
    [(_, prompt)] = engine_outcomes(tiny_model, text, [messages])
    assert ("prompt", BOS + prompt) == reference(text, messages)


def test_the_engine_continues_a_last_message_of_the_assistant(plain_model: Path) -> None:
    text, messages = BUILTIN["llama3"].text, talk(("user", "Hello"), ("assistant", "Begun"))
    [(_, prompt)] = engine_outcomes(plain_model, text, [messages])
    assert prompt.endswith("<|start_header_id|>assistant<|end_header_id|>\n\nBegun")
    assert reference(text, messages)[1].startswith(prompt + "<|eot_id|>")


def test_the_engine_trims_ascii_whitespace_only(plain_model: Path) -> None:
    text, messages = BUILTIN["llama3"].text, talk(("user", "\u00a0Hello "))
    [(_, prompt)] = engine_outcomes(plain_model, text, [messages])
    assert "\n\n\u00a0Hello<|eot_id|>" in prompt
    assert "\n\nHello<|eot_id|>" in reference(text, messages)[1]


def test_no_template_hides_a_refusal_from_the_engine(plain_model: Path) -> None:
    [(kind, message)] = engine_outcomes(
        plain_model, BUILTIN["gemma"].text, [talk(("user", "a"), ("user", "b"))]
    )
    assert kind == "error"
    assert message.endswith("Conversation roles must alternate user/assistant/user/assistant/...")
