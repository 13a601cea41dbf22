"""Records what saving does to a disk, and derives every state that a power cut may leave of it.

What may be lost follows POSIX and Pillai et al., "All File Systems Are Not Created Equal" (OSDI
2014): bytes are safe after fsync of their file, names after fsync of their folder, and until then
any of them may be there or not, in any order. Each change of a name is atomic in itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

from bodhi.files import Disk

Files = dict[Path, bytes]


@dataclass(frozen=True)
class Name:
    """``path`` now leads to ``inode``, None: nowhere; ``gone`` was its other name until then."""

    path: Path
    inode: int | None
    gone: Path | None = None


@dataclass(frozen=True)
class Bytes:
    inode: int
    data: bytes


@dataclass(frozen=True)
class Synced:
    """A file or a folder is on the disk as it is."""

    what: int | Path


@dataclass(frozen=True)
class Returned:
    """An act came back, so its outcome was promised."""

    act: str


Operation = Name | Bytes | Synced | Returned


class RecordingDisk(Disk):
    """Does everything for real, and keeps the list."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._inodes: dict[Path, int] = {}
        self._open: dict[int, int] = {}
        self._count = 0

    def know(self, files: Files) -> Files:
        """These are on the disk already."""
        for path in files:
            self._inodes[path] = self._count = self._count + 1
        return files

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._count += 1
        self._inodes[path] = self._open[descriptor] = self._count
        self.operations.append(Name(path, self._count))
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        written = super().write(descriptor, data)
        self.operations.append(Bytes(self._open[descriptor], bytes(data[:written])))
        return written

    def fsync(self, descriptor: int) -> None:
        super().fsync(descriptor)
        self.operations.append(Synced(self._open[descriptor]))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self._inodes[target] = self._inodes.pop(source)
        self.operations.append(Name(target, self._inodes[target], gone=source))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        del self._inodes[path]
        self.operations.append(Name(path, None))

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self.operations.append(Synced(folder))

    def inode_of(self, path: Path) -> int:
        return self._inodes[path]


@dataclass
class Medium:
    """What is surely on the disk, and what may be there or not."""

    names: dict[Path, int]
    contents: dict[int, bytes]
    loose_names: list[Name] = field(default_factory=list)
    loose_bytes: dict[int, bytes] = field(default_factory=dict)

    def take(self, operation: Operation) -> None:
        """One more operation has happened."""
        match operation:
            case Name():
                self.loose_names.append(operation)
            case Bytes(inode, data):
                self.loose_bytes[inode] = self.loose_bytes.get(inode, b"") + data
            case Synced(int(inode)):
                more = self.loose_bytes.pop(inode, b"")
                self.contents[inode] = self.contents.get(inode, b"") + more
            case Synced(Path() as folder):
                for name in [n for n in self.loose_names if folder in _folders(n)]:
                    _apply(name, self.names)
                    self.loose_names.remove(name)
            case Returned():
                pass

    def states(self) -> Iterator[Files]:
        """Every state after a power cut now."""
        count = len(self.loose_names)
        for kept in (s for n in range(count + 1) for s in combinations(self.loose_names, n)):
            names = dict(self.names)
            for name in kept:
                _apply(name, names)
            inodes = sorted({*names.values()})
            for contents in product(*map(self._contents, inodes)):
                content = dict(zip(inodes, contents, strict=True))
                yield {path: content[inode] for path, inode in names.items()}

    def _contents(self, inode: int) -> list[bytes]:
        """Unsynced bytes may be missing, cut, or zeros of the right length."""
        safe, loose = self.contents.get(inode, b""), self.loose_bytes.get(inode, b"")
        if not loose:
            return [safe]
        return [safe + more for more in (b"", loose[: len(loose) // 2], b"\0" * len(loose), loose)]


def _folders(name: Name) -> set[Path]:
    return {path.parent for path in (name.path, name.gone) if path is not None}


def _apply(name: Name, names: dict[Path, int]) -> None:
    if name.gone is not None:
        names.pop(name.gone, None)
    if name.inode is None:
        names.pop(name.path, None)
    else:
        names[name.path] = name.inode


def states_after_cuts(
    before: Files, disk: RecordingDisk
) -> Iterator[tuple[tuple[str, ...], Files]]:
    """(the acts that had come back, what is on the disk) for a cut at every moment of a history.

    ``before`` is what the disk was told to know when the history began.
    """
    inodes = {path: number for number, path in enumerate(before, 1)}
    medium = Medium(dict(inodes), {inodes[path]: data for path, data in before.items()})
    returned: tuple[str, ...] = ()
    yield from ((returned, state) for state in medium.states())
    for operation in disk.operations:
        medium.take(operation)
        if isinstance(operation, Returned):
            returned = (*returned, operation.act)
        yield from ((returned, state) for state in medium.states())
