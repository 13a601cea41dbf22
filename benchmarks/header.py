"""``python -m benchmarks.header``: our header reader against the reference one, 150k vocabulary.

The file has 150,000 tokens with scores and types, 280,000 merges and 300 tensors. Both read it in
this process, in turns; memory is what the allocator saw at its peak during one reading of ours.
"""

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

from benchmarks.report import figure, ratios
from bodhi.model_files.gguf import read_header

ROUNDS = 3


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.gguf"
        _write(path)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_timed(lambda: read_header(path)))
            theirs.append(_timed(lambda: gguf.GGUFReader(path)))
        figure("our header reader", [1000 * s for s in ours], "ms", places=1)
        figure("gguf.GGUFReader", [1000 * s for s in theirs], "ms", places=1)
        figure("times faster", ratios(theirs, ours), "x", places=0)
        tracemalloc.start()
        read_header(path)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        figure("peak memory of ours", [peak], "MiB", places=1)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _write(path: Path) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    tokens = [f"token{number}" for number in range(150_000)]
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([1] * len(tokens))
    writer.add_token_merges([f"a{n} b{n}" for n in range(280_000)])
    for number in range(300):
        writer.add_tensor(f"blk.{number}.weight", np.zeros((4, 32), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
