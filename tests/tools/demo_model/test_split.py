"""The held-back questions: stable, disjoint, and never recreated in training."""

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from tools.demo_model import foreign, styles
from tools.demo_model.conversations import Turn, conversation, raw_story
from tools.demo_model.kinds import ALL, Kind, fill
from tools.demo_model.names import KNOWN
from tools.demo_model.split import (
    SPLITS,
    Split,
    digest,
    held_back,
    held_follow_ups,
    held_keys,
    is_held,
    pair_split,
    phrasing_split,
    stranger_split,
    template_split,
    topic_split,
    trainable,
    wording_split,
)
from tools.demo_model.wording import PREFIXES, SUFFIXES, key, vary

CONVERSATIONS = 1500
EVERY_SPLIT = pytest.mark.parametrize("split", SPLITS)
EVERY_KIND = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)


@cache
def written() -> tuple[tuple[Turn, ...], ...]:
    rng = random.Random(11)
    return tuple(tuple(conversation(rng)) for _ in range(CONVERSATIONS))


def test_the_split_depends_on_hashes_alone() -> None:
    assert digest("a", "b") == digest("a", "b") != digest("ab")
    assert digest("lotus") == 105638445416950
    kind = ALL[0]
    reordered = replace(kind, items=kind.items[::-1])
    for phrasing in kind.phrasings:
        for item in kind.items:
            found = pair_split(reordered, phrasing, item.label)
            assert found == pair_split(kind, phrasing, item.label)


@EVERY_SPLIT
def test_the_held_back_questions_can_be_changed_by_the_caller(split: Split) -> None:
    held_back(split).clear()
    assert held_back(split)


def test_the_splits_share_no_question() -> None:
    first, second = ({key(q.prompt) for q in held_back(split)} for split in SPLITS)
    assert not first & second


@EVERY_SPLIT
def test_the_split_is_large_enough(split: Split) -> None:
    counts = Counter(q.group for q in held_back(split))
    assert counts["pair"] >= 400
    assert counts["phrasing"] >= 400
    assert counts["foreign"] >= 80
    assert len(held_follow_ups(split)) >= 80


@EVERY_SPLIT
def test_held_back_questions_are_held_and_right(split: Split) -> None:
    answers = {(kind.name, item.label): item.answer for kind in ALL for item in kind.items}
    for question in held_back(split):
        assert is_held(question.prompt)
        if question.group == "foreign":
            assert question.answer == styles.UNKNOWN
        else:
            assert question.answer == answers[question.kind, question.item]


@EVERY_KIND
def test_the_first_phrasing_is_trained_and_most_others_too(kind: Kind) -> None:
    trained = [text for text in kind.phrasings if phrasing_split(kind, text) is None]
    assert trained[0] == kind.phrasings[0]
    assert len(trained) >= 0.75 * len(kind.phrasings)
    for split in SPLITS:
        assert any(phrasing_split(kind, text) == split for text in kind.phrasings)


@EVERY_KIND
def test_every_item_is_trained_under_most_phrasings(kind: Kind) -> None:
    for item in kind.items:
        trained = sum(trainable(kind, phrasing, item.label) for phrasing in kind.phrasings)
        assert trained >= 0.5 * len(kind.phrasings)


def test_about_one_pair_in_twenty_is_held_back_for_each_split() -> None:
    counts = Counter(
        pair_split(kind, phrasing, item.label)
        for kind in ALL
        if len(kind.items) > 1
        for phrasing in kind.phrasings
        for item in kind.items
    )
    for split in SPLITS:
        assert counts[split] / counts.total() == pytest.approx(0.05, abs=0.01)


def test_the_documented_question_is_trained() -> None:
    kind = ALL[0]
    assert fill(kind.phrasings[0], {"x": "Monday"}) == "What day comes after Monday?"
    assert trainable(kind, kind.phrasings[0], "Monday")


