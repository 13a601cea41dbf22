"""The user's aliases: one YAML file each, read into memory, and every way to change them.

Memory always shows what is on disk: after a change, and after a change that failed, the file is
read again. A file that cannot be used disables that one alias, and the last good reading of it
keeps serving. Threads may call everything; readers never wait for a writer.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from bodhi.aliases.filenames import SUFFIXES, clash_key, stem_for
from bodhi.aliases.folder import Reading, is_alias_file, read_contents, read_file, read_folder
from bodhi.aliases.model import Alias, StoredAlias
from bodhi.aliases.reader import read_alias, read_recipe
from bodhi.aliases.sidecar import Sidecar
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.aliases.surgery import set_value
from bodhi.aliases.view import View, assemble, judge
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.yaml12 import decode, encode, parse
from bodhi.errors import (
    AliasBroken,
    AliasChanged,
    AliasFileInvalid,
    AliasNotFound,
    NameTaken,
    StorageFailed,
)
from bodhi.files import (
    Disk,
    make_folder,
    move_to_trash,
    remove_stray_files,
    replace_file,
    storage_errors,
    write_lock,
)
from bodhi.params.values import Json


class AliasStore:
    """The aliases under ``home``. Call :meth:`load_all` once before anything else.

    ``if_etag`` is the etag that the caller's change is based on (None: whatever is there); another
    one raises AliasChanged. Whatever raises has changed nothing, except where
    :func:`bodhi.files.replace_file` says otherwise. ``on_change`` is told, in whatever thread, the
    stems that show something else now, however that came about.
    """

    def __init__(self, home: Path, *, disk: Disk | None = None) -> None:
        self._home = home
        self.on_change: Callable[[frozenset[str]], None] | None = None
        self._disk = disk or Disk()
        self._folder = home / "aliases"
        self._trash = home / "trash"
        self._sidecar = Sidecar(home / "state" / "aliases.json", self._disk)
        self._lock = threading.RLock()
        self._is_alone = False
        self._readings: dict[str, Reading] = {}
        self._files: dict[str, str] = {}
        self._view = View()

    # Reading

    @property
    def folder(self) -> Path:
        """Where the alias files are."""
        return self._folder

    def load_all(self) -> None:
        """Read every alias; remove what killed saves left. Raises StorageFailed if it cannot."""
        with storage_errors("The alias folder", "opened"):
            for folder in (self._home, self._folder, self._trash, self._home / "state"):
                make_folder(folder)
            # A home that is read-only for now can still serve.
            with suppress(OSError, StorageFailed), self._alone():
                remove_stray_files(self._folder)
                remove_stray_files(self._home / "state")
            with self._lock:
                self._show(read_folder(self._folder, {}))

    def reload(self) -> frozenset[str]:
        """Read what has changed on disk since; returns the stems that now show something else.

        While the folder cannot be read, what is in memory keeps serving.
        """
        with self._lock:
            try:
                readings = read_folder(self._folder, self._readings)
            except OSError:
                return frozenset()
            return self._show(readings) if readings != self._readings else frozenset()

    @property
    def view(self) -> View:
        """What is shown now; never changes, and is another object once anything is different."""
        return self._view

    def all(self) -> list[StoredAlias]:
        """Every alias file as an alias, usable or not, by stem."""
        return sorted(self._view.by_stem.values(), key=lambda stored: stored.stem)

    def get(self, name: str) -> StoredAlias | None:
        """The alias of exactly this name."""
        return self._view.get(name)

    def by_stem(self, stem: str) -> StoredAlias | None:
        """The alias whose URL id this is."""
        return self._view.by_stem.get(stem)

    def text_of(self, stem: str) -> tuple[str, str]:
        """The file's text and its etag, freshly read.

        Raises AliasNotFound, AliasBroken if it is no file that can be read, AliasFileInvalid if it
        is not text.
        """
        with self._lock:
            stored = self._fresh(stem, None)
            return decode(self._bytes_of(stored)), stored.etag

    # Changing

    def create(self, source: Alias | str) -> StoredAlias:
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
        with self._alone():
            self._check_free(stem, recipe.name)
            self._write(f"{stem}.yaml", data, partial(self._check_free, stem, recipe.name))
            return self._view.by_stem[stem]

    def save(self, stem: str, text: str, *, if_etag: str | None) -> StoredAlias:
        """Replace the file's text.

        Raises AliasNotFound, AliasChanged, AliasFileInvalid if the new text cannot be used,
        AliasBroken if the old one cannot be parsed (it is the owner's to repair), StorageFailed.
        """
        data = encode(text)
        with self._alone():
            stored = self._fresh(stem, if_etag)
            old = self._replaceable(stored)
            read_alias(data, stem=stem)
            if data != old:
                self._write(self._files[stem], data, partial(self._bytes_of, stored))
            return self._view.by_stem[stem]

    def edit(
        self, stem: str, edits: MappingOf[ValuePath, Json], *, if_etag: str | None
    ) -> StoredAlias:
        """Set each path to its value, or remove it where the value is None; the rest stays.

        Paths are registry keys: ``{("context_params", "n_ctx"): 4096}``. ``("alias",)`` can only
        change within the stem; :meth:`rename` does the rest. Raises as :meth:`save` does, and
        ParameterInvalid.
        """
        with self._alone():
            stored = self._fresh(stem, if_etag)
            old = self._replaceable(stored)
            return self.save(stem, edit_text(decode(old), edits), if_etag=stored.etag)

    def rename(self, stem: str, new_name: str, *, if_etag: str | None) -> StoredAlias:
        """Give the alias another name, and its file the stem for it; the uid stays.

        The new file is whole before the old one goes: a kill in between leaves both aliases.
        Raises as :meth:`create` and :meth:`save` do.
        """
        new_stem = stem_for(new_name)
        with self._alone():
            stored = self._fresh(stem, if_etag)
            old = self._replaceable(stored)
            text = set_value(decode(old), ("alias",), new_name)
            if new_stem == stem:
                return self.save(stem, text, if_etag=stored.etag)
            data = encode(text)
            read_alias(data, stem=new_stem)
            self._check_free(new_stem, new_name)
            self._replace(stored, new_name, data)
            return self._view.by_stem[new_stem]

    def delete(self, stem: str, *, if_etag: str | None) -> Path:
        """Move the file to the trash folder, and return where it is there.

        Raises AliasNotFound, AliasChanged, StorageFailed.
        """
        with self._alone():
            self._fresh(stem, if_etag)
            file = self._files[stem]
            with self._reading_again(file), storage_errors(file):
                kept = move_to_trash(self._folder / file, self._trash, self._disk)
                self._sidecar.forget(stem)
                with suppress(OSError):
                    self._sidecar.save()
                return kept

    # Parts

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the write lock against other processes; nested uses hold it once."""
        with self._lock:
            if self._is_alone:
                yield
                return
            with write_lock(self._home):
                self._is_alone = True
                try:
                    yield
                finally:
                    self._is_alone = False

    def _show(self, readings: dict[str, Reading]) -> frozenset[str]:
        """Swap in the view of these readings; returns the stems that look different in it."""
        judged = judge(readings.values())
        self._identify({s: "" if r.problem else r.etag for s, r in judged.items()})
        before, after = self._view.by_stem, assemble(judged, self._sidecar.get, self._view)
        self._readings, self._view = readings, after
        self._files = {stem: reading.file for stem, reading in judged.items()}
        stems = before.keys() | after.by_stem.keys()
        changed = frozenset(s for s in stems if before.get(s) is not after.by_stem.get(s))
        if changed and self.on_change is not None:
            self.on_change(changed)
        return changed

    def _identify(self, contents: dict[str, str]) -> None:
        """Bring uids and versions up to date, on disk too if that is possible now."""
        try:
            self._sidecar.refresh()
            if self._sidecar.is_current(contents):
                return
            with self._alone():
                self._sidecar.refresh()
                self._sidecar.note(contents)
                self._sidecar.save()
        except (OSError, StorageFailed):
            self._sidecar.note(contents)

    @contextmanager
    def _reading_again(self, *files: str) -> Iterator[None]:
        """Whatever happens inside, memory then shows these files as they are on disk."""
        try:
            yield
        finally:
            self._look_at(*files)

    def _look_at(self, *files: str) -> None:
        readings = dict(self._readings)
        for file in files:
            reading = read_file(self._folder, file, readings.pop(file, None))
            if reading is not None:
                readings[file] = reading
        if readings != self._readings:
            self._show(readings)

    def _fresh(self, stem: str, if_etag: str | None) -> StoredAlias:
        """The alias as its file is now.

        Raises AliasNotFound; where the caller has an etag, AliasChanged if it is another one, or
        AliasBroken if the file cannot be read.
        """
        self._look_at(*self._candidates(stem))
        stored = self._view.by_stem.get(stem)
        if stored is None:
            raise AliasNotFound("No alias has this name.")
        if if_etag is not None and not stored.etag:
            raise _unreadable(stored)
        if if_etag not in (None, stored.etag):
            raise AliasChanged(
                f"The alias {stem} was changed in the meantime.",
                remedy="Load it again and repeat the change.",
            )
        return stored

    def _candidates(self, stem: str) -> list[str]:
        """The files that may hold this alias. A stem comes from outside: it is only compared."""
        if known := self._files.get(stem):
            return [known]
        unseen = [stem + suffix for suffix in SUFFIXES if is_alias_file(stem + suffix)]
        with suppress(OSError):
            return [path.name for path in self._folder.iterdir() if path.name in unseen]
        return []

    def _bytes_of(self, stored: StoredAlias) -> bytes:
        if not stored.etag:
            raise _unreadable(stored)
        file = self._files[stored.stem]
        with storage_errors(file, "read"):
            data, _ = read_contents(self._folder / file)
        if hashlib.sha256(data).hexdigest() != stored.etag:
            raise AliasChanged(f"The alias {stored.stem} is being changed by somebody else.")
        return data

    def _replaceable(self, stored: StoredAlias) -> bytes:
        """The file's bytes, if Bodhi may write it: what cannot be parsed is not overwritten."""
        path = self._folder / self._files[stored.stem]
        with storage_errors(path.name, "read"):
            is_link = path.is_symlink()
            files = [s for s in SUFFIXES if (self._folder / (stored.stem + s)).exists()]
        if is_link:
            raise StorageFailed(
                f"{path.name} is a symbolic link, and Bodhi does not write through links.",
                remedy="Change the file that it points to; it is read as soon as it is saved.",
            )
        if len(files) > 1:
            raise AliasBroken(f"{stored.problem}.", remedy="Remove one of the files.")
        data = self._bytes_of(stored)
        try:
            parse(decode(data))
        except AliasFileInvalid as error:
            raise AliasBroken(
                f"The file cannot be parsed, so it is not overwritten. {error.message}",
                remedy="Repair it by hand, or delete it.",
            ) from None
        return data

    def _check_free(self, stem: str, name: str) -> None:
        key = clash_key(stem)
        with storage_errors(f"{stem}.yaml"):
            on_disk = any(os.path.lexists(self._folder / (stem + s)) for s in SUFFIXES)
        if on_disk or any(clash_key(other) == key for other in self._view.by_stem):
            raise NameTaken(
                f"{name} needs the file {stem}.yaml, which another alias has.",
                pointer="/alias",
                remedy="Choose another name, or delete the other alias first.",
            )

    def _write(self, file: str, data: bytes, last_look: Callable[[], object]) -> None:
        """Editors take no lock: ``last_look`` finds what one of them did while we were writing."""
        with self._reading_again(file), storage_errors(file):
            replace_file(self._folder / file, data, self._disk, last_look=last_look)

    def _replace(self, stored: StoredAlias, new_name: str, data: bytes) -> None:
        """One file comes, the other goes; if it cannot go, the new one is taken back."""
        stem, new_stem = stored.stem, stem_for(new_name)
        file, new_path = self._files[stem], self._folder / f"{new_stem}.yaml"
        with self._reading_again(file, new_path.name), storage_errors(new_path.name):
            try:
                free = partial(self._check_free, new_stem, new_name)
                replace_file(new_path, data, self._disk, last_look=free)
                self._bytes_of(stored)
                self._disk.unlink(self._folder / file)
            except BaseException:
                with suppress(OSError):
                    # Unless somebody else has put a file of their own there.
                    if new_path.read_bytes() == data:
                        new_path.unlink()
                raise
            self._sidecar.move(stem, new_stem)
            self._disk.sync_folder(self._folder)


def _unreadable(stored: StoredAlias) -> AliasBroken:
    return AliasBroken(f"{stored.problem}.", remedy="Repair or remove it by hand.")
