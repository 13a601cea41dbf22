"""What an engine is started with: Bodhi's defaults in, empty words out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import ParameterInvalid
from bodhi.params.engine_options import DEFAULT_CONTEXT, engine_options
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject


def options(params: JsonObject, trained: int | None = 131_072, cores: int = 4) -> JsonObject:
    return dict(engine_options(params, trained_context=trained, cores=cores).reload)


def test_a_model_with_a_huge_context_gets_a_bounded_one_unless_told_otherwise() -> None:
    assert options({})["n_ctx"] == DEFAULT_CONTEXT
    assert options({}, trained=2048)["n_ctx"] == 2048
    assert options({}, trained=None)["n_ctx"] == DEFAULT_CONTEXT
    assert options({"n_ctx": 0})["n_ctx"] == 131_072
    assert options({"n_ctx": 65_536})["n_ctx"] == 65_536


def test_saying_a_default_is_the_same_as_saying_nothing() -> None:
    said: JsonObject = {
        key: row.engine_default
        for key, row in PARAMETERS.items()
        if row.applies == "reload" and row.engine_default is not None
    }
    said |= {"n_ctx": DEFAULT_CONTEXT, "n_parallel": 1, "n_threads": 4, "cache_ram": 256}
    assert options(said) == options({})


def test_parameters_that_travel_with_a_request_start_no_other_engine() -> None:
    assert options({"n_keep": 24, "n_predict": 9, "n_seed": 1}) == options({})


def test_the_context_is_shared_among_the_slots() -> None:
    built = engine_options({"n_ctx": 4096, "n_parallel": 4}, trained_context=None, cores=1)
    assert built.context_per_slot == 1024
    unified = engine_options(
        {"n_ctx": 4096, "n_parallel": 4, "kv_unified": True}, trained_context=2048, cores=1
    )
    assert unified.context_per_slot == 2048


def test_a_context_that_leaves_a_slot_with_nothing_is_refused() -> None:
    with pytest.raises(ParameterInvalid) as refused:
        options({"n_ctx": 512, "n_parallel": 64})
    assert refused.value.pointer == "/context_params/n_ctx"


@given(st.sampled_from([-1, 0, None]), st.integers(1, 64))
def test_automatic_threads_are_the_cores_of_the_machine(threads: Json, cores: int) -> None:
    params: JsonObject = {} if threads is None else {"n_threads": threads}
    assert options(params, cores=cores)["n_threads"] == cores
