"""``bodhi engines logs``: what an engine printed, and what it goes on to print."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from bodhi.cli.completion import complete_alias
from bodhi.cli.options import AsJson, ServerAddress
from bodhi.cli.output import clean, note, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodhi.cli.server_client import Server
    from bodhi.params.values import JsonObject

_LOOK_EVERY_S = 0.3
_ENDED = ("stopped", "failed")

_Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="An alias or model that was asked for, or the ID of an engine.",
        autocompletion=complete_alias,
    ),
]
_Follow = Annotated[
    bool, typer.Option("--follow", "-f", help="Go on until the engine ends, or until Ctrl-C.")
]


def show_log(
    name: _Name, follow: _Follow = False, server: ServerAddress = None, as_json: AsJson = False
) -> None:
    """Print an engine's log.

    It tells of the load and has the figures of each request, the newest lines of them, and never
    what somebody wrote to a model. A load that failed has one until it is tried again. With --json,
    each line is an object of its own.
    """
    from bodhi.cli.running_engines import engine_named
    from bodhi.cli.server_client import find_server

    found = find_server(server)
    engine = engine_named(name, found)
    is_empty = True
    for line in _lines(found, str(engine["id"]), follow=follow):
        is_empty = False
        write(json.dumps(line) if as_json else clean(str(line["text"])))
    if is_empty:
        note("It has printed nothing that people may read.")


def _lines(server: Server, engine_id: str, *, follow: bool) -> Iterator[JsonObject]:
    path, last = f"/api/v1/engines/{quote(engine_id, safe='')}/logs", 0
    while True:
        log = server.ask_json("GET", f"{path}?after={last}")
        for line in log["lines"]:
            last = line["number"]
            yield line
        if not follow:
            return
        if log["state"] in _ENDED:
            note("The engine has ended.")
            return
        time.sleep(_LOOK_EVERY_S)
