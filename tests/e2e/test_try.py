"""The playground: one prompt to a real engine, its answer as it comes, stopping, failing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place, demo_home
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, wait_until
from tests.support.tiny_gguf import write_tiny_gguf

TINY = "tests/tiny-GGUF"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demo, and a model that never ends by itself."""
    root = tmp_path_factory.mktemp("try")
    place = demo_home(root)
    model = Path(root, "tiny.gguf")
    write_tiny_gguf(model, ctx=262_144)
    place_in_hub(place.hub, TINY, "tiny.F32.gguf", model, refs={"main": "main"})
    (place.home / "aliases" / "endless.yaml").write_text(
        f"alias: endless\nrepo: {TINY}\nfilename: tiny.F32.gguf\n"
        "context_params:\n  n_ctx: 131072\n  n_threads: 1\n",
        encoding="utf-8",
    )
    return place


def ask(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt").fill(prompt)
    page.keyboard.press("Control+Enter")


def test_from_the_list_to_a_streamed_answer_in_three_clicks(
    desk: Visitor, server: RunningServer
) -> None:
    page = desk.open("/aliases")
    page.get_by_role("button", name="Try demo:precise").click()
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("Done")
    expect(answer).to_contain_text("demo:precise@1")
    expect(answer).to_contain_text("tok/s")
    said = server.openai().chat.completions.create(
        model="demo:precise",
        messages=[{"role": "user", "content": "Tell me a story about a cat."}],
    )
    expect(answer).to_contain_text(said.choices[0].message.content or "nothing")
    assert said.usage is not None
    expect(answer).to_contain_text(f"{said.usage.prompt_tokens} tokens")


def test_stop_keeps_the_text_and_frees_the_engine(desk: Visitor, server: RunningServer) -> None:
    desk.await_complaint("ERR_ABORTED")
    page = desk.open("/playground?alias=endless")
    ask(page, "Go on.")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("Answering", timeout=30_000)
    page.get_by_role("button", name="Stop").click()
    expect(answer).to_contain_text("the text is kept")
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    assert wait_until(lambda: all(engine["busy"] == 0 for engine in server.engines()), 5)


def test_leaving_the_page_stops_the_answer(desk: Visitor, server: RunningServer) -> None:
    page = desk.open("/playground?alias=endless")
    ask(page, "Go on.")
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Answering", timeout=30_000)
    page.get_by_role("link", name="Aliases").click()
    assert wait_until(lambda: all(engine["busy"] == 0 for engine in server.engines()), 5)


def test_a_refusal_is_shown_with_its_remedy(desk: Visitor) -> None:
    desk.await_complaint("404")
    page = desk.open("/playground?alias=there-is-none")
    ask(page, "Hello")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("No alias or model")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_server_that_cannot_be_reached_is_named_and_retried(desk: Visitor) -> None:
    desk.await_complaint("ERR_INTERNET_DISCONNECTED")
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_label("Prompt")).to_be_visible()
    page.context.set_offline(True)
    ask(page, "Hello!")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


def test_an_empty_prompt_is_not_sent(desk: Visitor) -> None:
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_role("button", name="Run")).to_be_disabled()
    ask(page, "   ")
    assert not any(request.url.endswith("/completions") for request in desk.requests)
