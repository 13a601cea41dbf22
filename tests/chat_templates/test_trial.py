"""A template is tried on three conversations; what it cannot do is said."""

import asyncio
import re
from pathlib import Path

import pytest

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.render import Renderer
from bodhi.chat_templates.trial import Trial, try_template

WHOLE = (
    "{% if tools %}{{ tools | tojson }}{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
)
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "chat-templates.md"


def trial(text: str, *, ends: str = "<|im_end|>", stop: tuple[str, ...] = ()) -> Trial:
    async def run() -> Trial:
        renderer = Renderer(workers=1)
        try:
            return await try_template(renderer, text, eos_token=ends, stop=stop)
        finally:
            await renderer.aclose()

    return asyncio.run(run())


def codes(text: str, *, ends: str = "<|im_end|>", stop: tuple[str, ...] = ()) -> list[str]:
    found = trial(text, ends=ends, stop=stop)
    assert found.error is None
    return [finding.code for finding in found.findings]


def test_of_a_template_that_can_everything_nothing_is_said() -> None:
    assert trial(WHOLE) == Trial()


@pytest.mark.parametrize("text", ["{% for %}", "{{ raise_exception('no') }}", "{{ 1 / 0 }}"])
def test_one_that_gives_no_plain_prompt_is_an_error(text: str) -> None:
    error = trial(text).error
    assert error is not None
    assert error.line == 1


def test_what_a_template_cannot_show_is_said() -> None:
    no_tools = WHOLE.replace("{{ tools | tojson }}", "")
    assert codes(no_tools) == ["template-tools"]
    refusing = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + WHOLE
    assert codes(refusing) == ["template-system"]
    assert codes("{{ date_string }}" + WHOLE) == ["template-date"]


def test_a_turn_that_ends_otherwise_than_a_sequence_is_said_unless_stop_has_it() -> None:
    assert codes(WHOLE, ends="</s>") == ["template-end"]
    assert codes(WHOLE, ends="</s>", stop=("<|im_end|>",)) == []
    assert codes(WHOLE, ends="") == []


def test_the_builtin_templates_without_a_place_for_system_are_those_that_the_page_lists() -> None:
    page = set(re.findall(r"^\| `([^`/]+)` \| system \|$", PAGE.read_text(), re.MULTILINE))
    found = {one.id for one in BUILTIN.values() if "template-system" in codes(one.text)}
    assert found == page
