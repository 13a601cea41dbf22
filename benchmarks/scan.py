"""``python -m benchmarks.scan``: listing 1,000 model files, cold and warm, in two layouts.

Cold is a fresh index over files whose pages the system has cached; warm is the same index again.
"""

import tempfile
import time
from pathlib import Path

from benchmarks.report import figure
from bodhi.model_files.index import ModelIndex
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

ROUNDS = 5
FILES = 1_000


def main() -> None:
    """Measure and print."""
    for repos in (100, FILES):
        with tempfile.TemporaryDirectory() as folder:
            hub = Path(folder) / "hub"
            model = Path(folder) / "tiny.gguf"
            write_tiny_gguf(model)
            for number in range(FILES):
                repo = f"made/up-{number % repos}-GGUF"
                place_in_hub(hub, repo, f"m{number}.gguf", model, refs={"main": "main"})
            layout = f"{FILES:,} files in {repos:,} repositories"
            cold, warm = [], []
            for _ in range(ROUNDS):
                index = ModelIndex(hub)
                cold.append(_scan(index))
                warm.append(_scan(index))
            figure(f"{layout}, cold", [1000 * s for s in cold], "ms", places=0)
            figure(f"{layout}, warm", [1000 * s for s in warm], "ms", places=0)


def _scan(index: ModelIndex) -> float:
    started = time.perf_counter()
    rows = index.scan().rows
    taken = time.perf_counter() - started
    if len(rows) != FILES:
        raise SystemExit(f"{len(rows)} rows instead of {FILES}")
    return taken


if __name__ == "__main__":
    main()
