"""The files of the built page, read into memory once: small enough, and then no path is ever made
from what a caller sends.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

INDEX = "index.html"
# Names in there carry a hash of their content, so what one of them holds never changes.
HASHED = "/assets/"

# Best first: what a browser takes of these and the build made is sent.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
# Not asked of the system: its tables differ from machine to machine.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# What tells one build from the next: times and sizes of the HTML and of the hashed files' folder.
Stamp: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file. ``encoded`` has the same content compressed, best first."""

    body: bytes
    media_type: str
    etag: str
    is_immutable: bool
    encoded: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """One build of the page. ``index`` is its HTML, ``files`` everything else by URL path."""

    stamp: Stamp
    index: bytes
    files: Mapping[str, PageFile]


def stamp_of(folder: Path) -> Stamp | None:
    """The stamp of the page built in ``folder`` now, or None where there is none."""
    try:
        index = (folder / INDEX).lstat()
        assets = (folder / HASHED.strip("/")).lstat()
    except OSError:
        return None
    return (index.st_mtime_ns, index.st_size), (assets.st_mtime_ns, assets.st_size)


def read_built(folder: Path) -> Built | None:
    """Everything in ``folder``, links left out. None where no page is built."""
    stamp = stamp_of(folder)
    if stamp is None:
        return None
    try:
        contents = {f"/{name}": (folder / name).read_bytes() for name in _names(folder)}
    except OSError:  # it is being built again
        return None
    index = contents.pop(f"/{INDEX}", None)
    if index is None:
        return None
    plain = {path: body for path, body in contents.items() if not _is_encoded(path, contents)}
    return Built(stamp, index, {path: _file(path, contents) for path in plain})


def _names(folder: Path) -> Iterator[str]:
    """Names of plain files, with ``/`` between folders. A link could lead out, so none is read."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield path.relative_to(folder).as_posix()


def _is_encoded(path: str, contents: Mapping[str, bytes]) -> bool:
    return any(
        path.endswith(suffix) and path.removesuffix(suffix) in (*contents, f"/{INDEX}")
        for suffix in _ENCODINGS.values()
    )


def _file(path: str, contents: Mapping[str, bytes]) -> PageFile:
    body = contents[path]
    encoded = (
        (encoding, packed)
        for encoding, suffix in _ENCODINGS.items()
        if (packed := contents.get(path + suffix)) is not None and len(packed) < len(body)
    )
    return PageFile(
        body,
        _TYPES.get(Path(path).suffix.lower(), "application/octet-stream"),
        hashlib.blake2b(body, digest_size=12).hexdigest(),
        path.startswith(HASHED),
        tuple(encoded),
    )
