"""How much memory loading a model will take, foretold from its header before anything is tried.

Pure and quick enough for a slider: weights and cache are llama.cpp's own sizes, told again; the
compute buffers are an estimate on the large side. ``engine.dry_run`` asks the engine itself, which
costs a process and knows the compute buffers, and the architectures that this one does not.
How far the two agree is measured in docs/explanation/memory.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bodhi.model_files.cache_shape import CacheShape, TokenRows
from bodhi.model_files.ggml_types import bytes_per_value
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.values import Json

PartName: TypeAlias = Literal["weights", "kv_cache", "state", "compute"]

_F16_BYTES = 2
_F32_BYTES = 4
# llama.cpp rounds the context of each sequence, and a sliding window, up to this many tokens.
_CONTEXT_STEP = 256
_ENGINE_UBATCH = 512
_ENGINE_BATCH = 2048
# Activations alive at once per token of a micro-batch, in floats per channel of the embedding, and
# with a wide feed-forward per channel of that: measured with the engine's dry run.
_ACTIVATIONS = 18
_ATTENTION_ACTIVATIONS, _FEED_FORWARD_ACTIVATIONS = 12, 2


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the memory, in bytes, and a phrase that says what it is for."""

    name: PartName
    bytes: int
    reason: str


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What a load will take. ``exact``: weights and cache are known, not guessed.

    The compute buffers are an estimate in any case.
    """

    parts: tuple[Part, ...]
    exact: bool

    @property
    def weights(self) -> int:
        return self._sum("weights")

    @property
    def kv_cache(self) -> int:
        """Everything that is kept of what was read, recurrent states among it."""
        return self._sum("kv_cache") + self._sum("state")

    @property
    def compute(self) -> int:
        return self._sum("compute")

    @property
    def total(self) -> int:
        return sum(part.bytes for part in self.parts)

    def _sum(self, name: PartName) -> int:
        return sum(part.bytes for part in self.parts if part.name == name)


def estimate_bytes(model: ModelFile, options: Mapping[str, Json]) -> int:
    """The total of ``memory_plan``, in bytes."""
    return memory_plan(model, options).total


def memory_plan(model: ModelFile, options: Mapping[str, Json]) -> MemoryPlan:
    """What ``model`` will take under reload-class ``options``.

    ``options`` are under their registry keys (``n_ctx``, ``n_parallel``, ``cache_type_k`` ...);
    what is absent counts as the engine's default. Of a model without facts, only the file counts.
    """
    facts = model.facts
    if facts is None:
        return MemoryPlan((Part("weights", model.size_bytes, "the file"),), exact=False)
    load = _Load.of(facts, options)
    return MemoryPlan(
        (
            Part("weights", facts.tensor_bytes or model.size_bytes, "every tensor of the file"),
            *_kept(facts, load),
            _compute(facts, load),
        ),
        exact=facts.cache is not None and facts.cache.exact,
    )


@dataclass(frozen=True, slots=True)
class _Load:
    """The options as llama.cpp works with them (``llama_context``)."""

    slots: int
    streams: int  # sequences that have a cache of their own
    tokens: int  # in each of them
    ubatch: int
    type_k: str
    type_v: str
    flash_attention: bool
    full_windows: bool

    @classmethod
    def of(cls, facts: ModelFacts, options: Mapping[str, Json]) -> "_Load":
        context = _whole(options, "n_ctx", 0) or facts.context_length or 0
        slots = max(1, _whole(options, "n_parallel", 1))
        streams = 1 if options.get("kv_unified") is True else slots
        batch = _whole(options, "batch_size", _ENGINE_BATCH)
        if not facts.is_embedding_model:
            batch = min(batch, context)
        return cls(
            slots=slots,
            streams=streams,
            tokens=_padded(_padded(context) // streams),
            ubatch=min(batch, _whole(options, "ubatch_size", _ENGINE_UBATCH)),
            type_k=_text(options, "cache_type_k", "f16"),
            type_v=_text(options, "cache_type_v", "f16"),
            flash_attention=_text(options, "flash_attn", "auto") != "off",
            full_windows=options.get("swa_full") is True,
        )

    def row_bytes(self, rows: TokenRows, widest: int) -> float:
        """What one token takes in these layers.

        Without flash attention values lie transposed, each layer's as long as the longest.
        """
        values = rows.values if self.flash_attention else rows.layers * widest
        return rows.keys * bytes_per_value(self.type_k) + values * bytes_per_value(self.type_v)

    def window(self, shape: CacheShape) -> int:
        """Tokens that a layer with a sliding window keeps: the window and one micro-batch."""
        if self.full_windows:
            return self.tokens
        sharing = self.slots if self.streams == 1 else 1
        return _padded(min(self.tokens, shape.window * sharing + self.ubatch))


def _kept(facts: ModelFacts, load: _Load) -> tuple[Part, ...]:
    shape = facts.cache or _widest_shape(facts)
    parts = [_rows(load, shape.full, shape.widest, load.tokens)]
    if shape.windowed.layers:
        parts.append(_rows(load, shape.windowed, shape.widest, load.window(shape)))
    if shape.state:
        reason = f"recurrent layers, one state for each of {_of(load.slots, 'slot')}"
        parts.append(Part("state", shape.state * load.slots * _F32_BYTES, reason))
    return tuple(part for part in parts if part.bytes)


def _rows(load: _Load, rows: TokenRows, widest: int, tokens: int) -> Part:
    types = load.type_k if load.type_k == load.type_v else f"{load.type_k} and {load.type_v}"
    each = f" for each of {load.streams} slots" if load.streams > 1 else ""
    return Part(
        "kv_cache",
        round(load.row_bytes(rows, widest) * tokens * load.streams),
        f"{_of(rows.layers, 'layer')}, {tokens:,} tokens{each}, {types}",
    )


def _widest_shape(facts: ModelFacts) -> CacheShape:
    """Of a header that does not say: keys and values as wide as the embedding, mostly the most."""
    layers, width = facts.layers or 0, facts.embedding_length or 0
    return CacheShape(TokenRows(layers, layers * width, layers * width), widest=width, exact=False)


def _compute(facts: ModelFacts, load: _Load) -> Part:
    """Scratch space for one micro-batch: activations and attention.

    With flash attention the attention needs its masks (f16), without it the masks (f32) and every
    head's scores (f32), each as long as what may be looked at. Checked against the dry run.
    """
    embedding, feed_forward = facts.embedding_length or 0, facts.feed_forward_length or 0
    floats = max(
        _ACTIVATIONS * embedding,
        _ATTENTION_ACTIVATIONS * embedding + _FEED_FORWARD_ACTIVATIONS * feed_forward,
    )
    whole, windowed = _seen(facts, load)
    if load.flash_attention:
        attention = (whole + windowed) * _F16_BYTES
    else:
        attention = (whole * (1 + (facts.head_count or 0)) + windowed) * _F32_BYTES
    reason = f"scratch space for {load.ubatch:,} tokens at a time, an estimate"
    return Part("compute", load.ubatch * (floats * _F32_BYTES + attention), reason)


def _seen(facts: ModelFacts, load: _Load) -> tuple[int, int]:
    """Tokens that a token may look at, in layers that see everything and in sliding windows."""
    shape = facts.cache
    if shape is None:
        return load.tokens, 0
    if shape.windowed.layers:
        return load.tokens, load.window(shape)
    return (load.tokens if shape.full.layers else load.ubatch), 0


def _padded(tokens: int) -> int:
    return -(-tokens // _CONTEXT_STEP) * _CONTEXT_STEP


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _whole(options: Mapping[str, Json], key: str, default: int) -> int:
    value = options.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _text(options: Mapping[str, Json], key: str, default: str) -> str:
    value = options.get(key)
    return value if isinstance(value, str) else default
