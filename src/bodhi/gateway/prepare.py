"""From a request and a recipe to what the engine is sent: merge, system prompt, usage. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from bodhi.chat_templates.kwargs import check_kwargs
from bodhi.errors import UnsupportedByEngine
from bodhi.gateway.body import Request
from bodhi.gateway.dialects import CHAT, EMBEDDINGS, Dialect
from bodhi.gateway.serving import Serving
from bodhi.http.errors import Headers
from bodhi.params.explain import NOTHING, Asked
from bodhi.params.merge import Merged, merge
from bodhi.params.parameter import Kind
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject

# What of a request may be part of a prompt, or name a person, and so is not remembered.
_WITHHELD = frozenset(
    key for key, row in PARAMETERS.items() if row.kind in (Kind.TEXT, Kind.OBJECT)
)


@dataclass(slots=True)  # not frozen, because making one is on every request's way
class Prepared:
    """The engine's body, the headers that tell the caller what was done to theirs, and what can be
    explained of it later without knowing the prompt.
    """

    body: JsonObject
    headers: Headers
    asked: Asked = NOTHING
    dropped: tuple[str, ...] = ()


def prepare(request: Request, serving: Serving, dialect: Dialect) -> Prepared:
    """Merge a request with its recipe.

    Raises ParameterInvalid for values out of range, UnsupportedByEngine for what this alias's
    engine was not started for.
    """
    if dialect is EMBEDDINGS:
        _require_embeddings(serving)
        body = _for_engine(dict(request.content), serving)
        return Prepared(body, [_alias_header(serving)])
    _require_slots(request, serving)
    merged = merge(request.params, serving.recipe)
    options = merged.params.get("chat_template_kwargs")
    if isinstance(options, dict):
        check_kwargs(options)
    body = dict(request.content)
    has_system_message = False
    if dialect is CHAT:
        has_system_message = _place_system_prompt(body, merged, serving)
    body |= merged.params
    # Of no meaning to an engine.
    body.pop("user", None)
    body.pop("system_prompt", None)
    body["stream"] = True
    # An engine of ours counts unasked.
    if request.wants_usage or not request.stream or serving.spec.remote is not None:
        body["stream_options"] = {"include_usage": True}
    asked = NOTHING
    if merged.asked or has_system_message:
        asked = Asked(_without_prompts(merged.asked, serving), has_system_message)
    body = _for_engine(body, serving)
    return Prepared(body, _report(merged, serving), asked, tuple(merged.dropped))


def _without_prompts(asked: JsonObject, serving: Serving) -> JsonObject:
    """What the alias enforces anyway is known without the caller's having said it."""
    if _WITHHELD.isdisjoint(asked):
        return asked
    known = serving.recipe.enforced
    return {
        key: None if key in _WITHHELD and value != known.get(key) else value
        for key, value in asked.items()
    }


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
    wanted = request.content.get("n")
    if wanted is None or serving.spec.remote is not None:
        return
    if isinstance(wanted, int) and wanted > serving.spec.slots:
        raise UnsupportedByEngine(
            f"{wanted} answers at once need as many slots; this alias has {serving.spec.slots}.",
            pointer="/n",
            remedy="Raise n_parallel of the alias, or ask for fewer.",
        )


def _place_system_prompt(body: JsonObject, merged: Merged, serving: Serving) -> bool:
    """A default stands in where the caller sends none; an enforced one comes before theirs.

    Returns whether the alias has one and the caller sent one, too.
    """
    text, messages = merged.params.get("system_prompt"), body["messages"]
    if not isinstance(text, str) or not isinstance(messages, list):
        return False
    first = messages[0]
    theirs = first.get("content") if _is_system(first) and isinstance(first, dict) else None
    if "system_prompt" in serving.recipe.enforced:
        # One message, because many templates bear a system message only once, in first place.
        joined = f"{text}\n\n{theirs}" if isinstance(theirs, str) else text
        rest = messages[1:] if isinstance(theirs, str) else messages
        body["messages"] = [{"role": "system", "content": joined}, *rest]
        return isinstance(theirs, str)
    if any(_is_system(message) for message in messages):
        return True
    body["messages"] = [{"role": "system", "content": text}, *messages]
    return False


def _is_system(message: Json) -> bool:
    return isinstance(message, dict) and message.get("role") == "system"


def _report(merged: Merged, serving: Serving) -> Headers:
    headers = [_alias_header(serving)]
    if merged.dropped:
        headers.append((b"x-bodhi-dropped", _names(tuple(merged.dropped))))
    if merged.overruled:
        headers.append((b"x-bodhi-changed", _names(merged.overruled)))
    return headers


def _alias_header(serving: Serving) -> tuple[bytes, bytes]:
    return (b"x-bodhi-alias", _label(serving.resolution.label))


@lru_cache(maxsize=1024)
def _names(names: tuple[str, ...]) -> bytes:
    return b", ".join(_printable(name[:64]) for name in names[:32])


@lru_cache(maxsize=1024)
def _label(label: str) -> bytes:
    return _printable(label)


def _printable(text: str) -> bytes:
    """A name as a header value: what is not printable ASCII could break the header."""
    if text.isascii() and text.isprintable() and "," not in text:
        return text.encode()
    return "".join(c if " " <= c <= "~" and c != "," else "?" for c in text).encode()
