"""Where the command line changes user aliases: found, changed as text, checked, then saved."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bodhi.aliases.entry import entry_of_stored
from bodhi.aliases.filenames import stem_for
from bodhi.aliases.model import Alias, AliasSource, StoredAlias
from bodhi.aliases.resolve import resolve
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.yaml12 import encode
from bodhi.cli.entries import recipe_json, to_json
from bodhi.cli.local import checker, load_settings, open_aliases, scan_models
from bodhi.cli.output import clean_text
from bodhi.cli.validate import Finding, Validator
from bodhi.errors import InvalidInput, NameTaken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bodhi.aliases.store import AliasStore
    from bodhi.aliases.surgery import Path as ValuePath
    from bodhi.params.values import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an alias: its text before and after, and how it is stored now."""

    before: str
    after: str
    stored: StoredAlias


@dataclass(frozen=True, slots=True)
class Workbench:
    """The aliases of this machine, and what checks a text before it becomes one of them."""

    store: AliasStore
    validator: Validator

    def find(self, name: str) -> StoredAlias:
        """The user alias of this name or URL id.

        Raises AliasNotFound with the nearest names, InvalidInput for a model, which has no file.
        """
        if stored := self._stored(name):
            return stored
        found = resolve(name, self.store, self.validator.catalogue)
        if found.source is AliasSource.USER and (stored := self.store.get(found.name)):
            return stored
        raise InvalidInput(
            f"{found.name} is a model; only user aliases can be changed.",
            remedy=f"bodhi aliases clone {found.name} NEW makes an alias of it.",
        )

    def require_free(self, name: str, *, but: StoredAlias | None = None) -> str:
        """The stem for a name that no alias ``but`` one has; raises NameInvalid or NameTaken."""
        stem = stem_for(name)
        if (self.store.get(name) or self.store.by_stem(stem)) not in (None, but):
            raise NameTaken(
                f"There is an alias {name} already.",
                remedy=f"bodhi aliases set {name} KEY=VALUE changes it.",
            )
        if self.validator.catalogue.by_id(name):
            raise NameTaken(
                f"{name} is the name of a model, which would win.", remedy="Choose another name."
            )
        return stem

    def new_findings(self, text: str, stem: str, before: Alias | None) -> list[Finding]:
        """What keeps ``text`` from serving as ``stem``, and did not keep ``before`` from it.

        A model file that is missing must not stand in the way of another temperature.
        """
        found = self.validator.check_data(encode(text), f"{stem}.yaml")
        if before is None or not found:
            return found
        known = {error.message for error in self.validator.check_alias(before)}
        return [finding for finding in found if finding.error.message not in known]

    def check(self, text: str, stem: str, before: Alias | None = None) -> None:
        """Raises the first of :meth:`new_findings`."""
        for finding in self.new_findings(text, stem, before):
            raise finding.error

    def change(self, stored: StoredAlias, edits: Mapping[ValuePath, Json]) -> Change:
        """Save the alias with these edits, unless somebody else saves it meanwhile.

        Raises what makes the result unusable, AliasChanged, AliasBroken or StorageFailed.
        """
        text, etag = self.store.text_of(stored.stem)
        changed = edit_text(text, edits)
        if changed == text:
            return Change(text, text, stored)
        self.check(changed, stored.stem, stored.alias)
        return Change(text, changed, self.store.save(stored.stem, changed, if_etag=etag))

    def clone(self, name: str, new_name: str, edits: Mapping[ValuePath, Json]) -> StoredAlias:
        """A new alias from the file of another, or from a model, with these edits."""
        stem = self.require_free(new_name)
        stored = None if self.validator.catalogue.by_id(name) else self._stored(name)
        before: Alias | None
        if stored is None:
            before = resolve(name, self.store, self.validator.catalogue).alias
            text = write_alias(before)
        else:
            before = stored.alias
            text, _ = self.store.text_of(stored.stem)
        text = edit_text(text, {("alias",): new_name, **edits})
        self.check(text, stem, None if before is None else replace(before, name=new_name))
        return self.store.create(text)

    def show(self, stored: StoredAlias) -> JsonObject:
        """What ``--json`` prints of an alias that was changed, as ``aliases show`` does."""
        entry = to_json(entry_of_stored(stored, self.validator.catalogue))
        return entry if stored.alias is None else entry | recipe_json(stored.alias)

    def _stored(self, name: str) -> StoredAlias | None:
        return self.store.get(name) or self.store.by_stem(name)


def open_workbench() -> Workbench:
    """The aliases and models of the home and cache that the settings name."""
    settings = load_settings()
    store = open_aliases(settings)
    validator = Validator(scan_models(settings), checker(settings), store.folder)
    return Workbench(store, validator)


def difference(before: str, after: str, file: str) -> str:
    """What changed from one text to the other, as a unified diff; empty where nothing did."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{file} before", f"{file} now", lineterm=""
    )
    return clean_text("\n".join(lines))
