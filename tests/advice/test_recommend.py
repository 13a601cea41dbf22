"""Every recommendation names who made it; the nearest to the model file wins."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bodhi.advice.published import PUBLISHED, published_for
from bodhi.advice.recommend import Recommendation, recommend
from bodhi.aliases.model import Alias
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.check import check_value
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

QWEN = "model card of Qwen/Qwen3-8B, best practices for thinking"


@pytest.fixture
def model(tmp_path: Path) -> ModelFile:
    path = tmp_path / "model.gguf"
    return ModelFile(
        id="us/Qwen3-8B-GGUF:Q8_0", repo="us/Qwen3-8B-GGUF", filename="Qwen3-8B-Q8_0.gguf",
        quantization="Q8_0", snapshot=None, path=path, real_path=path, identity="1", size_bytes=1,
        modified_at=0.0, facts=ModelFacts("qwen3", name="Qwen3 8B", context_length=32_768),
    )  # fmt: skip


def advised(model: ModelFile, **context: Json) -> dict[str, Recommendation]:
    alias = Alias("a", model.repo, model.filename, context_params=context)
    return {one.key: one for one in recommend(alias, model, cores=4)}


def test_a_known_family_has_what_its_makers_published(model: ModelFile) -> None:
    found = advised(model)
    assert {key: (one.value, one.source) for key, one in found.items()} == {
        "temperature": (0.6, QWEN), "top_p": (0.95, QWEN), "top_k": (20, QWEN), "min_p": (0, QWEN),
    }  # fmt: skip
    assert (found["top_k"].now, found["top_k"].layer) == (40, "engine default")
    assert found["top_p"].is_followed


def test_the_configuration_beside_the_file_comes_before_the_family(model: ModelFile) -> None:
    config = {"temperature": 0.5, "repetition_penalty": 1.1, "eos_token_id": [1], "top_p": "x"}
    (model.path.parent / "generation_config.json").write_text(json.dumps(config))
    found = advised(model)
    assert found["temperature"].value == 0.5
    assert found["repeat_penalty"].value == 1.1
    assert found["temperature"].source == "generation_config.json beside the model file"
    assert found["top_p"].source == QWEN, "what no parameter takes is no recommendation"


def test_the_author_of_the_file_comes_first(model: ModelFile) -> None:
    facts = replace(model.facts or ModelFacts("x"), sampling={"temp": 0.4, "penalty_repeat": 1.2})
    (model.path.parent / "generation_config.json").write_text('{"temperature": 0.5}')
    found = advised(replace(model, facts=facts))
    assert found["temperature"].value == 0.4
    assert found["temperature"].is_followed, "the engine applies it by itself"
    assert found["repeat_penalty"].source == "the model file's author"


def test_greedy_configurations_and_broken_ones_recommend_nothing(model: ModelFile) -> None:
    file = model.path.parent / "generation_config.json"
    for text in ('{"do_sample": false, "temperature": 0.5}', "[]", "{", "\ud800"):
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert advised(model)["temperature"].source == QWEN


def test_this_machine_is_spoken_of_where_an_alias_has_its_own_idea(model: ModelFile) -> None:
    found = advised(model, n_threads=16, batch_size=64)
    assert (found["n_threads"].value, found["n_threads"].source) == (4, "this machine has 4 cores")
    assert found["batch_size"].value == 2048
    assert "n_threads" not in advised(model)


def test_nothing_is_recommended_to_a_model_of_embeddings(model: ModelFile) -> None:
    assert advised(replace(model, facts=ModelFacts("bert", is_embedding_model=True))) == {}


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("bartowski/Llama-3.2-1B-Instruct-GGUF", "Llama-3.2"),
        ("QuantFactory/Meta-Llama-3-8B-Instruct-GGUF", "Llama-3.1"),
        ("unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF", "DeepSeek-R1"),
        ("Qwen/Qwen2.5-7B-Instruct-GGUF", "Qwen2.5"),
        ("ggml-org/gpt-oss-20b-GGUF", "gpt-oss"),
        ("google/gemma-3-12b-it-qat-q4_0-gguf", "gemma-3"),
        ("Llama 3.1 8B Instruct us/x-GGUF x.Q8_0.gguf", "Llama-3.1"),
        ("Qwen/Qwen3-30B-A3B-GGUF", "Qwen3-8B"),
        ("unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF", "Qwen3-Coder"),
        ("unsloth/Qwen3-4B-Instruct-2507-GGUF", "Instruct-2507"),
        ("unsloth/Qwen3-4B-Thinking-2507-GGUF", "Thinking-2507"),
        ("unsloth/gemma-4-31B-it-GGUF", "gemma-4"),
        ("bartowski/Qwen_QwQ-32B-GGUF", "QwQ-32B"),
        ("us/Mistral-Small-3.2-24B-Instruct-2506-GGUF", "Small-3.2"),
        ("us/Llama-3-8B-base", None),
        ("us/Llama-3.1-Nemotron-70B-Instruct-GGUF", None),
        ("us/Qwen3-8B-Base-GGUF", None),
        ("us/Qwen3-Embedding-8B-GGUF", None),
        ("us/Qwen3-Coder-Next-GGUF", None),
        ("us/Qwen3-VL-8B-Instruct-GGUF", None),
        ("us/Qwen2.5-Coder-7B-Instruct-GGUF", None),
        ("us/gemma-3-4b-pt", None),
        ("us/embeddinggemma-300m-GGUF", None),
        ("us/Qwen3.5-9B", None),
        ("us/gemma-3n-E2B-it", None),
        ("us/tiny", None),
    ],
)
def test_a_family_is_told_by_its_name_and_no_other(name: str, family: str | None) -> None:
    found = published_for(name)
    assert (found is None) is (family is None)
    assert found is None or family is None or family in found.source


def test_every_row_names_its_source_and_values_that_serve() -> None:
    for row in PUBLISHED:
        assert row.source
        assert "/" in row.source, "whose it is"
        for key, value in row.values.items():
            assert check_value(PARAMETERS[key], value, "/") == value
