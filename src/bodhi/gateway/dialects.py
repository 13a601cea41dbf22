"""The three request shapes of ``/v1``: which content fields each has, and the engine's route. Pure.

A dialect is data: adding a field is adding a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bodhi.gateway import content
from bodhi.gateway.content import Check


@dataclass(frozen=True, slots=True)
class Dialect:
    """``streams``: answered token by token; otherwise the engine answers in one piece."""

    engine_path: str
    fields: Mapping[str, Check]
    streams: bool = True


CHAT = Dialect(
    "/v1/chat/completions",
    {
        "messages": content.messages,
        "tools": content.tools,
        "tool_choice": content.tool_choice,
        "parallel_tool_calls": content.flag,
        "n": content.choices,
        "logprobs": content.flag,
        "top_logprobs": content.top_logprobs,
        "grammar": content.grammar,
        "functions": content.unsupported,
        "audio": content.unsupported,
        "prediction": content.unsupported,
    },
)

COMPLETIONS = Dialect(
    "/v1/completions",
    {
        "prompt": content.prompt,
        "n": content.choices,
        "logprobs": content.top_logprobs,
        "grammar": content.grammar,
        "echo": content.unsupported,
        "suffix": content.unsupported,
        "best_of": content.unsupported,
    },
)

EMBEDDINGS = Dialect(
    "/v1/embeddings",
    {
        "input": content.embedding_input,
        "encoding_format": content.encoding_format,
        "dimensions": content.unsupported,
    },
    streams=False,
)
