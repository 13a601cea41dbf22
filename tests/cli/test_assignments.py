"""``key=value`` finds its place by the registry, under any spelling, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.cli.assignments import read_assignments, read_names, read_policies
from bodhi.errors import ParameterInvalid
from bodhi.params.registry import SPELLINGS


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("temp=0.2", ("request_params", "temperature"), 0.2),
        ("ctx-size=4096", ("context_params", "n_ctx"), 4096),
        ("seed=7", ("request_params", "seed"), 7),
        ("context_params.seed=7", ("context_params", "n_seed"), 7),
        ("tensor_split=1,2.5", ("context_params", "tensor_split"), [1, 2.5]),
        ("flash_attn=on", ("context_params", "flash_attn"), "on"),
        ("stop=a=b", ("request_params", "stop"), ["a=b"]),
        ('logit_bias={"5": -1}', ("request_params", "logit_bias"), {"5": -1}),
        ("chat_template=llama3", ("chat_template",), "llama3"),
        ("snapshot=1234567", ("snapshot",), "1234567"),
    ],
)
def test_a_parameter_is_routed_and_its_value_is_read(
    text: str, path: tuple[str, ...], value: object
) -> None:
    assert read_assignments([text]) == {path: value}


def test_a_spelling_of_the_opposite_turns_the_value_around() -> None:
    plain = read_assignments(["cont-batching=true"])
    assert read_assignments(["no-cont-batching=false"]) == plain


@pytest.mark.parametrize(
    "text", ["temperature", "=1", "temperature=9", "temperature=warm", "n_ctx=NaN", "alias=x"]
)
def test_what_is_no_assignment_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid):
        read_assignments([text])


@pytest.mark.parametrize(
    ("name", "near"), [("temprature", "temperature"), ("ctx_sise", "ctx_size")]
)
def test_an_unknown_name_is_answered_with_the_nearest_of_both_sections(
    name: str, near: str
) -> None:
    with pytest.raises(ParameterInvalid) as refused:
        read_assignments([f"{name}=1"])
    assert refused.value.remedy == f"Did you mean {near}?"


def test_one_parameter_under_two_names_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="twice"):
        read_assignments(["temp=1", "temperature=1"])
    with pytest.raises(ParameterInvalid, match="twice"):
        read_policies(["temp"], [], ["temperature=0,1"])


@given(st.sampled_from([name for section in SPELLINGS.values() for name in section]))
def test_every_spelling_of_the_registry_has_one_place(name: str) -> None:
    (path,) = read_names([name])
    assert read_names([name.replace("_", "-")]) == {path: None}
    assert path == read_names([f"{path[0]}.{path[1]}"]).popitem()[0]


def test_policies_are_read_from_their_options() -> None:
    assert read_policies(["temp"], ["top_k"], ["top_p=0.1,0.9"]) == {
        ("request_policy", "temperature"): "enforce",
        ("request_policy", "top_k"): None,
        ("request_policy", "top_p"): {"clamp": [0.1, 0.9]},
    }


@pytest.mark.parametrize("text", ["top_p=0.1", "top_p=a,b", "top_p", "n_ctx=1,2"])
def test_a_clamp_without_two_ends_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid):
        read_policies([], [], [text])
