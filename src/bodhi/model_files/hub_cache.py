"""Finds model files in a Hugging Face hub cache: blobs, refs, and snapshots that link to blobs.

The layout is that of huggingface_hub's "Understand caching":
``models--owner--repo/snapshots/<commit>/<file>`` links to ``../../blobs/<hash>``, and
``refs/<branch>`` holds a commit. Unfinished downloads are blobs that no snapshot names yet, so
they are never met here. Read-only.
"""

import os
import re
import stat
from collections.abc import Iterator

from bodhi.model_files.file_names import is_repo, split_name
from bodhi.model_files.found import (
    FoundFile,
    FoundRepo,
    Located,
    Walk,
    inspect,
    is_folder,
    is_within,
)

_PREFIX = "models--"
_MAX_REF_DEPTH = 4
_LONGEST_REF = 256
_LONGEST_LINK_TEXT = 512
_COPIED_LINK = re.compile(r"(?:\.\./)+blobs/([0-9a-f]{40,64})\s*")
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_OUTSIDE_PROBLEM = "is a link that leads out of the hub cache"


def repo_folder(repo: str) -> str:
    """``owner/repo`` -> ``models--owner--repo``."""
    return _PREFIX + repo.replace("/", "--")


def scan_hub_cache(root: str, walk: Walk) -> Iterator[FoundRepo]:
    """Every repository in the cache at ``root``, with the model files it holds, perhaps none.

    Folders whose name is not ``models--owner--repo`` are passed over. Never raises for what is
    on disk; see ``Walk.problems``.
    """
    root = os.path.realpath(root)
    for entry in walk.entries(root, "the hub cache"):
        repo = entry.name.removeprefix(_PREFIX).replace("--", "/")
        if not entry.name.startswith(_PREFIX) or not is_repo(repo):
            continue
        if is_folder(entry):
            yield _Repo(root, entry.path, repo, walk).found()
        elif entry.is_symlink():
            walk.problems.append(f"{repo} is a link in the hub cache and was not followed")


class _Repo:
    def __init__(self, root: str, folder: str, repo: str, walk: Walk) -> None:
        self._root, self._repo, self._walk = root, repo, walk
        self._folder = folder
        # The target of a snapshot's link is only worked out the short way through a true folder.
        self._blobs = f"{folder}/blobs/"
        try:
            self._has_blobs = stat.S_ISDIR(os.lstat(self._blobs[:-1]).st_mode)
        except OSError:
            self._has_blobs = False

    def found(self) -> FoundRepo:
        folders = [
            entry
            for entry in self._walk.entries(f"{self._folder}/snapshots", self._repo)
            if is_folder(entry) and entry.name.isprintable()
        ]
        files = [file for folder in folders for file in self._snapshot(folder)]
        # The age of the only snapshot decides nothing.
        times = [(f.name, _changed_at(f)) for f in folders] if len(folders) > 1 else []
        return FoundRepo(self._repo, tuple(self._refs()), tuple(times), tuple(files))

    def _snapshot(self, folder: "os.DirEntry[str]") -> Iterator[FoundFile]:
        for filename, entry in self._walk.model_entries(folder.path, self._repo):
            found = inspect(entry, filename, folder.name, self._locate)
            if found is not None:
                yield found

    def _locate(self, entry: "os.DirEntry[str]") -> Located:
        if not entry.is_symlink():
            return self._without_link(entry)
        # Plain strings throughout: this runs for every file of every scan.
        up, blobs, blob = os.readlink(entry.path).rpartition("blobs/")  # noqa: PTH115
        depth = entry.path.count("/", len(self._folder) + 1)
        plain = "/" not in blob and blob not in {"", ".", ".."}
        if blobs and plain and self._has_blobs and up == "../" * depth:
            real_path = self._blobs + blob
            status = os.lstat(real_path)
            if not stat.S_ISLNK(status.st_mode):
                return Located(real_path, status)
        real_path = os.path.realpath(entry.path, strict=True)
        problem = None if is_within(real_path, self._root) else _OUTSIDE_PROBLEM
        return Located(real_path, os.lstat(real_path), problem)

    def _without_link(self, entry: "os.DirEntry[str]") -> Located:
        """A file that stands in the snapshot itself, as where links are not possible.

        Some archives and checkouts leave of a link a file with its text; that is followed, save
        for a part of a split file, since the engine looks for the parts by their names.
        """
        status = os.lstat(entry.path)
        if (
            self._has_blobs
            and stat.S_ISREG(status.st_mode)
            and status.st_size <= _LONGEST_LINK_TEXT
            and not split_name(entry.name)
            and (match := _COPIED_LINK.fullmatch(_read_text(entry.path, _LONGEST_LINK_TEXT)))
        ):
            real_path = self._blobs + match[1]
            return Located(real_path, os.lstat(real_path))
        return Located(entry.path, status)

    def _refs(self) -> Iterator[tuple[str, str]]:
        waiting = [("", f"{self._folder}/refs")]
        while waiting:
            prefix, folder = waiting.pop()
            for entry in self._walk.entries(folder, self._repo):
                name = prefix + entry.name
                if is_folder(entry):
                    if prefix.count("/") < _MAX_REF_DEPTH:
                        waiting.append((f"{name}/", entry.path))
                elif name.isprintable() and (target := _read_text(entry.path, _LONGEST_REF)):
                    yield name, target.strip()


def _changed_at(entry: "os.DirEntry[str]") -> float:
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _read_text(path: str, longest: int) -> str:
    """The ASCII text of a small regular file; empty if it is anything else."""
    try:
        file = os.open(path, _READ)
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return ""
        return os.read(file, longest).decode("ascii")
    except (OSError, ValueError):
        return ""
    finally:
        os.close(file)
