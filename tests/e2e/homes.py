"""Homes for the page to show: one with models and aliases as people have them, one with thousands.

The demo's own model answers. The others are headers alone, in sparse files of the true size: the
list shows them, and no test loads one.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from bodhi import demo


@dataclass(frozen=True)
class Place:
    """A Bodhi home and the hub cache beside it."""

    home: Path
    hub: Path


@dataclass(frozen=True)
class _Model:
    repo: str
    filename: str
    architecture: str
    file_type: gguf.LlamaFileType
    size_label: str
    context: int
    size_bytes: int


_Q4, _Q6, _Q8 = (
    gguf.LlamaFileType.MOSTLY_Q4_K_M,
    gguf.LlamaFileType.MOSTLY_Q6_K,
    gguf.LlamaFileType.MOSTLY_Q8_0,
)
_LLAMA = "bartowski/Llama-3.2-3B-Instruct-GGUF"
_CODER = "Qwen/Qwen2.5-Coder-7B-Instruct-GGUF"
_GEMMA = "ggml-org/gemma-3-4b-it-GGUF"
_MISTRAL = "bartowski/Mistral-7B-Instruct-v0.3-GGUF"
_PHI = "bartowski/Phi-3.5-mini-instruct-GGUF"

_MODELS = (
    _Model(_LLAMA, "Llama-3.2-3B-Instruct-Q4_K_M.gguf", "llama", _Q4, "3B", 131072, 2_019_377_696),
    _Model(_LLAMA, "Llama-3.2-3B-Instruct-Q8_0.gguf", "llama", _Q8, "3B", 131072, 3_421_899_296),
    _Model(
        _CODER, "qwen2.5-coder-7b-instruct-q4_k_m.gguf", "qwen2", _Q4, "7B", 32768, 4_683_073_952
    ),
    _Model(_GEMMA, "gemma-3-4b-it-Q4_K_M.gguf", "gemma3", _Q4, "4B", 131072, 2_489_757_856),
    _Model(
        _MISTRAL, "Mistral-7B-Instruct-v0.3-Q6_K.gguf", "llama", _Q6, "7B", 32768, 5_947_248_672
    ),
    _Model(_PHI, "Phi-3.5-mini-instruct-Q4_K_M.gguf", "phi3", _Q4, "4B", 131072, 2_393_231_072),
)

# File stem -> (repository, file, the rest of the file).
_ALIASES = {
    "llama3--instruct": (
        _LLAMA,
        "Llama-3.2-3B-Instruct-Q8_0.gguf",
        (
            "context_params:\n  n_ctx: 8192\nrequest_params:\n  temperature: 0.7\n  top_p: 0.9\n"
            '  stop: ["<|eot_id|>"]\n'
        ),
    ),
    "llama3--precise": (
        _LLAMA,
        "Llama-3.2-3B-Instruct-Q8_0.gguf",
        "request_params:\n  temperature: 0.1\n  seed: 7\n",
    ),
    "llama3--roleplay": (
        _LLAMA,
        "Llama-3.2-3B-Instruct-Q4_K_M.gguf",
        (
            "context_params:\n  n_ctx: 16384\nrequest_params:\n  temperature: 1.1\n  min_p: 0.05\n"
            "  presence_penalty: 0.4\n"
        ),
    ),
    "coder": (
        _CODER,
        "qwen2.5-coder-7b-instruct-q4_k_m.gguf",
        (
            "context_params:\n  n_ctx: 32768\n  n_threads: 8\nrequest_params:\n  temperature: 0.2\n"
            "request_policy:\n  temperature:\n    clamp: [0, 0.5]\n"
        ),
    ),
    "coder--review": (
        _CODER,
        "qwen2.5-coder-7b-instruct-q4_k_m.gguf",
        (
            "request_params:\n  temperature: 0\n  max_tokens: 600\n"
            "  system_prompt: You review code. Name the line, then the risk.\n"
        ),
    ),
    "gemma--translate": (
        _GEMMA,
        "gemma-3-4b-it-Q4_K_M.gguf",
        "request_params:\n  temperature: 0.3\n  top_k: 40\n",
    ),
    "notes": (_PHI, "Phi-3.5-mini-instruct-Q6_K.gguf", "request_params:\n  temperature: 0.4\n"),
}


def demo_home(root: Path) -> Place:
    """The demo alone, as ``bodhi serve --demo`` makes it."""
    place = Place(root / "home", root / "hub")
    (place.home / "aliases").mkdir(parents=True)
    place.hub.mkdir()
    demo.install(place.home)
    return place


def showcase_home(root: Path) -> Place:
    """The demo among models and aliases as people have them; one alias's file is missing."""
    place = demo_home(root)
    for model in _MODELS:
        _write_header(place.hub, model)
    for stem, (repo, filename, rest) in _ALIASES.items():
        name = stem.replace("--", ":")
        text = f"alias: {name}\nrepo: {repo}\nfilename: {filename}\n{rest}"
        (place.home / "aliases" / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return place


def many_home(root: Path, count: int) -> Place:
    """So many user aliases on the demo's model, beside its own three, and three models."""
    place = demo_home(root)
    for model in _MODELS[:2]:
        _write_header(place.hub, model)
    for number in range(count):
        text = (
            f"alias: many:{number:05d}\nrepo: {demo.REPO}\nfilename: demo.Q8_0.gguf\n"
            f"request_params:\n  temperature: {number % 20 / 10}\n"
        )
        path = place.home / "aliases" / f"many--{number:05d}.yaml"
        path.write_text(text, encoding="utf-8")
    return place


def _write_header(hub: Path, model: _Model) -> None:
    snapshot = hashlib.sha1(model.repo.encode(), usedforsecurity=False).hexdigest()
    folder = hub / f"models--{model.repo.replace('/', '--')}"
    path = folder / "snapshots" / snapshot / model.filename
    path.parent.mkdir(parents=True, exist_ok=True)
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / "main").write_text(snapshot, encoding="ascii")
    writer = gguf.GGUFWriter(path, model.architecture)
    writer.add_string("general.name", model.filename.removesuffix(".gguf"))
    writer.add_string("general.size_label", model.size_label)
    writer.add_string("general.license", "apache-2.0")
    writer.add_uint32("general.file_type", int(model.file_type))
    writer.add_context_length(model.context)
    writer.add_block_count(32)
    writer.add_embedding_length(4096)
    writer.add_chat_template("{{ messages }}")
    writer.add_tokenizer_model("llama")
    writer.add_token_list(["<unk>", "<s>", "</s>"])
    writer.add_tensor("token_embd.weight", np.zeros((32, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with path.open("r+b") as file:
        file.truncate(model.size_bytes)  # a hole: no byte of it is on the disk
