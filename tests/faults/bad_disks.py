"""Planted defects: disks that break one rule of saving each. Proofs must find every one."""

import os
from contextlib import suppress
from pathlib import Path

from bodhi.files import Disk


class WritesInPlace(Disk):
    """No new file and no renaming: what most programs do."""

    def create(self, path: Path) -> int:
        name = path.name.removeprefix(".").rpartition(".tmp")[0].rpartition(".")[0]
        if not name:  # which is written for good, and has no file to stand in for
            return super().create(path)
        return os.open(path.with_name(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)

    def rename(self, source: Path, target: Path) -> None:
        if source.name.endswith(".tmp"):
            return
        super().rename(source, target)


class CopiesOver(Disk):
    """Writes a new file, and then copies it over the old one."""

    def rename(self, source: Path, target: Path) -> None:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        rest = memoryview(source.read_bytes())
        while rest:
            rest = rest[self.write(descriptor, rest) :]
        self.close(descriptor)
        source.unlink()


class IgnoresFsync(Disk):
    """Does what it is told, and takes the answer of fsync for granted."""

    def fsync(self, descriptor: int) -> None:
        with suppress(OSError):
            super().fsync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        with suppress(OSError):
            super().sync_folder(folder)


class RetriesFsync(Disk):
    """Believes the second answer."""

    def fsync(self, descriptor: int) -> None:
        try:
            super().fsync(descriptor)
        except OSError:
            super().fsync(descriptor)


class NeverSyncsFiles(Disk):
    def fsync(self, descriptor: int) -> None:
        """Nothing: the name may be on the disk before the bytes are."""


class NeverSyncsFolders(Disk):
    def sync_folder(self, folder: Path) -> None:
        """Nothing: what was promised may be gone after a power cut."""


DISKS: dict[str, type[Disk]] = {
    kind.__name__: kind
    for kind in (
        *(Disk, WritesInPlace, CopiesOver),
        *(IgnoresFsync, RetriesFsync, NeverSyncsFiles, NeverSyncsFolders),
    )
}
