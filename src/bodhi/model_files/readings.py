"""Header readings kept from scan to scan, so that a file is read again only when it changed."""

from typing import NamedTuple

from bodhi.model_files.found import FoundFile
from bodhi.model_files.gguf import GgufError, GgufHeader, read_header


class Reading(NamedTuple):
    """``problem`` has no subject ("is empty"). Unless ``settled``, the next scan reads again."""

    header: GgufHeader | None
    problem: str | None
    settled: bool = True


class Readings:
    """Remembers by identity. Not for several threads at once; the index sees to that."""

    def __init__(self) -> None:
        self._kept: dict[str, Reading] = {}

    def read(self, file: FoundFile) -> Reading:
        """The header of ``file``; never raises. Files that have a problem are not opened."""
        if file.problem is not None:
            return Reading(None, file.problem)
        kept = self._kept.get(file.identity)
        if kept is None:
            kept = _read(file)
            if kept.settled:
                self._kept[file.identity] = kept
        return kept

    def keep_only(self, identities: set[str]) -> None:
        """Forget the files that are no longer there."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in identities}


def _read(file: FoundFile) -> Reading:
    try:
        header = read_header(file.real_path)
    except GgufError as error:
        # What is wrong may be wrong because the file is being written at this moment; then its
        # identity changes once more, and it is read again for that reason.
        return Reading(None, error.fact, error.settled)
    if header.identity != file.identity:
        # Exchanged after it was looked at: what was checked is not what was opened.
        return Reading(None, "was exchanged while it was being read", settled=False)
    return Reading(header, None)
