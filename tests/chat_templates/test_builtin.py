"""The built-in templates give character for character what the publishers' own templates give."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodhi.chat_templates.builtin import BUILTIN
from tests.support.jinja_reference import Message, outcome
from tests.support.published_templates import published_templates

NINE = [
    *("llama3", "llama2", "llama2-legacy", "phi3", "gemma", "deepseek"),
    *("command-r", "openchat", "tinyllama"),
]
every_template = pytest.mark.parametrize("template_id", NINE)

bodies = st.one_of(
    st.sampled_from(
        ["", " ", "Hello", " \n padded\t\n", "\u00a0no-break\u3000", "{{ bos_token }}"]
    ),
    st.text(max_size=12),
    st.none(),
    st.just([{"type": "text", "text": "a part"}]),
)
roles = st.sampled_from(["user", "assistant", "system", "tool", "Unknown"])
messages = st.fixed_dictionaries({"role": roles, "content": bodies}) | st.fixed_dictionaries(
    {"role": roles}
)


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    """Any messages at all, and often ones that alternate as most templates demand."""
    if draw(st.booleans()):
        return draw(st.lists(messages, max_size=5))
    turns: list[Message] = [
        {"role": ("user", "assistant")[i % 2], "content": draw(bodies)}
        for i in range(draw(st.integers(0, 5)))
    ]
    system: list[Message] = [{"role": "system", "content": draw(bodies)}]
    return system + turns if draw(st.booleans()) else turns


def test_there_are_exactly_the_nine_templates_and_no_stray_file() -> None:
    shipped = {f.name for f in (files("bodhi.chat_templates") / "builtin").iterdir()}
    assert list(BUILTIN) == NINE
    assert shipped == {f"{template_id}.jinja" for template_id in NINE}


@every_template
def test_every_published_prompt_and_refusal_is_reproduced(template_id: str) -> None:
    published = published_templates()[template_id]
    given = {
        case.name: outcome(
            BUILTIN[template_id].text,
            case.messages,
            bos_token=published.bos_token,
            eos_token=published.eos_token,
        )
        for case in published.cases
    }
    assert given == {case.name: case.expected for case in published.cases}


def test_the_published_cases_are_36_and_tell_the_templates_apart() -> None:
    published = published_templates()
    assert sum(len(p.cases) for p in published.values()) == 36
    llama3, gemma = published["llama3"], BUILTIN["gemma"].text
    assert any(
        outcome(gemma, case.messages, bos_token=llama3.bos_token, eos_token=llama3.eos_token)
        != case.expected
        for case in llama3.cases
    )


@every_template
@settings(max_examples=50)
@given(conversation=conversations(), asks_for_a_reply=st.booleans())
def test_any_conversation_gives_what_the_original_gives(
    template_id: str, conversation: list[Message], asks_for_a_reply: bool
) -> None:
    published = published_templates()[template_id]
    ours, original = (
        outcome(
            text,
            conversation,
            bos_token=published.bos_token,
            eos_token=published.eos_token,
            add_generation_prompt=asks_for_a_reply,
        )
        for text in (BUILTIN[template_id].text, published.original)
    )
    assert ours == original


@every_template
def test_no_template_is_the_publishers_text(template_id: str) -> None:
    ours, original = BUILTIN[template_id].text, published_templates()[template_id].original
    assert "".join(original.split()) not in "".join(ours.split())


@every_template
def test_the_special_tokens_named_are_those_the_text_spells_out(template_id: str) -> None:
    template, published = BUILTIN[template_id], published_templates()[template_id]
    listed = {token for token in published.special_tokens if token.strip()}
    used = {token for token in listed if token in template.text}
    assert used <= set(template.special_tokens)
    assert all(token in template.text for token in template.special_tokens)
    assert not listed or listed >= set(template.special_tokens)
    assert template.families
