"""Checks of the content fields of a request: messages, prompt, tools and their like. Pure.

Each check takes the field's value (None where it is null or absent) and its JSON pointer, and
returns what goes to the engine (None: nothing) or raises with the pointer of the very part that is
wrong.
"""

from collections.abc import Callable

from bodhi.errors import ParameterInvalid, UnsupportedByEngine
from bodhi.params.values import Json

Check = Callable[[Json, str], Json]

_ROLES = ("system", "developer", "user", "assistant", "tool")
_PLAIN_ROLES = ("user", "assistant", "system", "tool")
_MOST_CHOICES = 8
_MOST_TOOLS = 512
_LONGEST_GRAMMAR = 65_536


def messages(value: Json, pointer: str) -> Json:
    """A conversation in OpenAI's shape. ``developer`` is the newer word for ``system``."""
    if not isinstance(value, list) or not value:
        raise ParameterInvalid("messages must be a list of at least one message.", pointer=pointer)
    return [
        item if _is_plain(item) else _message(item, f"{pointer}/{index}")
        for index, item in enumerate(value)
    ]


def _is_plain(message: Json) -> bool:
    """Whether nothing can be wrong with it: a role and a text and no more, as most have."""
    return (
        isinstance(message, dict)
        and len(message) == 2
        and isinstance(message.get("content"), str)
        and message.get("role") in _PLAIN_ROLES
    )


def _message(value: Json, pointer: str) -> Json:
    if not isinstance(value, dict):
        raise ParameterInvalid("A message must be an object.", pointer=pointer)
    role = value.get("role")
    if role not in _ROLES:
        raise ParameterInvalid(
            f"The role of a message must be one of {', '.join(_ROLES)}.", pointer=f"{pointer}/role"
        )
    _content(value, role, f"{pointer}/content")
    _calls(value.get("tool_calls"), f"{pointer}/tool_calls")
    return {**value, "role": "system"} if role == "developer" else value


def _content(message: dict[str, Json], role: Json, pointer: str) -> None:
    content = message.get("content")
    if isinstance(content, str):
        return
    if isinstance(content, list) and content:
        for index, part in enumerate(content):
            _part(part, f"{pointer}/{index}")
        return
    if content is None and role == "assistant" and message.get("tool_calls"):
        return
    raise ParameterInvalid("content must be a text or a list of parts.", pointer=pointer)


def _part(part: Json, pointer: str) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "text" and isinstance(part, dict) and isinstance(part.get("text"), str):
        return
    if kind in ("image_url", "input_audio", "file", "video_url"):
        # Also what keeps an engine from fetching addresses that a request names.
        raise UnsupportedByEngine(
            f"This alias reads text only; {kind} cannot be used.", pointer=pointer
        )
    raise ParameterInvalid('A part must be {"type": "text", "text": …}.', pointer=pointer)


def _calls(calls: Json, pointer: str) -> None:
    if calls is None:
        return
    if not isinstance(calls, list):
        raise ParameterInvalid("tool_calls must be a list.", pointer=pointer)
    for index, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        if not (
            isinstance(function, dict)
            and isinstance(function.get("name"), str)
            and isinstance(function.get("arguments"), str)
        ):
            raise ParameterInvalid(
                "A tool call needs a function with name and arguments, both texts.",
                pointer=f"{pointer}/{index}",
            )


def prompt(value: Json, pointer: str) -> Json:
    """A text, a list of token ids, or a list that holds one of these."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str | list):
        value = value[0]
    if isinstance(value, str) or (isinstance(value, list) and value and _all_tokens(value)):
        return value
    if isinstance(value, list) and len(value) > 1 and not _all_tokens(value):
        raise UnsupportedByEngine(
            "One request completes one prompt.", pointer=pointer, remedy="Send one request each."
        )
    raise ParameterInvalid("prompt must be a text or a list of token ids.", pointer=pointer)


def _all_tokens(value: list[Json]) -> bool:
    return all(isinstance(token, int) and not isinstance(token, bool) for token in value)


def embedding_input(value: Json, pointer: str) -> Json:
    """A text, a list of texts, a list of token ids, or a list of such lists."""
    items: list[Json] = value if isinstance(value, list) else [value]
    if items and (
        _all_tokens(items)
        or all(isinstance(item, str) and item for item in items)
        or all(isinstance(item, list) and item and _all_tokens(item) for item in items)
    ):
        return value
    raise ParameterInvalid("input must be a text or a list of texts.", pointer=pointer)


def tools(value: Json, pointer: str) -> Json:
    """A list of function tools."""
    if value is None or value == []:
        return None
    if not isinstance(value, list) or len(value) > _MOST_TOOLS:
        raise ParameterInvalid(f"tools must be a list of at most {_MOST_TOOLS}.", pointer=pointer)
    for index, tool in enumerate(value):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            raise ParameterInvalid(
                'A tool must be {"type": "function", "function": {"name": …}}.',
                pointer=f"{pointer}/{index}",
            )
        if not isinstance(function.get("parameters", {}), dict):
            raise ParameterInvalid(
                "The parameters of a tool must be a JSON schema.",
                pointer=f"{pointer}/{index}/function/parameters",
            )
    return value


def tool_choice(value: Json, pointer: str) -> Json:
    """``none``, ``auto``, ``required`` or one function by name."""
    if value is None or value in ("none", "auto", "required") or isinstance(value, dict):
        return value
    raise ParameterInvalid("tool_choice must be none, auto, required or a tool.", pointer=pointer)


def flag(value: Json, pointer: str) -> Json:
    """True or false."""
    if value is None or isinstance(value, bool):
        return value
    raise ParameterInvalid(f"{pointer[1:]} must be true or false.", pointer=pointer)


def choices(value: Json, pointer: str) -> Json:
    """How many answers are wanted; one needs no mention."""
    count = _whole(value, pointer, 1, _MOST_CHOICES)
    return None if count == 1 else count


def top_logprobs(value: Json, pointer: str) -> Json:
    """How many likeliest tokens are reported beside each one."""
    return _whole(value, pointer, 0, 20)


def grammar(value: Json, pointer: str) -> Json:
    """A GBNF grammar, llama.cpp's own field."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_GRAMMAR:
        raise ParameterInvalid(
            f"grammar must be a text of at most {_LONGEST_GRAMMAR:,} characters.", pointer=pointer
        )
    return value


def encoding_format(value: Json, pointer: str) -> Json:
    """How vectors are written: ``float`` or ``base64``."""
    if value in (None, "float", "base64"):
        return value
    raise ParameterInvalid("encoding_format must be float or base64.", pointer=pointer)


def unsupported(value: Json, pointer: str) -> Json:
    """A field that OpenAI's API has and this engine cannot do; its empty values mean nothing."""
    if value in (None, False, "", 1):
        return None
    raise UnsupportedByEngine(f"This engine has no {pointer[1:]}.", pointer=pointer)


def _whole(value: Json, pointer: str, low: int, high: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ParameterInvalid(
            f"{pointer[1:]} must be an integer from {low} to {high}.", pointer=pointer
        )
    return value
