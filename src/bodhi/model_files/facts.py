"""From a GGUF header to what a person or the engine wants to know of the model. Pure.

The keys are those of ggml's ``docs/gguf.md`` and llama.cpp's ``gguf-py/gguf/constants.py``; most
begin with the architecture's name (``llama.block_count``).
"""

import math
from collections.abc import Mapping

from bodhi.model_files.architectures import EMBEDDING, KNOWN
from bodhi.model_files.ggml_types import file_type_name
from bodhi.model_files.gguf import GgufHeader, Skipped, Value
from bodhi.model_files.model import ModelFacts
from bodhi.params.values import Json

# llama.cpp's LLAMA_MAX_LAYERS; beyond it the engine does not refuse, it aborts.
_MAX_LAYERS = 512
# 2^32 - 1 loads and aborts in the first answer. The longest contexts trained are about 2^24.
_MAX_CONTEXT = 2**30
_F16_BYTES = 2
_TEMPLATE = "tokenizer.chat_template"
_SAMPLING = "general.sampling."


def facts_from(header: GgufHeader) -> ModelFacts:
    """What the header says; a key of the wrong type counts as absent. Never raises."""
    keys = _Keys(header.metadata)
    file_type = keys.whole("general.file_type")
    vocabulary = _length(header.metadata.get("tokenizer.ggml.tokens"))
    return ModelFacts(
        architecture=keys.architecture,
        name=keys.text("general.name"),
        size_label=keys.text("general.size_label"),
        quantization=None if file_type is None else file_type_name(file_type),
        parameter_count=header.tensor_elements or keys.whole("general.parameter_count"),
        context_length=keys.own_whole("context_length"),
        layers=keys.own_whole("block_count"),
        head_count=max(keys.per_layer("attention.head_count"), default=None),
        embedding_length=keys.own_whole("embedding_length"),
        vocabulary_size=vocabulary or keys.own_whole("vocab_size"),
        kv_bytes_per_token=_kv_bytes_per_token(keys),
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
    keys = _Keys(header.metadata)
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


def _wrong_kind(keys: "_Keys") -> str | None:
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


def _wrong_shape(keys: "_Keys") -> str | None:
    limits = {"block_count": _MAX_LAYERS, "context_length": _MAX_CONTEXT, "embedding_length": None}
    for key, limit in limits.items():
        value = keys.own_whole(key)
        if value is None:
            return f"does not say its {key}"
        if value <= 0 or (limit is not None and value > limit):
            return f"claims the {key} {value}"
    return None


def _kv_bytes_per_token(keys: "_Keys") -> int | None:
    """The f16 cache of one token, all layers; see ``ModelFacts``.

    Layers that keep no cache of their own or a short one (recurrent, sliding window) are counted
    in full, unless the header gives them no heads: the figure errs on the large side.
    """
    layers, embedding = keys.own_whole("block_count"), keys.own_whole("embedding_length")
    if not layers or not 0 < layers <= _MAX_LAYERS:
        return None
    heads = keys.per_layer("attention.head_count")
    kv_heads = keys.per_layer("attention.head_count_kv") or heads
    if not kv_heads:
        return None
    default = embedding // max(heads) if embedding and heads and max(heads) > 0 else None
    key_length = keys.own_whole("attention.key_length") or default
    value_length = keys.own_whole("attention.value_length") or default
    if key_length is None or value_length is None:
        return None
    total = kv_heads[0] * layers if len(kv_heads) == 1 else sum(kv_heads)
    return total * (key_length + value_length) * _F16_BYTES


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
        key.removeprefix(_SAMPLING): value
        for key, value in metadata.items()
        if key.startswith(_SAMPLING)
        and isinstance(value, (bool, int, float, str))
        and not (isinstance(value, float) and not math.isfinite(value))
    }


def _is_embedding_model(keys: "_Keys") -> bool:
    """By architecture, or because the file says how token vectors become one (pooling)."""
    return keys.architecture in EMBEDDING or (keys.own_whole("pooling_type") or 0) > 0


def _length(value: Value | None) -> int | None:
    if isinstance(value, Skipped):
        return value.length
    return len(value) if isinstance(value, tuple) else None


class _Keys:
    """Typed access to metadata; ``own`` keys begin with the architecture's name."""

    def __init__(self, metadata: Mapping[str, Value]) -> None:
        self._metadata = metadata
        self.architecture = self.text("general.architecture") or ""

    def text(self, key: str) -> str | None:
        value = self._metadata.get(key)
        return value if isinstance(value, str) and value else None

    def whole(self, key: str) -> int | None:
        value = self._metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def own_whole(self, key: str) -> int | None:
        return self.whole(f"{self.architecture}.{key}")

    def per_layer(self, key: str) -> tuple[int, ...]:
        """One number for all layers, or one for each; empty if absent or no numbers."""
        value = self._metadata.get(f"{self.architecture}.{key}")
        numbers = value if isinstance(value, tuple) else (value,)
        whole = tuple(n for n in numbers if isinstance(n, int) and not isinstance(n, bool))
        return whole if len(whole) == len(numbers) else ()
