"""The header reader against the reference reader, and against what strangers write."""

import math
import os
import struct
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest

from bodhi.model_files.gguf import GgufError, Skipped, read_header
from tests.model_files.gguf_bytes import ARRAY, STRING, UINT32, UINT64, Gguf, llama
from tests.support.fixtures import shared_fixtures


def write(folder: Path, content: bytes) -> Path:
    path = folder / "case.gguf"
    path.write_bytes(content)
    return path


def assert_equal_to_reference(path: Path) -> None:
    reference, header = gguf.GGUFReader(path), read_header(path)
    seen = 0
    for key, found in reference.fields.items():
        if key.startswith("GGUF."):
            continue
        ours, seen = header.metadata[key], seen + 1
        if isinstance(ours, Skipped):
            assert ours.length == len(found.data), key
        elif isinstance(ours, tuple):
            assert list(ours) == found.contents(), key
        else:
            assert ours == found.contents(), key
    assert seen == len(header.metadata)
    assert header.tensor_count == len(reference.tensors)
    assert header.tensor_elements == sum(int(t.n_elements) for t in reference.tensors)
    assert header.tensor_bytes == sum(int(t.n_bytes) for t in reference.tensors)
    assert header.alignment == reference.alignment


def test_reads_a_whole_model_as_the_reference_reader_does(tiny_model: Path) -> None:
    assert_equal_to_reference(tiny_model)
    header = read_header(tiny_model)
    assert header.data_missing_bytes == 0
    assert header.token_texts == {"bos": "<s>", "eos": "</s>"}


def test_reads_the_published_headers_as_the_reference_reader_does() -> None:
    # Of the two real vocabularies one is enough: the reference reader takes seconds for each.
    paths = sorted((shared_fixtures() / "gguf").glob("[!v]*.gguf"))
    paths.append(shared_fixtures() / "gguf" / "vocab-phi-3.gguf")
    assert len(paths) > 10
    for path in paths:
        assert_equal_to_reference(path)


def test_both_byte_orders_say_the_same() -> None:
    folder = shared_fixtures() / "gguf"
    for name in ("sample0", "sample1"):
        little, big = (read_header(folder / f"{name}_{order}.gguf") for order in ("le", "be"))
        assert (little.byte_order, big.byte_order) == ("little", "big")
        assert little.metadata == big.metadata


def test_a_long_vocabulary_is_measured_and_single_tokens_are_still_found(tmp_path: Path) -> None:
    tokens = [f"token {n}" for n in range(5000)]
    made = Gguf().strings("tokenizer.ggml.tokens", tokens)
    made.add("tokenizer.ggml.bos_token_id", 3072).add("tokenizer.ggml.eos_token_id", 4999)
    header = read_header(write(tmp_path, made.file()))
    assert header.metadata["tokenizer.ggml.tokens"] == Skipped("string", 5000)
    assert header.token_texts == {"bos": "token 3072", "eos": "token 4999"}


def test_strings_longer_than_a_read_are_passed_over_exactly(tmp_path: Path) -> None:
    tokens = ["x" * (1 if n % 50 else 70_000) for n in range(400)]
    made = Gguf().strings("tokenizer.ggml.tokens", tokens).add("after", 7)
    made.add("tokenizer.ggml.eos_token_id", 399)
    header = read_header(write(tmp_path, made.file()))
    assert header.metadata["after"] == 7
    assert header.token_texts == {"eos": "x"}


def test_a_token_id_outside_the_vocabulary_has_no_text(tmp_path: Path) -> None:
    made = Gguf().strings("tokenizer.ggml.tokens", ["a"] * 300)
    made.add("tokenizer.ggml.bos_token_id", 300).add("tokenizer.ggml.eos_token_id", 2**32 - 1)
    assert read_header(write(tmp_path, made.file())).token_texts == {}


def test_a_short_header_of_a_huge_file_costs_little_reading(tmp_path: Path) -> None:
    path = write(tmp_path, llama().file())
    os.truncate(path, 2**40)
    assert read_header(path).bytes_read <= 2**16


def test_arrays_with_a_number_for_each_layer_are_kept(tmp_path: Path) -> None:
    made = Gguf().numbers("llama.attention.head_count_kv", UINT32, [8, 0, 4])
    assert read_header(write(tmp_path, made.file())).metadata == {
        "llama.attention.head_count_kv": (8, 0, 4)
    }


