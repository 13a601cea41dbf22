"""Random recipes and requests, and what an explanation of them must agree with.

Values are drawn from all that the registry allows: ranges, values beside them, words, objects.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bodhi.params.explain import Explained
from bodhi.params.parameter import Applies, Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject

# Kept here, and never sent.
OURS = ("user", "system_prompt")
SAMPLING: JsonObject = {
    "temp": 0.6, "top_p": 0.9, "top_k": 20, "min_p": 0.1, "penalty_repeat": 1.1
}  # fmt: skip
# Folded into max_tokens and seed; see ``merge``.
_FOLDED = ("n_predict", "n_seed")
_OBJECTS: Mapping[str, tuple[Json, ...]] = {
    "logit_bias": ({"300": 5}, {"7": -1.5, "8": 2}),
    "response_format": ({"type": "json_object"}, {"type": "text"}),
    "chat_template_kwargs": ({"enable_thinking": False}, {"wish": "peace", "depth": 2}),
}
_WORDS: list[Json] = ["one", "two", "three"]
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "reasoning_effort": ("low", "high"),
    "device": ("CUDA0", "CUDA0,CUDA1"),
}


@dataclass(frozen=True)
class Recipe:
    """What an alias says."""

    context_params: JsonObject
    request_params: JsonObject
    request_policy: JsonObject


@dataclass(frozen=True)
class Said:
    """What an explanation says of one parameter."""

    key: str
    value: Json
    layer: str
    withheld: bool


def said_by(explained: Iterable[Explained]) -> list[Said]:
    return [Said(one.row.key, one.value, one.layer, one.is_withheld) for one in explained]


def said_in(shown: Iterable[Mapping[str, Any]]) -> list[Said]:
    """The same of the control plane's answer."""
    return [Said(one["key"], one["value"], one["layer"], one["withheld"]) for one in shown]


def random_value(row: Parameter, chance: random.Random) -> Json:
    """A value that an alias or a request may have."""
    low, high = row.low or 0, min(row.high if row.high is not None else 4096, 4096)
    beside: list[Json] = [*(special.value for special in row.specials), *row.words]
    if beside and chance.random() < 0.2:
        return chance.choice(beside)
    draw: Mapping[Kind, Callable[[], Json]] = {
        Kind.INTEGER: lambda: chance.randint(int(low), int(high)),
        Kind.NUMBER: lambda: round(chance.uniform(low, high), 3),
        Kind.BOOLEAN: lambda: chance.random() < 0.5,
        Kind.CHOICE: lambda: chance.choice(row.choices),
        Kind.TEXT: lambda: chance.choice(_TEXTS.get(row.key, ("a text", "another"))),
        Kind.TEXTS: lambda: chance.sample(_WORDS, chance.randint(int(low), len(_WORDS))),
        Kind.NUMBERS: lambda: [round(chance.uniform(0, 3), 2) for _ in range(chance.randint(0, 3))],
        Kind.OBJECT: lambda: chance.choice(_OBJECTS[row.key]),
    }
    return draw[row.kind]()


REQUEST, CONTEXT = (
    [
        row.key
        for row in PARAMETERS.values()
        # What a slot has left is a question of its own.
        if row.section is section and row.key not in ("n_ctx", "n_parallel")
    ]
    for section in (Section.REQUEST, Section.CONTEXT)
)


def some_of(keys: list[str], chance: random.Random, most: int = 6) -> JsonObject:
    chosen = chance.sample(keys, chance.randint(0, most))
    return {key: random_value(PARAMETERS[key], chance) for key in chosen}


def random_recipe(chance: random.Random) -> Recipe:
    values, policy = some_of(REQUEST, chance), cast("JsonObject", {})
    # Also of what has no value, and often of what has one.
    for key in chance.sample([*REQUEST, *values, *values], 6):
        row = PARAMETERS[key]
        if key in values and chance.random() < 0.5:
            policy[key] = "enforce"
        elif row.kind in (Kind.INTEGER, Kind.NUMBER):
            ends = [random_value(row, chance) for _ in range(2)]
            policy[key] = {"clamp": sorted(ends, key=lambda end: cast("float", end))}
    context = some_of(CONTEXT, chance)
    if chance.random() < 0.5:
        context["n_ctx"] = chance.choice([0, chance.randint(256, 4096)])
        context["n_parallel"] = chance.randint(1, 4)
    return Recipe(context, values, policy)


def random_request(recipe: Recipe, chance: random.Random) -> JsonObject:
    """A conversation, with parameters of which many are the recipe's, too."""
    messages: list[Json] = [{"role": "user", "content": "hi"}]
    if chance.random() < 0.5:
        messages.insert(0, {"role": "system", "content": "of the caller"})
    keys = [*REQUEST, "n_keep", *recipe.request_params, *recipe.request_policy]
    return {**some_of(keys, chance, most=10), "messages": messages}


def disagreements(
    said: Iterable[Said], body: Mapping[str, Json], started: Mapping[str, Json]
) -> list[str]:
    """Parameters that the engine got otherwise than explained.

    ``body`` is what it was sent. ``started`` is what it was started with, where that is not what
    it does by itself.
    """
    by_key = {one.key: one for one in said}
    wrong = [fault for one in by_key.values() for fault in _of_parameter(one, body, started)]
    return wrong + _of_system_prompt(by_key["system_prompt"], body)


def _of_parameter(
    one: Said, body: Mapping[str, Json], started: Mapping[str, Json]
) -> Iterable[str]:
    key, row = one.key, PARAMETERS[one.key]
    if row.applies is Applies.RELOAD:
        happened, expected = started.get(key, row.engine_default), one.value
        if key == "n_threads_batch" and key not in started:
            return  # the same as n_threads, whatever was written
    elif key in _FOLDED or (key in OURS and key not in body):
        return
    else:
        is_sent = one.layer not in ("model file", "engine default")
        happened, expected = body.get(key), one.value if is_sent else None
        if one.withheld and happened is not None:
            return
    if happened != expected:
        yield f"{key}: explained {expected}, the engine got {happened}"


def _of_system_prompt(system: Said, body: Mapping[str, Json]) -> list[str]:
    first = cast("list[dict[str, str]]", body["messages"])[0]
    sent = first["content"] if first["role"] == "system" else None
    is_told = system.withheld or sent == system.value or str(sent).startswith(f"{system.value}\n")
    if is_told or (system.value is None and sent == "of the caller"):
        return []
    return [f"system_prompt: explained {system.value}, the engine got {sent}"]
