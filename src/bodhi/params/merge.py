"""Lays an alias's request parameters under, over and around what the caller sent. Pure.

The ladder, highest first: alias enforce or clamp; the request; the alias's default; the model
file's ``general.sampling.*`` (applied by llama.cpp itself); Bodhi's default (``max_tokens`` never
beyond the context); the engine's default. One function serves the data plane, trials and explain,
and every change it makes is reported.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, cast

from bodhi.params.check import check_value
from bodhi.params.parameter import Applies, Section
from bodhi.params.registry import PARAMETERS, SPELLINGS
from bodhi.params.spelling import check_policy
from bodhi.params.values import NUMBER, Json, JsonObject


class Layer(StrEnum):
    """Where an effective value comes from."""

    ENFORCED = "alias enforce"
    CLAMPED = "alias clamp"
    REQUEST = "request"
    ALIAS = "alias default"
    MODEL = "model file"
    BODHI = "bodhi default"
    ENGINE = "engine default"


class Change(NamedTuple):  # because making some is on every request's way
    """One parameter that differs from what the caller sent (``asked`` is None for nothing)."""

    key: str
    asked: Json
    used: Json
    layer: Layer

    @property
    def overrules(self) -> bool:
        """Whether the caller gets something else than asked for, or than nothing would give."""
        return self.asked is not None or self.layer in (Layer.ENFORCED, Layer.CLAMPED)


@dataclass(frozen=True)
class RequestRecipe:
    """The request half of an alias, ready to be merged many times.

    ``context`` is the number of tokens one request has, the upper bound of ``max_tokens``; None
    where it is not known, and nothing bounds it.
    ``unset`` is what the model file says where nobody else does, by registry key.
    """

    defaults: Mapping[str, Json]
    enforced: Mapping[str, Json]
    clamps: Mapping[str, tuple[float, float]]
    context: int | None
    unset: Mapping[str, Json] = field(default_factory=dict)

    @cached_property
    def alone(self) -> "Merged":
        """What becomes of a request that sets nothing, as most do not. Not to be changed."""
        return _merge(self, {}, [])


@dataclass(slots=True)
class Merged:
    """The parameters to send, what was changed, and the fields that were dropped by name.

    ``asked`` is what the caller sent: checked, under registry keys. ``overruled`` are the keys of
    the changes that overrule it.
    """

    params: JsonObject
    changes: list[Change] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    asked: JsonObject = field(default_factory=dict)
    overruled: tuple[str, ...] = ()


def request_recipe(
    request_params: Mapping[str, Json],
    request_policy: Mapping[str, Json],
    context_params: Mapping[str, Json],
    context: int | None,
    sampling: Mapping[str, Json] | None = None,
) -> RequestRecipe:
    """Sort an alias's checked parameters by policy.

    ``sampling`` is the model file's ``general.sampling.*``, under llama.cpp's names.
    ``n_predict`` and ``n_seed`` are the context parameters' words for ``max_tokens`` and
    ``seed``; they apply below those. Raises ParameterInvalid for an enforced parameter without
    a value.
    """
    defaults: dict[str, Json] = {}
    for key, name in (("n_predict", "max_tokens"), ("n_seed", "seed"), ("n_keep", "n_keep")):
        value = context_params.get(key)
        if value is not None and (key == "n_keep" or value != -1):
            defaults[name] = value
    defaults |= request_params
    check_policy(defaults, request_policy)
    enforced: dict[str, Json] = {}
    clamps: dict[str, tuple[float, float]] = {}
    for key, mode in request_policy.items():
        if mode == "enforce":
            enforced[key] = defaults.pop(key)
        elif isinstance(mode, dict):
            low, high = cast("list[float]", mode["clamp"])
            clamps[key] = (low, high)
    return RequestRecipe(defaults, enforced, clamps, context, by_key(sampling or {}))


# llama.cpp's names for the sampling defaults that a model file may carry, where ours are others.
_SAMPLING_KEYS = {
    "temp": "temperature",
    "penalty_last_n": "repeat_last_n",
    "penalty_repeat": "repeat_penalty",
}


def by_key(sampling: Mapping[str, Json]) -> dict[str, Json]:
    """A model file's ``general.sampling.*``, under registry keys."""
    return {_SAMPLING_KEYS.get(name, name): value for name, value in sampling.items()}


