"""Registry parameters as command-line flags of one build of llama-server. Pure.

Every flag and every value's range comes from the registry's rows: nothing that somebody wrote
becomes a flag, and no text that starts with a dash becomes a value. A build that lacks a flag is
refused by name, before anything is started.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bodhi.engine.contract import EngineSpec
from bodhi.engine.help_text import Build
from bodhi.engine.options import LOAD_MODE_KEYS, attributes, load_mode
from bodhi.errors import BodhiError, ParameterInvalid, UnsupportedByEngine
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

_LOAD_MODES = {"MLOCK": "mlock", "MMAP_MLOCK": "mmap+mlock", "NONE": "none"}
_TEMPLATE_FLAG = "--chat-template-file"
_ALL_LAYERS = "10000"  # for builds that know no word for it; no model has so many
# No web page, no downloads, no silent shrinking; where builds differ, the embedded engine's way.
_SWITCHES = (
    ("--no-ui", "--no-webui"),
    ("--offline",),
    ("--metrics",),
    ("--jinja",),
    ("--no-context-shift",),
)
_VALUES = {"--fit": "off", "--log-colors": "off"}
_DEVICES = re.compile(r"[A-Za-z0-9][\w.:-]*(,[A-Za-z0-9][\w.:-]*)*")


@dataclass(frozen=True, slots=True)
class Placement:
    """What is not the alias's business: which file, under which name, where it listens."""

    engine_id: str
    model: Path
    template: Path | None
    socket: Path | None  # None: a loopback port that the system picks


def check(spec: EngineSpec, build: Build) -> None:
    """Raises UnsupportedByEngine or ParameterInvalid for what this build cannot do."""
    option_flags(spec.options, build)
    if spec.template is not None and build.first(_TEMPLATE_FLAG) is None:
        raise UnsupportedByEngine(
            f"{_program(build)} takes no chat template file.",
            pointer="/chat_template",
            remedy="Use a newer llama-server, or the template inside the model file.",
        )


def command_flags(options: Mapping[str, Json], build: Build, place: Placement) -> list[str]:
    """All arguments of one engine that ``check`` let through.

    What is not the alias's to say comes last, where llama.cpp would let it win.
    """
    return [*option_flags(options, build), *_managed_flags(options, build, place)]


def option_flags(options: Mapping[str, Json], build: Build) -> list[str]:
    """The flags that ``options`` (normalised reload parameters) stand for in this build.

    Raises UnsupportedByEngine or ParameterInvalid, each with the parameter's pointer.
    """
    attributes({key: value for key, value in options.items() if key != "device"})
    flags: list[str] = []
    for key, value in options.items():
        if value is not None and key not in LOAD_MODE_KEYS:
            flags += _flags_of(key, value, build)
    return flags + _load_mode_flags(options, build)


def _flags_of(key: str, value: Json, build: Build) -> list[str]:
    if isinstance(value, bool):
        return _switch(key, value, build)
    row = PARAMETERS[key]
    flag = build.first(*row.flags)
    if flag is None:
        # A build without the flag lacks what Bodhi would have bounded: nothing is to be said.
        if value in (row.bodhi_default, row.engine_default):
            return []
        raise _unknown(key, build)
    option = build.options[flag]
    if key == "flash_attn" and not option.value:
        return [flag] if value == "on" else []  # older builds: a switch, off by default
    text = _text(key, value, option.text)
    if text is None:
        return []
    if option.choices:
        _require_choice(key, text, option.choices, build)
    return [flag, text]


def _switch(key: str, value: bool, build: Build) -> list[str]:
    names = PARAMETERS[key].flags
    flag = build.first(*(names if value else (name.replace("--", "--no-", 1) for name in names)))
    if flag is None and value is not PARAMETERS[key].engine_default:
        raise _unknown(key, build)
    return [flag] if flag else []


def _text(key: str, value: Json, help_text: str) -> str | None:
    """The value as one argument; None where saying nothing means the same."""
    if key == "gpu_layers":
        if value in ("auto", -1):
            return None
        return _ALL_LAYERS if value == "all" and "'all'" not in help_text else str(value)
    if isinstance(value, list):
        return ",".join(map(_number, value)) or None
    if key == "device":
        return _device(value)
    return value if isinstance(value, str) else _number(value)


def _number(value: Json) -> str:
    """``1000000``, not ``1000000.0``: some flags are read as whole numbers."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _device(value: Json) -> str:
    if not isinstance(value, str) or not _DEVICES.fullmatch(value):
        raise ParameterInvalid(
            "device must be names of devices, separated by commas.",
            pointer="/context_params/device",
            remedy="llama-server --list-devices shows them.",
        )
    return value


def _require_choice(key: str, text: str, choices: tuple[str, ...], build: Build) -> None:
    if text not in choices:
        raise UnsupportedByEngine(
            f"{_program(build)} does not know {key}: {text}.",
            pointer=f"/context_params/{key}",
            remedy=f"It takes {', '.join(choices)}.",
        )


def _load_mode_flags(options: Mapping[str, Json], build: Build) -> list[str]:
    """``mlock`` and ``no_mmap`` were two flags, and then one load mode."""
    mode = load_mode(options)
    if mode is None:
        return []
    if build.first("--load-mode"):
        return ["--load-mode", _LOAD_MODES[mode]]
    wanted = [key for key in LOAD_MODE_KEYS if options.get(key)]
    for key in wanted:
        if build.first(*PARAMETERS[key].flags) is None:
            raise _unknown(key, build)
    return [flag for key in wanted for flag in PARAMETERS[key].flags]


def _managed_flags(options: Mapping[str, Json], build: Build, place: Placement) -> list[str]:
    """Each as this build knows it; what a build does not know at all, it does not do either."""
    flags = [flag for names in _SWITCHES if (flag := build.first(*names))]
    for flag, value in _VALUES.items():
        if build.first(flag):
            flags += [flag, value]
    if "reasoning_format" not in options:
        # The embedded engine's default. The program's own changed with its age.
        row = PARAMETERS["reasoning_format"]
        if flag := build.first(*row.flags):
            flags += [flag, str(row.engine_default)]
    if place.template is not None:
        flags += [_TEMPLATE_FLAG, str(place.template)]
    flags += ["--model", str(place.model), "--alias", place.engine_id]
    if place.socket is not None:
        return [*flags, "--host", str(place.socket)]
    return [*flags, "--host", "127.0.0.1", "--port", "0"]


def _program(build: Build) -> str:
    return f"llama-server (version {build.version})"


def _unknown(key: str, build: Build) -> BodhiError:
    return UnsupportedByEngine(
        f"{_program(build)} has no option for {key}.",
        pointer=f"/context_params/{key}",
        remedy=f"Remove {key}, or use another llama-server.",
    )
