"""An entry as ``bodhi aliases`` lists and shows it: as JSON and as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bodhi.cli.output import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bodhi.aliases.entry import Entry
    from bodhi.aliases.model import Alias
    from bodhi.params.values import Json, JsonObject


def state_of(entry: Entry) -> str:
    """``ok``; ``broken`` (the alias file); ``missing`` or ``unusable`` (the model file)."""
    if entry.broken is not None:
        return "broken"
    if _is_missing(entry):
        return "missing"
    return "unusable" if entry.model and entry.model.problem else "ok"


def problem_of(entry: Entry) -> str | None:
    """The sentence behind a state that is not ``ok``."""
    if entry.broken is not None:
        return str(entry.broken)
    if _is_missing(entry):
        return "The model file is not here."
    return entry.model.problem if entry.model else None


def _is_missing(entry: Entry) -> bool:
    is_remote = entry.alias is not None and entry.alias.remote is not None
    return entry.model is None and not is_remote


def to_json(entry: Entry) -> JsonObject:
    """The keys that every entry has."""
    alias = entry.alias
    return {
        "name": entry.name,
        "source": entry.source.value,
        "repo": alias.repo if alias else None,
        "filename": alias.filename if alias else None,
        "snapshot": alias.snapshot if alias else None,
        "version": entry.version,
        "state": state_of(entry),
        "problem": problem_of(entry),
    }


def cells(entry: Entry) -> tuple[str, ...]:
    """The row in the table: name, source, repository, file and state."""
    alias, problem = entry.alias, problem_of(entry)
    state = state_of(entry) if problem is None else f"{state_of(entry)}: {problem}"
    where = (alias.repo, alias.filename) if alias else ("", "")
    return (entry.name, entry.source.value, *where, state)


def recipe_json(alias: Alias) -> JsonObject:
    """What ``bodhi aliases show --json`` adds to an entry."""
    return {
        "chat_template": alias.chat_template,
        "context_params": dict(alias.context_params),
        "request_params": dict(alias.request_params),
        "request_policy": dict(alias.request_policy),
    }


def describe(entry: Entry, alias: Alias, preset: str | None = None) -> str:
    """An entry and its recipe for people; ``preset`` is what it was made from."""
    version = "" if entry.version is None else f", version {entry.version}"
    head = fields(
        [
            ("name", entry.name),
            ("source", f"{entry.source.value}{version}"),
            ("repository", alias.repo),
            ("file", alias.filename),
            ("snapshot", alias.snapshot),
            ("chat template", _template(alias.chat_template)),
            ("preset", preset),
            ("state", state_of(entry)),
            ("problem", problem_of(entry)),
        ]
    )
    sections = (
        _section("context_params", alias.context_params),
        _section("request_params", alias.request_params),
        _section("request_policy", alias.request_policy),
    )
    return "\n".join([head, *filter(None, sections)])


def _template(declared: str | None) -> str:
    if declared is None:
        return "embedded"
    # Jinja text is for editors, not for one line of a terminal.
    inline = "{{" in declared or "{%" in declared
    return f"inline, {len(declared):,} characters" if inline else declared


def _section(title: str, params: Mapping[str, Json]) -> str:
    if not params:
        return ""
    rows = fields((key, json.dumps(value)) for key, value in params.items())
    return f"{title}\n" + "\n".join(f"  {row}" for row in rows.splitlines())
