"""Writes GGUF files of real sizes that take no room: a header, then a hole.

The engine accepts them as far as its dry run goes, which reads the header and allocates nothing.
The vocabulary is empty (``tokenizer.ggml.model`` is ``no_vocab``), and every weight reads as zero.
"""

from pathlib import Path

import gguf
import numpy as np

Metadata = dict[str, str | bool | int | float | list[int] | list[bool]]
Tensors = dict[str, tuple[int, ...]]  # name -> extents, the row's first as ggml has them
Model = tuple[str, Metadata, Tensors]

VOCABULARY = 32_000
# In a file of quantized weights these stay F32, as llama.cpp's own quantizer leaves them.
_SMALL = (
    "norm",
    "bias",
    "ssm_a",
    "ssm_d",
    "ssm_conv1d",
    "shortconv.conv",
    "gate_inp",
    "sinks",
    "token_types",
)


def write_sparse_model(path: Path, model: Model, weights: str = "Q8_0") -> None:
    """Write ``model``; the file is as long as its weights in that type, and mostly a hole."""
    architecture, metadata, tensors = model
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_string("general.type", "model")
    for key, value in metadata.items():
        _add(writer, key if key.startswith("tokenizer.") else f"{architecture}.{key}", value)
    writer.add_uint32(f"{architecture}.vocab_size", VOCABULARY)
    writer.add_string("tokenizer.ggml.model", "no_vocab")
    end = 0
    for name, shape in tensors.items():
        small = len(shape) == 1 or any(word in name for word in _SMALL)
        kind = gguf.GGMLQuantizationType[("F32" if small else weights)]
        block, size = gguf.GGML_QUANT_SIZES[kind]
        bytes_ = int(np.prod(shape)) // block * size
        writer.add_tensor_info(name, shape[::-1], np.dtype(np.float32), bytes_, raw_dtype=kind)
        end += -(-bytes_ // 32) * 32
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with path.open("r+b") as file:
        length = -(-file.seek(0, 2) // 32) * 32
        file.truncate(length + end)


def _add(
    writer: gguf.GGUFWriter, key: str, value: str | bool | int | float | list[int] | list[bool]
) -> None:
    match value:
        case bool():
            writer.add_bool(key, value)
        case int():
            writer.add_uint32(key, value)
        case float():
            writer.add_float32(key, value)
        case str():
            writer.add_string(key, value)
        case list():
            writer.add_array(key, value)
