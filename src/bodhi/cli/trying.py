"""``bodhi aliases try``: one question to an alias with other values, none of which is saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodhi.cli.options import AliasName, Assignments, ServerAddress
from bodhi.cli.output import clean_text, note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

_Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="What is asked.")]


def try_alias(
    name: AliasName, prompt: _Prompt, set_: Assignments = None, server: ServerAddress = None
) -> None:
    """Ask an alias once, with other values than it has; nothing is saved.

    What was tried is what requests would get if the values were saved with bodhi aliases set.
    """
    from bodhi.cli.assignments import read_assignments
    from bodhi.cli.server_client import find_server

    edits = read_assignments(set_ or ())
    body = {
        "alias": name,
        "edits": [{"path": list(path), "value": value} for path, value in edits.items()],
        "messages": [{"role": "user", "content": prompt}],
    }
    with find_server(server).ask("POST", "/api/v1/trials", body) as response:
        for kind, data in _events(response):
            _show(kind, data)


def _show(kind: str, data: dict[str, Any]) -> None:
    """The answer to standard output, everything about it beside it. Raises the error told."""
    from bodhi.cli.server_client import error_from

    if kind == "begun" and data["needs_load"]:
        note(f"{data['model']} is loaded for this.")
    elif kind == "delta" and data.get("content"):
        typer.echo(clean_text(data["content"]), nl=False)
    elif kind == "error":
        raise error_from({"error": data["error"]}, 502)
    elif kind == "done":
        typer.echo()
        timings = data["timings"]
        words = [f"{timings['completion_tokens'] or 0} tokens"]
        if timings["tokens_per_second"] is not None:
            words.append(f"{timings['tokens_per_second']:.1f} tokens/s")
        if timings["first_token_ms"] is not None:
            words.append(f"first after {timings['first_token_ms']:.0f} ms")
        note(", ".join([*words, str(data["finish_reason"])]) + ".")


def _events(response: HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = ""
    for line in response:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            kind = value
        elif field == "data":
            yield kind, json.loads(value)
