"""The alias folder and the memory of it, kept equal; and one writer at a time.

Memory always shows what is on disk: after a change, and after a change that failed, the file is
read again. Threads may call everything; readers never wait for a writer.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from bodhi.aliases.filenames import SUFFIXES, clash_key
from bodhi.aliases.folder import Reading, is_alias_file, read_contents, read_file, read_folder
from bodhi.aliases.model import StoredAlias
from bodhi.aliases.remembered import recall, to_bytes
from bodhi.aliases.sidecar import Sidecar
from bodhi.aliases.trash import read_trash
from bodhi.aliases.versions import KEPT, How, Versions
from bodhi.aliases.view import View, assemble, assemble_one, judge
from bodhi.aliases.yaml12 import decode, parse
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
    remove_stray_files,
    replace_file,
    storage_errors,
    write_lock,
)


class Shelf:
    """The files of ``home/aliases``. ``view`` is what is shown now: another object once anything
    is different. ``tell`` is called with the stems that then look different.
    """

    def __init__(
        self,
        home: Path,
        disk: Disk,
        tell: Callable[[frozenset[str]], None],
        versions_kept: int = KEPT,
    ) -> None:
        self.folder = home / "aliases"
        self.trash = home / "trash"
        self.disk = disk
        self.sidecar = Sidecar(home / "state" / "aliases.json", disk)
        self.versions = Versions(home / "versions", disk, kept=versions_kept)
        self.view = View()
        self._home = home
        self._remembered = home / "state" / "readings"
        self._tell = tell
        self._lock = threading.RLock()
        self._is_alone = False
        self._readings: dict[str, Reading] = {}
        self._files: dict[str, str] = {}

    # Reading

    def open(self) -> None:
        """Read every alias; remove and end what killed changes left. Raises StorageFailed."""
        with storage_errors("The alias folder", "opened"):
            make_folder(self._home)
            for name in ("aliases", "trash", "state", "versions"):
                make_folder(self._home / name)
            # A home that is read-only for now can still serve.
            with suppress(OSError, StorageFailed), self.alone():
                remove_stray_files(self.folder)
                remove_stray_files(self._home / "state")
                self._settle()
            with self._lock:
                self._show(read_folder(self.folder, recall(self._remembered)))

    def reload(self) -> frozenset[str]:
        """Read what has changed on disk since; returns the stems that now show something else.

        While the folder cannot be read, what is in memory keeps serving.
        """
        with self._lock:
            self._settle_if_needed()
            try:
                readings = read_folder(self.folder, self._readings, with_data=True)
            except OSError:
                return frozenset()
            if readings != self._readings:
                return self._show(readings)
            self._readings = _bare_all(readings)
            return frozenset()

    def remember(self) -> None:
        """Keep what was read for the next start. Raises OSError or StorageFailed."""
        data = to_bytes(self._readings.values())
        with suppress(FileNotFoundError):
            if self._remembered.read_bytes() == data:
                return
        with self.alone():
            replace_file(self._remembered, data, self.disk)

    def fresh(self, stem: str, if_etag: str | None) -> StoredAlias:
        """The alias as its file is now.

        Raises AliasNotFound; where the caller has an etag, AliasChanged if it is another one, or
        AliasBroken if the file cannot be read.
        """
        with self._lock:
            self._look_at(*self._candidates(stem), with_data=True)
            stored = self.view.by_stem.get(stem)
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

    def bytes_of(self, stored: StoredAlias) -> bytes:
        """The file's bytes, which are those of ``stored``.

        Raises AliasBroken, AliasChanged or StorageFailed.
        """
        if not stored.etag:
            raise _unreadable(stored)
        file = self._files[stored.stem]
        with storage_errors(file, "read"):
            data, _ = read_contents(self.folder / file)
        if hashlib.sha256(data).hexdigest() != stored.etag:
            raise AliasChanged(f"The alias {stored.stem} is being changed by somebody else.")
        return data

    def file_and_bytes(self, stem: str) -> tuple[str, bytes]:
        """The name of the alias's file, and its bytes as they are now.

        Raises AliasNotFound, AliasBroken, AliasChanged or StorageFailed.
        """
        with self._lock:
            stored = self.fresh(stem, None)
            self._check_single(stored)
            return self._files[stem], self.bytes_of(stored)

    def replaceable(self, stored: StoredAlias) -> bytes:
        """The file's bytes, if Bodhi may write it: what cannot be parsed is not overwritten."""
        path = self.folder / self._files[stored.stem]
        with storage_errors(path.name, "read"):
            is_link = path.is_symlink()
        if is_link:
            raise StorageFailed(
                f"{path.name} is a symbolic link, and Bodhi does not write through links.",
                remedy="Change the file that it points to; it is read as soon as it is saved.",
            )
        self._check_single(stored)
        data = self.bytes_of(stored)
        try:
            parse(decode(data))
        except AliasFileInvalid as error:
            raise AliasBroken(
                f"The file cannot be parsed, so it is not overwritten. {error.message}",
                remedy="Repair it by hand, or delete it.",
            ) from None
        return data

    # Changing: call these while alone

    @contextmanager
    def alone(self) -> Iterator[None]:
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

    def check_free(self, stem: str, name: str) -> None:
        """Raises NameTaken if an alias or a file has this stem, also where only case differs."""
        key = clash_key(stem)
        with storage_errors(f"{stem}.yaml"):
            on_disk = any(os.path.lexists(self.folder / (stem + s)) for s in SUFFIXES)
        if on_disk or any(clash_key(other) == key for other in self.view.by_stem):
            raise NameTaken(
                f"{name} needs the file {stem}.yaml, which another alias has.",
                pointer="/alias",
                remedy="Choose another name, or delete the other alias first.",
            )

    def add(self, stem: str, name: str, data: bytes) -> None:
        """A new file, where none is. Raises NameTaken or StorageFailed."""
        self.check_free(stem, name)
        self._write(f"{stem}.yaml", data, partial(self.check_free, stem, name))

    def put(
        self, stored: StoredAlias, data: bytes, how: How = How.EDIT, note: str | None = None
    ) -> None:
        """Other bytes for the file, and a version of them. Raises AliasChanged, StorageFailed."""
        with storage_errors(self._files[stored.stem]):
            self.keep_versions(stored, data, how, note)
        self._write(self._files[stored.stem], data, partial(self.bytes_of, stored))

    def keep_versions(
        self, stored: StoredAlias, data: bytes, how: How, note: str | None = None
    ) -> None:
        """Before ``stored`` gets the content ``data``: a version of it, and of what is there."""
        if stored.problem is None:
            self.versions.record(stored.uid, stored.version, self.bytes_of(stored), How.HAND)
        number = self.sidecar.next_version(stored.stem, hashlib.sha256(data).hexdigest())
        self.versions.record(stored.uid, number, data, how, note)

    def keep_version_of(self, stem: str) -> bool:
        """A version of what the file has now; False if there is one, or can be none.

        Raises OSError or BodhiError.
        """
        stored = self.view.by_stem.get(stem)
        if stored is None or stored.problem is not None:
            return False
        if self.versions.has(stored.uid, stored.version, stored.etag):
            return False
        with self.alone():
            if self.view.by_stem.get(stem) is stored:
                known, data = (stored.uid, stored.version), self.bytes_of(stored)
                self.versions.record(*known, data, How.HAND, is_promised=False)
        return True

    def file_of(self, stem: str) -> str:
        """The name of the alias's file."""
        return self._files[stem]

    @contextmanager
    def reading_again(self, *files: str) -> Iterator[None]:
        """Whatever happens inside, memory then shows these files as they are on disk."""
        try:
            yield
        finally:
            self._look_at(*files)

    # Parts

    def _check_single(self, stored: StoredAlias) -> None:
        """Raises AliasBroken where two files have the alias's stem, or StorageFailed."""
        names = [stored.stem + suffix for suffix in SUFFIXES]
        with storage_errors(self._files[stored.stem], "read"):
            is_double = all((self.folder / name).exists() for name in names)
        if is_double:
            raise AliasBroken(
                f"{' and '.join(names)} are files of one alias.", remedy="Remove one of them."
            )

    def _write(self, file: str, data: bytes, last_look: Callable[[], object]) -> None:
        """Editors take no lock: ``last_look`` finds what one of them did while we were writing."""
        with self.reading_again(file), storage_errors(file):
            replace_file(self.folder / file, data, self.disk, last_look=last_look)

    def _settle_if_needed(self) -> None:
        """Another process may have been killed in the middle of a rename."""
        with suppress(OSError, StorageFailed):
            self.sidecar.refresh()
            if self.sidecar.unfinished():
                with self.alone():
                    self._settle()

    def _settle(self) -> None:
        """End what a kill came into, between a file and the sidecar. Raises OSError."""
        self.sidecar.refresh()
        stems = self.sidecar.stems()
        gone = {stems.get(trashed.uid or "") for trashed in read_trash(self.trash)} - {None}
        gone |= {self._end_rename(*pair) for pair in self.sidecar.unfinished()}
        for stem in gone:
            self.sidecar.forget(str(stem))
        if gone:
            self.sidecar.save()

    def _end_rename(self, old: str, new: str) -> str:
        """Of two stems with one uid, which is the alias no more. A file that is in the way goes,
        if it still is what was renamed."""
        old_file, old_is_same = self._on_disk(old)
        new_file, new_is_same = self._on_disk(new)
        if new_file is None or (old_file is not None and not new_is_same):
            return new
        if old_file is not None and old_is_same:
            self.disk.unlink(old_file)
            self.disk.sync_folder(self.folder)
        return old

    def _on_disk(self, stem: str) -> tuple[Path | None, bool]:
        """The file of this stem, and whether it is as the sidecar saw it last."""
        for path in (self.folder / (stem + suffix) for suffix in SUFFIXES):
            if path.is_file():
                data, _ = read_contents(path)
                seen = self.sidecar.get(stem).sha256
                return path, hashlib.sha256(data).hexdigest() == seen
        return None, False

    def _show(self, readings: dict[str, Reading]) -> frozenset[str]:
        """Swap in the view of these readings; returns the stems that look different in it."""
        judged = judge(readings.values())
        self._identify({s: "" if r.problem else r.etag for s, r in judged.items()})
        before, after = self.view.by_stem, assemble(judged, self.sidecar.get, self.view)
        self._keep_what_was_seen(judged)
        self._readings, self.view = _bare_all(readings), after
        self._files = {stem: reading.file for stem, reading in judged.items()}
        stems = before.keys() | after.by_stem.keys()
        changed = frozenset(s for s in stems if before.get(s) is not after.by_stem.get(s))
        if changed:
            self._tell(changed)
        return changed

    def _identify(self, contents: dict[str, str]) -> None:
        """Bring uids and versions up to date, on disk too if that is possible now."""
        try:
            self.sidecar.refresh()
            if self.sidecar.is_current(contents):
                return
            with self.alone():
                self.sidecar.refresh()
                self.sidecar.note(contents)
                self.sidecar.save()
        except (OSError, StorageFailed):
            self.sidecar.note(contents)

    def _keep_what_was_seen(self, judged: Mapping[str, Reading]) -> None:
        """A version of every content that somebody else has put there."""
        for stem, reading in judged.items():
            if not reading.data or reading.problem is not None:
                continue
            known = self.sidecar.get(stem)
            if self.versions.has(known.uid, known.version, reading.etag):
                continue
            with suppress(OSError, StorageFailed), self.alone():
                self.versions.record(known.uid, known.version, reading.data, How.HAND)

    def _look_at(self, *files: str, with_data: bool = False) -> None:
        readings = dict(self._readings)
        for file in files:
            reading = read_file(self.folder, file, readings.pop(file, None), with_data=with_data)
            if reading is not None:
                readings[file] = reading
        different = [file for file in files if readings.get(file) != self._readings.get(file)]
        if len(different) == 1 and self._stands_alone(readings.get(different[0])):
            self._show_one(readings[different[0]])
        elif different:
            self._show(readings)

    def _stands_alone(self, reading: Reading | None) -> bool:
        """Whether nothing but this file's alias can look different: it is called as before, and
        no other file contradicts it."""
        before = None if reading is None else self._readings.get(reading.file)
        if before is None or reading is None or reading.name != before.name:
            return False
        stored = self.view.by_stem.get(reading.stem)
        return stored is not None and stored.problem == before.problem

    def _show_one(self, reading: Reading) -> None:
        """As ``_show``: of ten thousand aliases, nearly every change is of one."""
        stem, before = reading.stem, self.view
        self._identify({stem: "" if reading.problem else reading.etag})
        self._keep_what_was_seen({stem: reading})
        self._readings = {**self._readings, reading.file: _bare(reading)}
        self.view = assemble_one(reading, self.sidecar.get(stem), before)
        if self.view.by_stem[stem] is not before.by_stem.get(stem):
            self._tell(frozenset((stem,)))

    def _candidates(self, stem: str) -> list[str]:
        """The files that may hold this alias. A stem comes from outside: it is only compared."""
        if known := self._files.get(stem):
            return [known]
        unseen = [stem + suffix for suffix in SUFFIXES if is_alias_file(stem + suffix)]
        with suppress(OSError):
            return [path.name for path in self.folder.iterdir() if path.name in unseen]
        return []


def _bare_all(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    return {file: _bare(reading) for file, reading in readings.items()}


def _bare(reading: Reading) -> Reading:
    """Ten thousand files would be too much to remember twice."""
    return replace(reading, data=b"") if reading.data else reading


def _unreadable(stored: StoredAlias) -> AliasBroken:
    return AliasBroken(f"{stored.problem}.", remedy="Repair or remove it by hand.")
