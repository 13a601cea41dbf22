"""Registry keys to the embedded engine's own settings, as plain data for the worker. Pure.

The attribute names and enumerations are those of ``xllamacpp.CommonParams``. Values are checked a
second time here, because llama.cpp aborts, crashes or hangs on some that are out of range: whoever
calls this may have another source than the registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bodhi.errors import ParameterInvalid, UnsupportedByEngine
from bodhi.params.values import Json, JsonObject

# What every engine gets, whatever the alias says. ``offline`` because downloading is not its
# work; ``fit_params`` would shrink what the alias asks for to the memory that is free just now.
FORCED: JsonObject = {
    "ui": False,
    "offline": True,
    "fit_params": False,
    "endpoint_metrics": True,
    "verbosity": 3,
}
# llama.cpp itself would keep up to 8 GiB of old prompts in every engine.
PROMPT_CACHE_MIB = 256

_TENSOR_SPLIT_LENGTH = 128  # the setter takes no other length
_LAYER_WORDS = {"auto": -1, "all": -2}
_CACHE_TYPES = {
    name: f"ggml_type.GGML_TYPE_{name.upper()}"
    for name in ("f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1")
}


class _Refused(Exception):
    """Says what would have been accepted."""


@dataclass(frozen=True, slots=True)
class _Row:
    attributes: tuple[str, ...]
    convert: Callable[[Json], Json]


def check_supported(options: Mapping[str, Json]) -> None:
    """Refuse what the embedded engine cannot do, and values it would not survive.

    Raises UnsupportedByEngine or ParameterInvalid, each with the parameter's pointer.
    """
    if options.get("device") is not None:
        raise UnsupportedByEngine(
            "The embedded engine cannot choose devices by name.",
            pointer="/context_params/device",
            remedy="Remove device. gpu_layers: 0 keeps the model off graphics processors; "
            "main_gpu with split_mode: none takes one of them; CUDA_VISIBLE_DEVICES, set where "
            "Bodhi is started, hides some from every engine.",
        )
    attributes(options)


def attributes(options: Mapping[str, Json]) -> JsonObject:
    """Attribute path -> value for the worker: plain JSON, ``{"enum": "class.member"}`` for enums.

    A null option counts as unset. Raises ParameterInvalid for a key or value the engine does not
    take; ``device`` is not known here, see ``check_supported``.
    """
    settings: JsonObject = {**FORCED, "cache_ram_mib": PROMPT_CACHE_MIB}
    for key, value in options.items():
        if value is None or key in LOAD_MODE_KEYS:
            continue
        settings |= _convert(key, value)
    if mode := load_mode(options):
        settings["load_mode"] = {"enum": f"llama_load_mode.LLAMA_LOAD_MODE_{mode}"}
    return settings


def _convert(key: str, value: Json) -> JsonObject:
    pointer = f"/context_params/{key}"
    row = _ROWS.get(key)
    if row is None:
        raise ParameterInvalid(f"The engine has no parameter {key}.", pointer=pointer)
    try:
        converted = row.convert(value)
    except _Refused as refused:
        raise ParameterInvalid(f"{key} must be {refused}.", pointer=pointer) from None
    return dict.fromkeys(row.attributes, converted)


LOAD_MODE_KEYS = ("mlock", "no_mmap")


def load_mode(options: Mapping[str, Json]) -> str | None:
    """llama.cpp has one load mode where it once had the two flags; None leaves it to choose.

    The name is that of ``llama_load_mode``. Raises ParameterInvalid.
    """
    flags = []
    for key in LOAD_MODE_KEYS:
        value = options.get(key)
        if value is not None and not isinstance(value, bool):
            raise ParameterInvalid(
                f"{key} must be true or false.", pointer=f"/context_params/{key}"
            )
        flags.append(bool(value))
    match flags:
        case [True, True]:
            return "MLOCK"
        case [True, False]:
            return "MMAP_MLOCK"
        case [False, True]:
            return "NONE"
        case _:
            return None


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _integer(low: int, high: int, value: Json, *, also: tuple[int, ...] = ()) -> Json:
    if _is_integer(value) and isinstance(value, int) and (low <= value <= high or value in also):
        return value
    extra = "".join(f" or {number}" for number in also)
    raise _Refused(f"an integer from {low} to {high}{extra}")


def _number(low: float, high: float, value: Json) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    raise _Refused(f"a number from {low:g} to {high:g}")


def _boolean(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    raise _Refused("true or false")


def _choice(members: Mapping[str, str], value: Json) -> Json:
    if isinstance(value, str) and value in members:
        return {"enum": members[value]}
    raise _Refused("one of " + ", ".join(members))


def _gpu_layers(value: Json) -> Json:
    if isinstance(value, str) and value in _LAYER_WORDS:
        return _LAYER_WORDS[value]
    return _integer(-1, 10_000, value)


def _tensor_split(value: Json) -> Json:
    if not isinstance(value, list) or len(value) > _TENSOR_SPLIT_LENGTH:
        raise _Refused(f"a list of at most {_TENSOR_SPLIT_LENGTH} numbers")
    shares: list[Json] = [_number(0.0, 1e6, share) for share in value]
    return shares + [0.0] * (_TENSOR_SPLIT_LENGTH - len(shares))


def _enum(prefix: str, *names: str) -> Callable[[Json], Json]:
    members = {name: f"{prefix}{name.upper().replace('-', '_')}" for name in names}
    return partial(_choice, members)


_threads = partial(_integer, 1, 512, also=(-1,))
_batch = partial(_integer, 32, 65_536)
_cache_type = partial(_choice, _CACHE_TYPES)

_ROWS: Mapping[str, _Row] = {
    "n_ctx": _Row(("n_ctx",), partial(_integer, 8, 10_000_000, also=(0,))),
    "n_parallel": _Row(("n_parallel",), partial(_integer, 1, 256)),
    "n_threads": _Row(("cpuparams.n_threads",), _threads),
    "n_threads_batch": _Row(("cpuparams_batch.n_threads",), _threads),
    "batch_size": _Row(("n_batch",), _batch),
    "ubatch_size": _Row(("n_ubatch",), _batch),
    "flash_attn": _Row(
        ("flash_attn_type",),
        partial(
            _choice,
            {
                "on": "llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_ENABLED",
                "off": "llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED",
                "auto": "llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_AUTO",
            },
        ),
    ),
    "rope_scaling": _Row(
        ("rope_scaling_type",),
        _enum("llama_rope_scaling_type.LLAMA_ROPE_SCALING_TYPE_", "none", "linear", "yarn"),
    ),
    "rope_freq_base": _Row(("rope_freq_base",), partial(_number, 0.0, 1e9)),
    "rope_freq_scale": _Row(("rope_freq_scale",), partial(_number, 0.0, 1.0)),
    "cache_type_k": _Row(("cache_type_k",), _cache_type),
    "cache_type_v": _Row(("cache_type_v",), _cache_type),
    "cache_reuse": _Row(("n_cache_reuse",), partial(_integer, 0, 1_000_000)),
    "cache_ram": _Row(("cache_ram_mib",), partial(_integer, 0, 1_048_576)),
    "cont_batching": _Row(("cont_batching",), _boolean),
    "kv_unified": _Row(("kv_unified",), _boolean),
    "swa_full": _Row(("swa_full",), _boolean),
    "embeddings": _Row(("embedding",), _boolean),
    "pooling": _Row(
        ("pooling_type",),
        _enum("llama_pooling_type.LLAMA_POOLING_TYPE_", "none", "mean", "cls", "last", "rank"),
    ),
    "reasoning_format": _Row(
        ("reasoning_format",),
        _enum(
            "common_reasoning_format.COMMON_REASONING_FORMAT_",
            *("none", "auto", "deepseek", "deepseek-legacy"),
        ),
    ),
    "gpu_layers": _Row(("n_gpu_layers",), _gpu_layers),
    "split_mode": _Row(
        ("split_mode",),
        _enum("llama_split_mode.LLAMA_SPLIT_MODE_", "none", "layer", "row", "tensor"),
    ),
    "main_gpu": _Row(("main_gpu",), partial(_integer, 0, 127)),
    "tensor_split": _Row(("tensor_split",), _tensor_split),
    "timeout": _Row(("timeout_read", "timeout_write"), partial(_integer, 1, 86_400)),
}
