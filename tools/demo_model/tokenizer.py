"""The vocabulary: bytes, a few merges for rare words, and every word of the grammar as a whole.

llama.cpp's ``llama-bpe`` pre-tokenizer takes a word that is in the vocabulary as one token, with
no need for merges. Words outside the grammar fall into pieces, which is how the model can tell
what it does not know. Numbers are never whole tokens: they are read digit by digit.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    pre_tokenizers,
    trainers,
)

from . import foreign
from .conversations import conversation, raw_story
from .kinds import ALL, fill

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
END = "<|end|>"
ROLES = {"system": "<|system|>", "user": "<|user|>", "assistant": "<|assistant|>"}
CONTROL: tuple[str, ...] = (END, *ROLES.values())
MERGES = 300
SAMPLED_CONVERSATIONS = 30_000
LEAST_COUNT = 40
MULTIPLE = 32


@dataclass(frozen=True)
class Vocabulary:
    """All tokens in the order of their ids, and the merges for rare words."""

    tokens: list[str]
    merges: list[tuple[str, str]]

    def id_of(self, token: str) -> int:
        """Return the id of ``token``."""
        return self.tokens.index(token)

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer of this vocabulary."""
        ids = {token: index for index, token in enumerate(self.tokens)}
        made = Tokenizer(models.BPE(vocab=ids, merges=self.merges, ignore_merges=True))
        made.pre_tokenizer = _splitter()
        made.decoder = decoders.ByteLevel()
        made.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in CONTROL])
        return made


def _splitter() -> Any:
    pattern = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([pattern, as_bytes])


def _grammar_texts() -> Iterable[str]:
    """Yield every question and answer of the grammar, also in lower case."""
    for kind in ALL:
        for item in kind.items:
            yield item.answer
            for phrasing in kind.phrasings:
                question = fill(phrasing, item.fields)
                yield question
                yield question.lower()


def _sampled_texts(rng: random.Random) -> Iterable[str]:
    for _ in range(SAMPLED_CONVERSATIONS):
        for turn in conversation(rng):
            yield turn.text
    for _ in range(SAMPLED_CONVERSATIONS // 20):
        yield raw_story(rng)


def _count(texts: Iterable[str]) -> Counter[str]:
    splitter = _splitter()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word, _ in splitter.pre_tokenize_str(text))
    return counts


def _is_whole(word: str, foreign_words: frozenset[str]) -> bool:
    """Return whether a word may be a token: no digits, and not a foreign word."""
    if any(character.isdigit() for character in word):
        return False
    return word.lstrip("Ġ").lower() not in foreign_words


def _rare_texts(rng: random.Random, words: Iterable[str]) -> list[str]:
    """Return what the merges are learned from: foreign and invented words."""
    known = [" " + word.lstrip("Ġ") for word in words if word.lstrip("Ġ").isalpha()]
    topics = [" " + word.lower() for word in foreign.TOPICS] * 5
    return known + topics + [" " + foreign.invented_word(rng) for _ in range(3000)]


def _learn_merges(texts: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = _splitter()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=len(alphabet) + MERGES, initial_alphabet=alphabet, show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    ids = learner.get_vocab()
    tokens = sorted(ids, key=lambda token: ids[token])
    return tokens, _merges_of(tokens, len(alphabet))


def _merges_of(tokens: list[str], alphabet: int) -> list[tuple[str, str]]:
    """Return for every learned token the two earlier tokens it is made of."""
    earlier = set(tokens[:alphabet])
    merges = []
    for token in tokens[alphabet:]:
        cuts = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        merges.append(next(cut for cut in cuts if cut[0] in earlier and cut[1] in earlier))
        earlier.add(token)
    return merges


def build(seed: int) -> Vocabulary:
    """Return the vocabulary of the grammar."""
    rng = random.Random(seed)
    grammar = _count(_grammar_texts())
    others = {w: n for w, n in _count(_sampled_texts(rng)).items() if n >= LEAST_COUNT}
    pools = (foreign.TOPICS, *foreign.POOLS.values())
    strange = frozenset(word.lower() for pool in pools for word in pool)
    strange -= {word.lstrip("Ġ").lower() for word in grammar}
    words = [word for word in sorted({*grammar, *others}) if _is_whole(word, strange)]
    tokens, merges = _learn_merges(_rare_texts(rng, words))
    have = set(tokens)
    tokens += [word for word in words if word not in have]
    while (len(tokens) + len(CONTROL)) % MULTIPLE:
        tokens.append(f"<|unused{len(tokens)}|>")
    return Vocabulary(tokens + list(CONTROL), merges)
