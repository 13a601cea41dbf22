"""Saves on a disk of its own that gets full, then read-only; prints what it saw as JSON.

``unshare -Urm python -m tests.faults.full_disk FOLDER store|in-place``: in a mount namespace that
ends with the process, so the disk, a tmpfs of one MiB at FOLDER, does too.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from bodhi.aliases.store import AliasStore
from bodhi.errors import BodhiError
from tests.aliases.samples import open_store
from tests.faults.acts import NEW, OLD, aliases_of
from tests.faults.bad_disks import DISKS

# More than one block, so that the last free one does not hold it.
LONG = NEW + "# " + "x" * 20_000 + "\n"


# Room for the version that is kept first, and not for the file behind it.
ROOM = 9 * 4096


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        file.truncate(file.tell() - ROOM)


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def main(folder: Path, disk: str) -> None:
    _mount(folder, "size=1m")
    open_store(folder / "home").create(OLD)
    store = AliasStore(folder / "home", disk=DISKS[disk]())
    store.load_all()
    seen: dict[str, object] = {}

    def save(when: str, text: str) -> None:
        try:
            store.save("a", text, if_etag=None)
            told = "saved"
        except BodhiError as error:
            told = f"{error.status} {error.message}"
        stored = store.get("a")
        seen[when] = {
            "told": told,
            "file": aliases_of(folder / "home")["a.yaml"][: len(NEW)],
            "served": stored is not None and stored.alias is not None,
            "problem": str(stored and stored.problem),
        }

    _fill(folder / "filler")
    save("full", LONG)
    (folder / "filler").unlink()
    save("room again", LONG)
    _mount(folder, "remount,ro")
    save("read-only", OLD)
    _mount(folder, "remount,rw")
    save("writable again", OLD)
    print(json.dumps(seen))  # noqa: T201
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
