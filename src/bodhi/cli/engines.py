"""``bodhi engines``: the engines of the running server."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodhi.cli.engine_log import show_log
from bodhi.cli.options import AsJson, ServerAddress
from bodhi.cli.output import note, size, table, write, write_json
from bodhi.errors import EngineNotFound

if TYPE_CHECKING:
    from bodhi.cli.server_client import Server

app = typer.Typer(
    help="See, read and stop the engines of the running server.", no_args_is_help=True
)


@app.command("list")
def list_engines(server: ServerAddress = None, as_json: AsJson = False) -> None:
    """List the engines that run."""
    from bodhi.cli.running_engines import engines_of
    from bodhi.cli.server_client import find_server

    engines = engines_of(find_server(server))
    if as_json:
        write_json({"engines": engines})
    elif engines:
        header = ("ID", "MODEL", "STATE", "BUSY", "WAITING", "MEMORY", "ALIASES")
        write(table(header, map(_row, engines)))
    else:
        note("No engine runs. The first request for an alias starts one.")


app.command("logs")(show_log)


@app.command("stop")
def stop_engine(
    engine_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="As bodhi engines list shows it.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Stop every engine.")] = False,
    server: ServerAddress = None,
) -> None:
    """Stop one engine, or all of them.

    Running answers finish first. The next request for the model starts a fresh engine.
    """
    from bodhi.cli.running_engines import engines_of
    from bodhi.cli.server_client import find_server

    if (engine_id is None) == (not every):
        raise typer.BadParameter("give either the ID of one engine or --all")
    found = find_server(server)
    if engine_id is not None:
        _stop(found, engine_id)
        return
    engines = engines_of(found)
    for engine in engines:
        # It may have stopped by itself since it was listed, which is what was asked for.
        with suppress(EngineNotFound):
            _stop(found, str(engine["id"]))
    if not engines:
        note("No engine runs.")


def _stop(server: Server, engine_id: str) -> None:
    from urllib.parse import quote

    server.ask_json("DELETE", f"/api/v1/engines/{quote(engine_id, safe='')}")
    note(f"Stopped {engine_id}.")


def _row(engine: dict[str, Any]) -> tuple[str, ...]:
    state = str(engine["state"])
    if engine.get("failure"):
        state += f": {engine['failure']}"
    return (
        str(engine["id"]),
        str(engine["model"]),
        state,
        f"{engine['busy']} of {engine['slots']}",
        str(engine["waiting"]),
        size(engine["memory_bytes"]) or "",
        ", ".join(map(str, engine["aliases"])),
    )
