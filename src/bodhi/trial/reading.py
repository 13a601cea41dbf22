"""What the relay sends, read as the answer of a trial: pieces of text, figures, an error. Pure."""

from collections.abc import Iterable, Mapping
from typing import cast

import orjson

from bodhi.gateway.sse import DONE
from bodhi.params.values import Json, JsonObject
from bodhi.trial.shown import Phase

_BEGIN, _END = b"data: ", b"\n\n"


def payloads(data: bytes) -> list[JsonObject]:
    """The objects in whole events, as ``sse.frame`` writes them."""
    if not data:
        return []
    pieces = data[len(_BEGIN) : -len(_END)].split(_END + _BEGIN)
    return [orjson.loads(piece) for piece in pieces if piece != DONE]


class Reading:
    """Takes in chunks; keeps what is told at the end."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.error: JsonObject | None = None
        self._timings: JsonObject = {}
        self._usage: JsonObject = {}

    def deltas(self, chunks: Iterable[JsonObject]) -> list[JsonObject]:
        """The text in ``chunks``, pieces of one kind that follow each other put together."""
        found: list[JsonObject] = []
        for chunk in chunks:
            self._note(chunk)
            for choice in cast("list[JsonObject]", chunk.get("choices") or []):
                reason = choice.get("finish_reason")
                self.finish_reason = reason if isinstance(reason, str) else self.finish_reason
                _add(found, choice)
        return found

    def figures(self) -> dict[str, int | float | None]:
        """Tokens and milliseconds as the engine counted them; None where it did not say."""
        timings, usage = self._timings, self._usage
        details = usage.get("prompt_tokens_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else None
        return {
            "prompt_tokens": _number(usage.get("prompt_tokens")),
            "cached_tokens": _number(timings.get("cache_n", cached)),
            "completion_tokens": _number(usage.get("completion_tokens")),
            "prompt_ms": _number(timings.get("prompt_ms")),
            "generation_ms": _number(timings.get("predicted_ms")),
            "tokens_per_second": _number(timings.get("predicted_per_second")),
        }

    def _note(self, chunk: JsonObject) -> None:
        for key in ("timings", "usage", "error"):
            value = chunk.get(key)
            if isinstance(value, dict):
                setattr(self, key if key == "error" else f"_{key}", value)


def phase_of(delta: Mapping[str, Json]) -> Phase:
    """What the engine is busy with when it sends this."""
    return Phase.REASONING if "reasoning" in delta else Phase.CONTENT


def _add(found: list[JsonObject], choice: JsonObject) -> None:
    given = choice.get("delta")
    given = given if isinstance(given, dict) else {"content": choice.get("text")}
    where: JsonObject = {"index": choice["index"]} if choice.get("index") else {}
    pieces = (("reasoning", given.get("reasoning_content")), ("content", given.get("content")))
    for kind, text in pieces:
        if isinstance(text, str) and text:
            last = found[-1] if found else {}
            if kind in last and last.get("index") == where.get("index"):
                last[kind] = cast("str", last[kind]) + text
                last["pieces"] = cast("int", last.get("pieces", 1)) + 1
            else:
                found.append({kind: text, **where})
    if calls := given.get("tool_calls"):
        found.append({"tool_calls": calls, **where})


def _number(value: Json) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
