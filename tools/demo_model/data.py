"""Training data as arrays: token ids, and how much each token counts in the loss."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .conversations import conversation, raw_story
from .tokenizer import END, ROLES, Vocabulary

CHUNKS = 32
RAW_SHARE = 0.015
FACT_LENGTH = 3
FULL_WEIGHT = 40
LARGEST_WEIGHT = 127
RAW_WEIGHT = 10
STEP = 16
POOL = 4096


@dataclass(frozen=True)
class Corpus:
    """Conversations one after the other; weights are 0 where nothing is to be learned."""

    ids: NDArray[np.int16]
    weights: NDArray[np.int8]
    lengths: NDArray[np.int32]


@dataclass(frozen=True)
class Batch:
    """Padded inputs, the tokens to predict, and their weights."""

    inputs: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]


def _answer_weight(length: int) -> int:
    """Return the weight of each token of an answer: long answers must not drown short ones."""
    return min(LARGEST_WEIGHT, round(FULL_WEIGHT * math.sqrt(FACT_LENGTH / length)))


def _encode_conversation(rng: random.Random, tokenizer: Any) -> tuple[list[int], list[int]]:
    end: int = tokenizer.token_to_id(END)
    ids: list[int] = []
    weights: list[int] = []
    for turn in conversation(rng):
        text = tokenizer.encode(turn.text).ids
        ids += [tokenizer.token_to_id(ROLES[turn.role]), *text, end]
        weight = _answer_weight(len(text) + 1) if turn.role == "assistant" else 0
        weights += [0] + [weight] * (len(text) + 1)
    return ids, weights


def _encode_raw(rng: random.Random, tokenizer: Any) -> tuple[list[int], list[int]]:
    ids = [*tokenizer.encode(raw_story(rng)).ids, tokenizer.token_to_id(END)]
    return ids, [0] + [RAW_WEIGHT] * (len(ids) - 1)


def _chunk(job: tuple[Vocabulary, int, int, int]) -> Corpus:
    vocabulary, context, seed, count = job
    rng, tokenizer = random.Random(seed), vocabulary.tokenizer()
    ids: list[int] = []
    weights: list[int] = []
    lengths = []
    for _ in range(count):
        encode = _encode_raw if rng.random() < RAW_SHARE else _encode_conversation
        tokens, counts = encode(rng, tokenizer)
        ids += tokens[:context]
        weights += counts[:context]
        lengths.append(min(len(tokens), context))
    return Corpus(np.array(ids, np.int16), np.array(weights, np.int8), np.array(lengths, np.int32))


def generate(vocabulary: Vocabulary, context: int, seed: int, count: int, jobs: int) -> Corpus:
    """Return ``count`` conversations, made by ``jobs`` processes."""
    work = [(vocabulary, context, seed * 1000 + n, -(-count // CHUNKS)) for n in range(CHUNKS)]
    with Pool(jobs) as pool:
        parts = pool.map(_chunk, work, chunksize=1)
    return Corpus(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.lengths for part in parts]),
    )


def _groups(corpus: Corpus, rng: np.random.Generator, tokens: int) -> Iterator[list[int]]:
    """Yield groups of conversations of similar length that fill one padded batch."""
    order = rng.permutation(len(corpus.lengths))
    for start in range(0, len(order), POOL):
        pool = sorted(order[start : start + POOL], key=lambda n: int(corpus.lengths[n]))
        groups: list[list[int]] = [[]]
        for number in pool:
            width = _padded(int(corpus.lengths[number]))
            if groups[-1] and width * (len(groups[-1]) + 1) > tokens:
                groups.append([])
            groups[-1].append(int(number))
        for place in rng.permutation(len(groups)):
            yield groups[place]


def _padded(length: int) -> int:
    return -(-length // STEP) * STEP


def batches(corpus: Corpus, seed: int, tokens: int) -> Iterator[Batch]:
    """Yield batches of at most ``tokens`` padded tokens without end."""
    rng = np.random.default_rng(seed)
    ends = np.cumsum(corpus.lengths, dtype=np.int64)
    while True:
        for group in _groups(corpus, rng, tokens):
            yield _batch(corpus, ends, group)


def _batch(corpus: Corpus, ends: NDArray[np.int64], group: list[int]) -> Batch:
    width = max(_padded(int(corpus.lengths[n])) for n in group)
    inputs = np.zeros((len(group), width), np.int64)
    targets = np.zeros((len(group), width), np.int64)
    weights = np.zeros((len(group), width), np.float32)
    for row, number in enumerate(group):
        length = int(corpus.lengths[number])
        place = slice(int(ends[number]) - length, int(ends[number]))
        inputs[row, :length] = corpus.ids[place]
        targets[row, : length - 1] = corpus.ids[place][1:]
        weights[row, : length - 1] = corpus.weights[place][1:]
    return Batch(inputs, targets, weights)
