"""The estimate against the engine's own dry run, which allocates nothing."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bodhi.model_files.index import ModelIndex
from bodhi.model_files.memory import compute_bytes, estimate_bytes, kv_cache_bytes
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.values import Json
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

MIB = 2**20
# What the engine prints: "| - Host | 174 = 121 + 32 + 21 |", MiB of model, context and compute.
_BREAKDOWN = re.compile(r"Host\s*\|\s*\d+ =\s*(\d+) \+\s*(\d+) \+\s*(\d+)")
_CHILD = """
import json, sys
import xllamacpp
given = json.loads(sys.argv[1])
p = xllamacpp.CommonParams()
p.model.path, p.hostnames, p.port = given.pop("model"), ["127.0.0.1"], 0
p.verbosity, p.cpuparams.n_threads = 4, 1
for key, value in given.items():
    if key.startswith("cache_type"):
        value = getattr(xllamacpp.ggml_type, "GGML_TYPE_" + value.upper())
    if key == "flash_attn_type":
        value = getattr(xllamacpp.llama_flash_attn_type, value)
    setattr(p, key, value)
xllamacpp.Server(p)
"""
# Registry key -> the engine's own name, where the two differ.
_ENGINE_NAMES = {
    "ubatch_size": "n_ubatch",
    "batch_size": "n_batch",
    "flash_attn": "flash_attn_type",
}


def dry_run(model: Path, options: Mapping[str, Json]) -> tuple[int, int, int]:
    """Bytes of model, context and compute as the engine foresees them; ends the child there."""
    given = {_ENGINE_NAMES.get(key, key): value for key, value in options.items()}
    if given.get("flash_attn_type") == "off":
        given["flash_attn_type"] = "LLAMA_FLASH_ATTN_TYPE_DISABLED"
    given["model"] = str(model)
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, json.dumps(given)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    assert child.stderr is not None
    lines = []
    with child:
        try:
            for line in child.stderr:
                lines.append(line)
                if match := _BREAKDOWN.search(line):
                    model_mib, context, compute = (int(group) * MIB for group in match.groups())
                    return model_mib, context, compute
        finally:
            child.kill()
    pytest.fail("the engine printed no breakdown:\n" + "".join(lines[-10:]))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    """Large enough that the engine's figures, whole MiB, say something: 512 wide, 4 layers."""
    folder = tmp_path_factory.mktemp("memory")
    write_tiny_gguf(folder / "m.gguf", layers=4, dim=512, ctx=65536)
    place_in_hub(folder / "hub", "o/r", "m-F32.gguf", folder / "m.gguf")
    (row,) = ModelIndex(folder / "hub").scan().rows
    assert row.problem is None
    return row


CASES: list[dict[str, Json]] = [
    {"n_ctx": 2048},
    {"n_ctx": 65536},
    {"n_ctx": 65536, "n_parallel": 4},
    {"n_ctx": 1000, "n_parallel": 3},
    {"n_ctx": 32768, "ubatch_size": 128},
    {"n_ctx": 32768, "cache_type_k": "q8_0", "cache_type_v": "q4_0"},
    {"n_ctx": 16384, "flash_attn": "off"},
]


@pytest.mark.parametrize("options", CASES, ids=json.dumps)
def test_the_estimate_is_near_what_the_engine_foresees(
    model: ModelFile, options: dict[str, Json]
) -> None:
    weights, context, compute = dry_run(model.real_path, options)
    estimate = estimate_bytes(model, options)
    # The engine rounds each of three figures down to whole MiB.
    assert 0.95 * (weights + context + compute) <= estimate
    assert estimate <= 1.5 * (weights + context + compute + 3 * MIB)


def test_the_cache_alone_is_exact(model: ModelFile) -> None:
    assert model.facts is not None
    ours = kv_cache_bytes(model.facts, tokens=65536, cache_type_k="q8_0", cache_type_v="q8_0")
    options: dict[str, Json] = {"n_ctx": 65536, "cache_type_k": "q8_0", "cache_type_v": "q8_0"}
    assert abs(ours - dry_run(model.real_path, options)[1]) < MIB


def test_a_shared_context_is_one_long_one(model: ModelFile) -> None:
    split = estimate_bytes(model, {"n_ctx": 8192, "n_parallel": 8})
    shared = estimate_bytes(model, {"n_ctx": 8192, "n_parallel": 8, "kv_unified": True})
    assert shared == estimate_bytes(model, {"n_ctx": 8192}) > split


def test_context_zero_is_the_trained_one(model: ModelFile) -> None:
    assert estimate_bytes(model, {"n_ctx": 0}) == estimate_bytes(model, {"n_ctx": 65536})


def test_what_the_header_does_not_say_is_estimated_on_the_large_side() -> None:
    known = ModelFacts("llama", layers=4, embedding_length=64, kv_bytes_per_token=4 * 64 * 2)
    silent = ModelFacts("llama", layers=4, embedding_length=64)
    sizes = [
        kv_cache_bytes(facts, tokens=100, cache_type_k="f16", cache_type_v="f16")
        for facts in (known, silent)
    ]
    assert sizes[0] < sizes[1]
    nothing = ModelFacts("llama")
    assert compute_bytes(nothing, tokens=0, ubatch=512, flash_attention=True) == 0
