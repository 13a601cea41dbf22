"""Damaged GGUF headers, drawn by chance from a few whole ones; equal seeds give equal bytes."""

import random
import struct
from collections.abc import Iterator
from typing import Literal

from tests.model_files.gguf_bytes import ARRAY, STRING, UINT32, Gguf, llama

_ODD = (0, 1, 2**16, 2**24, 2**31 - 1, 2**32 - 1, 2**61, 2**63 - 1, 2**63, 2**64 - 8, 2**64 - 1)
_TYPES = (ARRAY, STRING, 99)
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


def wholes() -> list[bytes]:
    """Headers with nothing wrong: small, rich in kinds of values, big-endian, large, no tensors."""
    rich = llama().add("general.sampling.temp", 0.5).add("tokenizer.chat_template", "{{ x }}")
    rich.strings("tokenizer.ggml.merges", ["a b"] * 300)
    rich.add("tokenizer.ggml.bos_token_id", 1).numbers("llama.layers", UINT32, [1, 2, 3])
    rich.tensor([256, 2], kind=12, offset=256).tensor([4, 4, 2, 1], offset=1024)
    big = Gguf(">").add("general.architecture", "llama").tensor([32])
    big.strings("tokenizer.ggml.tokens", ["x"] * 270).add("tokenizer.ggml.eos_token_id", 269)
    bare = Gguf(version=2).add("general.alignment", 64).add("general.name", "é" * 40)
    return [llama().file(256), rich.file(2048), big.file(128), bare.file()]


def large_wholes() -> list[bytes]:
    """Headers of megabytes, where a damage can cost something."""
    wordy, wide = llama(), llama()
    for number in range(5_000):
        wordy.add(f"k{number}", "word " * 200)
    for number in range(10_000):
        wide.tensor([32, 2], name=f"t{number}")
    return [wordy.file(256), wide.file(256)]


def damaged(seed: int, count: int, *, one_large_in: int = 0) -> Iterator[bytes]:
    """``count`` headers, each with one to four damages of any kind.

    One in ``one_large_in`` is a large one; there are none without it.
    """
    chance = random.Random(seed)
    originals, large = wholes(), large_wholes() if one_large_in else []
    fields = {whole: length_fields(whole) for whole in originals + large}
    for _ in range(count):
        is_large = large and chance.randrange(one_large_in) == 0
        whole = chance.choice(large if is_large else originals)
        content = whole
        if chance.random() < 0.15:
            other = chance.choice(originals)
            content = crossed(whole, other, chance)
        if chance.random() < 0.3:
            content = with_length(content, chance.choice(fields[whole]), chance)
        for _ in range(chance.randint(0 if content != whole else 1, 3)):
            content = mutated(content, chance)
        yield content


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One damage anywhere: a bit, an odd number, another type, a piece less or twice, an end."""
    changed = bytearray(content)
    at = chance.randrange(max(1, len(changed) - 8))
    match chance.randrange(6):
        case 0 if changed:
            changed[at] ^= 1 << chance.randrange(8)
        case 1:
            changed[at : at + 8] = chance.choice(_ODD).to_bytes(8, _order(chance))
        case 2:
            changed[at : at + 4] = chance.choice(_TYPES).to_bytes(4, "little")
        case 3:
            del changed[at : at + chance.randint(1, 40)]
        case 4:
            changed[at:at] = changed[at : at + chance.randint(1, 40)]
        case _:
            del changed[chance.randrange(max(1, len(changed))) :]
    return bytes(changed)


def with_length(content: bytes, at: int, chance: random.Random) -> bytes:
    """Another number where a count or length stands: near the true one, or far from any."""
    order = _order(chance)
    true = int.from_bytes(content[at : at + 8], order)
    near = (true + chance.choice((-9, -8, -1, 1, 7, 8))) % 2**64
    number = chance.choice((near, chance.choice(_ODD), len(content) - at, len(content) - at - 8))
    return content[:at] + (number % 2**64).to_bytes(8, order) + content[at + 8 :]


def crossed(left: bytes, right: bytes, chance: random.Random) -> bytes:
    """The front of one header and the back of another."""
    return left[: chance.randrange(len(left))] + right[chance.randrange(len(right)) :]


def _order(chance: random.Random) -> Literal["little", "big"]:
    return "big" if chance.random() < 0.2 else "little"


def length_fields(whole: bytes) -> list[int]:
    """Offsets of every count and length in the metadata of a header that has nothing wrong."""
    order = "<" if whole[4] else ">"
    (entries,) = struct.unpack_from(f"{order}Q", whole, 16)
    found, at = [8, 16], 24

    def text() -> None:
        nonlocal at
        found.append(at)
        at += 8 + int(struct.unpack_from(f"{order}Q", whole, at)[0])

    for _ in range(entries):
        text()
        (kind,) = struct.unpack_from(f"{order}I", whole, at)
        at += 4
        count = 1
        if kind == ARRAY:
            kind, count = struct.unpack_from(f"{order}IQ", whole, at)
            found.append(at + 4)
            at += 12
        for _ in range(count):
            if kind == STRING:
                text()
            else:
                at += _WIDTHS[kind]
    return found
