"""From a request and a recipe to what the engine is sent: merge, system prompt, usage. Pure."""

from bodhi.errors import UnsupportedByEngine
from bodhi.gateway.body import Request
from bodhi.gateway.dialects import CHAT, EMBEDDINGS, Dialect
from bodhi.gateway.serving import Serving
from bodhi.http.errors import Headers
from bodhi.params.merge import Merged, merge
from bodhi.params.values import Json, JsonObject

# Of no meaning to an engine; kept for usage figures.
_OURS = ("user", "system_prompt")


def prepare(request: Request, serving: Serving, dialect: Dialect) -> tuple[JsonObject, Headers]:
    """The engine's body, and the headers that tell the caller what was done to theirs.

    Raises ParameterInvalid for values out of range, UnsupportedByEngine for what this alias's
    engine was not started for.
    """
    if dialect is EMBEDDINGS:
        _require_embeddings(serving)
        return _for_engine(dict(request.content), serving), [_alias_header(serving)]
    _require_slots(request, serving)
    merged = merge(request.params, serving.recipe)
    body = dict(request.content)
    if dialect is CHAT:
        body["messages"] = _with_system_prompt(body["messages"], merged, serving)
    body |= {key: value for key, value in merged.params.items() if key not in _OURS}
    body["stream"] = True
    if request.wants_usage or not request.stream:
        body["stream_options"] = {"include_usage": True}
    return _for_engine(body, serving), _report(merged, serving)


def _for_engine(body: JsonObject, serving: Serving) -> JsonObject:
    """An engine of ours holds one model; a remote is told which of its own is meant."""
    if serving.spec.remote is not None:
        body["model"] = serving.resolution.alias.filename
    return body


def _require_embeddings(serving: Serving) -> None:
    if not serving.answers_embeddings:
        raise UnsupportedByEngine(
            f"{serving.resolution.name} does not answer embedding requests.",
            pointer="/model",
            remedy="Set embeddings: true and pooling: mean under context_params of an alias.",
        )


def _require_slots(request: Request, serving: Serving) -> None:
    wanted = request.content.get("n", 1)
    if serving.spec.remote is not None:
        return
    if isinstance(wanted, int) and wanted > serving.spec.slots:
        raise UnsupportedByEngine(
            f"{wanted} answers at once need as many slots; this alias has {serving.spec.slots}.",
            pointer="/n",
            remedy="Raise n_parallel of the alias, or ask for fewer.",
        )


def _with_system_prompt(messages: Json, merged: Merged, serving: Serving) -> Json:
    """A default stands in where the caller sends none; an enforced one comes before theirs."""
    text = merged.params.get("system_prompt")
    if not isinstance(text, str) or not isinstance(messages, list):
        return messages
    first = messages[0]
    theirs = first.get("content") if _is_system(first) and isinstance(first, dict) else None
    if "system_prompt" in serving.recipe.enforced:
        # One message, because many templates bear a system message only once, in first place.
        joined = f"{text}\n\n{theirs}" if isinstance(theirs, str) else text
        rest = messages[1:] if isinstance(theirs, str) else messages
        return [{"role": "system", "content": joined}, *rest]
    if any(_is_system(message) for message in messages):
        merged.changes = [c for c in merged.changes if c.key != "system_prompt"]
        return messages
    return [{"role": "system", "content": text}, *messages]


def _is_system(message: Json) -> bool:
    return isinstance(message, dict) and message.get("role") == "system"


def _report(merged: Merged, serving: Serving) -> Headers:
    headers = [_alias_header(serving)]
    if merged.dropped:
        headers.append((b"x-bodhi-dropped", _names(merged.dropped)))
    overruled = [change.key for change in merged.changes if change.overrules]
    if overruled:
        headers.append((b"x-bodhi-changed", _names(overruled)))
    return headers


def _alias_header(serving: Serving) -> tuple[bytes, bytes]:
    return (b"x-bodhi-alias", _printable(serving.resolution.label))


def _names(names: list[str]) -> bytes:
    return b", ".join(_printable(name[:64]) for name in names[:32])


def _printable(text: str) -> bytes:
    """A name as a header value: what is not printable ASCII could break the header."""
    if text.isascii() and text.isprintable() and "," not in text:
        return text.encode()
    return "".join(c if " " <= c <= "~" and c != "," else "?" for c in text).encode()
