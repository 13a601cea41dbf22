"""Explaining a value says what serving does: the same winner, and everything that it beat."""

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import ParameterInvalid
from bodhi.params.engine_options import engine_options
from bodhi.params.explain import Explained, Recipe, Rung, explain
from bodhi.params.merge import Layer, merge, request_recipe
from bodhi.params.parameter import Applies, Kind, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject


def explained(recipe: Recipe) -> Mapping[str, Explained]:
    return {one.row.key: one for one in explain(recipe)}


def ladder(recipe: Recipe, key: str) -> list[tuple[str, Json]]:
    return [(rung.layer.value, rung.value) for rung in explained(recipe)[key].ladder]


def test_every_parameter_is_explained_once_in_the_order_of_the_registry() -> None:
    assert [one.row.key for one in explain(Recipe())] == list(PARAMETERS)


def test_the_ladder_names_the_winner_first_and_then_what_it_beat() -> None:
    recipe = Recipe(request_params={"temperature": 0.2}, sampling={"temp": 0.6, "top_k": 20})
    assert ladder(recipe, "temperature") == [
        ("alias default", 0.2),
        ("model file", 0.6),
        ("engine default", 0.8),
    ]
    assert ladder(recipe, "top_k") == [("model file", 20), ("engine default", 40)]
    assert ladder(recipe, "min_p") == [("engine default", 0.05)]


def test_an_enforced_value_is_told_from_a_default() -> None:
    recipe = Recipe(request_params={"seed": 7}, request_policy={"seed": "enforce"})
    assert ladder(recipe, "seed") == [("alias enforce", 7), ("engine default", -1)]


def test_a_clamp_stands_on_top_only_where_it_moves_something() -> None:
    policy: JsonObject = {"top_p": {"clamp": [0.1, 0.9]}, "temperature": {"clamp": [0, 1]}}
    recipe = Recipe(request_policy=policy)
    assert ladder(recipe, "top_p") == [("alias clamp", 0.9), ("engine default", 0.95)]
    assert ladder(recipe, "temperature") == [("engine default", 0.8)]


def test_an_answer_is_bounded_by_the_context_whatever_the_alias_says() -> None:
    long = Recipe(context_params={"n_ctx": 512}, request_params={"max_tokens": 9000})
    assert ladder(long, "max_tokens") == [("bodhi default", 512), ("alias default", 9000)]
    short = Recipe(context_params={"n_ctx": 512, "n_predict": 64})
    assert ladder(short, "max_tokens") == [("alias default", 64), ("bodhi default", 512)]


def test_what_bodhi_says_to_engines_is_a_layer_of_its_own() -> None:
    recipe = Recipe(context_params={"n_ctx": 0}, trained_context=131_072, cores=6)
    assert ladder(recipe, "n_ctx") == [("alias default", 131_072), ("bodhi default", 8192)]
    assert ladder(recipe, "n_threads") == [("bodhi default", 6)]
    assert ladder(recipe, "cache_ram") == [("bodhi default", 256)]


def test_an_embedding_model_answers_embeddings_by_itself() -> None:
    assert ladder(Recipe(is_embedding_model=True), "embeddings")[0] == ("model file", True)
    told = Recipe(context_params={"embeddings": False}, is_embedding_model=True)
    assert ladder(told, "embeddings")[0] == ("alias default", False)


def test_where_nobody_says_anything_the_engine_decides() -> None:
    device = explained(Recipe())["device"]
    assert (device.value, device.layer, device.ladder) == (None, Layer.ENGINE, ())


def test_a_recipe_that_would_not_serve_is_not_explained() -> None:
    with pytest.raises(ParameterInvalid):
        explain(Recipe(context_params={"n_ctx": 64, "n_parallel": 32}))


# The law: what is explained is what merging and starting an engine do.

_NUMBERS = [
    row
    for row in PARAMETERS.values()
    if row.kind in (Kind.INTEGER, Kind.NUMBER) and row.section is Section.REQUEST
]


def _value(key: str, low: float, high: float) -> st.SearchStrategy[Json]:
    row = PARAMETERS[key]
    low, high = max(low, row.low or low), min(high, row.high if row.high is not None else high)
    if row.kind is Kind.INTEGER:
        return st.integers(int(low), int(high))
    return st.floats(low, high, allow_nan=False)


