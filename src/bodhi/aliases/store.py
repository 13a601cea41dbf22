"""The user's aliases: one YAML file each, read into memory, and every way to change them.

A file that cannot be used disables that one alias, and the last good reading of it keeps serving.
Threads may call everything; readers never wait for a writer.
"""

import hashlib
import os
import time
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path

from bodhi.aliases.filenames import stem_for
from bodhi.aliases.model import Alias, StoredAlias
from bodhi.aliases.reader import read_alias, read_recipe
from bodhi.aliases.shelf import Shelf
from bodhi.aliases.sidecar import Identity
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.aliases.surgery import set_value
from bodhi.aliases.trash import (
    KEPT_DAYS,
    Trashed,
    TrashKind,
    find_trashed,
    mark_of,
    read_trash,
    trashed_as,
)
from bodhi.aliases.versions import KEPT, How, Version
from bodhi.aliases.view import View
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.yaml12 import MAX_BYTES, decode, encode
from bodhi.errors import AliasBroken, BodhiError, VersionNotFound
from bodhi.files import Disk, move_file, move_to_trash, replace_file, storage_errors
from bodhi.params.values import Json

# Where the whole text is another one, perhaps with another name in it.
_WHOLE = (How.PUBLISH, How.RESTORE)
_MOST_RECIPES = 256
_DAY_S = 24 * 60 * 60


