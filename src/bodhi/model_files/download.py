"""``bodhi pull``: explicit downloads into the Hugging Face cache, as huggingface_hub lays it out.

Nothing else in Bodhi downloads. Blobs are named by their hash, snapshots link to blobs, a ref
names the commit; see ``hub_cache.py`` for the layout. A file becomes visible when it is whole.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from bodhi.errors import DownloadFailed, NotOnHub, StorageFailed
from bodhi.files import Disk, replace_file, storage_errors
from bodhi.model_files.file_names import check_repo, check_snapshot
from bodhi.model_files.found import is_within
from bodhi.model_files.hub_cache import repo_folder
from bodhi.model_files.hub_choice import choose_files, parse_wanted
from bodhi.model_files.hub_client import Hub, RemoteFile
from bodhi.model_files.hub_transfer import check_room, fetch_blob, is_here, missing_bytes
from bodhi.model_files.rows import MAIN


class Progress(Protocol):
    """Who is told how far a download is; sizes in bytes."""

    def __call__(self, filename: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is there now. ``fetched`` names the files that were not there before."""

    repo: str
    commit: str
    paths: tuple[Path, ...]
    size_bytes: int
    fetched: tuple[str, ...]


def pull(
    name: str, hub: Hub, cache: Path, progress: Progress, *, revision: str | None = None
) -> Pulled:
    """Download ``owner/repo[:QUANT|file]`` into ``cache`` unless it is there; blocks.

    Raises NameInvalid, NotOnHub and NameAmbiguous for the name, DownloadFailed and its kin for
    the way, StorageFailed for the disk. A part of a file that came stays for the next call.
    """
    wanted = parse_wanted(name)
    ref = MAIN if revision is None else check_snapshot(revision)
    found = hub.revision(wanted.repo, ref)
    filenames = choose_files(wanted, found.filenames)
    files = [hub.describe(wanted.repo, found.commit, filename) for filename in filenames]
    return _fetch(wanted.repo, ref, found.commit, files, hub, cache, progress)


def pull_beside(
    repo: str,
    is_wanted: Callable[[str], bool],
    hub: Hub,
    cache: Path,
    progress: Progress,
    *,
    max_bytes: int,
) -> Pulled:
    """Download what ``is_wanted`` by its name of ``owner/name`` at main: files beside its models.

    Raises as ``pull`` does; DownloadFailed also for a file of more than ``max_bytes``.
    """
    check_repo(repo)
    found = hub.revision(repo, MAIN)
    filenames = tuple(filter(is_wanted, found.filenames))
    if not filenames:
        raise NotOnHub(f"{repo} has no such files on the hub.", remedy="Name another repository.")
    files = [hub.describe(repo, found.commit, filename) for filename in filenames]
    for file in files:
        if file.size_bytes > max_bytes:
            raise DownloadFailed(f"{file.filename} has more than {max_bytes >> 20} MiB on the hub.")
    return _fetch(repo, MAIN, found.commit, files, hub, cache, progress)


def _fetch(
    repo: str,
    ref: str,
    commit: str,
    files: Sequence[RemoteFile],
    hub: Hub,
    cache: Path,
    progress: Progress,
) -> Pulled:
    """Bring what is missing, and then show all of it at once."""
    place = _Place(cache, repo, commit)
    place.prepare()
    check_room(cache, sum(missing_bytes(file, place.blob(file)) for file in files))
    fetched = []
    for file in files:
        with place.lock(file):
            if not is_here(file, place.blob(file)):
                on_bytes = partial(progress, file.filename, total=file.size_bytes)
                fetch_blob(hub, file, place.blob(file), on_bytes)
                fetched.append(file.filename)
    # A split model appears with its last part, so that no half of it is ever listed.
    paths = tuple(place.link(file) for file in files)
    if ref != commit:
        place.write_ref(ref)
    size = sum(file.size_bytes for file in files)
    return Pulled(repo, commit, paths, size, tuple(fetched))


class _Place:
    """The folder of one repository in the cache, at one commit."""

    def __init__(self, cache: Path, repo: str, commit: str) -> None:
        self._commit = commit
        self._folder = cache / repo_folder(repo)
        self._snapshot = self._folder / "snapshots" / commit
        # Where huggingface_hub keeps its locks, of the same kind: neither disturbs the other.
        self._locks = cache / ".locks" / repo_folder(repo)

    def prepare(self) -> None:
        with storage_errors("The hub cache"):
            for folder in (self._folder / "blobs", self._snapshot, self._locks):
                folder.mkdir(parents=True, exist_ok=True)

    def blob(self, file: RemoteFile) -> Path:
        return self._folder / "blobs" / file.hash

    @contextmanager
    def lock(self, file: RemoteFile) -> Iterator[None]:
        """One process a blob; a second one waits, and then finds it done."""
        with storage_errors(file.filename):
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            descriptor = os.open(self._locks / f"{file.hash}.lock", flags, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def link(self, file: RemoteFile) -> Path:
        """The file's place in the snapshot, which now leads to its blob."""
        path = self._snapshot / file.filename
        with storage_errors(file.filename):
            path.parent.mkdir(parents=True, exist_ok=True)
            home = os.path.realpath(self._folder)
            if not is_within(os.path.realpath(path.parent), home):
                raise StorageFailed(f"The folder of {file.filename} leads out of the hub cache.")
            target = os.path.relpath(self.blob(file), path.parent)
            if not path.is_symlink() or os.readlink(path) != target:  # noqa: PTH115
                temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
                temporary.symlink_to(target)
                temporary.replace(path)
        return path

    def write_ref(self, ref: str) -> None:
        path = self._folder / "refs" / ref
        with storage_errors(f"The ref {ref}"):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, self._commit.encode(), Disk())
