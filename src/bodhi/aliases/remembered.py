"""What every alias file said when it was read last, kept for the next start.

Parsing ten thousand files takes longer than all else of a start. A reading is kept with the SHA-256
of the bytes that it was made of and serves for these bytes only: the files themselves are read at
every start. What is damaged, or was written by other code, is as if it were not there.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

import bodhi
from bodhi.aliases.folder import Reading, stem_of
from bodhi.aliases.model import Alias
from bodhi.aliases.noted import join, split

# All code that a reading depends on, from the package's folder.
CODE = (
    "aliases/filenames.py",
    "aliases/model.py",
    "aliases/reader.py",
    "aliases/remembered.py",
    "aliases/yaml12.py",
    "engine/contract.py",
    "model_files/file_names.py",
    "params/*.py",
    "params/rows/*.py",
)


def recall(path: Path) -> dict[str, Reading]:
    """File name -> reading, as :func:`bodhi.aliases.folder.read_folder` takes them for the last
    ones: each holds if its file still has the same bytes, and not otherwise. Never raises.
    """
    try:
        known, data = split(path.read_bytes())
        if known["code"] != _code():
            return {}
        return {file: _reading(file, **row) for file, row in orjson.loads(data).items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def to_bytes(readings: Iterable[Reading]) -> bytes:
    """The file for :func:`recall`. Raises OSError where the code itself cannot be read.

    A reading that JSON cannot give back as it was (``.nan`` in a key that Bodhi does not know) is
    left out, as is one with a problem.
    """
    rows: dict[str, dict[str, Any]] = {}
    for reading in readings:
        row = {"etag": reading.etag, "alias": reading.alias}
        if reading.alias is not None and reading.problem is None and _comes_back(reading, row):
            rows[reading.file] = row
    return join({"code": _code()}, orjson.dumps(rows))


def _comes_back(reading: Reading, row: dict[str, Any]) -> bool:
    try:
        # A name of bytes that are not UTF-8 cannot be a key.
        file, back = next(iter(orjson.loads(orjson.dumps({reading.file: row})).items()))
    except TypeError:
        return False
    return _reading(file, **back).alias == reading.alias


def _reading(file: str, etag: str, alias: dict[str, Any]) -> Reading:
    recipe = Alias(**{**alias, "tags": tuple(alias["tags"])})
    return Reading(file, stem_of(file), None, etag, 0.0, recipe.name, recipe)


@cache
def _code() -> str:
    """What changes with the code that reads, and with the parser below it."""
    package = Path(bodhi.__file__).parent
    digest = hashlib.sha256(f"{yaml.__version__} {yaml.__with_libyaml__}".encode())
    for path in sorted(path for pattern in CODE for path in package.glob(pattern)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
