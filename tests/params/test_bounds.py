"""Bounds: of several ends the nearest, each with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.params.bounds import Bound, Circumstances, bounds
from bodhi.params.check import check_value
from bodhi.params.engine_options import engine_options
from bodhi.params.parameter import Kind
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

LLAMA = Circumstances(trained_context=8192, layers=32, cores=4)
NUMBERS = [row for row in PARAMETERS.values() if row.kind in (Kind.INTEGER, Kind.NUMBER)]


def high(key: str, known: Circumstances = LLAMA) -> str:
    return str(bounds(PARAMETERS[key], known).high)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("n_ctx", "8,192: trained context"),
        ("max_tokens", "8,192: context size of one request"),
        ("repeat_last_n", "8,192: context size of one request"),
        ("n_threads", "4: cores of this machine"),
        ("gpu_layers", "33: layers of the model, and its output"),
        ("n_cpu_moe", "32: layers of the model"),
        ("ubatch_size", "2,048: batch size"),
        ("n_parallel", "256: the highest that is taken"),
        ("temperature", "2: the highest that is taken"),
    ],
)
def test_each_bound_has_its_reason(key: str, wanted: str) -> None:
    assert high(key) == wanted


def test_the_aliass_own_context_and_slots_bound_what_one_request_has() -> None:
    own = Circumstances(trained_context=8192, context_params={"n_ctx": 4096, "n_parallel": 4})
    assert high("max_tokens", own) == "1,024: context size of one request"
    assert high("n_parallel", own) == "128: slots of 32 tokens in the context"
    small = Circumstances(context_params={"n_ctx": 512, "n_parallel": 64})  # would not start
    assert high("max_tokens", small) == "10,000,000: the highest that is taken"
    assert high("ubatch_size", Circumstances(context_params={"batch_size": 64})).startswith("64:")


def test_where_nothing_is_known_the_rows_own_range_bounds() -> None:
    for row in NUMBERS:
        found = bounds(row, Circumstances(context_params={"batch_size": 65_536}))
        assert found.low == Bound(row.low or 0, "the lowest that is taken", True)
        assert found.high == Bound(row.high or 0, "the highest that is taken", True)


def test_what_the_engine_does_not_take_says_why() -> None:
    known = Circumstances(unsupported={"device": "It has no devices."})
    assert bounds(PARAMETERS["device"], known).unsupported == "It has no devices."
    assert bounds(PARAMETERS["device"], LLAMA).unsupported is None


_KNOWN = st.builds(
    Circumstances,
    trained_context=st.none() | st.integers(1, 10**9),
    layers=st.none() | st.integers(0, 10**6),
    cores=st.none() | st.integers(1, 1000),
    context_params=st.fixed_dictionaries(
        {},
        optional={
            "n_ctx": st.integers(32, 10_000_000),
            "n_parallel": st.integers(1, 256),
            "batch_size": st.integers(32, 65_536),
        },
    ),
)


@given(st.sampled_from(NUMBERS), _KNOWN)
def test_bounds_lie_within_the_range_and_are_taken_themselves(
    row: object, known: Circumstances
) -> None:
    from bodhi.params.parameter import Parameter

    assert isinstance(row, Parameter)
    found = bounds(row, known)
    assert found.low is not None
    assert found.high is not None
    assert found.low.value <= found.high.value
    for bound in (found.low, found.high):
        assert bound.reason
        value: Json = int(bound.value) if row.kind is Kind.INTEGER else bound.value
        check_value(row, value, "/x")


@given(_KNOWN)
def test_the_most_tokens_are_what_serving_would_give(known: Circumstances) -> None:
    found = bounds(PARAMETERS["max_tokens"], known).high
    assert found is not None
    if not found.is_limit:
        made = engine_options(known.context_params, trained_context=known.trained_context, cores=1)
        assert found.value == made.context_per_slot
