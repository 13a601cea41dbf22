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


PUBLISHED = (
    _row(
        r"deepseek[-_ ]r1",
        "README of deepseek-ai/DeepSeek-R1, usage recommendations",
        temperature=0.6,
        top_p=0.95,
    ),
    _row(
        r"qwen3(?![.\d])",
        "model card of Qwen/Qwen3-8B, best practices for thinking",
        temperature=0.6,
        top_p=0.95,
        top_k=20,
        min_p=0.0,
    ),
    _row(
        r"qwen2\.5.*instruct",
        "generation_config.json of Qwen/Qwen2.5-7B-Instruct",
        temperature=0.7,
        top_p=0.8,
        top_k=20,
        repeat_penalty=1.05,
    ),
    _row(
        r"llama[-_ ]?3[\w.-]*instruct",
        "generation_config.json of meta-llama/Llama-3.1-8B-Instruct",
        temperature=0.6,
        top_p=0.9,
    ),
    _row(
        r"gemma[-_ ]?3(?!n)",
        "generation_config.json of google/gemma-3-12b-it",
        top_k=64,
        top_p=0.95,
    ),
    _row(
        r"mistral[-_ ]small[\w.-]*instruct[-_ ]2501",
        "model card of mistralai/Mistral-Small-24B-Instruct-2501",
        temperature=0.15,
    ),
    _row(
        r"gpt[-_ ]oss",
        "README of openai/gpt-oss, recommended sampling parameters",
        temperature=1.0,
        top_p=1.0,
    ),
)


def published_for(text: str) -> Published | None:
    """The first row whose pattern is in ``text``: a model's names, in any case."""
    lowered = text.lower()
    return next((row for row in PUBLISHED if row.pattern.search(lowered)), None)
