"""Translates what a remote says went wrong into our own tree. Pure.

OpenAI's ``{"error": {"message": ...}}`` is the usual shape; ``{"error": "..."}``, ``{"message":
"..."}`` and ``{"detail": "..."}`` are in use too.
"""

import orjson

from bodhi.engine.contract import Remote
from bodhi.errors import (
    BodhiError,
    EngineFailure,
    EngineRejected,
    QueueFull,
    RemoteKeyRefused,
)
from bodhi.params.values import JsonObject

_LONGEST_REASON = 500
_RETRY_AFTER_S = 5


def error_from_remote(remote: Remote, key: str | None, status: int, body: bytes) -> BodhiError:
    """The error for an answer that did not begin with status 200. ``key`` never comes back."""
    if status in (401, 403):
        return _key_refused(remote)  # with no word of theirs: OpenAI quotes parts of the key
    reason = _reason(body, key)
    if status == 429:
        return QueueFull(
            f"{remote.label} takes no more requests now: {reason}",
            remedy="Try again later.",
            retry_after_s=_RETRY_AFTER_S,
        )
    if 400 <= status < 500:
        return EngineRejected(f"{remote.label} refused the request ({status}): {reason}")
    return EngineFailure(f"{remote.label} failed on the request ({status}): {reason}")


def error_in_answer(remote: Remote, key: str | None, answer: JsonObject) -> BodhiError | None:
    """The error that an answer or an event tells of after it had begun with status 200."""
    error = answer.get("error")
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return error_from_remote(remote, key, status, orjson.dumps(answer))


def _key_refused(remote: Remote) -> RemoteKeyRefused:
    if remote.key_variable is None:
        return RemoteKeyRefused(
            f"{remote.label} wants a key.",
            remedy=f"Name the variable that holds it: remotes.{remote.name}.api_key_env in the "
            "settings.",
        )
    return RemoteKeyRefused(
        f"{remote.label} refuses the key in {remote.key_variable}, or does not let it use this "
        "model.",
        remedy="Put one that it takes into that variable, and start the server again.",
    )


def _reason(body: bytes, key: str | None) -> str:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    while isinstance(answer, dict):
        answer = next(
            (answer[name] for name in ("error", "message", "detail") if answer.get(name)), None
        )
    if not isinstance(answer, str):
        return "It gave no reason."
    if key:
        answer = answer.replace(key, "[key]")
    return "".join(c if c.isprintable() else " " for c in answer)[:_LONGEST_REASON]
