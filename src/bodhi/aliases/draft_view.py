"""Drafts and versions as the control plane reads them: checked, explained and compared.

Everything here blocks and is called from a thread.
"""

from contextlib import suppress

from bodhi.aliases.check import Checker
from bodhi.aliases.difference import Change, changes, text_difference
from bodhi.aliases.drafts import Draft, Drafts
from bodhi.aliases.drafts_shown import (
    ChangeShown,
    DifferenceShown,
    DraftDetail,
    DraftErrorShown,
    DraftItem,
    VersionDetail,
    VersionItem,
)
from bodhi.aliases.loose import Loose, read_loosely
from bodhi.aliases.many_show import show_recipe
from bodhi.aliases.model import Alias, StoredAlias
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.show import show_effective, show_error, show_findings
from bodhi.aliases.store import AliasStore
from bodhi.aliases.validation import name_errors
from bodhi.aliases.versions import Version
from bodhi.aliases.yaml12 import decode, encode
from bodhi.chat_templates.trials import AskTrial
from bodhi.errors import AliasFileInvalid, AliasNotFound, BodhiError
from bodhi.model_files.index import Catalogue
from bodhi.params.explain import Explained, explain


class DraftView:
    """Shows drafts of ``drafts`` and versions of ``store``, as far as ``checker`` knows them."""

    def __init__(self, store: AliasStore, drafts: Drafts, checker: Checker) -> None:
        self._store = store
        self._drafts = drafts
        self._checker = checker

    def item(self, draft: Draft) -> DraftItem:
        """A draft as a list has it."""
        return self._item(draft, _read(draft).alias)

    def detail(
        self, draft: Draft, catalogue: Catalogue, ask: AskTrial | None = None
    ) -> DraftDetail:
        """A draft with everything that an editor shows beside it.

        ``ask`` tells what a trial of its chat template shows.
        """
        read = _read(draft)
        base = self._drafts.base_of(draft)
        sound = read.sound
        found: list[BodhiError] = [*read.errors]
        model = catalogue.find(sound.repo, sound.filename, sound.snapshot) if sound else None
        effective: list[Explained] = []
        if sound is not None:
            own = base.stem if base else None
            found += name_errors(sound, own, self._store)
            found += self._checker.errors(sound, catalogue)
            with suppress(BodhiError):  # which is among the errors already
                effective = explain(recipe_of(sound, model, self._checker.cores))
        findings = self._checker.findings_of(sound, model, ask) if sound else []
        changed = changes(base.alias if base else None, read.alias) if read.alias else []
        errors = [(one, _line(error)) for error in found if (one := show_error(error))]
        return DraftDetail(
            **dict(self._item(draft, read.alias)),
            source_text=draft.text,
            recipe=show_recipe(read.alias) if read.alias else None,
            errors=[DraftErrorShown(**dict(error), line=line) for error, line in errors],
            findings=show_findings(findings),
            effective=[show_effective(one) for one in effective],
            changes=_shown(changed),
        )

    def difference(self, draft: Draft) -> DifferenceShown:
        """A draft against the alias as it is now; against nothing, where there is none."""
        base = self._drafts.base_of(draft)
        before, etag = self._store.text_of(base.stem) if base else ("", None)
        names = ("published", "draft")
        return _difference(before, draft.text, names, etags=(etag, draft.etag))

    def version_item(self, version: Version, stored: StoredAlias) -> VersionItem:
        """A version as a list has it."""
        return VersionItem(
            version=version.number,
            saved_at=version.saved_at,
            how=version.how,
            note=version.note,
            etag=version.etag,
            is_current=version.number == stored.version,
        )

    def version(self, alias_id: str, number: int) -> VersionDetail:
        """A version, whole. Raises AliasNotFound, VersionNotFound, StorageFailed."""
        stored = self.stored(alias_id)
        version, text = self._store.version(stored, number)
        item = self.version_item(version, stored)
        return VersionDetail(**dict(item), source_text=decode(text))

    def versions_between(self, alias_id: str, before: int, after: int) -> DifferenceShown:
        """One version against another. Raises as :meth:`version` does."""
        old, new = self.version(alias_id, before), self.version(alias_id, after)
        names = (f"version {before}", f"version {after}")
        return _difference(old.source_text, new.source_text, names, etags=(old.etag, new.etag))

    def stored(self, alias_id: str) -> StoredAlias:
        """The user alias with this URL id, as its file is now. Raises AliasNotFound."""
        with suppress(AliasFileInvalid, BodhiError):
            self._store.text_of(alias_id)
        stored = self._store.by_stem(alias_id)
        if stored is None:
            raise AliasNotFound("No user alias has this id.", remedy="GET /api/v1/aliases has all.")
        self._store.keep_version_of(alias_id)
        return stored

    def _item(self, draft: Draft, alias: Alias | None) -> DraftItem:
        base = self._drafts.base_of(draft)
        return DraftItem(
            id=draft.id,
            alias_id=base.stem if base else None,
            name=(alias.name or None) if alias else None,
            uid=draft.uid,
            base_etag=draft.base_etag,
            base_version=draft.base_version,
            is_stale=draft.uid is not None and (base is None or base.etag != draft.base_etag),
            created_at=draft.created_at,
            updated_at=draft.updated_at,
            seq=draft.seq,
            etag=draft.etag,
        )


def _read(draft: Draft) -> Loose:
    try:
        return read_loosely(encode(draft.text))
    except AliasFileInvalid as error:
        return Loose(None, None, [error])


def _line(error: BodhiError) -> int | None:
    return error.line if isinstance(error, AliasFileInvalid) else None


def _difference(
    before: str, after: str, names: tuple[str, str], *, etags: tuple[str | None, str | None]
) -> DifferenceShown:
    fields: list[Change] = []
    with suppress(AliasFileInvalid):
        old = read_recipe(encode(before)) if before else None
        fields = changes(old, read_recipe(encode(after)))
    text = text_difference(before, after, names=names)
    return DifferenceShown(
        changes=_shown(fields), text=text, before_etag=etags[0], after_etag=etags[1]
    )


def _shown(fields: list[Change]) -> list[ChangeShown]:
    return [ChangeShown(path=list(c.path), before=c.before, after=c.after) for c in fields]
