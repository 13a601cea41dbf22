"""``bodhi advise``: what is recommended for an alias or a model, and who says so."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from bodhi.cli.local import checker, load_settings, open_aliases, scan_models
from bodhi.cli.options import AliasName, AsJson
from bodhi.cli.output import clean, note, table, write, write_json
from bodhi.errors import UnsupportedByEngine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bodhi.advice.recommend import Recommendation
    from bodhi.aliases.resolve import Resolution
    from bodhi.params.values import JsonObject


def advise(name: AliasName, as_json: AsJson = False) -> None:
    """Show recommended values with their sources, beside what applies now.

    Nothing is changed.
    """
    from bodhi.advice.recommend import recommend
    from bodhi.aliases.resolve import resolve

    settings = load_settings()
    found = resolve(name, open_aliases(settings), scan_models(settings))
    if found.model is None:
        raise UnsupportedByEngine("What a server elsewhere holds is not known here.")
    advice = recommend(found.alias, found.model, checker(settings).cores)
    if as_json:
        write_json({"alias": found.label, "recommendations": [_to_json(one) for one in advice]})
        return
    if not advice:
        note("Nobody recommends anything for this model.")
        return
    header = ("PARAMETER", "NOW", "RECOMMENDED", "SOURCE")
    write(table(header, map(_row, advice)))
    others = [one for one in advice if not one.is_followed]
    note(_command(found, others) if others else "All of it applies already.")


def _row(one: Recommendation) -> tuple[str, ...]:
    now = "" if one.now is None else f"{json.dumps(one.now)} ({one.layer})"
    return one.key, now, "the same" if one.is_followed else json.dumps(one.value), one.source


def _command(found: Resolution, others: Iterable[Recommendation]) -> str:
    """What makes it so, ready to be pasted."""
    values = [f"{one.key}={json.dumps(one.value)}" for one in others]
    if found.source == "user":
        return clean(shlex.join(["bodhi", "aliases", "set", found.name, *values]))
    sets = [word for value in values for word in ("--set", value)]
    return clean(f"{shlex.join(['bodhi', 'aliases', 'clone', found.name])} NEW {shlex.join(sets)}")


def _to_json(one: Recommendation) -> JsonObject:
    return {
        "key": one.key,
        "value": one.value,
        "source": one.source,
        "now": one.now,
        "layer": one.layer.value,
        "followed": one.is_followed,
    }
