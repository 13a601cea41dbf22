"""Finds model files in added folders laid out as ``owner/repo/file.gguf``, as LM Studio does."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bodhi.model_files.file_names import is_repo
from bodhi.model_files.found import (
    FoundFile,
    FoundRepo,
    Located,
    Walk,
    inspect,
    is_folder,
    is_within,
    readable,
)

_OUTSIDE_PROBLEM = "is a link that leads out of the model folders"


def scan_folder(root: str, allowed: Sequence[str], walk: Walk) -> Iterator[FoundRepo]:
    """Every repository below ``root``.

    Links count where they end in one of the folders ``allowed`` (absolute and without links):
    people link from one store of models into another instead of keeping two copies.
    """
    root = os.path.realpath(root)
    name = readable(Path(root).name)
    if not Path(root).is_dir():
        # Unlike the hub cache, an added folder was named by somebody who expects it there.
        walk.problems.append(f"the model folder {name} is not there")
    for owner in walk.entries(root, name):
        if not is_folder(owner):
            continue
        for folder in walk.entries(owner.path, f"{name}/{owner.name}"):
            if not is_folder(folder):
                continue
            repo = f"{owner.name}/{folder.name}"
            if is_repo(repo) and (files := tuple(_files(folder.path, repo, allowed, walk))):
                yield FoundRepo(repo, (), (), files)


def _files(folder: str, repo: str, allowed: Sequence[str], walk: Walk) -> Iterator[FoundFile]:
    def locate(entry: "os.DirEntry[str]") -> Located:
        if not entry.is_symlink():
            return Located(entry.path, os.lstat(entry.path))
        real = os.path.realpath(entry.path, strict=True)
        inside = any(is_within(real, root) for root in allowed)
        return Located(real, os.lstat(real), None if inside else _OUTSIDE_PROBLEM)

    for filename, entry in walk.model_entries(folder, repo):
        found = inspect(entry, filename, None, locate)
        if found is not None:
            yield found
