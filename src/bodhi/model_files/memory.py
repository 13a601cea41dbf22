"""How much memory loading a model will take, estimated from its facts before anything is tried.

Pure. The engine's own dry run gives the figure exactly, but costs a process; this one is for
deciding whether to start that process at all, and for showing while a person edits. It errs on
the large side.
"""

from collections.abc import Mapping

from bodhi.model_files.ggml_types import bytes_per_value
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.values import Json

_F16_BYTES = 2
_F32_BYTES = 4
# llama.cpp rounds the context of each sequence up to this many tokens.
_CONTEXT_STEP = 256
_ENGINE_UBATCH = 512
_ENGINE_BATCH = 2048
# Activations alive at once per token of a micro-batch, in floats per channel of the embedding:
# measured with the engine's dry run, 12 to 17 for models whose feed-forward is 3.5 to 4 times as
# wide as the embedding.
_ACTIVATIONS = 18


def estimate_bytes(model: ModelFile, options: Mapping[str, Json]) -> int:
    """File, cache and compute buffers of ``model`` under reload-class ``options``, in bytes.

    ``options`` are under their registry keys (``n_ctx``, ``n_parallel``, ``cache_type_k`` ...);
    what is absent counts as the engine's default. Of a model without facts, only the file counts.
    """
    if model.facts is None:
        return model.size_bytes
    sequences, tokens = _context(model.facts, options)
    cache = kv_cache_bytes(
        model.facts,
        tokens=sequences * tokens,
        cache_type_k=_text(options, "cache_type_k", "f16"),
        cache_type_v=_text(options, "cache_type_v", "f16"),
    )
    compute = compute_bytes(
        model.facts,
        tokens=tokens,
        ubatch=min(
            _whole(options, "ubatch_size", _ENGINE_UBATCH),
            _whole(options, "batch_size", _ENGINE_BATCH),
        ),
        flash_attention=_text(options, "flash_attn", "auto") != "off",
    )
    return model.size_bytes + cache + compute


def kv_cache_bytes(facts: ModelFacts, *, tokens: int, cache_type_k: str, cache_type_v: str) -> int:
    """The cache of ``tokens`` tokens: tokens x layers x (key + value width) x bytes of the type.

    This is llama.cpp's own sizing of its KV cache. The facts do not say how wide keys are against
    values; they are nearly always equal, so each counts for half. Where the header did not give
    the width, the embedding's is taken, which is the widest there is.
    """
    per_token = facts.kv_bytes_per_token
    if per_token is None:
        per_token = 2 * _F16_BYTES * (facts.layers or 0) * (facts.embedding_length or 0)
    per_value = (bytes_per_value(cache_type_k) + bytes_per_value(cache_type_v)) / 2
    return round(tokens * per_token * per_value / _F16_BYTES)


def compute_bytes(facts: ModelFacts, *, tokens: int, ubatch: int, flash_attention: bool) -> int:
    """Scratch space for ``ubatch`` tokens in a context of ``tokens``: activations and attention.

    With flash attention the attention needs its mask (f16), without it the mask (f32) and every
    head's scores (f32), each ``ubatch`` x ``tokens``. Checked against the engine's dry run.
    """
    activations = ubatch * (facts.embedding_length or 0) * _ACTIVATIONS * _F32_BYTES
    if flash_attention:
        return activations + ubatch * tokens * _F16_BYTES
    return activations + ubatch * tokens * _F32_BYTES * (1 + (facts.head_count or 0))


def _context(facts: ModelFacts, options: Mapping[str, Json]) -> tuple[int, int]:
    """Sequences that have a cache of their own, and tokens in each."""
    context = _whole(options, "n_ctx", 0) or facts.context_length or 0
    slots = max(1, _whole(options, "n_parallel", 1))
    sequences = 1 if options.get("kv_unified") is True else slots
    per_sequence = -(-context // sequences)
    return sequences, -(-per_sequence // _CONTEXT_STEP) * _CONTEXT_STEP


def _whole(options: Mapping[str, Json], key: str, default: int) -> int:
    value = options.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _text(options: Mapping[str, Json], key: str, default: str) -> str:
    value = options.get(key)
    return value if isinstance(value, str) else default
