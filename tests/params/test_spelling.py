"""Every published shape of parameters reads as the same keys and values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS, SPELLINGS
from bodhi.params.spelling import (
    load_mode_of,
    read_context_params,
    read_request_params,
    read_request_policy,
)
from bodhi.params.values import Json, JsonObject

SEED_NAMES = {
    Section.REQUEST: "frequency_penalty max_tokens presence_penalty seed stop temperature top_p "
    "user",
    Section.CONTEXT: "n_seed n_threads n_ctx n_parallel n_predict n_keep threads ctx-size predict "
    "batch-size flash-attn rope-scaling cache-type-k parallel device gpu-layers split-mode mlock "
    "no-mmap timeout cache-reuse",
}


@pytest.mark.parametrize("section", SEED_NAMES)
def test_every_name_of_the_design_is_known_with_dash_and_with_underscore(section: Section) -> None:
    for name in SEED_NAMES[section].split():
        assert name.replace("-", "_") in SPELLINGS[section]


def _some_value(row: Parameter) -> Json:
    values: dict[Kind, Json] = {
        Kind.BOOLEAN: True,
        Kind.CHOICE: row.choices[0] if row.choices else None,
        Kind.TEXT: "CUDA0",
        Kind.NUMBERS: [1.0, 2.5],
        Kind.TEXTS: ["x"],
        Kind.OBJECT: {"a": 1},
    }
    return values.get(row.kind, row.high)


@pytest.mark.parametrize("key", PARAMETERS)
def test_every_name_of_a_parameter_is_the_parameter_old_and_new_dashed_or_not(key: str) -> None:
    row, value = PARAMETERS[key], _some_value(PARAMETERS[key])
    is_context = row.section is Section.CONTEXT
    read = read_context_params if is_context else read_request_params
    for name in (key, *row.spellings, *(flag.lstrip("-") for flag in row.flags)):
        if name.replace("-", "_") not in SPELLINGS[row.section]:
            assert not is_context, name  # the program's flag, where requests have a field
            continue
        for written in {name, name.replace("_", "-"), f"--{name.replace('_', '-')}"}:
            assert read({written: value}) == {key: value}
            if is_context and row.kind is not Kind.NUMBERS:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                dashed = f"--{written.lstrip('-')}"
                assert read_context_params([f"{dashed} {text}"]) == {key: value}
                assert read_context_params([dashed, text]) == {key: value}
                assert read_context_params([f"{dashed}={text}"]) == {key: value}


def test_no_spelling_means_two_parameters() -> None:
    for section in Section:
        seen = [
            name
            for row in PARAMETERS.values()
            if row.section is section
            for name in (row.key, *row.spellings, *row.negations)
        ]
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "shape",
    [
        {"n_ctx": 4096, "n_parallel": 2, "no_mmap": True},
        {"ctx-size": 4096, "np": 2, "mmap": False},
        ["--ctx-size 4096", "--parallel 2", "--no-mmap"],
        ["--ctx-size=4096", "-np", "2", "--no-mmap"],
        ["-c", "4096", "--parallel", 2, "--no-mmap", "true"],
    ],
)
def test_every_shape_says_the_same(shape: Json) -> None:
    assert read_context_params(shape) == {"n_ctx": 4096, "n_parallel": 2, "no_mmap": True}


def test_a_flag_without_value_means_its_bare_value_and_takes_nothing_from_its_neighbour() -> None:
    assert read_context_params(["-fa", "--keep", "-1", "--mlock"]) == {
        "flash_attn": "on",
        "n_keep": -1,
        "mlock": True,
    }
    assert read_context_params(["-fa", "off"]) == {"flash_attn": "off"}


def test_a_boolean_that_an_older_yaml_made_of_on_is_still_on() -> None:
    assert read_context_params({"flash_attn": True}) == {"flash_attn": "on"}


@pytest.mark.parametrize(
    ("shape", "pointer"),
    [
        ({"n_ctx": "many"}, "/context_params/n_ctx"),
        ({"n_ctx": 4096, "ctx_size": 2048}, "/context_params/ctx_size"),
        ({"n_context": 4096}, "/context_params/n_context"),
        ({"temperature": 0.5}, "/context_params/temperature"),
        (["--ctx-size"], "/context_params/0"),
        (["4096"], "/context_params/0"),
        (["--mlock", "--ctx-size lots"], "/context_params/1"),
        ({"n_parallel": 0}, "/context_params/n_parallel"),
        ({"cache_type_k": "q2_k"}, "/context_params/cache_type_k"),
        ("--ctx-size 4096", "/context_params"),
        ({"n_threads": True}, "/context_params/n_threads"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(shape: Json, pointer: str) -> None:
    with pytest.raises(ParameterInvalid) as refused:
        read_context_params(shape)
    assert refused.value.pointer == pointer


def test_a_misspelt_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ParameterInvalid) as refused:
        read_request_params({"temperatur": 1})
    assert "temperature" in str(refused.value.remedy)


def test_null_is_the_same_as_nothing() -> None:
    assert read_request_params({"temperature": None}) == {}
    assert read_request_params(None) == {}


def test_an_empty_stop_text_is_refused_because_it_would_end_every_answer() -> None:
    with pytest.raises(ParameterInvalid):
        read_request_params({"stop": ["a", ""]})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2.1, -0.1, "0.5", True])
def test_a_temperature_outside_its_range_or_type_is_refused(value: Json) -> None:
    with pytest.raises(ParameterInvalid):
        read_request_params({"temperature": value})


@pytest.mark.parametrize(
    "policy",
    [
        {"temperature": "force"},
        {"temperature": {"clamp": [0.9, 0.1]}},
        {"temperature": {"clamp": [0, 3]}},
        {"temperature": {"clamp": [0.5]}},
        {"stop": {"clamp": [0, 1]}},
        {"colour": "enforce"},
        "enforce",
    ],
)
def test_a_policy_that_means_nothing_is_refused(policy: Json) -> None:
    with pytest.raises(ParameterInvalid):
        read_request_policy(policy)


def test_a_policy_is_read_under_any_spelling() -> None:
    policy: Json = {"temp": "enforce", "top_p": {"clamp": [0.1, 0.9]}}
    assert read_request_policy(policy) == {"temperature": "enforce", "top_p": {"clamp": [0.1, 0.9]}}


_NUMBERS = [row for row in PARAMETERS.values() if row.kind in (Kind.INTEGER, Kind.NUMBER)]


@given(st.sampled_from(_NUMBERS), st.data())
def test_the_ends_of_every_range_are_inside_it_and_what_lies_beyond_is_not(
    row: object, data: st.DataObject
) -> None:
    from bodhi.params.check import check_value
    from bodhi.params.parameter import Parameter

    assert isinstance(row, Parameter)
    assert row.low is not None
    assert row.high is not None
    whole = row.kind is Kind.INTEGER
    for bound in (row.low, row.high):
        value = int(bound) if whole else bound
        assert check_value(row, value, "/x") == value
    step = data.draw(st.integers(1, 1000))
    specials = {special.value for special in row.specials}
    for outside in {row.low - step, row.high + step} - specials:
        with pytest.raises(ParameterInvalid):
            check_value(row, int(outside) if whole else outside, "/x")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(sorted(SPELLINGS[Section.CONTEXT])) | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(_JSON)
def test_whatever_is_read_ends_in_checked_values_or_a_typed_refusal(raw: Json) -> None:
    for read in (read_context_params, read_request_params, read_request_policy):
        try:
            values = read(raw)
        except ParameterInvalid as error:
            assert error.pointer  # noqa: PT017
        else:
            assert set(values) <= set(PARAMETERS)


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, float("nan"), float("inf")])
def test_objects_hold_no_number_that_json_cannot_carry(number: float) -> None:
    """Whoever asks the engine writes JSON: it would fail there, or turn into null."""
    inside: Json = {"schema": {"enum": [1, number]}}
    with pytest.raises(ParameterInvalid) as refused:
        read_request_params({"response_format": inside})
    assert refused.value.pointer == "/request_params/response_format/schema/enum/1"
    largest: Json = {"a": [2**64 - 1, -(2**63), 1e308]}
    assert read_request_params({"response_format": largest}) == {"response_format": largest}


@pytest.mark.parametrize(
    ("flags", "means"),
    [
        (["--load-mode mlock"], {"mlock": True, "no_mmap": True}),
        (["--load-mode=mmap+mlock"], {"mlock": True}),
        (["--load-mode", "none", "--keep 3"], {"no_mmap": True, "n_keep": 3}),
        (["--load-mode mmap"], {}),
    ],
)
def test_the_one_flag_that_two_became_means_the_two(flags: Json, means: JsonObject) -> None:
    assert read_context_params(flags) == means
    if isinstance(flags, list) and means:
        word = load_mode_of(means)
        assert read_context_params([f"--load-mode {word}"]) == {
            key: value for key, value in means.items() if key != "n_keep"
        }


@pytest.mark.parametrize(
    "flags", [["--load-mode"], ["--load-mode dio"], ["--mlock", "--load-mode mlock"]]
)
def test_a_load_mode_that_is_none_or_is_said_twice_is_refused(flags: Json) -> None:
    with pytest.raises(ParameterInvalid):
        read_context_params(flags)
