"""A file that holds a chat template, or leads to one: as it was when looked at, and its bytes.

It is looked at before it is read. A file that changes in between is therefore read once more by the
next caller, and old bytes are never kept under a new identity.
"""

import os
import stat
from pathlib import Path
from typing import NamedTuple

from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.errors import TemplateUnusable

# Not there on Windows. Without them a named pipe would block and a last link be followed.
_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class _Identity(NamedTuple):
    """Changes whenever the bytes behind a path may have changed."""

    size: int
    mtime_ns: int
    inode: int


class SeenFile(NamedTuple):
    """The key under which what was read may be kept.

    ``within`` is the folder that no link may lead out of, None where the user put the link there.
    ``called`` is what errors call the file, which hold no folder. Paths are plain text here: this
    is made for every request, and a Path takes several times as long.
    """

    called: str
    within: str | None
    path: str
    identity: _Identity

    def refuse(self, why: str) -> TemplateUnusable:
        return unusable(self.called, why)

    def read(self, limit: int) -> bytes:
        """All of a regular file, at most ``limit`` bytes. Raises TemplateUnusable."""
        try:
            real = Path(self.path).resolve(strict=True)
            if self.within and not real.is_relative_to(Path(self.within).resolve(strict=True)):
                raise self.refuse("is a link that leads out of the hub cache")
            with open(real, "rb", opener=_open_at_once) as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise self.refuse("is not a regular file")
                content = opened.read(limit + 1)
        except (OSError, RuntimeError) as problem:  # RuntimeError: a loop of links, before 3.13
            raise self.refuse("cannot be read") from problem
        if len(content) > limit:
            much = f"is larger than {limit // 1024} KiB" if limit >= 1024 else "is too long"
            raise self.refuse(much)
        return content

    def read_template(self) -> str:
        """All of it as a template's text. Raises TemplateUnusable."""
        try:
            return self.read(MAX_TEMPLATE_BYTES).decode()
        except UnicodeDecodeError as problem:
            raise self.refuse("is not UTF-8 text") from problem


def look(called: str, within: str | None, path: str) -> SeenFile | None:
    """The file as it is now; None if it, or what it links to, is not there.

    Raises TemplateUnusable where that cannot be found out.
    """
    try:
        now = os.stat(path)  # noqa: PTH116 - see SeenFile
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise unusable(called, "cannot be read") from problem
    return SeenFile(called, within, path, _Identity(now.st_size, now.st_mtime_ns, now.st_ino))


def unusable(called: str, why: str) -> TemplateUnusable:
    """The error of a file that is there and cannot be used; ``why`` is the rest of its sentence."""
    return TemplateUnusable(
        f"{called} {why}.",
        pointer="/chat_template",
        remedy="Mend or replace the file, or choose another template.",
    )


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | _OPEN_FLAGS)
