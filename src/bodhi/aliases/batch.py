"""One change of many aliases: tried or made, each wholly or not at all, and how to undo it.

Everything here blocks and is called from a thread.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bodhi.aliases.compare import Change, changes_between
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import read_alias, read_recipe
from bodhi.aliases.store import AliasStore
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.aliases.writer import edit_text
from bodhi.aliases.yaml12 import encode
from bodhi.errors import AliasChanged, BodhiError
from bodhi.params.values import Json

# What to set and remove in an alias that says this.
EditsOf = Callable[[Alias], Mapping[ValuePath, Json]]


@dataclass(frozen=True, slots=True)
class Undo:
    """Gives one alias back what it was: its text, its place (from the trash), or neither, where
    there was no alias. ``etag`` is what it has to be now."""

    alias_id: str
    etag: str | None
    source_text: str | None = None
    trash_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one alias. ``refused`` is why nothing did; without it and without changes, it
    is so already. ``etag`` is that of the content now."""

    alias_id: str
    refused: BodhiError | None = None
    changes: Sequence[Change] = ()
    is_changed: bool = False
    etag: str | None = None
    undo: Undo | None = None


class Batch:
    """Changes one alias after another. With ``dry_run`` nothing is changed, and nothing undone."""

    def __init__(self, store: AliasStore, *, dry_run: bool) -> None:
        self._store = store
        self._dry_run = dry_run

    def edit(self, alias_id: str, etag: str | None, edits_of: EditsOf) -> Outcome:
        """Edit the alias if its content has this etag; None takes whatever is there."""
        before, found = self._read(alias_id, etag)
        after = edit_text(before, edits_of(read_recipe(encode(before))))
        return self._save(alias_id, found, before, after)

    def delete(self, alias_id: str, etag: str | None) -> Outcome:
        """Move it to the trash."""
        if self._dry_run:
            self._read(alias_id, etag)
            return Outcome(alias_id, is_changed=True)
        trashed = self._store.delete(alias_id, if_etag=etag)
        undo = Undo(alias_id, None, trash_id=trashed.id)
        return Outcome(alias_id, is_changed=True, undo=undo)

    def undo(self, undo: Undo) -> Outcome:
        """Undo one change, unless somebody has changed the alias since."""
        if undo.source_text is not None:
            before, found = self._read(undo.alias_id, undo.etag)
            return self._save(undo.alias_id, found, before, undo.source_text)
        if undo.trash_id is None:
            return self.delete(undo.alias_id, undo.etag)
        if self._dry_run:
            return Outcome(undo.alias_id, is_changed=True)
        stored = self._store.restore(undo.trash_id)
        again = Undo(stored.stem, stored.etag)
        return Outcome(stored.stem, is_changed=True, etag=stored.etag, undo=again)

    def _read(self, alias_id: str, etag: str | None) -> tuple[str, str]:
        text, found = self._store.text_of(alias_id)
        if etag not in (None, found):
            raise AliasChanged(
                f"The alias {alias_id} was changed in the meantime.",
                remedy="Load it again and repeat the change.",
            )
        return text, found

    def _save(self, alias_id: str, etag: str, before: str, after: str) -> Outcome:
        if after == before:
            return Outcome(alias_id, etag=etag)
        wanted = read_alias(encode(after), stem=alias_id)
        changes = changes_between(read_recipe(encode(before)), wanted)
        if self._dry_run:
            return Outcome(alias_id, None, changes, is_changed=True, etag=etag)
        stored = self._store.save(alias_id, after, if_etag=etag)
        undo = Undo(alias_id, stored.etag, source_text=before)
        return Outcome(alias_id, None, changes, is_changed=True, etag=stored.etag, undo=undo)


def tagged(tags: Sequence[str]) -> EditsOf:
    """Adds tags behind those that are there."""

    def edits(alias: Alias) -> dict[ValuePath, Json]:
        new = [tag for tag in tags if tag not in alias.tags]
        return {("tags",): [*alias.tags, *new]} if new else {}

    return edits


def untagged(tags: Sequence[str]) -> EditsOf:
    """Takes tags away."""

    def edits(alias: Alias) -> dict[ValuePath, Json]:
        left: list[Json] = [tag for tag in alias.tags if tag not in tags]
        return {("tags",): left or None} if len(left) < len(alias.tags) else {}

    return edits
