"""Every request parameter of the registry against the real engine: honoured, to its very ends."""

from pathlib import Path

import pytest

from bodhi.params.parameter import Kind, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json
from tests.engine.laboratory import Subject, subject

pytestmark = pytest.mark.anyio

# What is to be seen under another name, or in another way.
ELSEWHERE = {
    *("user", "system_prompt"),  # kept from the engine, and put among the messages
    *("stop", "logit_bias", "response_format", "chat_template_kwargs", "reasoning_effort"),
}
ROWS = [
    row
    for row in PARAMETERS.values()
    if row.section is Section.REQUEST and row.key not in ELSEWHERE
]
CASES = [pytest.param(row.key, id=row.key) for row in ROWS]


def inner_value(key: str) -> Json:
    """A value that is no default."""
    row = PARAMETERS[key]
    if row.kind is Kind.TEXTS:
        return ["x"]
    assert row.low is not None
    assert row.high is not None
    value = row.low + (min(row.high, row.low + 4) - row.low) * 0.75
    return int(value) if row.kind is Kind.INTEGER else value


@pytest.mark.parametrize("key", CASES)
async def test_the_engine_generates_with_what_was_asked(key: str, tiny_model: Path) -> None:
    value = inner_value(key)
    assert value != PARAMETERS[key].engine_default
    async with subject(tiny_model) as engine:
        settings = await engine.settings({key: value})
    assert settings[key] == pytest.approx(value)


async def test_the_engine_bears_the_ends_of_every_range(tiny_model: Path) -> None:
    async with subject(tiny_model) as engine:
        for row in ROWS:
            if row.kind is Kind.TEXTS:
                longest = row.longest or 1
                assert row.high is not None
                await engine.answer({row.key: ["x" * longest] * int(row.high)})
                continue
            ends = [row.low, row.high, *(special.value for special in row.specials)]
            for end in ends:
                await engine.answer({row.key: end})


async def test_what_the_rows_call_the_engines_default_is_the_engines_default(
    tiny_model: Path,
) -> None:
    async with subject(tiny_model) as engine:
        settings = await engine.settings({})
    for row in ROWS:
        if row.engine_default is not None and row.key != "seed":
            assert settings[row.key] == pytest.approx(row.engine_default), row.key
    assert settings["seed"] == 2**32 - 1  # its way to write -1


async def test_bias_and_format_are_honoured(tiny_model: Path) -> None:
    async with subject(tiny_model) as engine:
        settings = await engine.settings({"logit_bias": {"300": 5}, "stop": ["zz"]})
        assert settings["logit_bias"] == [{"bias": 5.0, "token": 300}]
        assert settings["stop"] == ["zz"]
        asked = await engine.settings({"response_format": {"type": "json_object"}})
        assert asked["grammar"] != settings["grammar"]


async def test_options_reach_the_template(tiny_model: Path) -> None:
    template = "{{ messages[0].content }} {{ wish }} {{ reasoning_effort }}"
    async with subject(tiny_model, template=template) as engine:
        prompt = await _prompt(engine, {"chat_template_kwargs": {"wish": "peace"}})
        assert prompt.rstrip().endswith("hello peace")
        assert (await _prompt(engine, {"reasoning_effort": "low"})).endswith("low")


async def _prompt(engine: Subject, params: dict[str, Json]) -> str:
    prompt: str = (await engine.answer(params))["__verbose"]["prompt"]
    return prompt