def test_text_beyond_a_mebibyte_is_not_built(tmp_path: Path) -> None:
    made = Gguf().add("long", "x" * (2**20 + 1)).add("after", 1)
    header = read_header(write(tmp_path, made.file()))
    assert header.metadata == {"long": Skipped("text", 2**20 + 1), "after": 1}


def test_text_that_is_not_utf8_becomes_text_nevertheless(tmp_path: Path) -> None:
    made = Gguf().raw("general.name", STRING, Gguf().text(b"caf\xe9"))
    assert read_header(write(tmp_path, made.file())).metadata["general.name"] == "caf\ufffd"


def test_floats_that_are_no_numbers_are_read_as_they_are(tmp_path: Path) -> None:
    header = read_header(write(tmp_path, Gguf().add("nan", math.nan).file()))
    value = header.metadata["nan"]
    assert isinstance(value, float)
    assert math.isnan(value)


def test_tensor_data_that_is_cut_short_is_measured_not_refused(tmp_path: Path) -> None:
    whole = llama().file(data=256)
    header = read_header(write(tmp_path, whole[:-100]))
    assert header.tensor_bytes == 256
    assert header.data_missing_bytes == 100
    assert read_header(write(tmp_path, whole)).data_missing_bytes == 0


def test_quantized_tensors_have_the_size_of_their_blocks(tmp_path: Path) -> None:
    made = Gguf().tensor([512, 3], kind=12)  # Q4_K: 256 values in 144 bytes
    header = read_header(write(tmp_path, made.file(data=864)))
    assert (header.tensor_elements, header.tensor_bytes) == (1536, 864)
    assert header.data_missing_bytes == 0


def test_version_2_is_read_and_version_1_is_refused_by_name(tmp_path: Path) -> None:
    assert read_header(write(tmp_path, Gguf(version=2).add("a", 1).file())).version == 2
    with pytest.raises(GgufError, match="GGUF version 1"):
        read_header(write(tmp_path, Gguf(version=1).file()))


def an_array(kind: int, length: int, payload: bytes = b"") -> Gguf:
    return Gguf().raw("a", ARRAY, struct.pack("<IQ", kind, length) + payload)


def many_texts() -> Gguf:
    made = Gguf()
    for number in range(8):
        made.add(f"k{number}", "x" * 1_000_000 + "\U0001f600")
    return made


