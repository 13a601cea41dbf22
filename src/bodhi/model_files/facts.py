"""From a GGUF header to what a person or the engine wants to know of the model. Pure.

The keys are those of ggml's ``docs/gguf.md`` and llama.cpp's ``gguf-py/gguf/constants.py``; most
begin with the architecture's name (``llama.block_count``).
"""

import math
import struct
from collections.abc import Mapping

from bodhi.model_files.architectures import EMBEDDING, KNOWN
from bodhi.model_files.cache_shape import MAX_LAYERS, CacheShape, cache_shape
from bodhi.model_files.ggml_types import file_type_name
from bodhi.model_files.gguf import GgufHeader, Skipped, Value
from bodhi.model_files.header_keys import HeaderKeys
from bodhi.model_files.model import ModelFacts
from bodhi.params.values import Json

# 2^32 - 1 loads and aborts in the first answer. The longest contexts trained are about 2^24.
_MAX_CONTEXT = 2**30
_F16_BYTES = 2
_TEMPLATE = "tokenizer.chat_template"
_SAMPLING = "general.sampling."


def facts_from(header: GgufHeader) -> ModelFacts:
    """What the header says; a key of the wrong type counts as absent. Never raises."""
    keys = HeaderKeys(header.metadata)
    file_type = keys.whole("general.file_type")
    vocabulary = _length(header.metadata.get("tokenizer.ggml.tokens"))
    shape = cache_shape(keys)
    return ModelFacts(
        architecture=keys.architecture,
        name=keys.text("general.name"),
        size_label=keys.text("general.size_label"),
        quantization=None if file_type is None else file_type_name(file_type),
        parameter_count=header.tensor_elements or keys.whole("general.parameter_count"),
        context_length=keys.own_whole("context_length"),
        layers=keys.own_whole("block_count"),
        head_count=max(keys.per_layer("attention.head_count"), default=None),
        feed_forward_length=max(keys.per_layer("feed_forward_length"), default=None),
        embedding_length=keys.own_whole("embedding_length"),
        vocabulary_size=vocabulary or keys.own_whole("vocab_size"),
        kv_bytes_per_token=_kv_bytes_per_token(shape),
        cache=shape,
        tensor_bytes=header.tensor_bytes,
        tokenizer=keys.text("tokenizer.ggml.model"),
        bos_token=header.token_texts.get("bos"),
        eos_token=header.token_texts.get("eos"),
        chat_template=keys.text(_TEMPLATE),
        named_templates=_named_templates(header.metadata),
        sampling=_sampling(header.metadata),
        license=keys.text("general.license"),
        is_embedding_model=_is_embedding_model(keys),
    )


def load_problem(header: GgufHeader) -> str | None:
    """Why the engine cannot load this file, as far as its header shows; None if it can.

    Each case was seen to be refused by the engine, or to make it abort; the second kind is why
    this is asked before a process is started.
    """
    keys = HeaderKeys(header.metadata)
    if header.byte_order == "big":
        return "is big-endian; the engine reads little-endian files"
    return _wrong_kind(keys) or _missing_data(header) or _wrong_shape(keys)


def data_problem(header: GgufHeader) -> str | None:
    """What is wrong with a file of which only tensors are expected: a later part of a split."""
    if header.byte_order == "big":
        return "is big-endian; the engine reads little-endian files"
    if header.data_missing_bytes:
        return f"is cut short: {header.data_missing_bytes} bytes of tensor data are missing"
    return None


def _wrong_kind(keys: HeaderKeys) -> str | None:
    kind = keys.text("general.type")
    if kind == "adapter":
        return "is a LoRA adapter, not a model"
    if keys.architecture == "clip" or kind == "mmproj":
        return "is a vision or audio projector, not a language model"
    if not keys.architecture:
        return "names no architecture"
    if keys.architecture not in KNOWN:
        return f"has the architecture {keys.architecture[:60]!r}, which the engine does not know"
    return None


def _missing_data(header: GgufHeader) -> str | None:
    if problem := data_problem(header):
        return problem
    if header.tensor_count == 0 and _part_count(header) < 2:
        return "holds no tensors, only a header"
    tokens = _length(header.metadata.get("tokenizer.ggml.tokens"))
    tokenizer = header.metadata.get("tokenizer.ggml.model")
    if not isinstance(tokenizer, str) or (not tokens and tokenizer not in {"none", "no_vocab"}):
        return "has no vocabulary"
    return None


def _part_count(header: GgufHeader) -> int:
    count = header.metadata.get("split.count")
    return count if isinstance(count, int) else 1


def _wrong_shape(keys: HeaderKeys) -> str | None:
    limits = {"block_count": MAX_LAYERS, "context_length": _MAX_CONTEXT, "embedding_length": None}
    for key, limit in limits.items():
        value = keys.own_whole(key)
        if value is None:
            return f"does not say its {key}"
        if value <= 0 or (limit is not None and value > limit):
            return f"claims the {key} {value}"
    return None


def _kv_bytes_per_token(shape: CacheShape | None) -> int | None:
    """The f16 cache of one token, all layers; see ``ModelFacts``."""
    if shape is None:
        return None
    rows = (shape.full, shape.windowed)
    return sum(row.keys + row.values for row in rows) * _F16_BYTES


def _named_templates(metadata: Mapping[str, Value]) -> dict[str, str]:
    prefix = f"{_TEMPLATE}."
    return {
        key.removeprefix(prefix): value
        for key, value in metadata.items()
        if key.startswith(prefix) and isinstance(value, str)
    }


def _sampling(metadata: Mapping[str, Value]) -> dict[str, Json]:
    """Single values only, and no infinities: JSON, which these are shown in, has none."""
    return {
        key.removeprefix(_SAMPLING): _shortest(value) if isinstance(value, float) else value
        for key, value in metadata.items()
        if key.startswith(_SAMPLING)
        and isinstance(value, (bool, int, float, str))
        and not (isinstance(value, float) and not math.isfinite(value))
    }


def _shortest(value: float) -> float:
    """0.6 for 0.6000000238418579: files hold numbers of 32 bits, and this is the same one."""
    shorter = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next((one for one in shorter if _as_32_bits(one) == value), value)


def _as_32_bits(value: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return value


def _is_embedding_model(keys: HeaderKeys) -> bool:
    """By architecture, or because the file says how token vectors become one (pooling)."""
    return keys.architecture in EMBEDDING or (keys.own_whole("pooling_type") or 0) > 0


def _length(value: Value | None) -> int | None:
    if isinstance(value, Skipped):
        return value.length
    return len(value) if isinstance(value, tuple) else None
