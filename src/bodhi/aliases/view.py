"""What the store shows: readings of files, put together into one answer per alias. Pure.

A view never changes; the store swaps in the next one, so readers need no lock.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bodhi.aliases.filenames import stem_for
from bodhi.aliases.folder import Reading, shown
from bodhi.aliases.model import Problem, StoredAlias
from bodhi.aliases.sidecar import Identity
from bodhi.errors import NameInvalid


@dataclass(frozen=True, slots=True)
class View:
    """All aliases by stem, and those that can serve by exact name."""

    by_stem: Mapping[str, StoredAlias] = field(default_factory=dict)
    by_name: Mapping[str, StoredAlias] = field(default_factory=dict)

    def get(self, name: str) -> StoredAlias | None:
        """The alias of exactly this name; also one that cannot serve, if its file fits the name."""
        if stored := self.by_name.get(name):
            return stored
        try:
            stored = self.by_stem.get(stem_for(name))
        except NameInvalid:
            return None
        return stored if stored and stored.alias is None else None


def judge(readings: Iterable[Reading]) -> dict[str, Reading]:
    """Stem -> the reading that stands for it; files that contradict each other are all flagged.

    Two files contradict each other if they hold one alias, or differ in their suffix only.
    """
    files: defaultdict[str, list[Reading]] = defaultdict(list)
    claims: Counter[str] = Counter()
    for reading in readings:
        files[reading.stem].append(reading)
        if reading.name is not None:
            claims[reading.name] += 1
    judged: dict[str, Reading] = {}
    for stem, same in files.items():
        reading = same[0]
        if len(same) > 1:
            names = " and ".join(shown(other.file) for other in same)
            judged[stem] = _flagged(reading, f"{names} are files of one alias; keep one of them")
        elif reading.name is not None and claims[reading.name] > 1:
            reason = f"Another file holds the alias {reading.name} too; keep one of them"
            judged[stem] = _flagged(reading, reason)
        else:
            judged[stem] = reading
    return judged


def assemble(
    judged: Mapping[str, Reading], identity: Callable[[str], Identity], before: View
) -> View:
    """The next view. An alias whose file cannot be used keeps what it served before."""
    by_stem = {
        stem: _stored(reading, identity(stem), before.by_stem.get(stem))
        for stem, reading in judged.items()
    }
    by_name = {stored.alias.name: stored for stored in by_stem.values() if stored.alias}
    return View(by_stem, by_name)


def assemble_one(reading: Reading, identity: Identity, before: View) -> View:
    """The next view where one file changed and its alias is called as before."""
    stem = reading.stem
    stored = _stored(reading, identity, before.by_stem.get(stem))
    by_name = before.by_name
    if stored.alias is not None:
        by_name = {**by_name, stored.alias.name: stored}
    return View({**before.by_stem, stem: stored}, by_name)


def _stored(reading: Reading, known: Identity, before: StoredAlias | None) -> StoredAlias:
    # The same object as before where nothing changed: changes can then be told by identity.
    if before and (before.etag, before.modified_at, before.problem, before.uid, before.version) == (
        reading.etag,
        reading.modified_at,
        reading.problem,
        known.uid,
        known.version,
    ):
        return before
    last_good = before.alias if before else None
    return StoredAlias(
        stem=reading.stem,
        uid=known.uid,
        version=known.version,
        etag=reading.etag,
        modified_at=reading.modified_at,
        alias=last_good if reading.problem else reading.alias,
        problem=reading.problem,
    )


def _flagged(reading: Reading, reason: str) -> Reading:
    return replace(reading, alias=None, problem=Problem(shown(reading.file), reason))
