"""Registry parameters against the real engine library's own settings."""

from typing import Any

import pytest
import xllamacpp

from bodhi.engine.options import FORCED, attributes, check_supported
from bodhi.engine.worker import _parameters
from bodhi.errors import ParameterInvalid, UnsupportedByEngine
from bodhi.params.parameter import Parameter
from bodhi.params.values import Json
from tests.engine.reload_rows import RELOAD, edge_values


def _set_on_engine(options: dict[str, Json]) -> Any:
    """What the worker makes of it, with the real library."""
    config = {
        "settings": attributes(options),
        "model": "/m.gguf",
        "name": "n",
        "socket": None,
        "api_key": None,
        "template": None,
    }
    return _parameters(xllamacpp, config)


@pytest.mark.parametrize("row", [row for row in RELOAD if row.key != "device"], ids=lambda r: r.key)
def test_the_engine_takes_every_reload_parameter_of_the_registry(row: Parameter) -> None:
    for value in edge_values(row):
        check_supported({row.key: value})
        assert _set_on_engine({row.key: value}) is not None


def test_values_arrive_at_the_engine_under_its_own_names() -> None:
    parameters = _set_on_engine(
        {
            "n_ctx": 4096,
            "n_threads": 3,
            "cache_type_k": "q8_0",
            "flash_attn": "on",
            "gpu_layers": "all",
            "timeout": 7,
            "pooling": "mean",
            "reasoning_format": "deepseek-legacy",
            "tensor_split": [1, 2],
        }
    )
    assert parameters.n_ctx == 4096
    assert parameters.cpuparams.n_threads == 3
    assert parameters.cache_type_k == xllamacpp.ggml_type.GGML_TYPE_Q8_0
    assert "ENABLED" in repr(parameters.flash_attn_type)
    assert parameters.n_gpu_layers == -2
    assert parameters.timeout_read == parameters.timeout_write == 7
    assert "MEAN" in repr(parameters.pooling_type)
    assert "DEEPSEEK_LEGACY" in repr(parameters.reasoning_format)
    assert parameters.tensor_split[:3] == [1.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("mlock", "no_mmap", "mode"),
    [
        (True, True, "MLOCK"),
        (True, False, "MMAP_MLOCK"),
        (False, True, "NONE"),
        (None, True, "NONE"),
    ],
)
def test_the_two_old_flags_become_one_load_mode(mlock: Json, no_mmap: Json, mode: str) -> None:
    wanted = {"enum": f"llama_load_mode.LLAMA_LOAD_MODE_{mode}"}
    assert attributes({"mlock": mlock, "no_mmap": no_mmap})["load_mode"] == wanted


def test_without_the_two_old_flags_the_engine_chooses_its_load_mode() -> None:
    assert "load_mode" not in attributes({"mlock": False, "no_mmap": False})
    assert "load_mode" not in attributes({})


def test_forced_settings_are_in_every_engine_and_the_prompt_cache_is_bounded() -> None:
    assert FORCED.items() <= attributes({}).items()
    assert attributes({})["cache_ram_mib"] == 256
    assert attributes({"cache_ram": 0})["cache_ram_mib"] == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("n_ctx", 1),
        ("n_ctx", -1),
        ("n_ctx", 2_000_000_000),
        ("n_parallel", 0),
        ("n_parallel", 257),
        ("n_threads", 0),
        ("n_threads_batch", 0),
        ("batch_size", 1),
        ("ubatch_size", 31),
        ("cache_type_k", "q2_k"),
        ("cache_type_v", 31),
        ("tensor_split", [1.0] * 129),
        ("tensor_split", [float("nan")]),
        ("rope_freq_base", float("inf")),
        ("gpu_layers", "some"),
        ("n_ctx", True),
        ("n_ctx", "4096"),
        ("cont_batching", 1),
        ("mlock", "yes"),
        ("flash_attn", "yes"),
        ("n_cpu_moe", 513),
        ("n_cpu_moe", "blk=CPU"),
        ("verbosity", 5),
        ("log_file", "x.log"),
    ],
)
def test_what_the_engine_would_not_survive_is_refused_with_its_name(key: str, value: Json) -> None:
    with pytest.raises(ParameterInvalid) as caught:
        check_supported({key: value})
    assert (caught.value.pointer or "").startswith(f"/context_params/{key}")
    assert key in caught.value.message


def test_choosing_a_device_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(UnsupportedByEngine) as caught:
        check_supported({"device": "CUDA0"})
    assert caught.value.pointer == "/context_params/device"
    assert "main_gpu" in (caught.value.remedy or "")
    check_supported({"device": None})
