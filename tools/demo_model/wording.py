"""Small changes of wording, and the key that sees through them.

``vary`` makes the questions of the training data look more like what people type. ``key`` is
the same for a question and its variations: the split compares keys, so that no variation of a
held-back question is ever trained.
"""

import random
import re

PREFIXES: tuple[str, ...] = (
    "please, ",
    "please ",
    "hello, ",
    "hi, ",
    "hey, ",
    "question: ",
    "quick question: ",
    "okay, ",
    "so, ",
    "well, ",
    "now, ",
    "excuse me, ",
    "and ",
)
SUFFIXES: tuple[str, ...] = (", please", " please", " if you can", " right now", ", thank you")
_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
_NOT_KEPT = re.compile(r"[^a-z0-9{}+=/-]+")
_OPERATOR = re.compile(r" ?([+=]|(?<=[0-9}] )-(?= [0-9{])|(?<=[0-9}])-(?=[0-9{])) ?")
_OPENERS = tuple(_NOT_KEPT.sub(" ", prefix).strip() + " " for prefix in PREFIXES)
_CLOSERS = tuple(" " + _NOT_KEPT.sub(" ", suffix).strip() for suffix in SUFFIXES)
_FEWEST_WORDS = 3


def key(text: str) -> str:
    """Return ``text`` without case, punctuation, contractions and polite additions."""
    plain = _NOT_KEPT.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()
    plain = re.sub(r"\bwhats\b", "what is", plain)
    plain = re.sub(r"(?<=[0-9}])x(?=[0-9{])", " x ", plain)
    plain = _OPERATOR.sub(r" \1 ", plain)
    return _stripped(" ".join(plain.split()))


def _stripped(plain: str) -> str:
    for _ in range(3):
        for opener in _OPENERS:
            if plain.startswith(opener) and plain.count(" ") >= _FEWEST_WORDS:
                plain = plain[len(opener) :]
        for closer in _CLOSERS:
            if plain.endswith(closer) and plain.count(" ") >= _FEWEST_WORDS:
                plain = plain[: -len(closer)]
    return plain


def vary(rng: random.Random, question: str) -> str:
    """Return ``question`` as somebody else might type it."""
    text = question
    if rng.random() < 0.10 and text.count(" ") >= _FEWEST_WORDS:
        prefix = rng.choice(PREFIXES)
        text = prefix[0].upper() + prefix[1:] + _lower_start(rng, text)
    if rng.random() < 0.10:
        text = text.replace("What is", rng.choice(("What's", "Whats")), 1)
    if rng.random() < 0.05:
        text = text.replace(rng.choice((" the ", " me ")), " ", 1)
    if rng.random() < 0.3:
        text = re.sub(r"(?<=\d) ([-+x=]) (?=\d)", r"\1", text)
    if rng.random() < 0.06 and text.count(" ") >= _FEWEST_WORDS:
        text = text[:-1] + rng.choice(SUFFIXES) + text[-1]
    return _case_and_mark(rng, text)


def _lower_start(rng: random.Random, text: str) -> str:
    """Lower the first letter of a word such as What, but not of a name or of I."""
    if text.split(" ", 1)[0] in _COMMON_STARTS and rng.random() < 0.8:
        return text[0].lower() + text[1:]
    return text


_COMMON_STARTS = frozenset(
    "What Which Tell Do Can Could Name Give Say Let How Where Who Is Count Write Have".split()
)


def _case_and_mark(rng: random.Random, text: str) -> str:
    chance = rng.random()
    if chance < 0.12:
        text = text.lower()
    elif chance < 0.14:
        text = text.upper()
    if rng.random() < 0.12 and text[-1] in ".?!":
        text = text[:-1]
    return text