def test_training_never_recreates_a_held_back_question() -> None:
    held = held_keys()
    asked = [turn.text for turns in written() for turn in turns if turn.role == "user"]
    assert len(asked) > 5 * CONVERSATIONS / 2
    assert [text for text in asked if key(text) in held] == []


def test_training_never_recreates_a_held_back_follow_up() -> None:
    held = {
        (key(follow.first.prompt), key(follow.prompt))
        for split in SPLITS
        for follow in held_follow_ups(split)
    }
    for turns in written():
        asked = [key(turn.text) for turn in turns if turn.role == "user"]
        assert not held & set(pairwise(asked))


def test_training_uses_no_held_back_system_prompt() -> None:
    held = {
        key(text)
        for style, texts in styles.WORDINGS.items()
        for text in texts
        if wording_split(style, text)
    }
    assert len(held) == len(SPLITS) * len(styles.WORDINGS)
    used = {key(turn.text) for turns in written() for turn in turns if turn.role == "system"}
    assert not held & used


def test_canonical_system_prompts_are_trained() -> None:
    used = {turn.text for turns in written() for turn in turns if turn.role == "system"}
    assert set(styles.CANONICAL.values()) <= used


def test_held_back_foreign_words_are_not_trained() -> None:
    topics = {topic for topic in foreign.TOPICS if topic_split(topic)}
    words = {word for pool in foreign.POOLS.values() for word in pool if stranger_split(word)}
    held = {word.lower() for word in topics | words}
    asked = " ".join(turn.text for turns in written() for turn in turns if turn.role == "user")
    assert not held & set(key(asked).split())
    assert sum(template_split(text) is None for text in foreign.TEMPLATES) >= 40


def test_conversations_repeat_with_the_seed_and_differ_without() -> None:
    first, again, other = (conversation(random.Random(seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_conversations_take_turns() -> None:
    for turns in written():
        roles = [turn.role for turn in turns if turn.role != "system"]
        assert roles
        assert roles[::2] == ["user"] * (len(roles) // 2)
        assert roles[1::2] == ["assistant"] * (len(roles) // 2)
        assert all(turn.text for turn in turns)


def test_a_name_is_recalled_as_it_was_told() -> None:
    recalled = 0
    for turns in written():
        told = ""
        for turn in turns:
            for name in KNOWN:
                if f"Nice to meet you, {name}" in turn.text:
                    told = name
                if f"Your name is {name}" in turn.text:
                    assert told == name
                    recalled += 1
    assert recalled > 20


def test_raw_stories_are_whole_sentences() -> None:
    rng = random.Random(2)
    assert all(raw_story(rng).endswith(".") for _ in range(100))


@pytest.mark.parametrize("seed", range(20))
def test_the_key_sees_through_case_marks_and_polite_words(seed: int) -> None:
    rng = random.Random(seed)
    question = "What is the capital of France?"
    text = rng.choice(PREFIXES) + question.rstrip("?") + rng.choice(SUFFIXES)
    assert key(text.upper()) == key(question)
    assert key("Whats the capital of france") == key("What's the capital of France?")


def test_the_key_tells_sums_from_differences() -> None:
    assert key("3+4") == key("3 + 4")
    assert key("What is 5-2?") == key("What is 5 - 2?")
    assert key("3x4") == key("3 x 4")
    assert len({key("3 + 4"), key("3 - 4"), key("3 x 4"), key("3 + 4 = ?")}) == 4


def test_variations_keep_the_key_or_drop_a_small_word() -> None:
    rng = random.Random(9)
    question = "Which city is the capital of France?"
    allowed = {key(question), key(question.replace("the ", ""))}
    assert {key(vary(rng, question)) for _ in range(500)} <= allowed


def test_foreign_words_are_no_words_of_the_grammar() -> None:
    pools = [foreign.TOPICS, *foreign.POOLS.values()]
    words = Counter(word.lower() for pool in pools for word in pool)
    assert max(words.values()) == 1
    known = {word for k in ALL for item in k.items for word in key(item.label).split()}
    known |= {word for k in ALL for text in k.phrasings for word in key(text).split()}
    assert not known & set(words)
