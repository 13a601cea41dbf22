"""A real server over a tiny model that generates for as long as a test needs it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server
from tests.support.tiny_gguf import write_tiny_gguf

REPO = "tests/tiny-GGUF"
FILE = "tiny.F32.gguf"

# One thread: a second one spins beside the tests on a small machine.
BASE = f"repo: {REPO}\nfilename: {FILE}\n"
ALIASES = {
    "cold": "request_params:\n  temperature: 0\n  max_tokens: 8\n",
    "warm": "request_params:\n  temperature: 1.5\n  max_tokens: 8\n",
    "enforced": "request_params:\n  temperature: 0\n  max_tokens: 8\n"
    "request_policy:\n  temperature: enforce\n",
    "wide:a": "context_params:\n  n_ctx: 131072\n  n_parallel: 8\n  n_threads: 1\n",
    "wide:b": "context_params:\n  n_ctx: 131072\n  n_parallel: 8\n  n_threads: 1\n",
    "fifty": "context_params:\n  n_ctx: 204800\n  n_parallel: 50\n  n_threads: 1\n",
    "vectors": "context_params:\n  embeddings: true\n  pooling: mean\n  n_ctx: 512\n",
    "gone": "",
    "no-device": "context_params:\n  device: CUDA0\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home with aliases and a hub cache with the model: ``(home, hub)``."""
    root = tmp_path_factory.mktemp("place")
    model = root / "tiny.gguf"
    write_tiny_gguf(model, ctx=262_144)
    hub = root / "hub"
    place_in_hub(hub, REPO, FILE, model, snapshot="a" * 40, refs={"main": "a" * 40})
    aliases = root / "home" / "aliases"
    aliases.mkdir(parents=True)
    for name, rest in ALIASES.items():
        text = f"alias: {name}\n{BASE}{rest}"
        if name == "gone":
            text = text.replace(FILE, "gone.gguf")
        (aliases / f"{name.replace(':', '--')}.yaml").write_text(text, encoding="utf-8")
    return root / "home", hub


@pytest.fixture(scope="module")
def server(place: tuple[Path, Path]) -> Iterator[RunningServer]:
    """One server for a whole file of tests."""
    with running_server(*place) as running:
        yield running
