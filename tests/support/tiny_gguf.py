"""Writes a llama model small enough to load in milliseconds, with random weights.

The engine accepts it like any other: it tokenizes, keeps a cache, streams and stops. What it says
is noise, but readable noise of known length. Channel 0 of every embedding is the constant
``_CONSTANT`` and no layer writes to it, so column 0 of the output matrix adds a fixed bias to each
token: bytes and control tokens are never sampled, and ``eos_bias`` decides how soon a reply ends
by itself (at -8 never, at 0.5 after some 40 tokens, at 4 at once).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

Scalar = str | bool | int | float
Weights = NDArray[np.float32]

CHATML_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

_DIM = 64
_HEADS = 4
_KV_HEADS = 2
_CONSTANT = 4.0
_NEVER = -8.0
_BOS, _EOS, _UNK = 1, 2, 0
_TYPE = gguf.TokenType
_WORDS = "a an and are at be cat day dog for good he in is it moon no of on sun the to we yes you"


@dataclass(frozen=True)
class _Vocabulary:
    tokens: list[str]
    types: list[int]

    @property
    def end_of_turn(self) -> int:
        return self.tokens.index("<|im_end|>")

    @property
    def scores(self) -> list[float]:
        """Merge order of the sentencepiece pieces: earlier is better. Others are never merged."""
        normal = int(_TYPE.NORMAL)
        return [-float(i) if t == normal else 0.0 for i, t in enumerate(self.types)]


def write_tiny_gguf(
    path: Path,
    *,
    layers: int = 2,
    dim: int = _DIM,
    ctx: int = 2048,
    eos_bias: float = -8.0,
    chat_template: str | None = CHATML_TEMPLATE,
    name: str = "tiny",
    seed: int = 0,
    metadata: Mapping[str, Scalar] | None = None,
) -> None:
    """Write the model to ``path``; equal arguments give equal bytes.

    ``dim`` must be a multiple of 8, ``ctx`` is in tokens. ``metadata`` adds header keys or
    replaces those written here (``general.file_type``, ``general.sampling.temp`` ...).
    """
    vocabulary = _make_vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    header = _header(name, layers, dim, ctx, len(vocabulary.tokens))
    if chat_template is not None:
        header["tokenizer.chat_template"] = chat_template
    for key, value in (header | dict(metadata or {})).items():
        _add(writer, key, value)
    _add_tokenizer(writer, vocabulary)
    for tensor_name, weights in _tensors(layers, dim, vocabulary, eos_bias, seed).items():
        writer.add_tensor(tensor_name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _make_vocabulary() -> _Vocabulary:
    """A sentencepiece vocabulary: control tokens, all bytes, letters, a few words."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    words = [form for word in _WORDS.split() for form in (word, f"▁{word}")]
    groups = [
        (["<unk>"], _TYPE.UNKNOWN),
        (["<s>", "</s>"], _TYPE.CONTROL),
        ([f"<0x{byte:02X}>" for byte in range(256)], _TYPE.BYTE),
        (["<|im_start|>", "<|im_end|>"], _TYPE.CONTROL),
        (list(dict.fromkeys(["▁", *letters, *words])), _TYPE.NORMAL),
    ]
    return _Vocabulary(
        tokens=[token for tokens, _ in groups for token in tokens],
        types=[int(kind) for tokens, kind in groups for _ in tokens],
    )


def _header(name: str, layers: int, dim: int, ctx: int, vocabulary: int) -> dict[str, Scalar]:
    return {
        "general.type": "model",
        "general.name": name,
        "general.license": "mit",
        "general.file_type": int(gguf.LlamaFileType.ALL_F32),
        "general.quantization_version": gguf.GGML_QUANT_VERSION,
        "llama.vocab_size": vocabulary,
        "llama.context_length": ctx,
        "llama.embedding_length": dim,
        "llama.block_count": layers,
        "llama.feed_forward_length": 2 * dim,
        "llama.attention.head_count": _HEADS,
        "llama.attention.head_count_kv": _KV_HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": dim // _HEADS,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_eos_token": False,
        "tokenizer.ggml.add_space_prefix": False,
    }


def _add(writer: gguf.GGUFWriter, key: str, value: Scalar) -> None:
    match value:
        case bool():
            writer.add_bool(key, value)
        case int():
            writer.add_uint32(key, value) if value >= 0 else writer.add_int32(key, value)
        case float():
            writer.add_float32(key, value)
        case str():
            writer.add_string(key, value)


def _add_tokenizer(writer: gguf.GGUFWriter, vocabulary: _Vocabulary) -> None:
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_scores(vocabulary.scores)
    writer.add_token_types(vocabulary.types)
    writer.add_bos_token_id(_BOS)
    writer.add_eos_token_id(_EOS)
    writer.add_unk_token_id(_UNK)
    writer.add_eot_token_id(vocabulary.end_of_turn)


def _tensors(
    layers: int, dim: int, vocabulary: _Vocabulary, eos_bias: float, seed: int
) -> dict[str, Weights]:
    random = np.random.default_rng(seed)
    kv_dim, ff_dim = dim // _HEADS * _KV_HEADS, 2 * dim
    # Sums over a wider stream must not grow beyond the biases of channel 0.
    scale = math.sqrt(_DIM / dim)

    def matrix(rows: int, columns: int, spread: float = 0.2) -> Weights:
        return random.normal(0.0, spread * scale, (rows, columns)).astype(np.float32)

    def back_to_stream(columns: int) -> Weights:
        # Small, so that what the layers add does not drown channel 0 when the sum is normalised.
        weights = matrix(dim, columns, spread=0.05)
        weights[0, :] = 0.0
        return weights

    size = len(vocabulary.tokens)
    embedding, output = matrix(size, dim), matrix(size, dim)
    embedding[:, 0] = _CONSTANT
    output[:, 0] = np.where(np.array(vocabulary.types) == int(_TYPE.NORMAL), 0.0, _NEVER)
    output[[_EOS, vocabulary.end_of_turn], 0] = eos_bias
    ones = np.ones(dim, dtype=np.float32)
    tensors = {
        "token_embd.weight": embedding,
        "output_norm.weight": ones,
        "output.weight": output,
    }
    for block in (f"blk.{i}" for i in range(layers)):
        tensors |= {
            f"{block}.attn_norm.weight": ones,
            f"{block}.attn_q.weight": matrix(dim, dim),
            f"{block}.attn_k.weight": matrix(kv_dim, dim),
            f"{block}.attn_v.weight": matrix(kv_dim, dim),
            f"{block}.attn_output.weight": back_to_stream(dim),
            f"{block}.ffn_norm.weight": ones,
            f"{block}.ffn_gate.weight": matrix(ff_dim, dim),
            f"{block}.ffn_up.weight": matrix(ff_dim, dim),
            f"{block}.ffn_down.weight": back_to_stream(ff_dim),
        }
    return tensors