# What a caller may send beside the request section: llama.cpp's own names.
_CONTEXT_IN_BODY = {
    row.key: row
    for row in PARAMETERS.values()
    if row.section is Section.CONTEXT and row.applies is Applies.REQUEST and row.key != "n_seed"
}


def merge(body: Mapping[str, Json], recipe: RequestRecipe) -> Merged:
    """Merge the parameters in ``body`` (content fields already taken out) with the recipe.

    ``stop`` enforced is the union with the caller's, and ``system_prompt`` is left for the
    gateway to place. Raises ParameterInvalid for a value outside its range.
    """
    if body:
        return _merge(recipe, *read_body(body))
    return recipe.alone


def _merge(recipe: RequestRecipe, asked: JsonObject, dropped: list[str]) -> Merged:
    merged = Merged(dict(asked), dropped=dropped, asked=asked)
    for key, value in recipe.defaults.items():
        if key not in asked:
            _set(merged, key, None, value, Layer.ALIAS)
    for key, bounds in recipe.clamps.items():
        unset = recipe.unset.get(key, PARAMETERS[key].engine_default)
        if key == "max_tokens":
            unset = math.inf if recipe.context is None else recipe.context
        _clamp(merged, key, asked.get(key), unset, bounds)
        if recipe.context is None and key not in merged.params and unset is not None:
            # What a remote takes for nothing is not known: it is told.
            _set(merged, key, None, unset, Layer.CLAMPED)
    for key, value in recipe.enforced.items():
        used = union(value, asked.get(key)) if key == "stop" else value
        if key not in asked or asked[key] != used:
            _set(merged, key, asked.get(key), used, Layer.ENFORCED)
    _bound_max_tokens(merged, asked.get("max_tokens"), recipe.context)
    merged.overruled = tuple(change.key for change in merged.changes if change.overrules)
    return merged


def read_body(body: Mapping[str, Json]) -> tuple[JsonObject, list[str]]:
    """Checked parameters by key, and the names of fields that are nobody's. Null is absent."""
    asked: JsonObject = {}
    dropped: list[str] = []
    table = SPELLINGS[Section.REQUEST]
    for name, value in body.items():
        hit = table.get(name)
        row = hit[0] if hit else _CONTEXT_IN_BODY.get(name)
        if row is None:
            dropped.append(name)
        # The newer of two names for one parameter wins, as it does in OpenAI's own API.
        elif value is not None and (row.key not in asked or name == "max_completion_tokens"):
            asked[row.key] = check_value(row, value, f"/{name}")
    predict = asked.pop("n_predict", None)
    if predict is not None and predict != -1:
        asked.setdefault("max_tokens", predict)
    return asked, dropped


def _set(merged: Merged, key: str, asked: Json, used: Json, layer: Layer) -> None:
    merged.params[key] = used
    merged.changes.append(Change(key, asked, used, layer))


def _clamp(merged: Merged, key: str, asked: Json, unset: Json, bounds: tuple[float, float]) -> None:
    """Hold the value inside the bounds; also what an unset one would be, where that is outside."""
    value = merged.params.get(key, unset)
    if not isinstance(value, NUMBER) or isinstance(value, bool):
        return
    used = min(max(value, bounds[0]), bounds[1])
    if used != value:
        _set(merged, key, asked, used, Layer.CLAMPED)


def union(enforced: Json, asked: Json) -> Json:
    """The stop sequences of an enforcing alias, and those of the caller that are others."""
    assert isinstance(enforced, list)  # noqa: S101 - the registry checked it
    if not isinstance(asked, list):
        return enforced
    return [*enforced, *(item for item in asked if item not in enforced)]


def _bound_max_tokens(merged: Merged, asked: Json, context: int | None) -> None:
    """Without a bound the engine goes on to the end of its context: that is the bound."""
    if context is None:
        return
    value = merged.params.get("max_tokens")
    if not isinstance(value, int) or not 0 < value <= context:
        _set(merged, "max_tokens", asked, context, Layer.BODHI)
