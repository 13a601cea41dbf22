"""Lays files out as the Hugging Face hub cache does: blobs, snapshots that link to them, refs.

The layout is that of the huggingface_hub documentation, "Understand caching".
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def place_in_hub(
    cache: Path,
    repo: str,
    filename: str,
    source: Path,
    *,
    snapshot: str = "main",
    link_blob: bool = True,
    refs: Mapping[str, str] | None = None,
) -> Path:
    """Put ``source`` into ``cache`` as ``repo``'s ``filename`` and return its path in the snapshot.

    ``refs`` maps a ref (``main``, ``refs/pr/1``) to the snapshot folder it names. Without
    ``link_blob`` the snapshot holds a plain copy, as where links are not allowed. Placing the
    same file again changes nothing.
    """
    folder = cache / f"models--{repo.replace('/', '--')}"
    placed = folder / "snapshots" / snapshot / filename
    placed.parent.mkdir(parents=True, exist_ok=True)
    placed.unlink(missing_ok=True)
    if link_blob:
        blob = folder / "blobs" / hashlib.sha256(source.read_bytes()).hexdigest()
        blob.parent.mkdir(exist_ok=True)
        if not blob.exists():
            shutil.copyfile(source, blob)
        placed.symlink_to(os.path.relpath(blob, placed.parent))
    else:
        shutil.copyfile(source, placed)
    for ref, target in (refs or {}).items():
        ref_file = folder / "refs" / ref
        ref_file.parent.mkdir(parents=True, exist_ok=True)
        ref_file.write_text(target, encoding="ascii")
    return placed
