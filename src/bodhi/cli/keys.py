"""``bodhi keys``: who may ask the server for what, where a key is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.access.grant import KeyScope
from bodhi.cli.options import AsJson
from bodhi.cli.output import note, table, write, write_json

if TYPE_CHECKING:
    from bodhi.access.keys import Key, KeyStore

app = typer.Typer(help="Make, list and revoke keys.", no_args_is_help=True)


@app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="For whom or what it is.")],
    scope: Annotated[
        KeyScope,
        typer.Option("--scope", help="inference may ask models only, admin do everything."),
    ] = KeyScope.INFERENCE,
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", metavar="ALIAS", help="For this alias only; may be given again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once.

    A running server knows it at once. It asks for keys where it listens beyond loopback, and on
    loopback with the setting require_key.
    """
    key, text = _store().create(name, scope, alias or ())
    if as_json:
        write_json({**_as_json(key), "key": text})
        return
    write(text)
    note(f"This is the only time it is shown. bodhi keys revoke {key.id} ends it.")


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys; what they say themselves is not kept."""
    keys = _store().all()
    if as_json:
        write_json({"keys": [_as_json(key) for key in keys]})
    elif keys:
        write(table(("ID", "NAME", "SCOPE", "ALIASES", "CREATED"), map(_row, keys)))
    else:
        note("There are no keys. bodhi keys create makes one.")


@app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As bodhi keys list shows it.")],
) -> None:
    """End a key; a running server refuses it within a second."""
    key = _store().revoke(key_id)
    note(f"Revoked {key.id}, {key.name}.")


def _store() -> KeyStore:
    from bodhi.access.keys import KeyStore
    from bodhi.cli.local import load_settings

    return KeyStore(load_settings().home)


def _as_json(key: Key) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "aliases": list(key.aliases),
        "created_at": key.created_at,
    }


def _row(key: Key) -> tuple[str, ...]:
    return key.id, key.name, key.scope.value, ", ".join(key.aliases) or "all", key.created_at
