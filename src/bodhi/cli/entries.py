"""One entry a name: what ``bodhi aliases`` lists and shows, as JSON and as text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodhi.aliases.model import Alias, AliasSource, Problem, StoredAlias
from bodhi.aliases.resolve import Aliases, Resolution, resolve
from bodhi.cli.output import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bodhi.model_files.index import Catalogue
    from bodhi.model_files.model import ModelFile
    from bodhi.params.values import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Entry:
    """A user alias or a model, with the model file it finds now.

    ``broken`` is why the alias's file cannot be used; ``alias`` may still be its last good reading.
    """

    name: str
    source: AliasSource
    alias: Alias | None
    model: ModelFile | None
    version: int | None = None
    broken: Problem | None = None

    @property
    def state(self) -> str:
        """``ok``; ``broken`` (the alias file); ``missing`` or ``unusable`` (the model file)."""
        if self.broken is not None:
            return "broken"
        if self.model is None:
            return "missing"
        return "ok" if self.model.problem is None else "unusable"

    @property
    def problem(self) -> str | None:
        """The sentence behind a state that is not ``ok``."""
        if self.broken is not None:
            return str(self.broken)
        return "The model file is not here." if self.model is None else self.model.problem

    def to_json(self) -> JsonObject:
        """The keys that every entry has."""
        alias = self.alias
        return {
            "name": self.name,
            "source": self.source.value,
            "repo": alias.repo if alias else None,
            "filename": alias.filename if alias else None,
            "snapshot": alias.snapshot if alias else None,
            "version": self.version,
            "state": self.state,
            "problem": self.problem,
        }

    def cells(self) -> tuple[str, ...]:
        """The row in the table: name, source, repository, file and state."""
        alias = self.alias
        state = self.state if self.problem is None else f"{self.state}: {self.problem}"
        where = (alias.repo, alias.filename) if alias else ("", "")
        return (self.name, self.source.value, *where, state)


def all_entries(aliases: Aliases, catalogue: Catalogue) -> list[Entry]:
    """User aliases by name, then models by name."""
    stored = [entry_of_stored(stored, catalogue) for stored in aliases.all()]
    models = [entry_of(resolve(model.id, aliases, catalogue)) for model in catalogue.rows]
    return sorted(stored, key=lambda entry: entry.name) + models


def entry_of_stored(stored: StoredAlias, catalogue: Catalogue) -> Entry:
    """The entry of a user alias, whatever is wrong with it; without a reading its stem names it."""
    alias = stored.alias
    model = catalogue.find(alias.repo, alias.filename, alias.snapshot) if alias else None
    name = alias.name if alias else stored.stem
    return Entry(name, AliasSource.USER, alias, model, stored.version, stored.problem)


def entry_of(found: Resolution) -> Entry:
    """The entry of a name that resolves."""
    return Entry(found.name, found.source, found.alias, found.model, found.version)


def recipe_json(alias: Alias) -> JsonObject:
    """What ``bodhi aliases show --json`` adds to an entry."""
    return {
        "chat_template": alias.chat_template,
        "context_params": dict(alias.context_params),
        "request_params": dict(alias.request_params),
        "request_policy": dict(alias.request_policy),
    }


def describe(entry: Entry, alias: Alias) -> str:
    """An entry and its recipe for people."""
    version = "" if entry.version is None else f", version {entry.version}"
    head = fields(
        [
            ("name", entry.name),
            ("source", f"{entry.source.value}{version}"),
            ("repository", alias.repo),
            ("file", alias.filename),
            ("snapshot", alias.snapshot),
            ("chat template", _template(alias.chat_template)),
            ("state", entry.state),
            ("problem", entry.problem),
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
