"""T15: headers that broke other loaders, given to ours and then to the engine itself.

Shapes that only lie about lengths and counts are in tests/model_files/test_gguf.py. These are
well-formed, so that some of them reach llama.cpp: whatever it makes of them, it is one engine that
ends, with a typed error, and the next model is served.
"""

import asyncio
import struct
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import BodhiError
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.model import ModelFile
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import Scalar, write_tiny_gguf

pytestmark = [pytest.mark.anyio, pytest.mark.threat("T15")]

_MAX = 2**32 - 1
# Keys of the header, each with values that some loader divided by, indexed with or allocated.
NUMBERS: dict[str, tuple[Scalar, ...]] = {
    "general.alignment": (0, 1, 48, 2**20, 2**31, _MAX),
    "general.architecture": ("llama\0", "x" * 1000, "clip", "qwen2vl"),
    "general.file_type": (_MAX,),
    "llama.attention.head_count": (0, 3, _MAX),
    "llama.attention.head_count_kv": (0, _MAX),
    "llama.attention.key_length": (0, _MAX),
    "llama.attention.layer_norm_rms_epsilon": (float("nan"),),
    "llama.block_count": (0, 1, 3, 513, _MAX),
    "llama.context_length": (0, 1, 2**30, _MAX),
    "llama.embedding_length": (0, 63, 2**31, _MAX),
    "llama.expert_count": (1, _MAX),
    "llama.expert_used_count": (2,),
    "llama.feed_forward_length": (0,),
    "llama.rope.dimension_count": (0, 17, _MAX),
    "llama.rope.freq_base": (0.0, float("inf")),
    "llama.vocab_size": (0, _MAX),
    "split.count": (0, 2, 65535),
}
# The same of the tokenizer, all of 32 bits.
TOKENS = {
    "bos_token_id": (_MAX, 2**31, 10_000),
    "eos_token_id": (_MAX, 10_000),
    "unknown_token_id": (_MAX, 10_000),
}
_MODEL = b"tokenizer.ggml.model" + struct.pack("<IQ", 8, 5)
# Pieces of a whole file, replaced by others of the same length.
PATCHES = {
    "a tokenizer of no kind": (_MODEL + b"llama", _MODEL + b"xxxxx"),
    "a byte token below zero": (b"<0x41>", b"<0x-1>"),
    "a byte token of no byte": (b"<0x41>", b"<0xZZ>"),
    "no text in a token": (b"<|im_start|>", bytes(12)),
    "no UTF-8 in a token": (b"<|im_start|>", b"\xff" * 12),
    "a template that does not end": (b"{% endfor %}", b"{% if true %}"[:12]),
    "a tensor of another name": (b"output_norm.weight", b"output_none.weight"),
}


def contents(tiny_model: Path, made: Path) -> Iterator[tuple[str, bytes]]:
    """Every shape, with a name for it."""
    for key, values in NUMBERS.items():
        for value in values:
            write_tiny_gguf(made, metadata={key: value})
            yield f"{key} {str(value)[:20]}".replace("\0", ""), made.read_bytes()
    whole = tiny_model.read_bytes()
    for key, numbers in TOKENS.items():
        at = whole.index(f"tokenizer.ggml.{key}".encode()) + len(f"tokenizer.ggml.{key}") + 4
        for number in numbers:
            yield f"{key} {number}", whole[:at] + number.to_bytes(4, "little") + whole[at + 4 :]
    for name, (old, new) in PATCHES.items():
        assert old in whole
        assert len(old) == len(new)
        yield name, whole.replace(old, new)


@pytest.fixture
def shapes(tmp_path: Path, tiny_model: Path) -> Path:
    """A hub cache with a good model and one file of every shape."""
    hub, made = tmp_path / "hub", tmp_path / "made.gguf"
    place_in_hub(hub, "o/r", "good.gguf", tiny_model, snapshot="a" * 40)
    for name, content in contents(tiny_model, made):
        made.write_bytes(content)
        place_in_hub(hub, "o/r", f"{name}.gguf", made, snapshot="a" * 40)
    return hub


class Trials:
    """Rows, each tried out in an engine of its own, and how each of them ended."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self.ends: dict[str, str] = {}

    async def run(self, row: ModelFile) -> None:
        name = row.path.name
        if row.problem is not None:
            self.ends[name] = "refused"
            return
        spec = make_spec(row.identity, model_path=row.path)
        try:
            async with asyncio.timeout(60), self._supervisor.slot(spec, alias=name) as lease:
                status, _ = await ask(lease.address, "/v1/chat/completions", chat(max_tokens=2))
                self.ends[name] = f"answers {status}"
        except (BodhiError, asyncio.IncompleteReadError, ConnectionError) as error:
            self.ends[name] = type(error).__name__


async def test_what_broke_other_loaders_is_refused_or_ends_one_engine(shapes: Path) -> None:
    rows = ModelIndex(shapes).scan().rows
    shape_count = sum(map(len, [*NUMBERS.values(), *TOKENS.values()])) + len(PATCHES)
    assert len(rows) == shape_count + 1
    others = psutil.Process().children()
    supervisor = make_supervisor(EmbeddedLauncher(), max_engines=2, load_timeout_s=20)
    trials = Trials(supervisor)
    try:
        await asyncio.gather(*map(trials.run, rows))
        (good,) = [row for row in rows if row.filename == "good.gguf"]
        await trials.run(good)
    finally:
        await supervisor.aclose(0)
    assert trials.ends.keys() == {row.path.name for row in rows}
    assert trials.ends["good.gguf"] == "answers 200"
    assert [c for c in psutil.Process().children() if c not in others] == []
    # The ends that there can be are all met, or the shapes would tell little.
    assert {"refused", "EngineLoadFailed", "answers 200"} <= {*trials.ends.values()}
