"""Builds GGUF headers byte by byte, honest and dishonest ones, without the reader's own code."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

UINT32, FLOAT32, BOOL, STRING, ARRAY, UINT64 = 4, 6, 7, 8, 9, 10
_CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


@dataclass
class Gguf:
    """``entries`` and ``tensors`` are already packed; counts can be made to lie."""

    order: str = "<"
    version: int = 3
    entries: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)
    entry_count: int | None = None
    tensor_count: int | None = None

    def pack(self, codes: str, *values: object) -> bytes:
        return struct.pack(self.order + codes, *values)

    def text(self, text: str | bytes) -> bytes:
        raw = text.encode() if isinstance(text, str) else text
        return self.pack("Q", len(raw)) + raw

    def raw(self, key: str | bytes, kind: int, payload: bytes) -> "Gguf":
        self.entries.append(self.text(key) + self.pack("I", kind) + payload)
        return self

    def add(self, key: str, value: str | bool | int | float) -> "Gguf":
        match value:
            case str():
                return self.raw(key, STRING, self.text(value))
            case bool():
                return self.raw(key, BOOL, self.pack("?", value))
            case int():
                return self.raw(key, UINT32, self.pack("I", value))
            case float():
                return self.raw(key, FLOAT32, self.pack("f", value))

    def strings(self, key: str, texts: Sequence[str]) -> "Gguf":
        head = self.pack("IQ", STRING, len(texts))
        return self.raw(key, ARRAY, head + b"".join(map(self.text, texts)))

    def numbers(self, key: str, kind: int, numbers: Sequence[float]) -> "Gguf":
        body = self.pack(f"{len(numbers)}{_CODES[kind]}", *numbers)
        return self.raw(key, ARRAY, self.pack("IQ", kind, len(numbers)) + body)

    def tensor(
        self, shape: Sequence[int], *, kind: int = 0, offset: int = 0, name: str = "t"
    ) -> "Gguf":
        dimensions = self.pack(f"I{len(shape)}Q", len(shape), *shape)
        self.tensors.append(self.text(name) + dimensions + self.pack("IQ", kind, offset))
        return self

    def header(self) -> bytes:
        tensors = len(self.tensors) if self.tensor_count is None else self.tensor_count
        entries = len(self.entries) if self.entry_count is None else self.entry_count
        start = b"GGUF" + self.pack("IQQ", self.version, tensors, entries)
        return start + b"".join(self.entries) + b"".join(self.tensors)

    def file(self, data: int = 0) -> bytes:
        """The header, padded, and ``data`` bytes of tensors."""
        header = self.header()
        return header + bytes(-len(header) % 32) + bytes(data)


def llama(**changed: str | int | None) -> Gguf:
    """A header of everything that a loadable model has, but for ``changed`` (None leaves out).

    Keys are the part after the last dot.
    """
    keys: dict[str, str | int | None] = {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "llama.context_length": 2048,
        "llama.embedding_length": 64,
        "llama.attention.head_count": 4,
        "tokenizer.ggml.model": "llama",
    }
    made = Gguf()
    for key, value in keys.items():
        wanted = changed.get(key.rpartition(".")[2], value)
        if wanted is not None:
            made.add(key, wanted)
    return made.strings("tokenizer.ggml.tokens", ["<s>", "</s>", "a"]).tensor([32, 2])


LLAMA_DATA = 32 * 2 * 4
