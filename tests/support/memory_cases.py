"""The loads for which the closed form is compared with the engine's dry run.

Every kind of layer, at real sizes, with contexts, types of cache, slots and batches varied so that
each rule of the closed form decides some figure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bodhi.engine.contract import EngineSpec
from bodhi.engine.dry_run import Foreseen
from bodhi.engine.load_key import load_key
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.memory import memory_plan
from bodhi.model_files.model import ModelFile
from bodhi.params.values import Json
from tests.support import sparse_hybrids as hybrids
from tests.support import sparse_models as models
from tests.support.sparse_gguf import Model, write_sparse_model

_MIB = 1 << 20
_GEMMA3_LISTED = [number % 6 != 5 for number in range(26)]

_MODELS: dict[str, tuple[str, Callable[[], Model]]] = {
    "llama": ("every layer attends", models.llama),
    "llama-70b": (
        "the same, of 70B",
        partial(models.llama, layers=80, width=8192, heads=64, kv_heads=8, ff=28672),
    ),
    "deci": ("heads differ by layer", models.llama_without_some_attention),
    "mixtral": ("experts", models.mixtral),
    "qwen3moe": ("experts, wide heads", models.qwen3moe),
    "gemma2": ("every second layer slides", partial(models.gemma, 2, window=4096)),
    "gemma3": ("five of six layers slide", models.gemma),
    "gemma3-listed": (
        "the same, layers listed",
        partial(models.gemma, 3, window=512, pattern=_GEMMA3_LISTED),
    ),
    "gpt-oss": ("experts, short window", models.gpt_oss),
    "deepseek2": ("latent attention (MLA)", models.deepseek2),
    "mamba": ("recurrent", models.mamba),
    "mamba2": ("recurrent, large states", models.mamba2),
    "jamba": ("hybrid", models.jamba),
    "lfm2": ("hybrid, short convolutions", hybrids.lfm2),
    "qwen3next": ("hybrid, delta nets", hybrids.qwen3next),
    "granitehybrid": ("hybrid of Mamba 2", hybrids.granite_hybrid),
    "cohere2": ("three of four layers slide", hybrids.cohere2),
    "bert": ("embeddings", models.bert),
}

_LONG: dict[str, Json] = {"n_ctx": 65536}
_PAIR: dict[str, Json] = {"n_ctx": 20000, "n_parallel": 3}
_SHARED: dict[str, Json] = {"n_ctx": 20000, "n_parallel": 4, "kv_unified": True}
_SMALL_CACHE: dict[str, Json] = {"n_ctx": 32768, "cache_type_k": "q8_0", "cache_type_v": "q4_0"}
_HALF_CACHE: dict[str, Json] = {"n_ctx": 32768, "cache_type_k": "q8_0", "cache_type_v": "q8_0"}
_WIDE_CACHE: dict[str, Json] = {"n_ctx": 8192, "cache_type_k": "f32", "cache_type_v": "f32"}
_NO_FLASH: dict[str, Json] = {"n_ctx": 16384, "flash_attn": "off"}
_WHOLE_WINDOWS: dict[str, Json] = {"n_ctx": 32768, "swa_full": True}
_LARGE_BATCH: dict[str, Json] = {"n_ctx": 65536, "n_parallel": 2, "ubatch_size": 2048}
_TINY: dict[str, Json] = {"n_ctx": 300}
_TRAINED: dict[str, Json] = {"n_ctx": 0}

_LOADS: dict[str, list[dict[str, Json]]] = {
    "llama": [_LONG, _PAIR, _SHARED, _SMALL_CACHE, _WIDE_CACHE, _NO_FLASH, _TINY, _TRAINED],
    "llama-70b": [_LONG, _SMALL_CACHE],
    "deci": [_LONG, _PAIR, _NO_FLASH],
    "mixtral": [_LONG, _SMALL_CACHE],
    "qwen3moe": [_LONG, _SHARED, _SMALL_CACHE],
    "gemma2": [_LONG, _PAIR, _SHARED, _NO_FLASH],
    "gemma3": [_LONG, _PAIR, _SHARED, _SMALL_CACHE, _WHOLE_WINDOWS, _LARGE_BATCH, _TINY],
    "gemma3-listed": [_LONG, _LARGE_BATCH],
    "gpt-oss": [_LONG, _PAIR, _LARGE_BATCH],
    "deepseek2": [_LONG, _PAIR, _HALF_CACHE, _NO_FLASH],
    "mamba": [_LONG, _PAIR],
    "mamba2": [_LONG, {"n_ctx": 8192, "n_parallel": 8}, _SHARED],
    "jamba": [_LONG, _PAIR, _SHARED, _NO_FLASH],
    "lfm2": [_LONG, _PAIR],
    "qwen3next": [_LONG, _PAIR, _SMALL_CACHE],
    "granitehybrid": [_LONG, _SHARED],
    "cohere2": [_LONG, _PAIR, _WHOLE_WINDOWS],
    "bert": [{"n_ctx": 512}, {"n_ctx": 8192, "n_parallel": 4}],
}


@dataclass(frozen=True)
class Case:
    """One load. ``first``: the first of its model."""

    model: str
    options: dict[str, Json]
    first: bool

    @property
    def kind(self) -> str:
        return _MODELS[self.model][0]

    @property
    def words(self) -> str:
        """The options, short enough for a table."""
        return ", ".join(
            f"{key} {str(value).lower() if isinstance(value, bool) else value}"
            for key, value in self.options.items()
        )

    def spec(self, model: ModelFile) -> EngineSpec:
        options: dict[str, Json] = {"n_parallel": 1, "n_threads": 1, **self.options}
        return EngineSpec(
            model_path=model.real_path,
            identity=model.identity,
            size_bytes=model.size_bytes,
            options=options,
            template=None,
            load_key=load_key(model.identity, options, None),
            memory_bytes=0,
        )


CASES = [
    Case(model, options, first=not number)
    for model, loads in _LOADS.items()
    for number, options in enumerate(loads)
]


def place_models(folder: Path) -> dict[str, ModelFile]:
    """Every model of the cases, as the index finds it under ``folder``. No room is taken."""
    return dict(_placed(folder))


def _placed(folder: Path) -> Iterator[tuple[str, ModelFile]]:
    for name, (_, build) in _MODELS.items():
        place = folder / "o" / name
        place.mkdir(parents=True)
        write_sparse_model(place / f"{name}-Q8_0.gguf", build())
    for row in ModelIndex(folder / "hub", (folder,)).scan().rows:
        assert row.problem is None, row.problem
        yield row.repo.removeprefix("o/"), row


TABLE_HEADER = (
    "| model | layers | load | weights | engine | cache | engine | compute | engine |",
    "|---|---|---|---:|---:|---:|---:|---:|---:|",
)


def table_rows(models: dict[str, ModelFile], foreseen: list[Foreseen]) -> Iterator[str]:
    """A line for each case, in MiB rounded down as the engine does."""
    for case, truth in zip(CASES, foreseen, strict=True):
        plan = memory_plan(models[case.model], case.options)
        pairs = (
            (plan.weights, truth.weights),
            (plan.kv_cache, truth.context),
            (plan.compute, truth.compute),
        )
        cells = " | ".join(f"{ours // _MIB:,} | {theirs // _MIB:,}" for ours, theirs in pairs)
        yield f"| {case.model} | {case.kind} | {case.words} | {cells} |"
