"""Changing user aliases for the control plane: every change names what it is based on.

Everything here blocks and is called from a thread.
"""

from collections.abc import Mapping

from bodhi.aliases.entry import entry_of_model, model_by_alias_id
from bodhi.aliases.filenames import stem_for
from bodhi.aliases.model import Alias, StoredAlias
from bodhi.aliases.preset import KEY, name_in
from bodhi.aliases.reader import SECTIONS, TEXTS, read_recipe
from bodhi.aliases.store import AliasStore
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.aliases.trash import Trashed
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.yaml12 import encode
from bodhi.errors import AliasFileInvalid, AliasNotEditable, AliasNotFound, NameInvalid
from bodhi.model_files.index import Catalogue
from bodhi.params.parameter import Section
from bodhi.params.registry import SPELLINGS, normalise_spelling
from bodhi.params.values import Json

Etags = tuple[str, ...] | None


class Writing:
    """Changes the aliases of ``store``.

    ``etags`` are those that a change may be based on, None for whatever is there. A ``source`` is
    a recipe or the text of a file. Every method raises what the store's does, and AliasNotEditable
    for a model's own alias.
    """

    def __init__(self, store: AliasStore) -> None:
        self._store = store

    def create(self, source: Alias | str) -> StoredAlias:
        """A new alias."""
        return self._store.create(text_of(source))

    def replace(
        self, alias_id: str, source: Alias | str, etags: Etags, catalogue: Catalogue
    ) -> StoredAlias:
        """The same alias with another content.

        A recipe is edited into the file, whose comments and unknown keys stay; a text replaces it.
        """
        self.check_editable(alias_id, catalogue)
        if isinstance(source, str):
            return self._store.save(alias_id, source, if_etag=self._based_on(alias_id, etags))
        wanted = read_recipe(encode(text_of(source)))
        if stem_for(wanted.name) != alias_id:
            raise NameInvalid(
                f"{wanted.name} is not a name for this alias's file.",
                pointer="/recipe/name",
                remedy="Rename the alias first.",
            )
        return self._edit(alias_id, edits_to_become(wanted), etags)

    def edit(
        self, alias_id: str, edits: Mapping[ValuePath, Json], etags: Etags, catalogue: Catalogue
    ) -> StoredAlias:
        """Set each path to its value, or remove it where that is None; the rest stays."""
        self.check_editable(alias_id, catalogue)
        return self._edit(alias_id, with_keys(edits), etags)

    def rename(self, alias_id: str, name: str, etags: Etags, catalogue: Catalogue) -> StoredAlias:
        """The same alias under another name."""
        self.check_editable(alias_id, catalogue)
        return self._store.rename(alias_id, name, if_etag=self._based_on(alias_id, etags))

    def clone(
        self, alias_id: str, name: str, edits: Mapping[ValuePath, Json], catalogue: Catalogue
    ) -> StoredAlias:
        """A new alias from the file of another, comments and all, or from a model."""
        stem_for(name)
        text = self._text_to_clone(alias_id, catalogue)
        return self._store.create(edit_text(text, {**with_keys(edits), ("alias",): name}))

    def delete(self, alias_id: str, etags: Etags, catalogue: Catalogue) -> Trashed:
        """Move the alias to the trash."""
        self.check_editable(alias_id, catalogue)
        return self._store.delete(alias_id, if_etag=self._based_on(alias_id, etags))

    def check_editable(self, alias_id: str, catalogue: Catalogue) -> None:
        """Raises AliasNotEditable for the alias of a model."""
        if self._store.by_stem(alias_id) is None and model_by_alias_id(alias_id, catalogue):
            raise AliasNotEditable(
                "A model's own alias cannot be changed.",
                remedy="Create a custom alias of it: POST /api/v1/aliases/ID/clone.",
            )

    def _edit(self, alias_id: str, edits: Mapping[ValuePath, Json], etags: Etags) -> StoredAlias:
        return self._store.edit(alias_id, edits, if_etag=self._based_on(alias_id, etags))

    def _text_to_clone(self, alias_id: str, catalogue: Catalogue) -> str:
        try:
            return self._store.text_of(alias_id)[0]
        except AliasNotFound:
            model = model_by_alias_id(alias_id, catalogue)
            alias = entry_of_model(model).alias if model else None
            if alias is None:
                raise
            return write_alias(alias)

    def _based_on(self, alias_id: str, etags: Etags) -> str | None:
        """The one etag that the store is to look for; it looks again under its lock."""
        if etags is None:
            return None
        stored = self._store.by_stem(alias_id)
        return stored.etag if stored and stored.etag in etags else next(iter(etags), "-")


def edits_to_become(wanted: Alias) -> dict[ValuePath, Json]:
    """What makes any alias one with the recipe of ``wanted``; keys that are unknown stay."""
    texts: dict[ValuePath, Json] = {(key,): getattr(wanted, key) for key in TEXTS if key != "alias"}
    about: dict[ValuePath, Json] = {
        ("description",): wanted.description,
        ("tags",): list(wanted.tags) or None,
    }
    sections: dict[ValuePath, Json] = {
        (key,): dict(getattr(wanted, key)) or None for key in SECTIONS
    }
    made_from: dict[ValuePath, Json] = {(KEY,): name} if (name := name_in(wanted)) else {}
    return {("alias",): wanted.name, **texts, **about, **sections, **made_from}


def with_keys(edits: Mapping[ValuePath, Json]) -> dict[ValuePath, Json]:
    """The same edits with the registry's key for every parameter, however it was spelled."""
    return {_with_key(path): value for path, value in edits.items()}


def _with_key(path: ValuePath) -> ValuePath:
    if path[0] not in SECTIONS or len(path) == 1:
        return path
    section = Section.CONTEXT if path[0] == Section.CONTEXT else Section.REQUEST
    row, negated = SPELLINGS[section].get(normalise_spelling(str(path[1])), (None, False))
    return path if row is None or negated else (path[0], row.key, *path[2:])


def text_of(source: Alias | str) -> str:
    """The file of a recipe; errors point into the recipe then."""
    if isinstance(source, str):
        return source
    stem_for(source.name)
    try:
        return write_alias(read_recipe(encode(write_alias(source))))
    except AliasFileInvalid as error:
        pointer = (error.pointer or "").replace("/alias", "/name")
        raise AliasFileInvalid(
            error.message, pointer=f"/recipe{pointer}", remedy=error.remedy
        ) from None
