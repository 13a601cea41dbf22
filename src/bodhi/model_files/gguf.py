"""Reads the header of a GGUF file: metadata, and what its tensors add up to. Never the weights.

The format is that of ggml's ``docs/gguf.md``, versions 2 and 3, in both byte orders. Long arrays
(a vocabulary has 100,000 strings and more) are measured and passed over, not built; this is what
makes listing a thousand models a matter of a second. Whatever the bytes are, the only error that
leaves this module is ``GgufError``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Any, Literal, TypeAlias

from bodhi.model_files.ggml_types import TENSOR_TYPES
from bodhi.model_files.header_bytes import MARK_EVERY, GgufError, HeaderBytes

__all__ = ["GgufError", "GgufHeader", "Skipped", "Value", "read_header"]

# Far above any model (some dozen entries, some thousand tensors), and low enough that nobody waits
# for the scan: llama.cpp has at most 512 layers, and none of them has 64 tensors.
_MAX_METADATA = 10_000
_MAX_TENSORS = 512 * 64
_MAX_DIMENSIONS = 4
_MAX_KEY = 2**16 - 1
_MAX_ALIGNMENT = 2**20
# What the metadata may take as Python objects, so that no header costs more than that.
_MAX_KEPT = 24 * 2**20
_KEPT_STRING = 2**20
_KEPT_NUMBERS = 512
_KEPT_STRINGS = 256
_MAX_FILE = 2**63 - 1

_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q"} | {
    12: "d"
}
_KINDS = {0: "uint8", 1: "int8", 2: "uint16", 3: "int16", 4: "uint32", 5: "int32", 6: "float32"} | {
    7: "bool", 8: "string", 10: "uint64", 11: "int64", 12: "float64"
}  # fmt: skip
_NOT_A_MODEL = {
    b"version https://git-lfs": "is a Git LFS pointer; the model itself was not downloaded",
    b"../": "is a link that was copied as text",
    b"<": "is a web page or XML, not a model",
    b"PK\x03\x04": "is a ZIP archive, not a GGUF",
    b"{": "is JSON, not a GGUF",
}
_SPECIAL_TOKENS = ("bos", "eos")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Stands for a long array or text that was measured and left in the file."""

    kind: str  # "uint8" ... "float64", "string" (an array of strings), "text" (one long string)
    length: int


Value: TypeAlias = bool | int | float | str | tuple[bool | int | float | str, ...] | Skipped


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """``token_texts`` has the text of the tokens that ``tokenizer.ggml.<name>_token_id`` names.

    ``data_missing_bytes`` is how much of the tensor data lies beyond the end of the file.
    """

    version: int
    byte_order: Literal["little", "big"]
    alignment: int
    metadata: Mapping[str, Value]
    token_texts: Mapping[str, str]
    tensor_count: int
    tensor_elements: int
    tensor_bytes: int
    data_missing_bytes: int
    file_bytes: int
    bytes_read: int
    identity: str


def read_header(path: str | os.PathLike[str]) -> GgufHeader:
    """Read the header of the file at ``path``.

    Raises ``GgufError`` for anything that is not a readable GGUF header, including what cannot
    be opened. Truncated tensor data is no error here; see ``data_missing_bytes``.
    """
    with HeaderBytes(path) as source:
        return _Parser(source).parse()


