"""The ladder of values: enforce and clamp, the request, the alias's default, Bodhi's bound."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import ParameterInvalid
from bodhi.params.merge import Change, Layer, RequestRecipe, merge, request_recipe
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject


def recipe(
    params: JsonObject | None = None,
    policy: JsonObject | None = None,
    context_params: JsonObject | None = None,
    context: int = 4096,
) -> RequestRecipe:
    return request_recipe(params or {}, policy or {}, context_params or {}, context)


def test_a_default_fills_what_the_caller_left_out_or_sent_as_null() -> None:
    aliased = recipe({"temperature": 0.2})
    assert merge({}, aliased).params["temperature"] == 0.2
    assert merge({"temperature": None}, aliased).params["temperature"] == 0.2
    assert merge({"temperature": 1.0}, aliased).params["temperature"] == 1.0


def test_an_enforced_value_beats_the_callers_and_the_change_is_reported() -> None:
    merged = merge({"temperature": 1.5}, recipe({"temperature": 0.2}, {"temperature": "enforce"}))
    assert merged.params["temperature"] == 0.2
    assert Change("temperature", 1.5, 0.2, Layer.ENFORCED) in merged.changes


def test_a_clamp_holds_the_callers_value_and_the_engines_own_default() -> None:
    clamped = recipe({}, {"top_p": {"clamp": [0.1, 0.9]}})
    assert merge({"top_p": 1.0}, clamped).params["top_p"] == 0.9
    assert merge({"top_p": 0.5}, clamped).params["top_p"] == 0.5
    # llama.cpp's default of 0.95 lies outside, so silence is not enough.
    assert merge({}, clamped).params["top_p"] == 0.9


def test_the_callers_stop_replaces_a_default_and_joins_an_enforced_one() -> None:
    params: JsonObject = {"stop": ["<a>"]}
    assert merge({"stop": "<b>"}, recipe(params)).params["stop"] == ["<b>"]
    enforced = recipe(params, {"stop": "enforce"})
    assert merge({"stop": ["<b>", "<a>"]}, enforced).params["stop"] == ["<a>", "<b>"]
    assert merge({}, enforced).params["stop"] == ["<a>"]


def test_both_names_of_max_tokens_are_one_parameter_and_the_newer_wins() -> None:
    merged = merge({"max_tokens": 10, "max_completion_tokens": 20}, recipe({"max_tokens": 5}))
    assert merged.params["max_tokens"] == 20
    assert "max_completion_tokens" not in merged.params


@pytest.mark.parametrize(("asked", "used"), [(None, 4096), (10**6, 4096), (4096, 4096), (7, 7)])
def test_max_tokens_never_exceeds_the_context(asked: Json, used: int) -> None:
    assert merge({"max_tokens": asked}, recipe()).params["max_tokens"] == used


def test_context_parameters_that_travel_with_a_request_apply_below_the_request_parameters() -> None:
    context_params: JsonObject = {"n_predict": 100, "n_seed": 7, "n_keep": 24}
    params = merge({}, recipe(context_params=context_params)).params
    assert (params["max_tokens"], params["seed"], params["n_keep"]) == (100, 7, 24)
    over = merge({}, recipe({"max_tokens": 9, "seed": 8}, context_params=context_params)).params
    assert (over["max_tokens"], over["seed"]) == (9, 8)


def test_unlimited_prediction_is_still_bounded_by_the_context() -> None:
    assert merge({}, recipe(context_params={"n_predict": -1})).params["max_tokens"] == 4096
    assert merge({"n_predict": -1}, recipe()).params["max_tokens"] == 4096


def test_fields_that_are_nobodys_are_dropped_by_name() -> None:
    merged = merge({"id_slot": 3, "n_discard": -5, "store": True, "temperature": 1}, recipe())
    assert merged.dropped == ["id_slot", "n_discard", "store"]
    assert set(merged.params) == {"temperature", "max_tokens"}


def test_an_enforced_parameter_without_a_value_is_refused() -> None:
    with pytest.raises(ParameterInvalid) as refused:
        recipe({}, {"temperature": "enforce"})
    assert refused.value.pointer == "/request_policy/temperature"


_KEYS = (
    "temperature",
    "top_p",
    "top_k",
    "presence_penalty",
    "max_tokens",
    "seed",
    "repeat_penalty",
)


def _value(key: str) -> st.SearchStrategy[Json]:
    row = PARAMETERS[key]
    assert row.low is not None
    assert row.high is not None
    if row.kind == "integer":
        return st.integers(int(row.low), min(int(row.high), 10_000))
    return st.floats(row.low, row.high)


_PARAMS = st.fixed_dictionaries({}, optional={key: _value(key) for key in _KEYS})


@st.composite
def _recipes(draw: st.DrawFn) -> RequestRecipe:
    params = draw(_PARAMS)
    policy: JsonObject = {}
    for key in _KEYS:
        mode = draw(st.sampled_from(["unset", "default", "enforce", "clamp"]))
        if mode == "enforce" and key in params:
            policy[key] = "enforce"
        elif mode == "clamp":
            bounds = sorted(cast("list[float]", [draw(_value(key)), draw(_value(key))]))
            policy[key] = {"clamp": cast("list[Json]", bounds)}
    return request_recipe(params, policy, {}, draw(st.integers(32, 10_000)))


@given(_PARAMS, _recipes())
def test_merging_twice_changes_nothing_more(body: JsonObject, aliased: RequestRecipe) -> None:
    once = merge(body, aliased).params
    assert merge(once, aliased).params == once


@given(_PARAMS, _recipes())
def test_enforced_values_always_win_and_clamps_always_hold(
    body: JsonObject, aliased: RequestRecipe
) -> None:
    params = merge(body, aliased).params
    for key, value in aliased.enforced.items():
        assert params[key] == value or key == "max_tokens"
    for key, (low, high) in aliased.clamps.items():
        value = params.get(key)
        if isinstance(value, int | float) and key != "max_tokens":
            assert low <= value <= high


@given(_PARAMS, _recipes())
def test_every_difference_from_the_request_is_reported(
    body: JsonObject, aliased: RequestRecipe
) -> None:
    merged = merge(body, aliased)
    reported = {change.key: change.used for change in merged.changes}
    for key, value in merged.params.items():
        if key not in body or body[key] != value:
            assert reported[key] == value


@given(_PARAMS, _recipes())
def test_a_parameter_that_nobody_set_never_appears(
    body: JsonObject, aliased: RequestRecipe
) -> None:
    known = set(body) | set(aliased.defaults) | set(aliased.enforced) | set(aliased.clamps)
    assert set(merge(body, aliased).params) <= known | {"max_tokens"}


def test_a_clamp_holds_what_the_model_file_would_have_said() -> None:
    """llama.cpp applies the file's own sampling where nothing is sent: then it must be sent."""
    policy: JsonObject = {"temperature": {"clamp": [0.7, 1.0]}, "top_p": {"clamp": [0.1, 0.9]}}
    clamped = request_recipe({}, policy, {}, 4096, {"temp": 0.3, "top_p": 0.8})
    params = merge({}, clamped).params
    assert params["temperature"] == 0.7
    assert "top_p" not in params


def test_of_a_remote_nothing_is_known_so_nothing_is_bounded_and_clamps_are_always_told() -> None:
    policy: JsonObject = {"temperature": {"clamp": [0, 1]}, "max_tokens": {"clamp": [1, 100]}}
    remote = request_recipe({}, policy, {}, None)
    # llama.cpp's 0.8 lies within; what a server elsewhere would take for nothing is not known.
    assert merge({}, remote).params == {"temperature": 0.8, "max_tokens": 100}
    asked: JsonObject = {"temperature": 0.5, "max_tokens": 7}
    assert merge(asked, remote).params == asked
    assert merge({}, request_recipe({}, {}, {}, None)).params == {}
