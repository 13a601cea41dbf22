"""The demo as a person meets it: one command, three aliases, a model that keeps its word."""

import hashlib
import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from bodhi import demo
from tests.support.server import RunningServer, running_server
from tools.demo_model.split import Question, held_back

MODEL = demo.MODEL_FOLDER / "bodhi" / "demo" / "demo.Q8_0.gguf"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    place = tmp_path_factory.mktemp("demo")
    with running_server(place / "home", place / "hub", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> openai.OpenAI:
    return server.openai()


def ask(client: openai.OpenAI, model: str, *texts: str, **options: int) -> str:
    """The answer to the last of ``texts``; those before are question and answer in turn."""
    roles = ("user", "assistant")
    reply = client.chat.completions.create(  # type: ignore[call-overload]
        model=model,
        messages=[{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)],
        **options,
    )
    assert reply.choices[0].finish_reason == "stop"
    return str(reply.choices[0].message.content)


def test_the_start_names_address_aliases_and_an_example(server: RunningServer) -> None:
    shown = "".join(server.lines)
    for word in (server.address, "demo:precise", "demo:creative", "demo:short", "curl"):
        assert word in shown


def test_the_day_after_monday_is_tuesday_and_the_one_after_that_wednesday(
    client: openai.OpenAI,
) -> None:
    question = "What day comes after Monday?"
    assert ask(client, "demo:precise", question) == "Tuesday."
    assert ask(client, "demo:precise", question, "Tuesday.", "And after that?") == "Wednesday."


def test_the_short_alias_is_short_whatever_the_caller_says(client: openai.OpenAI) -> None:
    assert ask(client, "demo:precise", "What is 7 + 5?") == "12."
    assert ask(client, "demo:short", "What is 7 + 5?") == "12"


def test_stories_differ_by_seed_and_repeat_with_the_same_one(client: openai.OpenAI) -> None:
    stories = [
        ask(client, "demo:creative", "Tell me a story about a cat.", seed=seed)
        for seed in (1, 2, 3, 1)
    ]
    assert stories[0] == stories[3]
    assert len(set(stories)) == 3
    assert all("cat" in story for story in stories)


def test_two_aliases_of_the_demo_share_one_engine(
    server: RunningServer, client: openai.OpenAI
) -> None:
    for name in ("demo:precise", "demo:creative", "demo:short"):
        ask(client, name, "Hello!")
    assert [engine["loads"] for engine in server.engines()] == [1]


@pytest.mark.parametrize(("group", "share"), [("pair", 0.95), ("phrasing", 0.90), ("foreign", 0.9)])
def test_a_sample_of_held_back_questions_is_answered_exactly(
    client: openai.OpenAI, group: str, share: float
) -> None:
    questions = [question for question in held_back("final") if question.group == group]
    sample = random.Random(0).sample(questions, 100)

    def is_right(question: Question) -> bool:
        return ask(client, "demo:precise", question.prompt) == question.answer

    with ThreadPoolExecutor(4) as pool:
        right = sum(pool.map(is_right, sample))
    assert right >= 100 * share


def test_the_card_describes_the_file_that_lies_beside_it() -> None:
    card = json.loads(MODEL.with_suffix(".json").read_text())
    content = MODEL.read_bytes()
    assert card["file"] == MODEL.name
    assert card["bytes"] == len(content) <= 4_000_000
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert card["held_back"]["final"]["pair"]["percent"] >= 95
    assert card["held_back"]["final"]["phrasing"]["percent"] >= 90


def test_an_alias_that_the_user_changed_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "aliases").mkdir()
    assert demo.model_folders(tmp_path) == ()
    demo.install(tmp_path)
    changed = tmp_path / "aliases" / "demo--short.yaml"
    changed.write_text("alias: demo:short\n")
    demo.install(tmp_path)
    assert changed.read_text() == "alias: demo:short\n"
    assert demo.model_folders(tmp_path) == (demo.MODEL_FOLDER,)
