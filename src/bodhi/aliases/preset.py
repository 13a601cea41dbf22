"""A preset: values for one intent, which are copied into an alias with their provenance. Pure.

An alias says under ``preset`` which one it was made from. Whether it still is that one is
calculated: see :func:`provenance`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bodhi.aliases.model import Alias
from bodhi.aliases.surgery import Path
from bodhi.params.values import Json

KEY = "preset"
# How a preset may be called: as the stem of its file.
NAME = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"


@dataclass(frozen=True, slots=True)
class Preset:
    """``about`` says when to take it and why its values are so. Keys are the registry's.

    ``text`` is the file's, where there is one.
    """

    name: str
    title: str
    about: str
    context_params: Mapping[str, Json] = field(default_factory=dict)
    request_params: Mapping[str, Json] = field(default_factory=dict)
    request_policy: Mapping[str, Json] = field(default_factory=dict)
    is_own: bool = False
    text: str = field(default="", compare=False, repr=False)

    @property
    def values(self) -> dict[Path, Json]:
        """Path in an alias -> value."""
        sections = {
            "context_params": self.context_params,
            "request_params": self.request_params,
            "request_policy": self.request_policy,
        }
        return {
            (section, key): value
            for section, params in sections.items()
            for key, value in params.items()
        }

    def fits(self, alias: Alias) -> bool:
        """Whether ``alias`` still has every value of this."""
        return all(_value(alias, path) == value for path, value in self.values.items())


def edits_to_apply(preset: Preset, alias: Alias, presets: Iterable[Preset]) -> dict[Path, Json]:
    """What makes ``alias`` one of ``preset``.

    What another preset put there goes, unless somebody changed it since. Everything else stays.
    """
    before = _named(alias, presets)
    gone: dict[Path, Json] = {
        path: None
        for path, value in (before.values if before else {}).items()
        if path not in preset.values and _value(alias, path) == value
    }
    return {**gone, **preset.values, (KEY,): preset.name}


def provenance(alias: Alias, presets: Iterable[Preset]) -> str | None:
    """``Coding``, or ``Custom (from Coding)`` once a value of it was changed; None without any."""
    name = name_in(alias)
    if name is None:
        return None
    preset = _named(alias, presets)
    if preset is None:
        return f"Custom (from {name}, which is gone)"
    return preset.title if preset.fits(alias) else f"Custom (from {preset.title})"


def name_in(alias: Alias) -> str | None:
    """The name of the preset that an alias says it was made from, whether or not there is one."""
    name = alias.extra.get(KEY)
    return name if isinstance(name, str) else None


def _named(alias: Alias, presets: Iterable[Preset]) -> Preset | None:
    name = name_in(alias)
    return next((preset for preset in presets if preset.name == name), None)


def _value(alias: Alias, path: Path) -> Json:
    section: Mapping[str, Json] = getattr(alias, str(path[0]))
    return section.get(str(path[1]))
