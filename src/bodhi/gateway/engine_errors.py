"""Translates what an engine says went wrong into our own tree. Pure.

llama.cpp answers ``{"error": {"code": int, "message": str, "type": str}}``, before the first byte
with the matching status, afterwards as an event of the stream.
"""

import orjson

from bodhi.engine.output import without_folders
from bodhi.errors import (
    BodhiError,
    ContextExceeded,
    EngineFailure,
    EngineRejected,
    UnsupportedByEngine,
)
from bodhi.params.values import JsonObject


def error_from_answer(status: int, body: bytes) -> BodhiError:
    """The error in an answer that did not begin with status 200."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = None
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return translate(error if isinstance(error, dict) else {}, status)


def translate(error: JsonObject, status: int) -> BodhiError:
    """Our error for llama.cpp's error object; 4xx is the caller's matter, the rest the engine's."""
    message = error.get("message")
    text = _harmless(message) if isinstance(message, str) else "It gave no reason."
    if error.get("type") == "exceed_context_size_error":
        return ContextExceeded(
            f"The prompt has {error.get('n_prompt_tokens')} tokens;"
            f" the context has {error.get('n_ctx')}.",
            remedy="Shorten the conversation, or raise n_ctx of the alias.",
        )
    if status == 501:
        return UnsupportedByEngine(f"This engine was not started for that: {text}")
    if 400 <= status < 500:
        return EngineRejected(f"The engine refused the request: {text}")
    # With no word of its own: what breaks inside an engine is told with addresses and prompts.
    return EngineFailure("The engine failed on the request.", remedy="Its log may say why.")


def _harmless(message: str) -> str:
    """What the engine says is wrong with a request, for whoever sent it.

    What a chat template raises comes wrapped in an excerpt of its source, which may be private.
    llama.cpp: ``Unable to generate parser ... Jinja Exception: <what raise_exception said>``.
    """
    return without_folders(message.rpartition("Jinja Exception: ")[2])