DISHONEST: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "magic alone": (lambda: b"GGUF", "ends within the version"),
    "no magic": (lambda: b"GGML" + bytes(60), "magic bytes"),
    "zeros": (lambda: bytes(4096), "magic bytes"),
    "web page": (lambda: b"<!DOCTYPE html><html>" + bytes(60), "web page"),
    "lfs pointer": (lambda: b"version https://git-lfs.github.com/spec/v1\noid", "LFS pointer"),
    "copied link": (lambda: b"../../blobs/" + b"0" * 64, "link that was copied"),
    "version 0": (lambda: Gguf(version=0).file(), "version 0"),
    "version 99": (lambda: Gguf(version=99).file(), "version 99"),
    "version 99 in big-endian": (lambda: Gguf(">", version=99).file(), "version 99"),
    "too many entries": (lambda: Gguf(entry_count=10_001).file(), "10001 metadata entries"),
    "entries that are not there": (lambda: Gguf(entry_count=9).header(), "ends within"),
    "too many tensors": (lambda: Gguf(tensor_count=32_769).file(), "32769 tensors"),
    "tensors without end": (lambda: Gguf(tensor_count=2**63).file(), "tensors"),
    "key of 2^63 bytes": (
        lambda: Gguf(entries=[struct.pack("<Q", 2**63)]).file(),
        "claims a string of 9223372036854775808 bytes",
    ),
    "key of 64 KiB": (lambda: Gguf().add("k" * 65536, 1).file(), "key of 65536 bytes"),
    "key twice": (lambda: Gguf().add("a", 1).add("a", 2).file(), "'a' twice"),
    "text past the end": (
        lambda: Gguf().raw("a", STRING, struct.pack("<Q", 2**20)).file(),
        "ends within a metadata text",
    ),
    "text past the limit": (
        lambda: Gguf().raw("a", STRING, struct.pack("<Q", 2**24 + 1)).file(2**24 + 64),
        "claims a string",
    ),
    "unknown type": (lambda: Gguf().raw("a", 13, bytes(8)).file(), "metadata type 13"),
    "unknown element type": (lambda: an_array(99, 1).file(), "metadata type 99"),
    "array of arrays": (lambda: an_array(ARRAY, 1, bytes(99)).file(), "array of arrays"),
    "array of 2^64 numbers": (lambda: an_array(UINT64, 2**64 - 1).file(), "ends within an array"),
    "array of 2^61 strings": (lambda: an_array(STRING, 2**61).file(), "ends within an array"),
    "few strings past the end": (lambda: an_array(STRING, 200).file(), "ends within an array"),
    "string in array past the end": (
        lambda: an_array(STRING, 300, struct.pack("<Q", 2**40) + bytes(2400)).file(),
        "claims a string",
    ),
    "string in array overflows": (
        lambda: an_array(STRING, 300, struct.pack("<Q", 2**64 - 8) + bytes(2400)).file(),
        "claims a string",
    ),
    "last string in array past the end": (
        lambda: an_array(STRING, 300, bytes(8 * 299) + struct.pack("<Q", 5000)).header(),
        "ends within an array",
    ),
    "alignment 0": (lambda: Gguf().add("general.alignment", 0).file(), "alignment"),
    "alignment 48": (lambda: Gguf().add("general.alignment", 48).file(), "alignment"),
    "alignment 2^21": (lambda: Gguf().add("general.alignment", 2**21).file(), "alignment"),
    "alignment as text": (lambda: Gguf().add("general.alignment", "32").file(), "alignment"),
    "five dimensions": (lambda: Gguf().tensor([1] * 5).file(), "5 dimensions"),
    "unknown tensor type": (lambda: Gguf().tensor([1], kind=4).file(), "tensor type 4"),
    "half a block": (lambda: Gguf().tensor([100], kind=8).file(), "rows of 100"),
    "tensor of 2^128 values": (lambda: Gguf().tensor([2**64 - 1] * 2).file(), "more values"),
    "offset that overflows": (lambda: Gguf().tensor([8], offset=2**64 - 32).file(), "beyond any"),
    "end that overflows": (lambda: Gguf().tensor([8], offset=2**63 - 32).file(), "beyond any"),
    "crooked offset": (lambda: Gguf().tensor([8], offset=33).file(), "not aligned"),
    "header past the budget": (
        lambda: Gguf().raw("a", ARRAY, struct.pack("<IQ", 0, 2**26)).add("b", 1).file(2**26),
        "beyond 64 MiB",
    ),
    "more metadata than fits in memory": (lambda: many_texts().file(), "too much metadata"),
}


@pytest.mark.threat("T15")
@pytest.mark.parametrize("case", DISHONEST)
def test_what_is_no_header_is_refused_with_its_reason(tmp_path: Path, case: str) -> None:
    content, reason = DISHONEST[case]
    with pytest.raises(GgufError, match=reason) as refused:
        read_header(write(tmp_path, content()))
    assert str(tmp_path) not in refused.value.message


def test_a_header_cut_anywhere_is_refused_or_short_of_data(
    tiny_model: Path, tmp_path: Path
) -> None:
    whole = tiny_model.read_bytes()
    end = read_header(tiny_model)
    for length in [*range(0, 2000, 7), *range(2000, len(whole), 9973)]:
        path = write(tmp_path, whole[:length])
        try:
            header = read_header(path)
        except GgufError:
            continue
        assert header.data_missing_bytes == len(whole) - length > 0
        assert header.metadata == end.metadata


def test_what_is_not_a_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    cases = {pipe: "a named pipe", tmp_path: "a folder", Path("/dev/zero"): "a device"}
    for path, kind in cases.items():
        with pytest.raises(GgufError, match=kind):
            read_header(path)


def test_what_cannot_be_opened_is_refused_without_its_path(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.gguf", tmp_path / "a\0b"):
        with pytest.raises(GgufError, match="cannot be read") as refused:
            read_header(path)
        assert str(tmp_path) not in refused.value.message
        assert not refused.value.settled