class _Parser:
    def __init__(self, source: HeaderBytes) -> None:
        self._source = source
        self._order = "<"
        self._kept = 0
        self._metadata: dict[str, Value] = {}
        self._marks: dict[str, tuple[int, ...]] = {}

    def parse(self) -> GgufHeader:
        version = self._magic_and_version()
        tensors, entries = self._source.unpack(self._layout("QQ"), "the counts")
        if entries > _MAX_METADATA:
            raise GgufError(f"claims {entries} metadata entries", 16)
        if tensors > _MAX_TENSORS:
            raise GgufError(f"claims {tensors} tensors", 8)
        for _ in range(entries):
            self._entry()
        after_metadata = self._source.offset
        texts = self._token_texts()
        self._source.seek(after_metadata)
        alignment = self._alignment()
        elements, total, end = self._tensors(tensors, alignment)
        data_start = _aligned(self._source.offset, alignment)
        if data_start + end > _MAX_FILE:
            raise GgufError("has tensors beyond any possible file", self._source.offset)
        return GgufHeader(
            version=version,
            byte_order="little" if self._order == "<" else "big",
            alignment=alignment,
            metadata=self._metadata,
            token_texts=texts,
            tensor_count=tensors,
            tensor_elements=elements,
            tensor_bytes=total,
            data_missing_bytes=max(0, data_start + end - self._source.file_bytes) if tensors else 0,
            file_bytes=self._source.file_bytes,
            bytes_read=self._source.bytes_read,
            identity=self._source.identity,
        )

    def _layout(self, codes: str) -> Struct:
        return _layout(self._order, codes)

    def _magic_and_version(self) -> int:
        if self._source.file_bytes == 0:
            raise GgufError("is empty")
        start = self._source.take(min(24, self._source.file_bytes), "the magic bytes")
        if not start.startswith(b"GGUF"):
            for prefix, fact in _NOT_A_MODEL.items():
                if start.startswith(prefix):
                    raise GgufError(fact, 0)
            raise GgufError("is not a GGUF file: the magic bytes are missing", 0)
        self._source.seek(4)
        (version,) = self._source.unpack(self._layout("I"), "the version")
        # Versions are small, so a low half of zeros means that the bytes are the other way round.
        if version & 0xFFFF == 0 and version:
            self._order = ">"
            self._source.use_byte_order(">")
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version == 1:
            raise GgufError("is GGUF version 1, which no current engine reads", 4)
        if version not in {2, 3}:
            raise GgufError(f"claims GGUF version {version}; 2 and 3 are known", 4)
        return int(version)

    def _entry(self) -> None:
        start = self._source.offset
        length = self._source.string_length("a metadata key")
        if length > _MAX_KEY:
            raise GgufError(f"has a metadata key of {length} bytes", start)
        self._keep(200, length)
        key = self._source.take(length, "a metadata key").decode("utf-8", "backslashreplace")
        if key in self._metadata:
            raise GgufError(f"has the metadata key {key[:80]!r} twice", start)
        (kind,) = self._source.unpack(self._layout("I"), "a metadata type")
        if kind == _ARRAY:
            self._metadata[key] = self._array(key)
        elif kind == _STRING:
            self._metadata[key] = self._text()
        else:
            self._metadata[key] = self._source.unpack(self._scalar(kind), "a metadata value")[0]

    def _scalar(self, kind: int) -> Struct:
        if kind not in _SCALARS:
            raise GgufError(f"uses the unknown metadata type {kind}", self._source.offset - 4)
        return self._layout(_SCALARS[kind])

    def _text(self) -> "str | Skipped":
        length = self._source.string_length("a metadata text")
        if length > _KEPT_STRING:
            self._source.skip(length, "a metadata text")
            return Skipped("text", length)
        raw = self._source.take(length, "a metadata text")
        # A text with one character outside Latin-1 can take four bytes for each of its characters.
        self._keep(80, length if raw.isascii() else 4 * length)
        return raw.decode("utf-8", "replace")

    def _keep(self, *sizes: int) -> None:
        self._kept += sum(sizes)
        if self._kept > _MAX_KEPT:
            raise GgufError("has too much metadata", self._source.offset)

    def _array(self, key: str) -> Value:
        kind, length = self._source.unpack(self._layout("IQ"), "an array")
        if kind == _ARRAY:
            raise GgufError("holds an array of arrays", self._source.offset - 12)
        if kind == _STRING:
            if length > _KEPT_STRINGS:
                self._marks[key] = self._source.skip_strings(length, "an array of strings")
                return Skipped("string", length)
            # The length of the shortest string is eight bytes.
            self._source.require(8 * length, "an array of strings")
            texts = [self._text() for _ in range(length)]
            return tuple(text if isinstance(text, str) else "" for text in texts)
        layout = self._scalar(kind)
        if length > _KEPT_NUMBERS:
            self._source.skip(layout.size * length, "an array of numbers")
            return Skipped(_KINDS[kind], length)
        self._keep(40 * length)
        numbers = Struct(f"{self._order}{length}{_SCALARS[kind]}")
        return self._source.unpack(numbers, "an array of numbers")

    def _token_texts(self) -> dict[str, str]:
        texts = {}
        for name in _SPECIAL_TOKENS:
            number = self._metadata.get(f"tokenizer.ggml.{name}_token_id")
            if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
                text = self._token(number)
                if text is not None:
                    texts[name] = text
        return texts

    def _token(self, number: int) -> str | None:
        """Element ``number`` of the vocabulary, found from the nearest remembered offset."""
        tokens = self._metadata.get("tokenizer.ggml.tokens")
        if isinstance(tokens, tuple):
            token = tokens[number] if number < len(tokens) else None
            return token if isinstance(token, str) else None
        marks = self._marks.get("tokenizer.ggml.tokens", ())
        if not isinstance(tokens, Skipped) or number >= tokens.length or not marks:
            return None
        self._source.seek(marks[number // MARK_EVERY])
        self._source.skip_strings(number % MARK_EVERY, "the vocabulary")
        text = self._text()
        return text if isinstance(text, str) else None

    def _alignment(self) -> int:
        value = self._metadata.get("general.alignment", 32)
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not 0 < value <= _MAX_ALIGNMENT
            or value & (value - 1)
        ):
            raise GgufError("has a general.alignment that is not a power of two up to 1 MiB")
        return value

    def _tensors(self, count: int, alignment: int) -> tuple[int, int, int]:
        """Values, bytes and the end of the last tensor relative to the start of the data."""
        source, elements, total, end = self._source, 0, 0, 0
        one = self._layout("I")
        for _ in range(count):
            source.skip(source.string_length("a tensor name"), "a tensor name")
            (dimensions,) = source.unpack(one, "a tensor")
            if dimensions > _MAX_DIMENSIONS:
                raise GgufError(f"has a tensor of {dimensions} dimensions", source.offset - 4)
            *shape, kind, offset = source.unpack(self._layout("Q" * dimensions + "IQ"), "a tensor")
            values, size = _tensor_size(shape, kind, source.offset)
            if offset % alignment:
                raise GgufError("has a tensor that is not aligned", source.offset - 8)
            if offset + size > _MAX_FILE:
                raise GgufError("has a tensor beyond any possible file", source.offset - 8)
            elements, total, end = elements + values, total + size, max(end, offset + size)
        return elements, total, end


_layouts: dict[tuple[str, str], Struct] = {}


def _layout(order: str, codes: str) -> Struct:
    """A packed layout, compiled once; there are a few dozen at most."""
    found = _layouts.get((order, codes))
    if found is None:
        found = _layouts[order, codes] = Struct(order + codes)
    return found


def _tensor_size(shape: list[Any], kind: int, offset: int) -> tuple[int, int]:
    """How many values a tensor has and how many bytes they take."""
    tensor_type = TENSOR_TYPES.get(kind)
    if tensor_type is None:
        raise GgufError(f"uses the unknown tensor type {kind}", offset - 12)
    values = 1
    for extent in shape:
        values *= extent
    if values > _MAX_FILE:
        raise GgufError("has a tensor of more values than a file can hold", offset)
    if shape and shape[0] % tensor_type.block:
        raise GgufError(f"has a {tensor_type.name} tensor with rows of {shape[0]}", offset)
    return values, values // tensor_type.block * tensor_type.bytes


def _aligned(offset: int, alignment: int) -> int:
    return (offset + alignment - 1) // alignment * alignment
