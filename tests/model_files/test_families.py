"""The family of a model, by name where the architecture is another's, else by architecture."""

import pytest

from bodhi.model_files.architectures import KNOWN
from bodhi.model_files.families import family_of
from bodhi.model_files.model import ModelFacts


@pytest.mark.parametrize(
    ("architecture", "name", "repo", "family"),
    [
        ("llama", "Meta Llama 3.1 8B Instruct", "bartowski/Meta-Llama-3.1-8B-GGUF", "llama"),
        ("llama", "TinyLlama 1.1B", "x/TinyLlama-1.1B-Chat-GGUF", "llama"),
        ("llama", "Mistral 7B Instruct v0.3", "x/anything-GGUF", "mistral"),
        ("llama", None, "TheBloke/Mixtral-8x7B-Instruct-v0.1-GGUF", "mixtral"),
        ("llama", "SmolLM2 135M", "x/SmolLM2-135M-GGUF", "smollm"),
        ("qwen2moe", "Qwen1.5 MoE", "x/y", "qwen"),
        ("qwen3", "Qwen3 4B", "Qwen/Qwen3-4B-GGUF", "qwen"),
        ("qwen2", "DeepSeek R1 Distill Qwen 7B", "x/DeepSeek-R1-Distill-Qwen-7B", "qwen"),
        ("gemma3n", "Gemma 3n", "google/gemma-3n-GGUF", "gemma"),
        ("phi3", "Phi 3.5 mini", "x/y", "phi"),
        ("deepseek2-ocr", None, "x/y", "deepseek"),
        ("gpt-oss", "gpt-oss 20B", "x/y", "gpt-oss"),
        ("command-r", None, "x/y", "command-r"),
        ("t5", None, "x/y", "t5"),
        ("jina-bert-v2", None, "x/y", "jina-bert"),
        ("rwkv6", None, "x/y", "rwkv"),
        ("", None, "x/y", None),
    ],
)
def test_the_family_of_a_header(
    architecture: str, name: str | None, repo: str, family: str | None
) -> None:
    assert family_of(ModelFacts(architecture=architecture, name=name), repo) == family


@pytest.mark.parametrize(
    ("repo", "family"),
    [
        ("Qwen/Qwen2.5-7B-Instruct-GGUF", "qwen"),
        ("bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "llama"),
        ("mistralai/Mistral-7B", "mistral"),
        ("somebody/something-GGUF", None),
    ],
)
def test_without_a_header_the_repository_tells(repo: str, family: str | None) -> None:
    assert family_of(None, repo) == family


def test_every_known_architecture_has_a_family() -> None:
    assert [a for a in KNOWN if not family_of(ModelFacts(architecture=a), "x/y")] == []
