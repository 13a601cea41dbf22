"""Damaged alias files, drawn by chance from whole ones; equal seeds give equal bytes."""

import random
from collections.abc import Iterator

_MAPPING = """\
# for work
alias: llama3:instruct
repo: owner/model-GGUF
filename: q8/model.Q8_0.gguf
snapshot: 5007652f7a641fe7170e0bad4f63839419bd9213
chat_template: llama3
context_params:            # how the engine is started
  n_ctx: 8192
  cache_type_k: q8_0
  tensor_split: [1, 2.5, 0]
  mlock: false
request_params:
  temperature: 0.2
  stop:
    - <|eot_id|>
    - "\\n\\n"
  logit_bias: {"15": -1, 7: 0.5}
request_policy:
  temperature: enforce
  max_tokens: {clamp: [1, 1024]}
"""
_FLAGS = """\
source: user
alias: 'llama3:instruct'
repo: owner/model-GGUF
filename: model.Q8_0.gguf
context_params:
  - "--n-keep 24"
  - --ctx-size=4096
  - --mlock
request_params: {temperature: 1e-1, top_k: 0x28, seed: 0o17, stop: [no, on, '~', x]}
"""
_TEXTS = """\
---
alias: llama3:instruct\r
repo: owner/model-GGUF\r
filename: model.Q8_0.gguf
chat_template: |-
  {% for m in messages %}{{ m.role }}:
    {{ m.content }}
  {% endfor %}
request_params:
  system_prompt: >
    Be brief.

    Be kind: "always".
notes:
- ? complex
  : - {a: [b, {c: d}]}
    - é 🙂
    - - - deep
...
"""
_MORE = "".join(f"key-{n}: [{n}, '{n}', {{n: {n}}}]\n" for n in range(40))
WHOLES = tuple(text.encode() for text in (_MAPPING, _FLAGS, _TEXTS, _MAPPING + _MORE))
_SIGNS = "-?:,[]{}#&*!|>'\"%@` \t\n\r\\a0.~<e_=+\x00\x85\u2028\ufeff\U0010ffff"
_PIECES = (
    *("&a ", "*a", "<<: *a\n", "!!python/object/apply:os.system ['true']", "!t ", "%YAML 1.1\n"),
    *("---\n", "...\n", "? ", "- " * 20, "[" * 20, "{a: " * 20, "9" * 5000, "0x" + "f" * 2000),
    *("k: 1\n" * 600, "x" * 20_000, "\n" * 999, "  " * 500, '"\\ud800"', '"\\x00"', "\t", "1e999"),
)


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """``count`` files, each with one to four damages of any kind."""
    chance = random.Random(seed)
    for _ in range(count):
        content = chance.choice(WHOLES)
        if chance.random() < 0.15:
            other = chance.choice(WHOLES)
            content = content[: chance.randrange(len(content))] + other[chance.randrange(99) :]
        for _ in range(chance.randint(1, 4)):
            content = mutated(content, chance)
        yield content


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One damage: a bit, a sign, a known troublemaker, lines moved or nested, a cut."""
    at = chance.randrange(len(content) + 1)
    far = chance.randrange(len(content) + 1)
    match chance.randrange(8):
        case 0 if at < len(content):
            flipped = content[at] ^ (1 << chance.randrange(8))
            return content[:at] + bytes([flipped]) + content[at + 1 :]
        case 1 | 2:
            sign = chance.choice(_SIGNS).encode()
            return content[:at] + sign + content[at + chance.choice((0, 0, 1, 3)) :]
        case 3:
            return content[:at] + chance.choice(_PIECES).encode() + content[at:]
        case 4:
            return content[:at] + content[at + chance.randint(1, 30) :]
        case 5:
            return content[:at] + content[far : far + chance.randint(1, 60)] + content[at:]
        case 6:
            lines = content.splitlines(keepends=True) or [b""]
            line = chance.randrange(len(lines))
            lines[line] = b" " * chance.randint(0, 4) + lines[line].lstrip()
            lines.insert(chance.randrange(len(lines)), lines[line])
            return b"".join(lines)
        case _:
            return content[:at] if chance.random() < 0.3 else content
