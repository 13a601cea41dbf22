"""The one envelope that every refusal leaves in: OpenAI's error object, plus pointer and remedy."""

import logging
import re

import orjson

from bodhi.errors import AliasFileInvalid, BodhiError, TemplateFailed

log = logging.getLogger("bodhi.http")

Header = tuple[bytes, bytes]
Headers = list[Header]


def error_object(error: BodhiError) -> dict[str, object]:
    """``{"error": {...}}`` as OpenAI's clients read it; ``param`` is the pointer in their style."""
    return {
        "error": {
            "message": error.message if error.remedy is None else f"{error.message} {error.remedy}",
            "type": error.type,
            "param": _param(error.pointer),
            "code": error.code,
            "pointer": error.pointer,
            "remedy": error.remedy,
            **_to_type(error),
            **_position(error),
        }
    }


def error_body(error: BodhiError) -> bytes:
    """The envelope as JSON bytes."""
    return orjson.dumps(error_object(error))


def error_headers(error: BodhiError) -> Headers:
    """The headers that belong to the envelope, ``Retry-After`` among them."""
    headers: Headers = [(b"content-type", b"application/json")]
    if error.retry_after_s is not None:
        headers.append((b"retry-after", str(error.retry_after_s).encode()))
    return headers


def as_bodhi_error(error: Exception) -> BodhiError:
    """The error itself, or for a defect of ours a plain 500 that gives nothing away."""
    if isinstance(error, BodhiError):
        return error
    log.error("a request failed on a defect", exc_info=error)
    return BodhiError("Bodhi failed on this request; the server's log says where.")


def _to_type(error: BodhiError) -> dict[str, object]:
    """The line for the shell, where the remedy has one."""
    return {} if error.to_type is None else {"to_type": error.to_type}


def _position(error: BodhiError) -> dict[str, object]:
    """Where in a text the error is, of the two kinds that are about one."""
    if isinstance(error, TemplateFailed):
        return {"line": error.line, "column": error.column}
    return {"line": error.line} if isinstance(error, AliasFileInvalid) else {}


def _param(pointer: str | None) -> str | None:
    """``/messages/0/role`` -> ``messages[0].role``."""
    if not pointer:
        return None
    dotted = pointer.removeprefix("/").replace("/", ".")
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", dotted)
