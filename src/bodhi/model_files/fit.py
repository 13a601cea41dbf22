"""Whether a load fits the memory that is free, in words for people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_GIB = 1 << 30
# Above this share of what is free, little is left for the prompt cache and for other programs.
_TIGHT_SHARE = 0.9


class Verdict(StrEnum):
    """From best to worst."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "does not fit"


@dataclass(frozen=True, slots=True)
class Room:
    """One memory: the machine's own (``name`` None), or that of a device. In bytes."""

    name: str | None
    needs: int
    free: int

    @property
    def verdict(self) -> Verdict:
        if self.needs > self.free:
            return Verdict.TOO_LARGE
        return Verdict.TIGHT if self.needs > self.free * _TIGHT_SHARE else Verdict.FITS

    @property
    def words(self) -> str:
        where = "" if self.name is None else f" on {self.name}"
        return f"needs {_gib(self.needs)} of {_gib(self.free)} GiB{where}"


@dataclass(frozen=True, slots=True)
class Fit:
    """The worst of the rooms decides."""

    rooms: Sequence[Room]

    @property
    def verdict(self) -> Verdict:
        order = list(Verdict)
        return max((room.verdict for room in self.rooms), key=order.index, default=Verdict.FITS)

    @property
    def words(self) -> str:
        """Such as ``fits · needs 5.1 of 23.4 GiB``."""
        return " · ".join((self.verdict, *(room.words for room in self.rooms)))


def _gib(size: int) -> str:
    """One decimal, two below a tenth, so that a small model does not need 0.0."""
    gib = max(0, size) / _GIB
    return f"{gib:.1f}" if gib >= 0.1 or gib == 0 else f"{gib:.2f}"
