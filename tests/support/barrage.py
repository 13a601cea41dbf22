"""Very many damaged inputs against one reader: what leaves it, and what each of them costs."""

import os
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

# One judge: whether the input was readable. What it raises is a failure.
Judge = Callable[[bytes], bool]

# Where a soak keeps what failed; git ignores it.
SOAK_FAILURES = Path(__file__).parents[2] / "build" / "soak-failures"

_ENOUGH_FAILURES = 20
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one input may take: seconds of processor, bytes allocated at once."""

    cpu_s: float
    memory_bytes: int


@dataclass(slots=True)
class Figures:
    """What came of it. ``failures`` say what happened and where the input was kept."""

    cases: int = 0
    readable: int = 0
    slowest_s: float = 0.0
    memory_bytes: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cases:,} cases, {self.readable:,} readable, slowest "
            f"{self.slowest_s * 1e3:.1f} ms, most memory {self.memory_bytes / 2**20:.2f} MiB, "
            f"{len(self.failures)} failures"
        )


def barrage(
    cases: Iterable[bytes],
    judge: Judge,
    limits: Limits,
    *,
    keep_in: Path,
    show_every: int = 0,
) -> Figures:
    """Judge every case twice, once by the clock and once by its memory.

    Inputs that fail are written to ``keep_in``. ``show_every`` cases, a line is printed.
    """
    figures, started = Figures(), time.monotonic()
    for case in cases:
        figures.cases += 1
        if failure := _failure(case, judge, limits, figures):
            keep_in.mkdir(parents=True, exist_ok=True)
            kept = keep_in / f"case-{figures.cases}"
            kept.write_bytes(case)
            figures.failures.append(f"{failure} ({kept})")
            if len(figures.failures) == _ENOUGH_FAILURES:
                break
        if show_every and figures.cases % show_every == 0:
            took = time.monotonic() - started
            say(f"{took:6.0f} s: {figures}")
    return figures


def _failure(case: bytes, judge: Judge, limits: Limits, figures: Figures) -> str | None:
    try:
        began = time.thread_time()
        figures.readable += judge(case)
        took = time.thread_time() - began
        if took > limits.cpu_s:  # a busy machine makes everything slow now and then
            took = min(took, *(_processor_time(case, judge) for _ in range(_REPEATS)))
        tracemalloc.start()
        try:
            judge(case)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    except Exception as error:  # whatever leaves the reader is the finding
        return f"{type(error).__name__}: {error}"
    figures.slowest_s = max(figures.slowest_s, took)
    figures.memory_bytes = max(figures.memory_bytes, peak)
    if took > limits.cpu_s:
        return f"took {took * 1e3:.0f} ms"
    if peak > limits.memory_bytes:
        return f"took {peak / 2**20:.1f} MiB"
    return None


def _processor_time(case: bytes, judge: Judge) -> float:
    began = time.thread_time()
    judge(case)
    return time.thread_time() - began


def soak_seed(what: str) -> int:
    """The seed of a soak, shown; ``SOAK_SEED`` in the environment repeats one."""
    given = os.environ.get("SOAK_SEED")
    seed = int(given) if given else random.SystemRandom().randrange(2**32)
    say(f"{what}: SOAK_SEED={seed}")
    return seed


def say(line: str) -> None:
    """Progress, for somebody who waits."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
