"""``bodhi settings``: every setting, its value now, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import table, write, write_json

if TYPE_CHECKING:
    from bodhi.params.values import Json
    from bodhi.settings import Setting


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
    from bodhi.cli.local import load_settings
    from bodhi.settings import described

    rows = list(described(load_settings(host=host, port=port)))
    if as_json:
        write_json({"settings": [row._asdict() for row in rows]})
    else:
        write(table(("SETTING", "VALUE", "SOURCE", "MEANING"), map(_cells, rows)))


def _cells(row: Setting) -> tuple[str, ...]:
    return row.name, _for_people(row.value), row.source, row.help


def _for_people(value: Json) -> str:
    if isinstance(value, list | dict):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
