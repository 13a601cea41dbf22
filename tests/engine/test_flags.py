"""Registry parameters as command-line flags, for new and old builds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.flags import Placement, check, command_flags, option_flags
from bodhi.engine.help_text import Build, read_build
from bodhi.errors import ParameterInvalid, UnsupportedByEngine
from bodhi.params.parameter import Parameter
from bodhi.params.values import Json
from tests.engine.factories import make_spec
from tests.engine.reload_rows import RELOAD, edge_values
from tests.support.fake_llama_server import Behaviour, help_text


def build(*, is_old: bool = False) -> Build:
    found = read_build(help_text(Behaviour(is_old=is_old)), "version: 9")
    assert found is not None
    return found


NEW, OLD = build(), build(is_old=True)
PLACE = Placement("abc", Path("/m/model.gguf"), None, Path("/run/abc.sock"))


@pytest.mark.parametrize("row", RELOAD, ids=lambda row: row.key)
def test_every_reload_parameter_of_the_registry_has_its_flag(row: Parameter) -> None:
    said = [option_flags({row.key: value}, NEW) for value in edge_values(row)]
    assert any(said)
    for flags in said:
        if flags:
            assert flags[0] in NEW.options
            assert len(flags) == 1 + bool(NEW.options[flags[0]].value)


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({"n_ctx": 4096, "n_threads": 3}, "--ctx-size 4096 --threads 3"),
        ({"flash_attn": "on"}, "--flash-attn on"),
        ({"mlock": True}, "--load-mode mmap+mlock"),
        ({"no_mmap": True}, "--load-mode none"),
        ({"mlock": True, "no_mmap": True}, "--load-mode mlock"),
        ({"mlock": False}, ""),
        ({"gpu_layers": "all"}, "--gpu-layers all"),
        ({"gpu_layers": "auto"}, ""),
        ({"gpu_layers": -1}, ""),
        ({"tensor_split": [1.0, 2, 0.5]}, "--tensor-split 1,2,0.5"),
        ({"rope_freq_base": 1000000.0}, "--rope-freq-base 1000000"),
        ({"cont_batching": False}, "--no-cont-batching"),
        ({"kv_unified": True, "swa_full": True}, "--kv-unified --swa-full"),
        ({"embeddings": True, "pooling": "mean"}, "--embeddings --pooling mean"),
        ({"device": "CUDA0,CUDA1"}, "--device CUDA0,CUDA1"),
        ({"n_ctx": None}, ""),
    ],
)
def test_values_are_spelled_as_a_new_build_knows_them(options: dict[str, Json], flags: str) -> None:
    assert option_flags(options, NEW) == flags.split()


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({"flash_attn": "on"}, "--flash-attn"),
        ({"flash_attn": "off"}, ""),
        ({"mlock": True, "no_mmap": True}, "--mlock --no-mmap"),
        ({"embeddings": True}, "--embeddings"),
        ({"gpu_layers": "all"}, "--gpu-layers 10000"),
        ({"cont_batching": False}, "--no-cont-batching"),
        ({"cache_ram": 256}, ""),  # Bodhi's own bound, of a cache that the build does not have
        ({"kv_unified": False}, ""),
    ],
)
def test_values_are_spelled_as_an_old_build_knows_them(
    options: dict[str, Json], flags: str
) -> None:
    assert option_flags(options, OLD) == flags.split()


@pytest.mark.parametrize(
    "options",
    [
        {"cache_ram": 512},
        {"kv_unified": True},
        {"pooling": "mean"},
        {"device": "CUDA0"},
        {"split_mode": "tensor"},
    ],
)
def test_what_a_build_lacks_is_refused_with_option_and_program(options: dict[str, Json]) -> None:
    (key,) = options
    with pytest.raises(UnsupportedByEngine) as caught:
        option_flags(options, OLD)
    assert caught.value.pointer == f"/context_params/{key}"
    assert key in caught.value.message
    assert "llama-server (version 9)" in caught.value.message


def test_a_template_needs_a_build_that_reads_one_from_a_file() -> None:
    check(make_spec(template="x"), NEW)
    check(make_spec(), OLD)
    with pytest.raises(UnsupportedByEngine) as caught:
        check(make_spec(template="x"), OLD)
    assert caught.value.pointer == "/chat_template"


@pytest.mark.parametrize("device", ["--host", "-m", "a b", "CUDA0;x", "", ",", "a,", "CUDA0\n", 5])
def test_a_text_that_could_be_a_flag_is_refused(device: Json) -> None:
    with pytest.raises(ParameterInvalid) as caught:
        option_flags({"device": device}, NEW)
    assert caught.value.pointer == "/context_params/device"


@given(
    st.dictionaries(
        st.sampled_from([row.key for row in RELOAD]),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["--host", "-hf", "--tools", "-m /etc/passwd", "on --tools all"]),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.lists(st.floats() | st.text(max_size=5), max_size=3),
        ),
        max_size=4,
    )
)
def test_whatever_is_given_only_flags_of_the_table_come_out(options: dict[str, Json]) -> None:
    try:
        flags = option_flags(options, NEW)
    except (ParameterInvalid, UnsupportedByEngine):
        return
    rest = iter(flags)
    for flag in rest:
        assert flag in NEW.options
        if NEW.options[flag].value:
            assert not next(rest).startswith("-")


def test_what_is_not_the_aliass_to_say_comes_last() -> None:
    flags = command_flags({"n_ctx": 512, "n_parallel": 2}, NEW, PLACE)
    assert flags[:4] == ["--ctx-size", "512", "--parallel", "2"]
    assert flags[4:] == [
        *("--no-ui", "--offline", "--metrics", "--jinja", "--no-context-shift"),
        *("--fit", "off", "--log-colors", "off", "--reasoning-format", "deepseek"),
        *("--model", "/m/model.gguf", "--alias", "abc", "--host", "/run/abc.sock"),
    ]


def test_an_old_build_is_told_only_what_it_knows() -> None:
    place = Placement("abc", Path("/m/model.gguf"), None, None)
    assert command_flags({}, OLD, place) == [
        *("--metrics", "--model", "/m/model.gguf", "--alias", "abc"),
        *("--host", "127.0.0.1", "--port", "0"),
    ]


def test_the_aliass_own_reasoning_format_stands() -> None:
    flags = command_flags({"reasoning_format": "none"}, NEW, PLACE)
    assert flags.count("--reasoning-format") == 1
    assert "deepseek" not in flags
