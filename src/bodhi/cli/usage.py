"""``bodhi usage``: what was asked of the running server, by alias, model, template or key."""

from __future__ import annotations

import re
import time
from enum import StrEnum
from typing import Annotated, Any

import typer

from bodhi.cli.options import AsJson, ServerAddress
from bodhi.cli.output import note, table, write, write_json

_SINCE = re.compile(r"([1-9]\d{0,4})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_HEADER = ("REQUESTS", "SUCCESS", "LEFT", "TOKENS IN", "OUT", "FIRST TOKEN", "TOKENS/S")
_KEY_HEADER = ("KEY", "REQUESTS", "TOKENS IN", "OUT", "LAST REQUEST")


class By(StrEnum):
    """What requests are told apart by."""

    ALIAS = "alias"
    MODEL = "model"
    TEMPLATE = "template"
    KEY = "key"


def usage(
    by: Annotated[By, typer.Option("--by", help="What requests are told apart by.")] = By.ALIAS,
    since: Annotated[
        str, typer.Option("--since", metavar="AGO", help="How far back: 30m, 12h or 7d.")
    ] = "7d",
    server: ServerAddress = None,
    as_json: AsJson = False,
) -> None:
    """Sum up what was asked of the running server, most requests first; keys by their last use.

    SUCCESS is the share that finished of what finished, failed or was interrupted; LEFT counts
    callers who did not wait for the end.
    """
    from bodhi.cli.server_client import find_server

    start = int(time.time()) - _seconds(since)
    answer = find_server(server).ask_json("GET", f"/api/v1/usage/{_LISTS[by]}?from={start}")
    if as_json:
        write_json(answer)
        return
    found = answer[_LISTS[by]]
    if found and by is By.KEY:
        write(table(_KEY_HEADER, map(_of_key, found)))
    elif found:
        rows = [(_name(by, one), *_cells(one["figures"])) for one in found]
        write(table((by.value.upper(), *_HEADER), rows))
    else:
        note("Nothing was asked in this time.")


_LISTS = {By.ALIAS: "aliases", By.MODEL: "models", By.TEMPLATE: "templates", By.KEY: "keys"}


def _seconds(since: str) -> int:
    match = _SINCE.fullmatch(since)
    if match is None:
        raise typer.BadParameter("write it like 30m, 12h or 7d", param_hint="--since")
    return int(match[1]) * _SECONDS[match[2]]


def _of_key(one: dict[str, Any]) -> tuple[str, ...]:
    numbers = (one["requests"], one["prompt_tokens"], one["completion_tokens"])
    last = time.strftime("%Y-%m-%d %H:%M", time.localtime(one["last_used"]))
    return (one["key_id"], *map(str, numbers), last)


def _name(by: By, one: dict[str, Any]) -> str:
    if by is By.ALIAS and one["source"] == "draft":
        return f"{one['alias']} (trial)"
    return one[by.value] or "-"


def _cells(figures: dict[str, Any]) -> tuple[str, ...]:
    success, first = figures["success"], figures["first_token_ms"]
    rate = figures["tokens_per_s"]
    return (
        str(figures["requests"]),
        "-" if success is None else f"{100 * success:.1f} %",
        str(figures["left"]),
        str(figures["prompt_tokens"]),
        str(figures["completion_tokens"]),
        "-" if first is None else f"{first:.0f} ms",
        "-" if rate is None else f"{rate:.1f}",
    )
