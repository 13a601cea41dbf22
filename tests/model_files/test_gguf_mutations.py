"""Thousands of damaged headers, a million in the soak: one kind of error, little work."""

import os
import random
import struct
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from bodhi.model_files.facts import facts_from, load_problem
from bodhi.model_files.gguf import GgufError, read_header
from tests.model_files.gguf_bytes import ARRAY, STRING, Gguf
from tests.model_files.gguf_damage import damaged
from tests.support.barrage import SOAK_FAILURES, Figures, Limits, barrage, soak_seed

pytestmark = pytest.mark.threat("T15")

CASES = 5_000
SOAK_CASES = 1_000_000
MEMORY_LIMIT = 32 * 2**20
LIMITS = Limits(cpu_s=0.05, memory_bytes=MEMORY_LIMIT)


class Work:
    """Counts calls, of Python and of C functions alike: what the reader's loops are made of."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        self.calls += event in {"call", "c_call"}


class OneFile:
    """A file whose content is exchanged in place: making thousands of files takes far longer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)

    def hold(self, content: bytes) -> Path:
        os.pwrite(self._file, content, 0)
        os.ftruncate(self._file, len(content))
        return self.path

    def __enter__(self) -> "OneFile":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[OneFile]:
    with OneFile(tmp_path / "case.gguf") as file:
        yield file


@contextmanager
def watched_memory() -> Iterator[Callable[[], int]]:
    """Gives a function that says, afterwards, the most bytes that were allocated at once."""
    peaks: list[int] = []
    tracemalloc.start()
    try:
        yield lambda: peaks[0]
        peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def read_and_judge(path: Path) -> bool:
    """Whether the file is a header at all."""
    try:
        header = read_header(path)
    except GgufError:
        return False
    facts_from(header)
    load_problem(header)
    return True


def test_no_damage_brings_another_error_or_costs_much(case: OneFile, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    found = shoot(case, damaged(seed, CASES), keep_in=tmp_path)
    assert found.failures == [], f"seed {seed}"
    # Both outcomes must be common, or the damage is too coarse or too fine to tell anything.
    assert CASES * 0.05 < found.readable < CASES * 0.95


@pytest.mark.soak
def test_a_million_damages_bring_no_other_error_and_cost_little(case: OneFile) -> None:
    seed = soak_seed("damaged headers")
    cases = damaged(seed, SOAK_CASES, one_large_in=2_000)
    found = shoot(case, cases, keep_in=SOAK_FAILURES / f"gguf-{seed}", show_every=SOAK_CASES // 50)
    assert found.failures == [], f"seed {seed}"


def shoot(case: OneFile, cases: Iterable[bytes], *, keep_in: Path, show_every: int = 0) -> Figures:
    def judge(content: bytes) -> bool:
        return read_and_judge(case.hold(content))

    return barrage(cases, judge, LIMITS, keep_in=keep_in, show_every=show_every)


def test_the_work_for_a_damaged_header_is_bounded_by_its_size(case: OneFile) -> None:
    for content in damaged(11, CASES // 10):
        path = case.hold(content)
        work = Work()
        sys.setprofile(work)
        try:
            read_and_judge(path)
        finally:
            sys.setprofile(None)
        assert work.calls < 500 + 2 * len(content)


GREEDY: dict[str, Callable[[], Gguf]] = {
    "as many entries as allowed": lambda: many(10_000, lambda g, key: g.add(key, 1)),
    "a million strings": lambda: Gguf().raw(
        "a", ARRAY, struct.pack("<IQ", STRING, 1_000_000) + bytes(8_000_000)
    ),
    "text that is wide in memory": lambda: many(
        12, lambda g, key: g.add(key, "\U0001f600" * 200_000)
    ),
    "as many tensors as allowed": lambda: Gguf(tensors=Gguf().tensor([1]).tensors * 32_768),
    "arrays short enough to keep": lambda: many(
        9_000, lambda g, key: g.numbers(key, 0, [200] * 512)
    ),
}


def many(count: int, add: Callable[[Gguf, str], Gguf]) -> Gguf:
    made = Gguf()
    for number in range(count):
        add(made, f"k{number}")
    return made


@pytest.mark.parametrize("greedy", GREEDY)
def test_the_greediest_headers_stay_within_the_memory_limit(case: OneFile, greedy: str) -> None:
    path = case.hold(GREEDY[greedy]().file())
    with watched_memory() as peak:
        read_and_judge(path)
    assert peak() < MEMORY_LIMIT


def believe(content: bytes) -> object:
    """Reads where the file says, as if it were all there."""
    return struct.unpack_from("<IQQ", content, 4)


def make_room(content: bytes) -> object:
    """Allocates what the file claims to need."""
    return bytes(min(MEMORY_LIMIT + 1, max(content, default=0) << 24))


def dawdle(content: bytes) -> object:
    until = time.thread_time() + 0.06
    while time.thread_time() < until:
        pass
    return content


@pytest.mark.planted("T15")
@pytest.mark.parametrize(
    ("careless", "cases", "finding"),
    [(believe, 300, "error: unpack_from requires"), (make_room, 20, " MiB"), (dawdle, 1, " ms")],
)
def test_a_careless_reader_would_be_found(
    careless: Callable[[bytes], object], cases: int, finding: str, tmp_path: Path
) -> None:
    found = barrage(
        damaged(1, cases), lambda content: bool(careless(content)), LIMITS, keep_in=tmp_path
    )
    assert any(finding in failure for failure in found.failures)
    assert any(tmp_path.iterdir())
