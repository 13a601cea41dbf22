"""The engine renders every published prompt as we do, save where a page says otherwise."""

import asyncio
import re
from datetime import datetime
from pathlib import Path

import pytest

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.errors import TemplateFailed
from bodhi.params.values import JsonObject
from tests.support.published_templates import (
    Case,
    published_templates,
    templates_of_repositories,
)
from tests.support.template_engine import engine_outcomes
from tests.support.tiny_gguf import write_tiny_gguf

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "chat-templates.md"
BOS, EOS = "<s>", "</s>"
Outcome = tuple[str, str]


def listed(page: str) -> dict[str, str]:
    """The differences that the page lists: template -> cause."""
    return dict(re.findall(r"^\| `([^`]+)` \| (date|system) \|$", page, re.MULTILINE))


def today() -> str:
    return datetime.now().strftime("%d %b %Y")  # noqa: DTZ005 - the engine says the local day


async def ours(
    renderer: Renderer, text: str, messages: list[JsonObject], **options: str
) -> Outcome:
    conversation = Conversation(messages, bos_token=BOS, eos_token=EOS, kwargs={**options})
    try:
        return "prompt", await renderer.render(text, conversation)
    except TemplateFailed as error:
        return "error", error.reason


def in_the_first_turn(messages: list[JsonObject]) -> list[JsonObject]:
    """What the engine makes of a system message that a template has no place for."""
    if messages[0]["role"] != "system" or len(messages) == 1:
        return messages
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n{first['content']}"}, *rest]


async def causes(renderer: Renderer, text: str, model: Path, cases: list[Case]) -> set[str]:
    """In which ways the engine differs from us over these conversations."""
    found = set()
    days = [today()]
    given = engine_outcomes(model, text, [case.messages for case in cases])
    days.append(today())
    for case, (kind, said) in zip(cases, given, strict=True):
        messages: list[JsonObject] = case.messages  # type: ignore[assignment]
        theirs = kind, said.rpartition("Jinja Exception: ")[2] if kind == "error" else said
        dated = [await ours(renderer, text, messages, date_string=day) for day in days]
        if theirs == await ours(renderer, text, messages):
            continue
        if theirs in dated:
            found.add("date")
        elif theirs == await ours(renderer, text, in_the_first_turn(messages)):
            found.add("system")
        else:
            found.add(f"unexplained: {case.name}")
    return found


def measured(model: Path, only: str | None = None) -> dict[str, set[str]]:
    """Template -> causes, for every template that the engine renders otherwise than we do."""
    everything = {
        entry.repo: (entry.template, entry.cases) for entry in templates_of_repositories()
    }
    everything |= {k: (BUILTIN[k].text, v.cases) for k, v in published_templates().items()}

    async def compare() -> dict[str, set[str]]:
        renderer = Renderer(workers=1)
        try:
            return {
                name: found
                for name, (text, cases) in everything.items()
                if only in {None, name}
                if (found := await causes(renderer, text, model, cases))
            }
        finally:
            await renderer.aclose()

    assert sum(len(cases) for _, cases in everything.values()) == 256 + 36
    return asyncio.run(compare())


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, but one whose tokenizer adds no token of its own before the prompt."""
    path = tmp_path_factory.mktemp("plain-model") / "plain.gguf"
    write_tiny_gguf(path, metadata={"tokenizer.ggml.add_bos_token": False})
    return path


def test_the_engine_differs_where_the_page_says_so_and_nowhere_else(plain_model: Path) -> None:
    page = listed(PAGE.read_text(encoding="utf-8"))
    assert measured(plain_model) == {name: {cause} for name, cause in page.items()}


def test_a_difference_that_nobody_explains_would_be_found(
    plain_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.chat_templates.test_published_in_the_engine.BOS", "<other>")
    found = measured(plain_model, only="llama3")
    assert all(cause.startswith("unexplained") for cause in found["llama3"])
