"""Three small conversations that a chat template is tried with. Pure data."""

from collections.abc import Mapping

from bodhi.params.values import Json, JsonObject

_PLAIN: list[JsonObject] = [
    {"role": "user", "content": "What is the capital of France?"},
    {"role": "assistant", "content": "Paris."},
    {"role": "user", "content": "And of Italy?"},
]
_ASKED: JsonObject = {"role": "user", "content": "What is the weather in Rome?"}
_CALL: JsonObject = {
    "id": "call00001",
    "type": "function",
    "function": {"name": "get_weather", "arguments": {"city": "Rome"}},
}

SAMPLES: Mapping[str, list[JsonObject]] = {
    "plain": _PLAIN,
    "system": [{"role": "system", "content": "Answer in one word."}, *_PLAIN],
    "tools": [
        _ASKED,
        {"role": "assistant", "content": "", "tool_calls": [_CALL]},
        {"role": "tool", "tool_call_id": "call00001", "name": "get_weather", "content": "Sunny"},
    ],
}

TOOLS: list[Json] = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Tells the weather in a city.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "The city."}},
                "required": ["city"],
            },
        },
    }
]
