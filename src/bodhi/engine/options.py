"""Registry keys to the embedded engine's own settings, as plain data for the worker. Pure.

Attributes, enumerations and ranges are those of the registry's rows. Values are checked a second
time here, because llama.cpp aborts, crashes or hangs on some that are out of range: whoever calls
this may have another source than an alias file.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bodhi.errors import ParameterInvalid, UnsupportedByEngine
from bodhi.params.check import check_value
from bodhi.params.parameter import Applies, Kind, Parameter
from bodhi.params.registry import PARAMETERS
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
# What the rows allow, because it is said another way to the engine, and the engine aborts on.
DEADLY: Mapping[str, tuple[Json, ...]] = {"n_threads": (0,), "n_threads_batch": (0,)}
_TENSOR_SPLIT_LENGTH = 128  # the setter takes no other length
_LAYER_WORDS = {"auto": -1, "all": -2}
_FLASH_MEMBERS = {"on": "ENABLED", "off": "DISABLED"}
# llama.cpp's own pattern for the experts of one layer.
_EXPERTS = r"blk\.{layer}\.ffn_(up|down|gate|gate_up)_(ch|)exps=CPU"

_DEVICES_INSTEAD = (
    "Remove device. gpu_layers: 0 keeps the model off graphics processors; main_gpu with "
    "split_mode: none takes one of them; CUDA_VISIBLE_DEVICES, set where Bodhi is started, hides "
    "some from every engine."
)
# Why the embedded engine does not take a parameter, and what to do instead, by key.
UNSUPPORTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"device": ("The embedded engine cannot choose devices by name.", _DEVICES_INSTEAD)}
)


def check_supported(options: Mapping[str, Json]) -> None:
    """Refuse what the embedded engine cannot do, and values it would not survive.

    Raises UnsupportedByEngine or ParameterInvalid, each with the parameter's pointer.
    """
    for key, (fact, remedy) in UNSUPPORTED.items():
        if options.get(key) is not None:
            raise UnsupportedByEngine(fact, pointer=f"/context_params/{key}", remedy=remedy)
    attributes(options)


def attributes(options: Mapping[str, Json]) -> JsonObject:
    """Attribute path -> value for the worker: plain JSON, ``{"enum": "class.member"}`` for enums.

    A null option counts as unset. Raises ParameterInvalid for a key or value the engine does not
    take; ``device`` is not known here, see ``check_supported``.
    """
    settings: JsonObject = dict(FORCED)
    for key, value in {**_BOUNDED, **options}.items():
        if value is None or key in LOAD_MODE_KEYS:
            continue
        settings |= _convert(key, value)
    if mode := load_mode(options):
        settings["load_mode"] = {"enum": f"llama_load_mode.LLAMA_LOAD_MODE_{mode}"}
    return settings


def _convert(key: str, value: Json) -> JsonObject:
    pointer = f"/context_params/{key}"
    row = PARAMETERS.get(key)
    if row is None or row.applies is not Applies.RELOAD or not row.attributes:
        raise ParameterInvalid(f"The engine has no parameter {key}.", pointer=pointer)
    checked = check_value(row, value, pointer)
    if checked in DEADLY.get(key, ()):
        raise ParameterInvalid(f"{key} must not be {checked}.", pointer=pointer)
    convert = _SPECIAL.get(key, _plain)
    return dict.fromkeys(row.attributes, convert(row, checked))


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


def _plain(row: Parameter, value: Json) -> Json:
    if row.kind is Kind.CHOICE and isinstance(value, str):
        return {"enum": row.enum + value.upper().replace("-", "_")}
    return float(value) if row.kind is Kind.NUMBER and isinstance(value, int) else value


def _flash_attn(row: Parameter, value: Json) -> Json:
    word = str(value)
    return {"enum": row.enum + _FLASH_MEMBERS.get(word, word.upper())}


def _gpu_layers(row: Parameter, value: Json) -> Json:
    del row
    return _LAYER_WORDS.get(value, value) if isinstance(value, str) else value


def _tensor_split(row: Parameter, value: Json) -> Json:
    del row
    shares = value if isinstance(value, list) else []
    return [*shares, *[0.0] * (_TENSOR_SPLIT_LENGTH - len(shares))]


def _experts_on_cpu(row: Parameter, value: Json) -> Json:
    del row
    layers = value if isinstance(value, int) else 0
    return ",".join(_EXPERTS.format(layer=layer) for layer in range(layers))


_SPECIAL: Mapping[str, Callable[[Parameter, Json], Json]] = {
    "flash_attn": _flash_attn,
    "gpu_layers": _gpu_layers,
    "tensor_split": _tensor_split,
    "n_cpu_moe": _experts_on_cpu,
}
# Without these an engine takes as much as it finds.
_BOUNDED: JsonObject = {"cache_ram": PARAMETERS["cache_ram"].bodhi_default}
