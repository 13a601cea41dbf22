"""``bodhi settings``: every setting, its value now, and who said so."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import table, write, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodhi.params.values import Json, JsonObject

# The variables of other programs that a default is taken from (settings.py reads them).
_BORROWED = {"hub_cache": ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")}
_MASK = "********"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. ``source`` is ``default``, ``settings.yaml``, ``command line`` or a variable."""

    name: str
    value: Json
    source: str
    help: str

    def to_json(self) -> JsonObject:
        """The keys of ``bodhi settings --json``."""
        return {
            "name": self.name,
            "value": self.value,
            "source": self.source,
            "help": self.help,
        }

    def cells(self) -> tuple[str, ...]:
        """The row in the table."""
        return (self.name, _for_people(self.value), self.source, self.help)


def show_settings(
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="As bodhi serve takes it.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="As bodhi serve takes it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print every setting with its value and where that comes from.

    SOURCE is the command line, an environment variable, settings.yaml or the default. Secrets
    are masked.
    """
    rows = list(_settings({"host": host, "port": port}))
    if as_json:
        write_json({"settings": [row.to_json() for row in rows]})
    else:
        write(table(("SETTING", "VALUE", "SOURCE", "MEANING"), [row.cells() for row in rows]))


def _settings(given: dict[str, Any]) -> Iterator[Setting]:
    from pydantic_settings import EnvSettingsSource, YamlConfigSettingsSource

    from bodhi.cli.local import load_settings
    from bodhi.settings import Settings, default_home

    settings = load_settings(**given)
    in_environment = EnvSettingsSource(Settings)()
    in_file = YamlConfigSettingsSource(Settings, default_home() / "settings.yaml")()
    for name, field in Settings.model_fields.items():
        if given.get(name) is not None:
            source = "command line"
        elif name in in_environment:
            source = f"BODHI_{name.upper()}"
        elif name in in_file:
            source = "settings.yaml"
        else:
            source = _source_of_default(name)
        yield Setting(name, _plain(getattr(settings, name)), source, field.description or "")


def _source_of_default(name: str) -> str:
    borrowed = (variable for variable in _BORROWED.get(name, ()) if os.environ.get(variable))
    return next(borrowed, "default")


def _plain(value: Any) -> Json:
    from pydantic import BaseModel, SecretStr

    if isinstance(value, SecretStr):
        return _MASK
    if isinstance(value, BaseModel):
        fields: Json = value.model_dump(mode="json")
        return fields
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    plain: Json = value
    return plain


def _for_people(value: Json) -> str:
    if isinstance(value, list | dict):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
