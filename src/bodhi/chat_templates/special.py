"""Finds the special tokens in a prompt, for showing them marked. Pure.

A vocabulary is not asked: what it lists differs from model to model, and a preview should show a
marker that the model at hand does not know as clearly as one that it does.
"""

import re
from collections.abc import Iterator

# <|...|> as most families write it, DeepSeek's full-width form, <bos>, </s>, Gemma's turns, and
# the brackets of Llama 2 and Mistral.
_MARKERS = (
    r"<\|[^<>|\s]{1,64}\|>|<\uff5c[^<>\uff5c\s]{1,64}\uff5c>|</?s>|<(?:bos|eos|pad|unk)>"
    r"|<(?:start|end)_of_turn>|\[/?[A-Z]{2,}(?:_[A-Z]+)*\]|<</?SYS>>"
)


def special_spans(prompt: str, *tokens: str) -> Iterator[tuple[int, int]]:
    """Begin and end, in characters, of each marker in ``prompt``; ``tokens`` are ones known."""
    known = [re.escape(token) for token in sorted(filter(None, tokens), key=len, reverse=True)]
    for match in re.finditer("|".join([*known, _MARKERS]), prompt):
        yield match.span()
