"""How far the memory foretold from a header is from what the engine says of the same load.

Prints the table of docs/explanation/memory.md. No weights are read and none are on the disk.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import figure
from bodhi.engine.dry_run import DryRuns, Foreseen
from bodhi.model_files.memory import memory_plan
from bodhi.model_files.model import ModelFile
from tests.support.memory_cases import CASES, TABLE_HEADER, place_models, table_rows


async def _ask(models: dict[str, ModelFile], took: list[float]) -> list[Foreseen]:
    dry_runs, found = DryRuns(), []
    for case in CASES:
        start = time.perf_counter()
        found.append(await dry_runs.foresee(case.spec(models[case.model])))
        took.append(time.perf_counter() - start)
    return found


def _plan_times(models: dict[str, ModelFile]) -> Iterator[float]:
    for case in CASES:
        start = time.perf_counter()
        memory_plan(models[case.model], case.options)
        yield time.perf_counter() - start


def main() -> None:
    """Compare every case, and print how long each way took."""
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        models = place_models(Path(folder))
        foreseen = asyncio.run(_ask(models, took))
        if "--json" not in sys.argv:
            print("\n".join((*TABLE_HEADER, *table_rows(models, foreseen))), flush=True)
        planned = [1e6 * seconds for seconds in _plan_times(models)]
    figure("memory of a load, from the header", planned, "us", places=0)
    figure("memory of a load, from the engine's dry run", took, "s", places=3)


if __name__ == "__main__":
    main()
