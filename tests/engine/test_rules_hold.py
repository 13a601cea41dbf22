"""What the rules of findings claim of the engine is true of the real one."""

from pathlib import Path

import pytest

from bodhi.errors import BodhiError
from bodhi.params.values import JsonObject
from tests.engine.laboratory import Subject, subject
from tests.support.tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.anyio

LUCK: JsonObject = {"temperature": 1.5, "seed": 7}
GREEDY: JsonObject = {"temperature": 0}
MIROSTAT: JsonObject = {**LUCK, "mirostat": 2}

# Rule -> what an alias sets, and what is said to give the same answers.
SAME: dict[str, tuple[JsonObject, JsonObject]] = {
    "greedy_with_samplers": ({**GREEDY, "top_k": 3, "top_p": 0.2, "min_p": 0.4}, GREEDY),
    "seed_with_greedy": ({**GREEDY, "seed": 7}, GREEDY),
    "top_k_one": ({**LUCK, "top_k": 1}, GREEDY),
    "top_p_zero": ({**LUCK, "top_p": 0}, GREEDY),
    "min_p_one": ({**LUCK, "min_p": 1}, GREEDY),
    "mirostat_with_samplers": (
        {
            **MIROSTAT,
            "top_k": 2,
            "top_p": 0.1,
            "min_p": 0.9,
            "typical_p": 0.2,
            "top_n_sigma": 0.1,
            "xtc_probability": 1,
        },
        MIROSTAT,
    ),
    "mirostat_off": ({**LUCK, "mirostat_tau": 1, "mirostat_eta": 0.9}, LUCK),
    "dry_off": ({**LUCK, "dry_base": 4, "dry_allowed_length": 1, "dry_penalty_last_n": 9}, LUCK),
    "xtc_off": ({**LUCK, "xtc_threshold": 0.01}, LUCK),
    "xtc_threshold_high": ({**LUCK, "xtc_threshold": 0.6, "xtc_probability": 1}, LUCK),
    "penalties_without_window": (
        {**LUCK, "repeat_last_n": 0, "repeat_penalty": 1.5, "frequency_penalty": 2},
        LUCK,
    ),
}
# The same parameters where no rule is raised: they do change the answer.
OTHER: tuple[tuple[JsonObject, JsonObject], ...] = (
    ({**LUCK, "top_k": 2}, LUCK),
    ({**LUCK, "min_p": 0.9}, LUCK),
    ({**LUCK, "seed": 8}, LUCK),
    ({**LUCK, "mirostat": 2, "mirostat_tau": 0.5}, MIROSTAT),
    ({**LUCK, "repeat_penalty": 5}, LUCK),
    (GREEDY, LUCK),
)


async def text_of(engine: Subject, params: JsonObject) -> str:
    answer = await engine.answer({**params, "max_tokens": 24})
    return str(answer["choices"][0]["message"]["content"])


async def test_what_a_rule_says_does_nothing_does_nothing(tiny_model: Path) -> None:
    async with subject(tiny_model) as engine:
        for rule, (odd, plain) in SAME.items():
            assert await text_of(engine, odd) == await text_of(engine, plain), rule


async def test_these_answers_could_have_differed(tiny_model: Path) -> None:
    async with subject(tiny_model) as engine:
        for one, other in OTHER:
            assert await text_of(engine, one) != await text_of(engine, other), one


async def test_quantized_values_load_with_flash_attention_only(tmp_path: Path) -> None:
    model = tmp_path / "wide.gguf"
    write_tiny_gguf(model, dim=128)  # heads of 32 values, a block of q8_0
    with pytest.raises(BodhiError):
        async with subject(model, {"cache_type_v": "q8_0", "flash_attn": "off"}):
            pass
    async with subject(model, {"cache_type_v": "q8_0", "flash_attn": "on"}) as engine:
        assert await text_of(engine, GREEDY)
