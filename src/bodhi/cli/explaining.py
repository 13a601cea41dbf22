"""``bodhi aliases explain`` and ``bodhi requests explain``: where each value comes from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodhi.cli.local import checker, load_settings, open_aliases, scan_models
from bodhi.cli.options import AliasName, AsJson, ServerAddress
from bodhi.cli.output import clean, note, table, write, write_json
from bodhi.errors import EngineProtocol, InvalidInput

if TYPE_CHECKING:
    from bodhi.params.explain import Asked

requests = typer.Typer(
    help="Look at requests that the running server answered.", no_args_is_help=True
)

_LONGEST = 48  # characters of a value in the table
_FIELDS_BESIDE = ("model", "stream", "stream_options")


def explain_alias(
    name: AliasName,
    request: Annotated[
        str | None,
        typer.Option(
            "--request",
            metavar="FILE",
            help="The JSON body of a request, or only its parameters; - reads standard input.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say for every parameter what its value is, which layer gives it, and what lost.

    Without a request, it is that of a caller who says nothing.
    """
    from bodhi.aliases.recipe import recipe_of
    from bodhi.aliases.resolve import resolve
    from bodhi.aliases.show import show_request
    from bodhi.params.explain import NOTHING, explain

    asked, dropped = (NOTHING, []) if request is None else _read_request(request, name)
    settings = load_settings()
    found = resolve(name, open_aliases(settings), scan_models(settings))
    recipe = recipe_of(found.alias, found.model, checker(settings).cores)
    shown = show_request(found, explain(recipe, asked), dropped)
    _print(shown.model_dump(mode="json"), as_json)


@requests.command("explain")
def explain_request(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="The x-request-id of an answer.")],
    server: ServerAddress = None,
    as_json: AsJson = False,
) -> None:
    """Say where each value of one request came from, for ten minutes after it was asked.

    Prompts are not kept: of a text that the caller gave, only that it was theirs is known.
    """
    from urllib.parse import quote

    from bodhi.cli.server_client import find_server

    found = find_server(server)
    answer = found.ask_json("GET", f"/api/v1/requests/{quote(request_id, safe='')}/explain")
    if not isinstance(answer, dict) or not isinstance(answer.get("parameters"), list):
        raise EngineProtocol(
            f"What answers on {found.address} explains no requests.",
            remedy="Is it a Bodhi server?",
        )
    _print(answer, as_json)


def _read_request(file: str, name: str) -> tuple[Asked, list[str]]:
    """The parameters of a request body, and the names of what is nobody's. It meets ``name``.

    Raises InvalidInput or ParameterInvalid.
    """
    from bodhi.gateway.body import parse_json
    from bodhi.gateway.dialects import CHAT, COMPLETIONS
    from bodhi.params.explain import Asked
    from bodhi.params.merge import read_body

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    body = parse_json(data)
    if body.get("model", name) != name:
        note(f"The request is for another model; it is explained as one for {clean(name)}.")
    messages = body.get("messages")
    has_system_message = isinstance(messages, list) and any(
        isinstance(message, dict) and message.get("role") == "system" for message in messages
    )
    content = {*CHAT.fields, *COMPLETIONS.fields, *_FIELDS_BESIDE}
    asked, dropped = read_body({k: v for k, v in body.items() if k not in content})
    return Asked(asked, has_system_message), dropped


def _print(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        write_json(shown)
        return
    write(table(("PARAMETER", "VALUE", "FROM", "INSTEAD OF"), map(_row, shown["parameters"])))
    for one in shown["parameters"]:
        if one["overruled"]:
            asked = [rung["value"] for rung in one["ladder"] if rung["layer"] == "request"]
            was = f"asked for {_text(asked[0]) or 'another'}" if asked else "not asked for"
            note(f"{one['key']}: {was}, used {_text(one['value'])} ({one['layer']})")
    if shown["dropped"]:
        note(f"Means nothing here: {', '.join(map(clean, shown['dropped']))}")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    lost = [f"{_text(rung['value'])} ({rung['layer']})" for rung in one["ladder"][1:]]
    value = "(not kept)" if one["withheld"] else _text(one["value"])
    return one["key"], value, one["layer"], ", ".join(lost)


def _text(value: object) -> str:
    """One line of at most so many characters; nothing where nobody says anything."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