class AliasStore:
    """The aliases under ``home``. Call :meth:`load_all` once before anything else.

    ``if_etag`` is the etag that the caller's change is based on (None: whatever is there); another
    one raises AliasChanged. Whatever raises has changed nothing, except where
    :func:`bodhi.files.replace_file` says otherwise. ``on_change`` is told, in whatever thread, the
    stems that show something else now, however that came about.
    """

    def __init__(self, home: Path, *, disk: Disk | None = None, versions_kept: int = KEPT) -> None:
        self.on_change: Callable[[frozenset[str]], None] | None = None
        self._shelf = Shelf(home, disk or Disk(), self._tell, versions_kept)
        self._recipes: dict[tuple[str, str], Alias] = {}

    def _tell(self, stems: frozenset[str]) -> None:
        if self.on_change is not None:
            self.on_change(stems)

    # Reading

    @property
    def folder(self) -> Path:
        """Where the alias files are."""
        return self._shelf.folder

    def load_all(self) -> None:
        """Read every alias; remove what killed saves left. Raises StorageFailed if it cannot."""
        self._shelf.open()

    def reload(self) -> frozenset[str]:
        """Read what has changed on disk since; returns the stems that now show something else.

        While the folder cannot be read, what is in memory keeps serving.
        """
        return self._shelf.reload()

    def remember_readings(self) -> None:
        """Keep what was read, so that the next start need not parse it. Raises StorageFailed."""
        with storage_errors("What was read of the aliases"):
            self._shelf.remember()

    @property
    def view(self) -> View:
        """What is shown now; never changes, and is another object once anything is different."""
        return self._shelf.view

    def all(self) -> list[StoredAlias]:
        """Every alias file as an alias, usable or not, by stem."""
        return sorted(self.view.by_stem.values(), key=lambda stored: stored.stem)

    def get(self, name: str) -> StoredAlias | None:
        """The alias of exactly this name."""
        return self.view.get(name)

    def by_stem(self, stem: str) -> StoredAlias | None:
        """The alias whose URL id this is."""
        return self.view.by_stem.get(stem)

    def by_uid(self, uid: str) -> StoredAlias | None:
        """The alias with this uid."""
        return next((s for s in self.view.by_stem.values() if s.uid == uid), None)

    def alone(self) -> AbstractContextManager[None]:
        """Keep everybody else from changing aliases meanwhile. Raises StorageFailed."""
        return self._shelf.alone()

    def text_of(self, stem: str) -> tuple[str, str]:
        """The file's text and its etag, freshly read.

        Raises AliasNotFound, AliasBroken if it is no file that can be read, AliasFileInvalid if it
        is not text.
        """
        stored = self._shelf.fresh(stem, None)
        return decode(self._shelf.bytes_of(stored)), stored.etag

    def file_of(self, stem: str) -> tuple[str, bytes]:
        """The file's name and its bytes, freshly read, whether or not they can be used.

        Raises AliasNotFound, AliasBroken if it is no file that can be read whole, AliasChanged or
        StorageFailed.
        """
        file, data = self._shelf.file_and_bytes(stem)
        if len(data) > MAX_BYTES:
            raise AliasBroken(f"The file is larger than {MAX_BYTES // 1024} KiB.")
        return file, data

    # Changing

    def create(
        self, source: Alias | str, *, how: How = How.EDIT, note: str | None = None
    ) -> StoredAlias:
        """A new alias from a recipe or from the text of a file.

        Raises NameTaken (also where only case differs), NameInvalid, AliasFileInvalid,
        StorageFailed.
        """
        if isinstance(source, Alias):
            stem_for(source.name)
            source = write_alias(source)
        data = encode(source)
        recipe = read_recipe(data)
        stem = stem_for(recipe.name)
        with self._shelf.alone():
            self._shelf.add(stem, recipe.name, data)
            stored = self.view.by_stem[stem]
            # Where this fails, the alias is there without the promise that it is kept.
            with storage_errors(f"{stem}.yaml"):
                self._shelf.versions.record(stored.uid, stored.version, data, how, note)
            return stored

    def save(
        self,
        stem: str,
        text: str,
        *,
        if_etag: str | None,
        how: How = How.EDIT,
        note: str | None = None,
    ) -> StoredAlias:
        """Replace the file's text; ``how`` and ``note`` are kept with the version.

        A text with another name renames the alias where ``how`` is PUBLISH or RESTORE. Raises
        AliasNotFound, AliasChanged, AliasFileInvalid if the new text cannot be used, AliasBroken if
        the old one cannot be parsed (it is the owner's to repair), StorageFailed; NameTaken for a
        new name.
        """
        data = encode(text)
        with self._shelf.alone():
            stored = self._shelf.fresh(stem, if_etag)
            old = self._shelf.replaceable(stored)
            new_name = read_recipe(data).name if how in _WHOLE else ""
            if new_name and (new_stem := stem_for(new_name)) != stem:
                self._shelf.check_free(new_stem, new_name)
                self._replace(stored, new_name, data, how, note)
                return self.view.by_stem[new_stem]
            read_alias(data, stem=stem)
            if data != old:
                self._shelf.put(stored, data, how, note)
            return self.view.by_stem[stem]

    def edit(
        self, stem: str, edits: MappingOf[ValuePath, Json], *, if_etag: str | None
    ) -> StoredAlias:
        """Set each path to its value, or remove it where the value is None; the rest stays.

        Paths are registry keys: ``{("context_params", "n_ctx"): 4096}``. ``("alias",)`` can only
        change within the stem; :meth:`rename` does the rest. Raises as :meth:`save` does, and
        ParameterInvalid.
        """
        with self._shelf.alone():
            stored = self._shelf.fresh(stem, if_etag)
            old = self._shelf.replaceable(stored)
            return self.save(stem, edit_text(decode(old), edits), if_etag=stored.etag)

    def rename(self, stem: str, new_name: str, *, if_etag: str | None) -> StoredAlias:
        """Give the alias another name, and its file the stem for it; the uid stays.

        The new file is whole before the old one goes; where a kill comes in between, the next
        start ends the rename. Raises as :meth:`create` and :meth:`save` do.
        """
        new_stem = stem_for(new_name)
        with self._shelf.alone():
            stored = self._shelf.fresh(stem, if_etag)
            old = self._shelf.replaceable(stored)
            text = set_value(decode(old), ("alias",), new_name)
            if new_stem == stem:
                return self.save(stem, text, if_etag=stored.etag)
            data = encode(text)
            read_alias(data, stem=new_stem)
            self._shelf.check_free(new_stem, new_name)
            self._replace(stored, new_name, data)
            return self.view.by_stem[new_stem]

    def _replace(
        self,
        stored: StoredAlias,
        new_name: str,
        data: bytes,
        how: How = How.EDIT,
        note: str | None = None,
    ) -> None:
        """One file comes, the other goes; if it cannot go, the new one is taken back.

        The sidecar has both stems meanwhile, durably: so a kill leaves what can be ended.
        """
        shelf, stem, new_stem = self._shelf, stored.stem, stem_for(new_name)
        file, new_path = shelf.file_of(stem), shelf.folder / f"{new_stem}.yaml"
        etag = hashlib.sha256(data).hexdigest()
        identity = Identity(stored.uid, shelf.sidecar.next_version(stem, etag), etag)
        with shelf.reading_again(file, new_path.name), storage_errors(new_path.name):
            try:
                shelf.keep_versions(stored, data, how, note)
                shelf.sidecar.put(new_stem, identity)
                shelf.sidecar.save()
                free = partial(shelf.check_free, new_stem, new_name)
                replace_file(new_path, data, shelf.disk, last_look=free)
                shelf.bytes_of(stored)
                shelf.disk.unlink(shelf.folder / file)
            except BaseException:
                with suppress(OSError):
                    # Unless somebody else has put a file of their own there.
                    if new_path.read_bytes() == data:
                        new_path.unlink()
                self._forget(new_stem)
                raise
            shelf.disk.sync_folder(shelf.folder)
            self._forget(stem)

    def _forget(self, stem: str) -> None:
        """If the sidecar cannot be saved now, the next start finds out the same."""
        self._shelf.sidecar.forget(stem)
        with suppress(OSError):
            self._shelf.sidecar.save()

    # Versions

    def versions(self, stem: str) -> list[Version]:
        """What is kept of the alias's contents, the newest first.

        Raises AliasNotFound or StorageFailed.
        """
        stored = self._shelf.fresh(stem, None)
        with storage_errors("The versions", "read"):
            return self._shelf.versions.all(stored.uid, newest=stored.version)

    def version(self, stored: StoredAlias, number: int) -> tuple[Version, bytes]:
        """One version of an alias with its text. Raises VersionNotFound or StorageFailed."""
        if number > stored.version:
            raise VersionNotFound(
                f"There is no version {number}; the alias is at version {stored.version}."
            )
        with storage_errors("The versions", "read"):
            return self._shelf.versions.read(stored.uid, number)

    def recipe_at(self, stored: StoredAlias, number: int) -> tuple[Alias, str]:
        """The recipe of one version, and its etag.

        What was read once is remembered. Raises as :meth:`version`, and AliasFileInvalid.
        """
        version, text = self.version(stored, number)
        key = stored.uid, version.etag
        recipe = self._recipes.get(key) or read_recipe(text)
        if len(self._recipes) >= _MOST_RECIPES:
            self._recipes.clear()
        self._recipes[key] = recipe
        return recipe, version.etag

    def keep_version_of(self, stem: str) -> bool:
        """Have a version of what the file has now; returns whether there was none, and is one."""
        try:
            return self._shelf.keep_version_of(stem)
        except (OSError, BodhiError):
            return False

    def _etag_of(self, uid: str, number: int) -> str:
        try:
            return self._shelf.versions.read(uid, number)[0].etag
        except VersionNotFound:
            return ""

    # Deleting

    def delete(self, stem: str, *, if_etag: str | None) -> Trashed:
        """Move the file to the trash, from where :meth:`restore` brings it back.

        Raises AliasNotFound, AliasChanged, StorageFailed.
        """
        shelf = self._shelf
        with shelf.alone():
            shelf.fresh(stem, if_etag)
            file = shelf.file_of(stem)
            with shelf.reading_again(file), storage_errors(file):
                mark = mark_of(shelf.sidecar.get(stem), file)
                kept = move_to_trash(shelf.folder / file, shelf.trash, shelf.disk, mark=mark)
                self._forget(stem)
            trashed = trashed_as(kept)
            assert trashed is not None  # noqa: S101 - the name was made for it
            return trashed

    def trash(self) -> list[Trashed]:
        """Everything that was deleted, the latest first. Raises StorageFailed."""
        with storage_errors("The trash", "read"):
            return read_trash(self._shelf.trash)

    def restore(self, trash_id: str) -> StoredAlias:
        """Bring a deleted alias back, as the alias that it was.

        Raises NotInTrash, NameTaken if another one has its file's place now, StorageFailed.
        """
        shelf = self._shelf
        with shelf.alone(), storage_errors("The trash", "read"):
            found = find_trashed(shelf.trash, trash_id, TrashKind.ALIAS)
            shelf.check_free(found.stem, found.name())
            with shelf.reading_again(found.file), storage_errors(found.file):
                try:
                    if found.uid is not None:
                        etag = self._etag_of(found.uid, found.version)
                        shelf.sidecar.put(found.stem, Identity(found.uid, found.version, etag))
                        shelf.sidecar.save()
                    move_file(found.path, shelf.folder / found.file, shelf.disk)
                except BaseException:
                    self._forget_if_gone(found)
                    raise
            return self.view.by_stem[found.stem]

    def _forget_if_gone(self, trashed: Trashed) -> None:
        if not os.path.lexists(self.folder / trashed.file):
            self._forget(trashed.stem)

    def purge(self, trash_id: str) -> None:
        """Remove one from the trash for good. Raises NotInTrash or StorageFailed."""
        with self._shelf.alone(), storage_errors("The trash", "changed"):
            self._remove(find_trashed(self._shelf.trash, trash_id))

    def purge_old(self, *, now: float | None = None) -> list[Trashed]:
        """Remove for good what was deleted 30 days before ``now`` (seconds since the epoch)."""
        oldest = (time.time() if now is None else now) - KEPT_DAYS * _DAY_S
        with self._shelf.alone(), storage_errors("The trash", "changed"):
            old = [one for one in read_trash(self._shelf.trash) if one.deleted_at < oldest]
            for one in old:
                self._remove(one)
            return old

    def _remove(self, trashed: Trashed) -> None:
        if trashed.uid is not None:
            self._shelf.versions.forget(trashed.uid)
        self._shelf.disk.unlink(trashed.path)
        self._shelf.disk.sync_folder(self._shelf.trash)
