"""What the makers of models publish about sampling: one row a family, each with its source. Pure.

Only what was published by whoever made the model stands here, under our names of the parameters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Published:
    """``pattern`` is looked for in a model's name, repository and file name, in lower case."""

    pattern: re.Pattern[str]
    source: str
    values: Mapping[str, Json]


def _row(pattern: str, source: str, **values: Json) -> Published:
    return Published(re.compile(pattern), source, values)


# The sizes that came first; its later kin have names and values of their own.
_QWEN3 = r"qwen3[-_ ](0\.6|1\.7|4|8|14|30|32|235)b"

PUBLISHED = (
    _row(
        r"deepseek[-_ ]r1",
        "README of deepseek-ai/DeepSeek-R1, usage recommendations and evaluation",
        temperature=0.6,
        top_p=0.95,
    ),
    _row(
        r"qwq[-_ ]32b(?!.*preview)",
        "model card of Qwen/QwQ-32B, usage guidelines",
        temperature=0.6,
        top_p=0.95,
        min_p=0.0,
    ),
    _row(
        r"qwen3[-_ ]coder[-_ ]\d",
        "model card of Qwen/Qwen3-Coder-30B-A3B-Instruct, best practices",
        temperature=0.7,
        top_p=0.8,
        top_k=20,
        repeat_penalty=1.05,
    ),
    _row(
        rf"{_QWEN3}.*instruct[-_ ]2507",
        "model card of Qwen/Qwen3-30B-A3B-Instruct-2507, best practices",
        temperature=0.7,
        top_p=0.8,
        top_k=20,
        min_p=0.0,
    ),
    _row(
        rf"{_QWEN3}.*thinking[-_ ]2507",
        "model card of Qwen/Qwen3-4B-Thinking-2507, best practices",
        temperature=0.6,
        top_p=0.95,
        top_k=20,
        min_p=0.0,
    ),
    _row(
        rf"{_QWEN3}(?!.*(2507|[-_ ]base))",
        "model card of Qwen/Qwen3-8B, best practices for thinking",
        temperature=0.6,
        top_p=0.95,
        top_k=20,
        min_p=0.0,
    ),
    _row(
        r"qwen2\.5[-_ ]7b[-_ ]instruct(?!-1m)",
        "generation_config.json of Qwen/Qwen2.5-7B-Instruct",
        temperature=0.7,
        top_p=0.8,
        top_k=20,
        repeat_penalty=1.05,
    ),
    _row(
        r"llama[-_ ]3\.2[-_ ][13]b[-_ ]instruct",
        "generation_config.json of meta-llama/Llama-3.2-1B-Instruct",
        temperature=0.6,
        top_p=0.9,
    ),
    _row(
        r"llama[-_ ]3(\.1)?[-_ ]\d+b[-_ ]instruct",
        "generation_config.json of meta-llama/Llama-3.1-8B-Instruct",
        temperature=0.6,
        top_p=0.9,
    ),
    _row(
        r"gemma[-_ ]?3(?![n\d]).*[-_ ]it\b",
        "generation_config.json of google/gemma-3-4b-it",
        top_k=64,
        top_p=0.95,
    ),
    _row(
        r"gemma[-_ ]?4(?![n\d]).*[-_ ]it\b",
        "model card of google/gemma-4-31B-it, sampling parameters",
        temperature=1.0,
        top_p=0.95,
        top_k=64,
    ),
    _row(
        r"mistral[-_ ]small[-_ ]24b[-_ ]instruct[-_ ]2501",
        "model card of mistralai/Mistral-Small-24B-Instruct-2501",
        temperature=0.15,
    ),
    _row(
        r"mistral[-_ ]small[-_ ]3\.2[-_ ]24b[-_ ]instruct[-_ ]2506",
        "model card of mistralai/Mistral-Small-3.2-24B-Instruct-2506",
        temperature=0.15,
    ),
    _row(
        r"gpt[-_ ]oss(?!-safeguard)",
        "README of openai/gpt-oss, recommended sampling parameters",
        temperature=1.0,
        top_p=1.0,
    ),
)


def published_for(text: str) -> Published | None:
    """The first row whose pattern is in ``text``: a model's names, in any case."""
    lowered = text.lower()
    return next((row for row in PUBLISHED if row.pattern.search(lowered)), None)
