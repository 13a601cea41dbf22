"""The grammar: one right answer for each question, and stories that agree with themselves."""

import random
import re
from collections import Counter

import pytest

from tools.demo_model import stories, styles
from tools.demo_model.kinds import ALL, BY_NAME, Kind, fill
from tools.demo_model.names import HE, KNOWN, PRONOUNS, SHE
from tools.demo_model.wording import key

EVERY_KIND = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
REPLACEMENTS = re.compile(r"\{\w+\}")


def test_there_are_a_few_dozen_kinds_with_names_of_their_own() -> None:
    assert len(ALL) >= 36
    assert len(BY_NAME) == len(ALL)


@EVERY_KIND
def test_phrasings_differ_in_more_than_small_changes(kind: Kind) -> None:
    counts = Counter(key(phrasing) for phrasing in kind.phrasings)
    assert [text for text, count in counts.items() if count > 1] == []
    assert len(kind.phrasings) >= 12


@EVERY_KIND
def test_items_have_labels_of_their_own(kind: Kind) -> None:
    counts = Counter(item.label for item in kind.items)
    assert [label for label, count in counts.items() if count > 1] == []


@EVERY_KIND
def test_every_phrasing_can_be_filled_with_every_item(kind: Kind) -> None:
    for phrasing in kind.phrasings:
        for item in kind.items:
            question = fill(phrasing, item.fields)
            assert "{" not in question
            assert "  " not in question
            assert not question[0].islower()


@EVERY_KIND
def test_answers_are_sentences(kind: Kind) -> None:
    for item in kind.items:
        assert item.answer[-1] in ".!?"
        assert not item.answer[0].islower()


def test_no_two_questions_contradict_each_other() -> None:
    answers: dict[str, str] = {}
    for kind in ALL:
        for item in kind.items:
            for phrasing in kind.phrasings:
                question = key(fill(phrasing, item.fields))
                assert answers.setdefault(question, item.answer) == item.answer, question


@pytest.mark.parametrize("name", ["membership", "ability"])
def test_yes_and_no_are_balanced(name: str) -> None:
    answers = Counter(item.answer for item in BY_NAME[name].items)
    assert set(answers) == {"Yes.", "No."}
    assert abs(answers["Yes."] - answers["No."]) <= 0.1 * len(BY_NAME[name].items)


@pytest.mark.parametrize(
    ("kind", "label", "answer"),
    [
        ("day after", "Monday", "Tuesday."),
        ("day before", "Monday", "Sunday."),
        ("month after", "December", "January."),
        ("capital", "France", "Paris."),
        ("plural", "mouse", "Mice."),
        ("sum", "7/5", "12."),
        ("difference", "7/5", "2."),
        ("product", "7/5", "35."),
        ("counting", "three", "1, 2, 3."),
        ("larger animal", "dog/horse", "A horse."),
    ],
)
def test_some_answers_are_right(kind: str, label: str, answer: str) -> None:
    items = {item.label: item for item in BY_NAME[kind].items}
    assert items[label].answer == answer


def test_styles_change_the_answer_and_keep_what_it_says() -> None:
    assert styles.apply("", "capital", "Paris.") == "Paris."
    assert styles.apply("plain", "capital", "Paris.") == "Paris."
    assert styles.apply("short", "capital", "Paris.") == "Paris"
    assert styles.apply("short", "young animal", "A kitten.") == "Kitten"
    assert styles.apply("short", "unknown", styles.UNKNOWN) == "I do not know."
    for style in ("polite", "pirate"):
        assert "Paris." in styles.apply(style, "capital", "Paris.")


def test_wordings_of_system_prompts_belong_to_one_style() -> None:
    counts = Counter(key(text) for texts in styles.WORDINGS.values() for text in texts)
    counts.update(key(text) for text in styles.PLAIN_WORDINGS)
    assert max(counts.values()) == 1
    assert all(styles.CANONICAL[style] in texts for style, texts in styles.WORDINGS.items())


def test_every_known_name_has_its_pronouns() -> None:
    assert set(PRONOUNS) == set(KNOWN)
    assert {PRONOUNS["Rosa"], PRONOUNS["Emma"]} == {SHE}
    assert {PRONOUNS["Hugo"], PRONOUNS["Peter"]} == {HE}


@pytest.mark.parametrize("seed", range(200))
def test_stories_use_the_names_and_pronouns_of_their_cast(seed: int) -> None:
    told = stories.story(random.Random(seed), "owl", "Rosa")
    assert " owl" in told
    friends = {name for name in KNOWN if re.search(rf"\b{name}\b", told)} - {"Rosa"}
    assert len(friends) == 1
    allowed = {"she", "her"}
    friend = PRONOUNS[friends.pop()]
    allowed |= {friend.subject, friend.object, friend.possessive}
    used = set(re.findall(r"\b(?:he|him|his|she|her)\b", told.lower()))
    assert used <= allowed
    assert "{" not in told
    assert "  " not in told


@pytest.mark.parametrize("seed", range(50))
def test_a_story_has_one_object_and_right_articles(seed: int) -> None:
    told = stories.story(random.Random(seed))
    assert len({thing.strip() for thing in stories.OBJECTS if thing.strip() in told}) == 1
    assert not re.search(r"\b[Aa] [aeiou]|\b[Aa]n [^aeiou]", told)


def test_stories_differ() -> None:
    rng = random.Random(5)
    assert len({stories.story(rng) for _ in range(200)}) == 200


def test_templates_name_only_fields_of_their_items() -> None:
    for kind in ALL:
        names = {"{" + name + "}" for name in kind.items[0].fields}
        used = {field for phrasing in kind.phrasings for field in REPLACEMENTS.findall(phrasing)}
        assert used <= names, kind.name
