"""Changes the user's own chat templates: made, replaced and put away, one whole file at a time.

What is wrong with a text is for the caller to find first; here only its size is looked at.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodhi.chat_templates.own import SUFFIX, check_own_name, own_file, own_names
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.errors import (
    NameTaken,
    ParameterInvalid,
    StorageFailed,
    TemplateChanged,
)
from bodhi.files import (
    Disk,
    make_folder,
    move_file,
    move_to_trash,
    replace_file,
    storage_errors,
    write_lock,
)


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """One file. ``etag`` is the SHA-256 of its bytes, ``modified_at`` seconds since the epoch."""

    name: str
    text: str
    etag: str
    modified_at: float


class OwnTemplates:
    """The files of one home. Everything blocks; threads and processes may call it at once.

    ``on_change`` is told the name of each template that was made, became another or went.
    ``etags`` are those that a change may be based on, None for whatever is there; another content
    raises TemplateChanged. Whatever raises has changed nothing.
    """

    def __init__(
        self,
        home: Path,
        *,
        disk: Disk | None = None,
        on_change: Callable[[str], None] | None = None,
    ) -> None:
        self._home = home
        self._folder = home / "templates"
        self._disk = disk or Disk()
        self._tell = on_change or _nobody

    def read(self, name: str) -> StoredTemplate:
        """The template as its file is now. Raises TemplateMissing, TemplateUnusable."""
        file = own_file(name, self._folder)
        text = file.read_template()
        etag = hashlib.sha256(text.encode()).hexdigest()
        return StoredTemplate(name, text, etag, file.identity.mtime_ns / 1e9)

    def create(self, name: str, text: str) -> StoredTemplate:
        """A new file. Raises NameInvalid, NameTaken (also where only case differs), StorageFailed,
        ParameterInvalid for a text that is too large.
        """
        data = _encoded(text)
        with storage_errors(f"{name}{SUFFIX}"):
            make_folder(self._folder)
        with write_lock(self._home):
            self._check_free(name)
            self._write(name, data, lambda: self._check_free(name))
        self._tell(name)
        return self.read(name)

    def replace(self, name: str, text: str, etags: Sequence[str] | None) -> StoredTemplate:
        """Another text. Raises as ``create`` and ``read`` do, and TemplateChanged."""
        data = _encoded(text)
        with write_lock(self._home):
            before = self._fresh(name, etags)
            is_other = before.text.encode() != data
            if is_other:
                self._write(name, data, lambda: self._fresh(name, [before.etag]))
        if is_other:
            self._tell(name)
        return self.read(name)

    def delete(self, name: str, etags: Sequence[str] | None) -> str:
        """Move the file to the home's trash; returns its name there."""
        with write_lock(self._home):
            self._fresh(name, etags)
            with storage_errors(f"{name}{SUFFIX}", "moved to the trash"):
                kept = move_to_trash(self._path(name), self._home / "trash", self._disk)
        self._tell(name)
        return kept.name

    def restore(self, kept: Path, name: str) -> None:
        """Bring back what ``delete`` moved to ``kept``.

        Raises NameInvalid, NameTaken (also where only case differs), StorageFailed.
        """
        with storage_errors(f"{name}{SUFFIX}", "restored"):
            make_folder(self._folder)
            with write_lock(self._home):
                self._check_free(name)
                move_file(kept, self._path(name), self._disk)
        self._tell(name)

    def _fresh(self, name: str, etags: Sequence[str] | None) -> StoredTemplate:
        stored = self.read(name)
        if etags is not None and stored.etag not in etags:
            raise TemplateChanged(
                f"The template {name} was changed in the meantime.",
                remedy="Load it again and repeat the change.",
            )
        return stored

    def _check_free(self, name: str) -> None:
        check_own_name(name)
        alike = {known.casefold() for known in own_names(self._folder)}
        if name.casefold() in alike or os.path.lexists(self._path(name)):
            raise NameTaken(
                f"There is a template {name} already, or one that differs in case alone.",
                pointer="/name",
                remedy="Choose another name; to replace it, send its etag as If-Match.",
            )

    def _write(self, name: str, data: bytes, last_look: Callable[[], object]) -> None:
        """Editors take no lock: ``last_look`` finds what one of them did while we were writing."""
        path = self._path(name)
        if path.is_symlink():
            raise StorageFailed(
                f"{path.name} is a symbolic link, and Bodhi does not write through links.",
                remedy="Change the file that it points to.",
            )
        with storage_errors(path.name):
            replace_file(path, data, self._disk, last_look=last_look)

    def _path(self, name: str) -> Path:
        return self._folder / f"{check_own_name(name)}{SUFFIX}"


def _nobody(name: str) -> None:
    del name


def _encoded(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise ParameterInvalid("The text is not valid Unicode.", pointer="/text") from None
    if not data or len(data) > MAX_TEMPLATE_BYTES:
        raise ParameterInvalid(
            f"A template has 1 byte to {MAX_TEMPLATE_BYTES // 1024} KiB.", pointer="/text"
        )
    return data
