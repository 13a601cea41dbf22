"""What is said of a model, and why it would not load, from headers made for the purpose."""

import math
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.model_files.facts import _shortest, data_problem, facts_from, load_problem
from bodhi.model_files.gguf import GgufHeader, read_header
from bodhi.model_files.model import ModelFacts
from tests.model_files.gguf_bytes import LLAMA_DATA, UINT32, Gguf, llama
from tests.support.fixtures import shared_fixtures


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "case.gguf"


def header_of(place: Path, made: Gguf, data: int = LLAMA_DATA) -> GgufHeader:
    place.write_bytes(made.file(data))
    return read_header(place)


def facts_of(place: Path, made: Gguf) -> ModelFacts:
    return facts_from(header_of(place, made))


def test_a_loadable_model_tells_everything_and_has_no_problem(tiny_model: Path) -> None:
    header = read_header(tiny_model)
    facts = facts_from(header)
    assert load_problem(header) is None
    assert (facts.architecture, facts.name, facts.license) == ("llama", "tiny", "mit")
    assert (facts.quantization, facts.context_length, facts.layers) == ("F32", 2048, 2)
    assert (facts.embedding_length, facts.head_count) == (64, 4)
    assert facts.kv_bytes_per_token == 2 * 2 * (16 + 16) * 2
    assert facts.tensor_bytes == 4 * (facts.parameter_count or 0) > 0
    assert (facts.tokenizer, facts.bos_token, facts.eos_token) == ("llama", "<s>", "</s>")
    assert "<|im_start|>" in (facts.chat_template or "")
    assert not facts.is_embedding_model


def test_a_cache_width_per_layer_is_summed_over_the_layers(place: Path) -> None:
    made = llama().numbers("llama.attention.head_count_kv", UINT32, [2, 0])
    assert facts_of(place, made).kv_bytes_per_token == 2 * (16 + 16) * 2


def test_key_and_value_widths_in_the_header_win_over_the_embedding(place: Path) -> None:
    made = llama().add("llama.attention.head_count_kv", 1)
    made.add("llama.attention.key_length", 192).add("llama.attention.value_length", 128)
    assert facts_of(place, made).kv_bytes_per_token == 2 * 1 * (192 + 128) * 2


def test_without_kv_heads_every_head_is_cached(place: Path) -> None:
    assert facts_of(place, llama()).kv_bytes_per_token == 2 * 4 * (16 + 16) * 2


def test_without_heads_the_cache_is_not_known(place: Path) -> None:
    assert facts_of(place, llama(head_count=None)).kv_bytes_per_token is None
    assert facts_of(place, llama(head_count=0)).kv_bytes_per_token is None


def test_a_key_of_another_architecture_does_not_count(place: Path) -> None:
    made = llama(context_length=None).add("phi3.context_length", 4096)
    assert facts_of(place, made).context_length is None


def test_a_value_of_the_wrong_type_counts_as_absent(place: Path) -> None:
    facts = facts_of(place, llama(context_length="many").add("general.name", 5))
    assert (facts.context_length, facts.name) == (None, None)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_number_of_32_bits_is_written_shortly_and_stays_the_same(value: float) -> None:
    short = _shortest(value)
    assert struct.pack("<f", short) == struct.pack("<f", value)
    assert len(repr(short)) <= len(repr(value))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.6000000238418579, 0.6),
        (0.949999988079071, 0.95),
        (0.6, 0.6),
        (1e300, 1e300),
        (-1.0, -1.0),
    ],
)
def test_samplers_are_what_their_author_wrote(value: float, written: float) -> None:
    assert _shortest(value) == written


def test_named_templates_and_sampling_keys_are_collected(place: Path) -> None:
    made = llama().add("tokenizer.chat_template", "plain")
    made.add("tokenizer.chat_template.tool_use", "with tools")
    made.add("general.sampling.temp", 0.5).add("general.sampling.top_k", 20)
    made.add("general.sampling.min_p", math.inf)
    facts = facts_of(place, made)
    assert facts.chat_template == "plain"
    assert facts.named_templates == {"tool_use": "with tools"}
    assert facts.sampling == {"temp": 0.5, "top_k": 20}


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "F32"), (15, "Q4_K_M"), (1024 + 7, "Q8_0"), (38, "MXFP4_MOE"), (5, None)],
)
def test_the_file_type_has_its_usual_name(place: Path, number: int, name: str | None) -> None:
    assert facts_of(place, llama().add("general.file_type", number)).quantization == name


def test_models_that_turn_text_into_vectors_are_told_apart(place: Path) -> None:
    assert facts_of(place, llama(architecture="bert")).is_embedding_model
    pooled = llama(architecture="qwen3").add("qwen3.pooling_type", 3)
    assert facts_of(place, pooled).is_embedding_model
    assert not facts_of(place, llama().add("llama.pooling_type", 0)).is_embedding_model


PROBLEMS = {
    "architecture missing": (llama(architecture=None), "names no architecture"),
    "architecture unknown": (llama(architecture="telepathy"), "'telepathy', which the engine"),
    "projector": (llama(architecture="clip"), "projector"),
    "adapter": (llama().add("general.type", "adapter"), "LoRA adapter"),
    "no layers": (llama(block_count=0), "block_count 0"),
    "layers missing": (llama(block_count=None), "does not say its block_count"),
    "more layers than the engine bears": (llama(block_count=513), "block_count 513"),
    "no context": (llama(context_length=0), "context_length 0"),
    "absurd context": (llama(context_length=2**32 - 1), "context_length 4294967295"),
    "no width": (llama(embedding_length=0), "embedding_length 0"),
    "tokenizer missing": (llama(model=None), "no vocabulary"),
    "vocabulary missing": (
        Gguf().add("general.architecture", "llama").add("tokenizer.ggml.model", "llama")
        .tensor([32, 2]),
        "no vocabulary",
    ),
    "header alone": (Gguf().add("general.architecture", "llama"), "no tensors"),
    "big-endian": (Gguf(">").add("general.architecture", "llama"), "big-endian"),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_the_engine_would_refuse_or_die_of_is_named(place: Path, case: str) -> None:
    made, reason = PROBLEMS[case]
    assert reason in (load_problem(header_of(place, made)) or "")


def test_the_cases_fail_for_their_own_reason_only(place: Path) -> None:
    assert load_problem(header_of(place, llama())) is None


def test_missing_tensor_data_is_counted(place: Path) -> None:
    header = header_of(place, llama(), data=LLAMA_DATA - 24)
    assert load_problem(header) == "is cut short: 24 bytes of tensor data are missing"
    assert data_problem(header) == load_problem(header)


def test_every_published_header_gives_facts_and_a_reason() -> None:
    for path in sorted((shared_fixtures() / "gguf").glob("*.gguf")):
        header = read_header(path)
        assert facts_from(header).architecture == header.metadata["general.architecture"]
        assert load_problem(header), path.name


def test_published_vocabularies_give_their_special_tokens() -> None:
    facts = facts_from(read_header(shared_fixtures() / "gguf" / "vocab-phi-3.gguf"))
    assert (facts.bos_token, facts.eos_token) == ("<s>", "<|endoftext|>")
    assert (facts.vocabulary_size, facts.kv_bytes_per_token) == (32064, 32 * 32 * 192 * 2)
