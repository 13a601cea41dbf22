"""One conversation with an alias: its thread, its parameters, and the answer that streams in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bodhi.cli.assignments import read_value
from bodhi.cli.server_client import Server, error_from
from bodhi.errors import EngineProtocol
from bodhi.gateway.sse import DONE, EventCutter, parse
from bodhi.params.parameter import Section
from bodhi.params.registry import find
from bodhi.params.values import Json, JsonObject

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from bodhi.aliases.surgery import Path as ValuePath

_CHUNK = 65_536


@dataclass(slots=True)
class Conversation:
    """What is sent with every message. ``messages`` is the thread, without the system prompt."""

    alias: str
    system: str | None = None
    params: JsonObject = field(default_factory=dict)
    messages: list[Json] = field(default_factory=list)

    def request(self) -> JsonObject:
        """The body of the next request."""
        system: list[Json] = []
        if self.system is not None:
            system = [{"role": "system", "content": self.system}]
        return {
            **self.params,
            "model": self.alias,
            "messages": [*system, *self.messages],
            "stream": True,
        }

    def set(self, name: str, text: str) -> None:
        """Give a request parameter a value for this conversation; raises ParameterInvalid."""
        row, negated = find(name, Section.REQUEST, f"/{name}")
        value = read_value(row, text, name)
        self.params[row.key] = not value if negated else value

    def unset(self, name: str) -> None:
        """Leave a request parameter to the alias again; raises ParameterInvalid."""
        row, _ = find(name, Section.REQUEST, f"/{name}")
        self.params.pop(row.key, None)

    def recipe_edits(self) -> dict[ValuePath, Json]:
        """What would make the alias answer everybody as it answers here."""
        edits: dict[ValuePath, Json] = {("request_params", k): v for k, v in self.params.items()}
        if self.system is not None:
            edits["request_params", "system_prompt"] = self.system
        return edits


@dataclass(slots=True)
class Answer:
    """What has come so far; complete once ``receive`` has returned."""

    text: str = ""
    finish_reason: str | None = None
    tokens: int | None = None
    tokens_per_s: float | None = None
    changed: str | None = None
    dropped: str | None = None


def receive(
    server: Server,
    request: JsonObject,
    answer: Answer,
    *,
    show: Callable[[str], None],
    show_reasoning: Callable[[str], None],
) -> None:
    """Stream the answer to ``request`` into ``answer``, showing each piece as it comes.

    Raises the error that the server sent, before or within the stream.
    """
    with server.ask("POST", "/v1/chat/completions", request) as response:
        answer.changed = response.headers.get("x-bodhi-changed")
        answer.dropped = response.headers.get("x-bodhi-dropped")
        for event in _events(response):
            delta = _take(event, answer)
            if isinstance(reasoning := delta.get("reasoning_content"), str):
                show_reasoning(reasoning)
            if isinstance(text := delta.get("content"), str):
                answer.text += text
                show(text)


def _events(response: HTTPResponse) -> Iterator[JsonObject]:
    cutter = EventCutter()
    while chunk := response.read1(_CHUNK):
        for payload in cutter.feed(chunk):
            if payload == DONE:
                return
            event = parse(payload)
            if event.get("error") is not None:
                raise error_from(event, response.status)
            yield event
    raise EngineProtocol("The server broke off its answer.", remedy="Its own output says why.")


def _take(event: JsonObject, answer: Answer) -> JsonObject:
    """Keep what an event says about the whole answer, and return what it adds to it."""
    if isinstance(timings := event.get("timings"), dict):
        tokens, speed = timings.get("predicted_n"), timings.get("predicted_per_second")
        answer.tokens = tokens if isinstance(tokens, int) else None
        answer.tokens_per_s = float(speed) if isinstance(speed, int | float) else None
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return {}
    if isinstance(reason := choice.get("finish_reason"), str):
        answer.finish_reason = reason
    delta = choice.get("delta")
    return delta if isinstance(delta, dict) else {}
