"""The list of models on this machine: one scan, one immutable catalogue.

A scan walks the hub cache and the added folders, and reads the headers of the files that changed
since the last one. It blocks, so a server runs it in a thread.
"""

import os
import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from bodhi.errors import NameInvalid
from bodhi.model_files.file_names import (
    check_filename,
    check_repo,
    check_snapshot,
)
from bodhi.model_files.folders import scan_folder
from bodhi.model_files.found import FoundRepo, Walk
from bodhi.model_files.hub_cache import repo_folder, scan_hub_cache
from bodhi.model_files.model import ModelFile
from bodhi.model_files.readings import Readings
from bodhi.model_files.rows import MAIN, RepoModels, build_rows, in_place

_SHORTEST_HASH = 7


class Catalogue:
    """The models as one scan found them. Immutable; lookups touch no file.

    ``problems`` are sentences about folders that could not be listed.
    """

    def __init__(
        self, hub_cache: Path, repos: Sequence[RepoModels], problems: Sequence[str]
    ) -> None:
        self._hub_cache = hub_cache
        self._repos = {repo.repo: repo for repo in repos}
        self.rows = tuple(sorted((r for repo in repos for r in repo.rows), key=lambda r: r.id))
        self.problems = tuple(problems)
        self._by_id = {(row.repo, row.quantization.casefold()): row for row in self.rows}

    def by_id(self, name: str) -> ModelFile | None:
        """The row ``owner/repo:QUANT``; case does not matter after the colon."""
        repo, _, word = name.partition(":")
        return self._by_id.get((repo, word.casefold()))

    def by_repo(self, repo: str) -> tuple[ModelFile, ...]:
        """The rows of one repository, sorted by id; empty if there are none."""
        known = self._repos.get(repo)
        return tuple(sorted(known.rows, key=lambda row: row.id)) if known else ()

    def find(self, repo: str, filename: str, snapshot: str | None = None) -> ModelFile | None:
        """The model ``filename`` of ``repo``, with its paths in exactly the snapshot asked for.

        ``snapshot`` is a commit (whole, or seven digits and more if only one begins so), a ref
        (``main``, ``refs/pr/1``, ``pr/1``) or the name of a snapshot folder. Without it, the
        snapshot of ``refs/main``, else the newest, else an added folder.
        """
        known = self._repos.get(repo)
        places = known.places.get(filename, ()) if known else ()
        if known is None or not places:
            return None
        if snapshot is None:
            place, row = places[0]
            return in_place(row, place)
        for folder in _snapshots_meant(snapshot, known):
            for place, row in places:
                if place.snapshot == folder:
                    return in_place(row, place)
        return None

    def expected_path(self, repo: str, filename: str, snapshot: str | None = None) -> Path:
        """Where in the hub cache a missing file would be. Raises NameInvalid for unsafe names."""
        check_repo(repo)
        check_filename(filename)
        known = self._repos.get(repo)
        refs = known.refs if known else {}
        wanted = MAIN if snapshot is None else check_snapshot(snapshot)
        folder = refs.get(wanted) or refs.get(f"refs/{wanted}") or wanted
        try:
            folder = check_snapshot(folder)
        except NameInvalid:
            # What stands in a ref file was not written by us.
            folder = wanted
        return self._hub_cache / repo_folder(repo) / "snapshots" / folder / filename

    def expected_place(self, repo: str, filename: str, snapshot: str | None = None) -> str:
        """The same from the hub cache on: what may be said to anybody who asks."""
        return self.expected_path(repo, filename, snapshot).relative_to(self._hub_cache).as_posix()

    def download_hint(self, repo: str, filename: str, snapshot: str | None = None) -> str:
        """The command that would download this file."""
        words = ["bodhi", "pull", f"{repo}:{filename}"]
        if snapshot is not None:
            words += ["--revision", snapshot]
        return shlex.join(words)


def _snapshots_meant(text: str, repo: RepoModels) -> Iterator[str]:
    """The snapshot folders that ``text`` can mean, the likeliest first.

    A ref comes before a folder of the same name, as for the hub's own tools; the folder stays
    reachable where the ref leads nowhere.
    """
    for name in (text, f"refs/{text}"):
        if name in repo.refs:
            yield repo.refs[name]
    yield text
    if len(text) >= _SHORTEST_HASH:
        folders = {place.snapshot for pairs in repo.places.values() for place, _ in pairs}
        matches = [folder for folder in folders if folder and folder.startswith(text.lower())]
        if len(matches) == 1:
            yield matches[0]


class ModelIndex:
    """Lists the hub cache and more folders; remembers headers between scans."""

    def __init__(self, hub_cache: Path, folders: tuple[Path, ...] = ()) -> None:
        self._hub_cache = hub_cache
        self._folders = folders
        self.roots = (hub_cache, *folders)
        self._readings = Readings()
        self._known: dict[str, tuple[list[FoundRepo], RepoModels]] = {}
        self._last: tuple[tuple[RepoModels, ...], Catalogue] | None = None
        self._lock = Lock()

    def scan(self) -> Catalogue:
        """List everything anew. Blocks; may be called from any thread, and never raises for
        what is or happens on disk: a file that cannot be used is a row with a ``problem``.

        As long as nothing changes, it is the same object that is returned."""
        with self._lock:
            walk = Walk()
            found = self._find(walk)
            repos = {repo: self._build(repo, places) for repo, places in found.items()}
            self._known = {
                repo: (found[repo], models) for repo, models in repos.items() if models.settled
            }
            self._readings.keep_only(
                {f.identity for places in found.values() for place in places for f in place.files}
            )
            return self._catalogue(tuple(repos.values()), tuple(walk.problems))

    def _catalogue(self, repos: tuple[RepoModels, ...], problems: tuple[str, ...]) -> Catalogue:
        if self._last is not None:
            before, catalogue = self._last
            if problems == catalogue.problems and list(map(id, repos)) == list(map(id, before)):
                return catalogue
        catalogue = Catalogue(self._hub_cache, repos, problems)
        self._last = repos, catalogue
        return catalogue

    def _find(self, walk: Walk) -> dict[str, list[FoundRepo]]:
        roots = [os.path.realpath(folder) for folder in (self._hub_cache, *self._folders)]
        found: dict[str, list[FoundRepo]] = defaultdict(list)
        for repo in scan_hub_cache(roots[0], walk):
            found[repo.repo].append(repo)
        for root in dict.fromkeys(roots[1:]):
            for repo in scan_folder(root, roots, walk):
                found[repo.repo].append(repo)
        return found

    def _build(self, repo: str, found: list[FoundRepo]) -> RepoModels:
        known = self._known.get(repo)
        if known is not None and known[0] == found:
            return known[1]
        return build_rows(repo, found, self._readings.read)
