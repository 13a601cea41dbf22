"""The table of architectures against the engine that is installed."""

import subprocess
import sys
from pathlib import Path

from bodhi.model_files.architectures import EMBEDDING, KNOWN
from tests.model_files.gguf_bytes import Gguf

_CHILD = """
import os, sys
import xllamacpp
for name in sorted(os.listdir(sys.argv[1])):
    p = xllamacpp.CommonParams()
    p.model.path, p.hostnames, p.port = os.path.join(sys.argv[1], name), ["127.0.0.1"], 0
    p.cpuparams.n_threads, p.fit_params, p.verbosity = 1, False, 3
    try:
        xllamacpp.Server(p)
    except RuntimeError:
        pass
"""


def refused_by_engine(folder: Path) -> str:
    """What the engine says when it is given every header in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder)],
        capture_output=True, text=True, errors="replace", check=True, timeout=60,
    )  # fmt: skip
    return done.stderr


def test_the_engine_knows_every_architecture_of_the_table(tmp_path: Path) -> None:
    for name in [*sorted(KNOWN), "telepathy"]:
        header = Gguf().add("general.architecture", name).file()
        (tmp_path / f"{name}.gguf").write_bytes(header)
    said = refused_by_engine(tmp_path)
    unknown = [name for name in KNOWN if f"model architecture: '{name}'" in said]
    assert unknown == []
    # The control: the engine does say so of one it cannot know, and it came through them all.
    assert "unknown model architecture: 'telepathy'" in said
    assert said.count("failed to load model, ") == len(KNOWN) + 1


def test_embedding_architectures_are_among_those_known() -> None:
    assert EMBEDDING <= KNOWN