def _values(limit: float = 1000) -> st.SearchStrategy[JsonObject]:
    return st.fixed_dictionaries(
        {}, optional={row.key: _value(row.key, row.low or 0, limit) for row in _NUMBERS}
    )


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Recipes with defaults, enforced values, clamps, a model file's sampling and a context."""
    values, policy = draw(_values()), cast("JsonObject", {})
    for row in _NUMBERS:
        mode = draw(st.sampled_from(["default", "enforce", "clamp", "nothing"]))
        if mode == "enforce" and row.key in values:
            policy[row.key] = "enforce"
        elif mode == "clamp":
            ends = [draw(_value(row.key, row.low or 0, 1000)) for _ in range(2)]
            policy[row.key] = {"clamp": sorted(ends, key=lambda end: cast("float", end))}
    context: JsonObject = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "n_ctx": st.integers(64, 4096),
                "n_predict": st.integers(-1, 8192),
                "n_seed": st.integers(-1, 99),
                "n_parallel": st.just(1),
                "n_threads": st.sampled_from([-1, 0, 3]),
                "flash_attn": st.sampled_from(["on", "off", "auto"]),
            },
        )
    )
    sampling = draw(
        st.fixed_dictionaries(
            {}, optional={"temp": st.floats(0, 2), "top_p": st.floats(0, 1), "xtc": st.just(1)}
        )
    )
    return Recipe(
        context_params=context,
        request_params=values,
        request_policy=policy,
        sampling=cast("JsonObject", sampling),
        trained_context=draw(st.sampled_from([None, 2048])),
        cores=2,
    )


def disagreements(recipe: Recipe, said: Mapping[str, Explained]) -> list[str]:
    """Parameters of which the explanation is not what serving does with a silent caller."""
    options = engine_options(
        recipe.context_params, trained_context=recipe.trained_context, cores=recipe.cores
    )
    request = request_recipe(
        recipe.request_params,
        recipe.request_policy,
        recipe.context_params,
        options.context_per_slot,
        recipe.sampling,
    )
    sent = merge({}, request).params
    wrong = []
    for key, one in said.items():
        row = PARAMETERS[key]
        if row.section is Section.REQUEST:
            # What is not sent, llama.cpp takes from the model file, and else decides itself.
            silent = request.unset.get(key, row.engine_default)
            happens = sent.get(key, silent)
        elif row.applies is Applies.RELOAD:
            same_as_nothing = recipe.context_params.get(key, row.engine_default)
            happens = options.reload.get(key, same_as_nothing)
        else:
            happens = recipe.context_params.get(key, row.engine_default)
        if one.value != happens:
            wrong.append(f"{key}: explained {one.value}, is {happens}")
    return wrong


@given(recipes())
def test_what_is_explained_is_what_happens(recipe: Recipe) -> None:
    assert disagreements(recipe, explained(recipe)) == []


def test_an_explanation_that_forgets_a_layer_would_be_found() -> None:
    recipe = Recipe(request_params={"top_k": 3}, request_policy={"top_k": {"clamp": [5, 9]}})
    said = dict(explained(recipe))
    without = tuple(rung for rung in said["top_k"].ladder if rung.layer is not Layer.CLAMPED)
    said["top_k"] = Explained(said["top_k"].row, without)
    assert disagreements(recipe, said) == ["top_k: explained 3, is 5"]
    assert without == (Rung(Layer.ALIAS, 3), Rung(Layer.ENGINE, 40))


def test_of_a_remote_only_what_is_said_here_is_explained() -> None:
    recipe = Recipe(
        request_params={"top_k": 5},
        request_policy={
            "temperature": {"clamp": [0, 1]},
            "max_tokens": {"clamp": [1, 64]},
        },
        context_params={"n_keep": 9},
        is_remote=True,
    )
    told = explained(recipe)
    assert not [key for key, one in told.items() if one.row.applies is Applies.RELOAD]
    assert {key: one.ladder for key, one in told.items() if one.ladder} == {
        "temperature": (Rung(Layer.CLAMPED, 0.8),),
        "top_k": (Rung(Layer.ALIAS, 5),),
        "max_tokens": (Rung(Layer.CLAMPED, 64),),
        "n_keep": (Rung(Layer.ALIAS, 9),),
    }
