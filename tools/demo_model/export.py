"""Writing the model as a GGUF file: matrices in Q8_0, norms in F32, the template inside."""

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
from torch import Tensor

from .model import Shape
from .tokenizer import CONTROL, END, Vocabulary

NAME = "Bodhi demo"
DESCRIPTION = "A very small chat model, trained from nothing on made-up conversations."
TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message['role'] in ['system', 'developer'] -%}{{ '<|system|>' }}"
    "{%- elif message['role'] == 'assistant' -%}{{ '<|assistant|>' }}"
    "{%- else -%}{{ '<|user|>' }}{%- endif -%}"
    "{{ (message['content'] or '') + '<|end|>' }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|assistant|>' }}{%- endif -%}"
)
_NAMES = {
    "attention_norm": "attn_norm",
    "query": "attn_q",
    "key": "attn_k",
    "value": "attn_v",
    "output": "attn_output",
    "forward_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def _target_name(name: str) -> str:
    """Return what llama.cpp calls a weight of the network."""
    if name == "embedding.weight":
        return "token_embd.weight"
    if name == "norm.weight":
        return "output_norm.weight"
    _, block, part, _ = name.split(".")
    return f"blk.{block}.{_NAMES[part]}.weight"


def _add_shape(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)


def _add_tokenizer(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    types = [
        gguf.TokenType.CONTROL if token in CONTROL else gguf.TokenType.NORMAL
        for token in vocabulary.tokens
    ]
    end = vocabulary.id_of(END)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list([token.encode() for token in vocabulary.tokens])
    writer.add_token_types([int(kind) for kind in types])
    writer.add_token_merges([" ".join(merge) for merge in vocabulary.merges])
    writer.add_eos_token_id(end)
    writer.add_eot_token_id(end)
    writer.add_bos_token_id(end)
    writer.add_pad_token_id(end)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(TEMPLATE)


def _add_weights(writer: gguf.GGUFWriter, weights: Mapping[str, Tensor]) -> None:
    packed = gguf.GGMLQuantizationType.Q8_0
    for name, tensor in weights.items():
        values = tensor.detach().float().numpy().astype(np.float32)
        if values.ndim == 2:
            values = gguf.quants.quantize(values, packed)
            writer.add_tensor(_target_name(name), values, raw_dtype=packed)
        else:
            writer.add_tensor(_target_name(name), values)


def export(
    weights: Mapping[str, Tensor], shape: Shape, vocabulary: Vocabulary, target: Path
) -> None:
    """Write the model to ``target``, replacing the file at once when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    writer = gguf.GGUFWriter(str(partial), "llama")
    writer.add_name(NAME)
    writer.add_type("model")
    writer.add_description(DESCRIPTION)
    writer.add_license("MIT")
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    _add_shape(writer, shape)
    _add_tokenizer(writer, vocabulary)
    _add_weights(writer, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(target)
