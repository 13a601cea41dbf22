"""From the files found in one repository to the rows that people see: parts joined, ids given.

One row stands for one (repository, file name, content). Which copy it shows, and which row gets
the plain id, is decided by ``Place.preference`` and ``_assign_ids``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bodhi.model_files.facts import data_problem, facts_from, load_problem
from bodhi.model_files.file_names import quantization_in, split_name, stem
from bodhi.model_files.found import FoundFile, FoundRepo
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.model_files.readings import Reading

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Place:
    """One model with all its parts, where one snapshot or one added folder holds it.

    ``preference`` sorts the places of one file name, best first: the snapshot that ``refs/main``
    names, other snapshots from the newest to the oldest, then added folders.
    """

    filename: str
    snapshot: str | None
    parts: tuple[FoundFile, ...]
    missing: tuple[str, ...]
    preference: tuple[bool, bool, float, float, str]

    @property
    def identity(self) -> str:
        if len(self.parts) == 1:
            return self.parts[0].identity
        joined = "\n".join(part.identity for part in self.parts)
        return hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()

    @property
    def path(self) -> Path:
        """Where the first part is, or would be."""
        return Path(self.parts[0].path).with_name(self.filename.rpartition("/")[2])

    @property
    def part_paths(self) -> tuple[Path, ...]:
        return tuple(Path(part.path) for part in self.parts)

    @property
    def real_path(self) -> Path:
        return self.path if split_name(self.filename) else Path(self.parts[0].real_path)


class RepoModels(NamedTuple):
    """What is known of one repository. ``places`` are best first. Unless ``settled``, a file
    could not be read just now, and the rows are made again by the next scan."""

    repo: str
    rows: tuple[ModelFile, ...]
    places: Mapping[str, tuple[tuple[Place, ModelFile], ...]]
    refs: Mapping[str, str]
    settled: bool


def build_rows(
    repo: str, found: Sequence[FoundRepo], read: Callable[[FoundFile], Reading]
) -> RepoModels:
    """The rows of ``repo`` from everywhere that it was found."""
    refs = {name: snapshot for place in found for name, snapshot in place.refs}
    groups: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in sorted(_places(found, refs.get(MAIN)), key=lambda place: place.preference):
        groups[place.filename, place.identity].append(place)
    settled = True
    drafts: list[tuple[ModelFile, list[Place]]] = []
    for places in groups.values():
        readings = [read(part) for part in places[0].parts]
        settled = settled and all(reading.settled for reading in readings)
        drafts.append((_row(repo, places, readings, refs), places))
    drafts.sort(key=lambda draft: _claim(*draft))
    rows = tuple(_assign_ids(row for row, _ in drafts))
    by_name: dict[str, list[tuple[Place, ModelFile]]] = defaultdict(list)
    for row, (_, places) in zip(rows, drafts, strict=True):
        by_name[row.filename] += [(place, row) for place in places]
    named = {
        name: tuple(sorted(pairs, key=lambda pair: pair[0].preference))
        for name, pairs in by_name.items()
    }
    return RepoModels(repo, rows, named, refs, settled)


def in_place(row: ModelFile, place: Place) -> ModelFile:
    """``row`` with the paths that it has in ``place``."""
    # Texts, because making paths of them would be most of the work of finding a model.
    if row.snapshot == place.snapshot and str(row.parts[0]) == place.parts[0].path:
        return row
    return replace(
        row,
        snapshot=place.snapshot,
        path=place.path,
        real_path=place.real_path,
        parts=place.part_paths,
    )


def _places(found: Iterable[FoundRepo], main: str | None) -> Iterator[Place]:
    for repo in found:
        times = dict(repo.snapshot_times)
        sets: dict[tuple[str | None, str], list[FoundFile]] = defaultdict(list)
        for file in repo.files:
            split = split_name(file.filename)
            sets[file.snapshot, split.part(1) if split else file.filename].append(file)
        for (snapshot, filename), files in sets.items():
            files.sort(key=lambda file: file.filename)
            preference = (
                snapshot is None,
                snapshot != main,
                -max(file.modified_at for file in files),
                -times.get(snapshot or "", 0.0),
                snapshot or files[0].path,
            )
            missing = _missing_parts(filename, files)
            yield Place(filename, snapshot, tuple(files), missing, preference)


def _missing_parts(filename: str, files: Sequence[FoundFile]) -> tuple[str, ...]:
    split = split_name(filename)
    if split is None:
        return ()
    there = {name.number for file in files if (name := split_name(file.filename))}
    # A name may claim 99999 parts; nobody needs to read the name of each.
    missing = (number for number in range(1, split.total + 1) if number not in there)
    return tuple(split.part(number).rpartition("/")[2] for number in islice(missing, 3))


def _row(
    repo: str, places: Sequence[Place], readings: Sequence[Reading], refs: Mapping[str, str]
) -> ModelFile:
    best = places[0]
    facts = _facts(readings)
    named = quantization_in(best.filename)
    in_header = facts.quantization if facts else None
    snapshots = tuple(place.snapshot for place in places if place.snapshot is not None)
    return ModelFile(
        id="",
        repo=repo,
        filename=best.filename,
        quantization=named or in_header or stem(best.filename),
        snapshot=best.snapshot,
        path=best.path,
        real_path=best.real_path,
        identity=best.identity,
        size_bytes=sum(part.size_bytes for part in best.parts),
        modified_at=max(part.modified_at for part in best.parts),
        parts=best.part_paths,
        part_identities=tuple(part.identity for part in best.parts),
        refs=tuple(sorted(name for name, target in refs.items() if target in snapshots)),
        snapshots=snapshots,
        facts=facts,
        problem=_problem(best, readings),
    )


def _facts(readings: Sequence[Reading]) -> ModelFacts | None:
    """The first part has the metadata; the tensors are spread over all of them."""
    if readings[0].header is None:
        return None
    facts = facts_from(readings[0].header)
    if len(readings) == 1:
        return facts
    headers = [reading.header for reading in readings if reading.header]
    return replace(
        facts,
        tensor_bytes=sum(header.tensor_bytes for header in headers),
        parameter_count=sum(header.tensor_elements for header in headers),
    )


def _problem(place: Place, readings: Sequence[Reading]) -> str | None:
    split = split_name(place.filename)
    if place.missing:
        return f"Of {split.total if split else 1} parts {', '.join(place.missing)} is missing."
    for number, (header, problem, _) in enumerate(readings, start=1):
        found = problem
        if found is None and header is not None:
            found = load_problem(header) if number == 1 else data_problem(header)
        if found is not None:
            subject = f"Part {number} of {len(readings)}" if split else "The file"
            return f"{subject} {found}."
    first = readings[0].header
    count = first.metadata.get("split.count") if first else None
    if isinstance(count, int) and count > 1 and count != len(readings):
        return f"The file is one of {count} parts and does not have the name of a part."
    return None


def _claim(row: ModelFile, places: Sequence[Place]) -> tuple[bool, bool, bool, int, float, str]:
    """Who gets the plain id: on ``refs/main``, loadable, not in a subfolder, newest, by name."""
    in_folder, off_main, *_ = places[0].preference
    depth = row.filename.count("/")
    return in_folder, off_main, row.problem is not None, depth, -row.modified_at, row.filename


def _assign_ids(rows: Iterable[ModelFile]) -> Iterator[ModelFile]:
    """Give each row an id of its own, in the order of claims.

    The first of a quantization is ``owner/repo:QUANT``. A later one is named by the stem of its
    file; if that is taken too, by the stem and the first seven digits of its snapshot
    (``stem@1a2b3c4``), then by its whole snapshot, and at last by a number. Ids differ in more
    than case.
    """
    taken: set[str] = set()
    for row in rows:
        for word in _words(row):
            if word.casefold() not in taken:
                taken.add(word.casefold())
                yield replace(row, id=f"{row.repo}:{word}", quantization=word)
                break


def _words(row: ModelFile) -> Iterator[str]:
    yield row.quantization
    yield (own := stem(row.filename))
    if row.snapshot is not None:
        yield f"{own}@{row.snapshot[:7]}"
        yield f"{own}@{row.snapshot}"
    number = 2
    while True:
        yield f"{own}~{number}"
        number += 1
