"""Puts a stream of chunks together into the one object a non-streaming caller expects. Pure.

The engine is always asked for a stream, because only then does it notice at once that a caller
has gone. Text and lists are appended, everything else is replaced by what came last.
"""

from typing import cast

from bodhi.params.values import Json, JsonObject

# The chunk's word for itself -> the whole answer's.
_WHOLE = {"chat.completion.chunk": "chat.completion", "text_completion": "text_completion"}


class Assembly:
    """Feeds on parsed chunks; ``whole`` gives the answer."""

    def __init__(self) -> None:
        self._top: JsonObject = {}
        self._choices: dict[int, JsonObject] = {}

    def add(self, chunk: JsonObject) -> None:
        """Take one chunk in; it is used up."""
        choices = chunk.pop("choices", None)
        if isinstance(choices, list):
            for choice in choices:
                self._add_choice(cast("JsonObject", choice))
        if None in chunk.values():
            chunk = {key: value for key, value in chunk.items() if value is not None}
        self._top.update(chunk)

    def whole(self) -> JsonObject:
        """The answer so far as one object, its choices in order of their index."""
        answer = dict(self._top)
        kind = answer.get("object")
        answer["object"] = _WHOLE.get(kind, kind) if isinstance(kind, str) else kind
        answer["choices"] = [self._finish(self._choices[i]) for i in sorted(self._choices)]
        return answer

    def _add_choice(self, choice: JsonObject) -> None:
        index = choice.get("index", 0)
        target = self._choices.get(index)  # type: ignore[arg-type]
        if target is None:
            target = self._choices[cast("int", index)] = {"index": index, "finish_reason": None}
        for key, value in choice.items():
            if key == "delta":
                _merge_delta(target, value)
            elif key == "text":
                _append_text(target, key, value)
            elif key == "logprobs":
                _merge_lists(target, key, value)
            elif value is not None:
                target[key] = value

    @staticmethod
    def _finish(choice: JsonObject) -> JsonObject:
        """Join collected text; a message always has a role and content, as OpenAI's do."""
        done: JsonObject = {k: _joined(v) for k, v in choice.items()}
        if "message" in done:
            parts = cast("JsonObject", done["message"])
            message: JsonObject = {k: _joined(v) for k, v in parts.items()}
            calls = cast("list[JsonObject]", message.get("tool_calls") or [])
            for call in calls:
                call.pop("index", None)
            message["role"] = message.get("role") or "assistant"
            message["content"] = message.get("content") or (None if calls else "")
            done["message"] = message
        done.setdefault("logprobs", None)
        return done


class _Text(list[str]):
    """Pieces of a text, joined once at the end: appending to a string copies it each time."""


def _joined(value: object) -> Json:
    return "".join(value) if isinstance(value, _Text) else cast("Json", value)


def _append_text(target: JsonObject, key: str, value: Json) -> None:
    if isinstance(value, str):
        pieces = target.get(key)
        if isinstance(pieces, _Text):
            pieces.append(value)
        else:
            target[key] = cast("Json", _Text([value]))


def _merge_delta(target: JsonObject, delta: Json) -> None:
    message = target.get("message")
    if not isinstance(message, dict):
        message = target["message"] = {}
    if not isinstance(delta, dict):
        return
    for key, value in delta.items():
        if key == "tool_calls":
            _merge_calls(message, cast("list[JsonObject]", value or []))
        elif key == "role":
            message[key] = value
        else:
            _append_text(message, key, value)


def _merge_calls(message: JsonObject, calls: list[JsonObject]) -> None:
    known = cast("list[JsonObject]", message.setdefault("tool_calls", []))
    for call in calls:
        index = call.get("index", 0)
        target = next((c for c in known if c.get("index") == index), None)
        if target is None:
            target = {"index": index, "function": {}}
            known.append(target)
        for key, value in call.items():
            if key == "function":
                function = cast("JsonObject", target["function"])
                for part, text in cast("JsonObject", value).items():
                    function[part] = str(function.get(part, "")) + str(text or "")
            elif value is not None:
                target[key] = value


def _merge_lists(target: JsonObject, key: str, value: Json) -> None:
    if not isinstance(value, dict):
        return
    merged = cast("JsonObject", target.setdefault(key, {}))
    for name, items in value.items():
        if isinstance(items, list):
            cast("list[Json]", merged.setdefault(name, [])).extend(items)
        else:
            merged[name] = items
