"""Tens of thousands of damaged headers: one kind of error, little memory, little work.

``BODHI_GGUF_MUTATIONS`` sets how many; the default keeps the test at a few seconds.
"""

import os
import random
import struct
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from bodhi.model_files.facts import facts_from, load_problem
from bodhi.model_files.gguf import GgufError, read_header
from tests.model_files.gguf_bytes import ARRAY, STRING, UINT32, Gguf, llama

CASES = int(os.environ.get("BODHI_GGUF_MUTATIONS", "20000"))
MEMORY_LIMIT = 32 * 2**20
ODD = (0, 1, 2**16, 2**24, 2**31 - 1, 2**32 - 1, 2**61, 2**63 - 1, 2**63, 2**64 - 8, 2**64 - 1)


def seeds() -> list[bytes]:
    rich = llama().add("general.sampling.temp", 0.5).add("tokenizer.chat_template", "{{ x }}")
    rich.strings("tokenizer.ggml.merges", ["a b"] * 300)
    rich.add("tokenizer.ggml.bos_token_id", 1).numbers("llama.layers", UINT32, [1, 2, 3])
    rich.tensor([256, 2], kind=12, offset=256).tensor([4, 4, 2, 1], offset=1024)
    big = Gguf(">").add("general.architecture", "llama").tensor([32])
    big.strings("tokenizer.ggml.tokens", ["x"] * 270).add("tokenizer.ggml.eos_token_id", 269)
    return [llama().file(256), rich.file(2048), big.file(128)]


def mutate(whole: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(1, len(damaged) - 8))
        match chance.randrange(6):
            case 0:
                damaged[at] ^= 1 << chance.randrange(8)
            case 1:
                damaged[at : at + 8] = chance.choice(ODD).to_bytes(
                    8, chance.choice(["little", "big"])
                )
            case 2:
                damaged[at : at + 4] = chance.choice([ARRAY, STRING, 99]).to_bytes(4, "little")
            case 3:
                del damaged[at : at + chance.randint(1, 40)]
            case 4:
                damaged[at:at] = damaged[at : at + chance.randint(1, 40)]
            case _:
                del damaged[chance.randrange(24, max(25, len(damaged))) :]
    return bytes(damaged)


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


def test_no_damage_brings_another_error(case: OneFile) -> None:
    chance, wholes = random.Random(4711), seeds()
    readable = 0
    for _ in range(CASES):
        readable += read_and_judge(case.hold(mutate(chance.choice(wholes), chance)))
    # Both outcomes must be common, or the damage is too coarse or too fine to tell anything.
    assert CASES * 0.05 < readable < CASES * 0.95


def test_no_damage_costs_much_memory(case: OneFile) -> None:
    # Fewer cases, because watching the memory makes everything ten times slower.
    chance, wholes = random.Random(12), seeds()
    with watched_memory() as peak:
        for _ in range(CASES // 20):
            read_and_judge(case.hold(mutate(chance.choice(wholes), chance)))
    assert peak() < MEMORY_LIMIT


def test_the_work_for_a_damaged_header_is_bounded_by_its_size(case: OneFile) -> None:
    chance, wholes = random.Random(11), seeds()
    for _ in range(max(500, CASES // 10)):
        content = mutate(chance.choice(wholes), chance)
        path = case.hold(content)
        work = Work()
        sys.setprofile(work)
        try:
            read_and_judge(path)
        finally:
            sys.setprofile(None)
        assert work.calls < 500 + 2 * len(content)


GREEDY: dict[str, Callable[[], Gguf]] = {
    "as many entries as allowed": lambda: many(100_000, lambda g, key: g.add(key, 1)),
    "a million strings": lambda: Gguf().raw(
        "a", ARRAY, struct.pack("<IQ", STRING, 1_000_000) + bytes(8_000_000)
    ),
    "text that is wide in memory": lambda: many(
        12, lambda g, key: g.add(key, "\U0001f600" * 200_000)
    ),
    "arrays short enough to keep": lambda: many(
        60_000, lambda g, key: g.numbers(key, 0, range(200))
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


def test_the_watch_on_memory_sees_what_is_allocated() -> None:
    with watched_memory() as peak:
        assert bytes(MEMORY_LIMIT)
    assert peak() >= MEMORY_LIMIT
