"""Quantizations, parts and safe names, read from names alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import NameInvalid
from bodhi.model_files.file_names import (
    check_filename,
    check_repo,
    check_snapshot,
    is_model_name,
    quantization_in,
    split_name,
    stem,
)
from bodhi.model_files.ggml_types import file_type_name

QUANTIZATIONS = [
    *sorted({name for n in range(64) if (name := file_type_name(n))}),
    "UD-Q4_K_XL", "UD-IQ2_XXS", "Q6_K_L", "Q4_0_4_8", "Q4_0_8_8", "MXFP4", "FP16", "IQ4_NL_XL",
]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("Meta-Llama-3-8B-Instruct.Q8_0.gguf", "Q8_0"),
        ("llama-2-7b-chat.q4_K_M.gguf", "Q4_K_M"),
        ("tinyllama-1.1b-chat-v0.3.Q2_K.gguf", "Q2_K"),
        ("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("BF16/model-BF16-00001-of-00003.gguf", "BF16"),
        ("model-f16-to-IQ4_XS.gguf", "IQ4_XS"),
        ("model.i1-IQ3_XXS.gguf", "IQ3_XXS"),
        ("phi_3_mini_q4_0.gguf", "Q4_0"),
        ("2b_it_v1p1.gguf", None),
        ("q4.gguf", None),
        ("aq8_0b.gguf", None),
        ("Q4_K_M/model.gguf", None),
        ("", None),
    ],
)
def test_published_names_give_their_quantization(filename: str, expected: str | None) -> None:
    assert quantization_in(filename) == expected


@given(
    before=st.text("abcdxyz0123456789-._", max_size=20).filter(
        lambda t: quantization_in(t) is None
    ),
    separator=st.sampled_from("-._"),
    quantization=st.sampled_from(QUANTIZATIONS),
    upper=st.lists(st.booleans(), min_size=12, max_size=12),
    part=st.sampled_from(["", "-00001-of-00002"]),
)
def test_any_quantization_is_found_at_the_end_in_any_case(
    before: str, separator: str, quantization: str, upper: list[bool], part: str
) -> None:
    mixed = "".join(
        c.upper() if up else c.lower() for c, up in zip(quantization, upper, strict=False)
    )
    found = quantization_in(f"{before}{separator}{mixed}{part}.gguf")
    # "a-q4_" before "Q4_K_M" is part of no name, but "ud" and "-" are: the longer name is right.
    assert found in {quantization, f"UD-{quantization}"}


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_its_quantization(name: str) -> None:
    found = quantization_in(name)
    assert found is None or found in name.upper()


def test_parts_know_each_other() -> None:
    first = split_name("q8/big-00001-of-00012.gguf")
    assert first is not None
    assert (first.number, first.total) == (1, 12)
    assert first.part(12) == "q8/big-00012-of-00012.gguf"
    assert stem(first.part(3)) == "big"


@pytest.mark.parametrize(
    "name",
    [
        "big.gguf",
        "big-1-of-2.gguf",
        "big-00003-of-00002.gguf",
        "big-00000-of-00002.gguf",
        "b-00001-of-00002.GGUF",
    ],
)
def test_other_names_are_no_parts(name: str) -> None:
    assert split_name(name) is None


def test_projectors_and_other_files_are_not_models() -> None:
    assert is_model_name("folder/Model.GGUF")
    assert not is_model_name("mmproj-F16.gguf")
    assert not is_model_name("folder/MMPROJ-model.gguf")
    assert not is_model_name("model.gguf.incomplete")


@pytest.mark.parametrize("repo", ["a/b", "TheBloke/Llama-2-7B.v1_x", "a/..b"])
def test_repositories_as_the_hub_has_them_are_accepted(repo: str) -> None:
    assert check_repo(repo) == repo


@pytest.mark.parametrize(
    "repo",
    ["", "a", "a/b/c", "../b", "a/..", "./b", "a/.", "/b", "a/", "a b/c", "a/b\n", "é/b", "a\\b/c"],
)
def test_repositories_that_could_lead_elsewhere_are_refused(repo: str) -> None:
    with pytest.raises(NameInvalid):
        check_repo(repo)


@pytest.mark.parametrize("name", ["m.gguf", "q8/m 1 (2).gguf", "..m.gguf", "é.gguf"])
def test_file_names_below_a_folder_are_accepted(name: str) -> None:
    assert check_filename(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../m",
        "a/../m",
        "a//m",
        "a/.",
        "a\\m",
        "C:m",
        "m\0",
        "m\n",
        "\udc80",
        "x" * 1025,
    ],
)
def test_file_names_that_could_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(NameInvalid):
        check_filename(name)


def test_snapshots_are_commits_refs_or_folder_names() -> None:
    for name in ("main", "refs/pr/1", "5007652f7a641fe7170e0bad4f63839419bd9213", "v1.0"):
        assert check_snapshot(name) == name
    for name in ("", "..", "a/../b", "/a", "a b", "main\n"):
        with pytest.raises(NameInvalid):
            check_snapshot(name)
