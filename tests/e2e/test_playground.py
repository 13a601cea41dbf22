"""The playground: a conversation with a real engine, stopping, failing, going on, trying values."""

import os
import re
import signal
from collections.abc import Iterator
from time import perf_counter

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsing import Visitor
from tests.e2e.chatting import answers, ask, write_endless
from tests.e2e.homes import Place, demo_home
from tests.support.fake_remote import FakeRemote, fake_remote
from tests.support.server import RunningServer, running_server, wait_until


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demo, and a model that never ends by itself."""
    root = tmp_path_factory.mktemp("try")
    place = demo_home(root)
    write_endless(place, root, endless=131_072)
    for name, script in (("away", "endless"), ("breaks", "midway")):
        (place.home / "aliases" / f"{name}.yaml").write_text(
            f"alias: {name}\nrepo: remote:office\nfilename: {script}\n", encoding="utf-8"
        )
    return place


@pytest.fixture(scope="module")
def remote() -> Iterator[FakeRemote]:
    """Answers elsewhere, as slowly or badly as its model is called."""
    with fake_remote() as running:
        yield running


@pytest.fixture(scope="module")
def server(place: Place, remote: FakeRemote) -> Iterator[RunningServer]:
    with running_server(place.home, place.hub, env=remote.environment) as running:
        yield running


def height_with(field: Locator, lines: int) -> float:
    field.fill("\n".join(["words"] * lines))
    box = field.bounding_box()
    assert box is not None
    return box["height"]


def test_p01_from_the_list_to_a_streamed_answer_in_three_clicks(
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
    # A field is as high as its text, from two lines to ten.
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    heights = [height_with(prompt, lines) for lines in (0, 2, 5, 10, 40)]
    line = (heights[2] - heights[1]) / 3
    assert 12 < line < 30
    assert heights == pytest.approx([heights[0]] * 2 + [heights[0] + line * n for n in (3, 8, 8)])


def test_stop_keeps_the_text_and_frees_the_engine(desk: Visitor, server: RunningServer) -> None:
    desk.await_complaint("ERR_ABORTED")
    page = desk.open("/playground?alias=endless")
    ask(page, "Go on.")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("Answering", timeout=30_000)
    page.get_by_role("button", name="Stop", exact=True).click()
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
    # An error about a parameter leads to it.
    desk.await_complaint("400")
    page = desk.open("/playground?alias=demo:precise")
    error = {
        "message": "Too much.",
        "code": "parameter_invalid",
        "pointer": "/context_params/n_ctx",
    }
    page.route("**/api/v1/trials", lambda route: route.fulfill(status=400, json={"error": error}))
    ask(page, "Hello")
    page.get_by_role("link", name="Open editor at n_ctx").click()
    expect(page.get_by_role("group", name="Context size", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("slider", name="Context size, slider")).to_be_focused()


def test_a_server_that_cannot_be_reached_is_named_and_retried(desk: Visitor) -> None:
    desk.await_complaint("ERR_INTERNET_DISCONNECTED")
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_be_visible()
    expect(page.get_by_role("group", name="Temperature", exact=True)).to_be_visible()
    page.context.set_offline(True)
    ask(page, "Hello!")
    alert = page.get_by_role("region", name="Answer").get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


def test_an_empty_prompt_is_not_sent(desk: Visitor) -> None:
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_role("button", name="Run")).to_be_disabled()
    ask(page, "   ")
    assert not any(request.url.endswith("/completions") for request in desk.requests)


def test_p02_stop_ends_the_upstream_request_within_300_ms(
    desk: Visitor, remote: FakeRemote
) -> None:
    desk.await_complaint("ERR_ABORTED")
    page = desk.open("/playground?alias=away")
    took = []
    for _ in range(3):  # a busy machine is slow, not wrong
        remote.forget()
        ask(page, "Go on.")
        expect(answers(page).last).to_contain_text("word3")
        page.get_by_role("button", name="Stop", exact=True).click()
        began = perf_counter()
        assert remote.left.wait(10)
        took.append(perf_counter() - began)
        expect(answers(page).last).to_contain_text(re.compile(r"Stopped after \d+ tokens"))
    assert min(took) <= 0.3, took


def test_p04_a_reload_in_mid_answer_keeps_what_came_and_goes_on(
    desk: Visitor, remote: FakeRemote
) -> None:
    page = desk.open("/playground?alias=away")
    ask(page, "Go on.")
    expect(answers(page)).to_contain_text("word3 ")
    # From here on the browser's database is as late as on a busy machine: nothing gets into it.
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = function () {"
        " this.transaction.abort(); return { result: null } } }"
    )
    expect(answers(page)).to_contain_text("word60")
    page.reload()
    expect(answers(page)).to_contain_text("word60")
    expect(answers(page)).to_contain_text("the text is kept")
    noted = "Object.keys(localStorage).filter((key) => key.startsWith('bodhi-leaving'))"
    assert wait_until(lambda: page.evaluate(noted) == [], 10)
    page.reload()  # the database has it now
    expect(answers(page)).to_contain_text("word60")
    remote.forget()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    assert wait_until(lambda: len(remote.requests) == 1, 10)
    sent = remote.requests[0]["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant"]
    assert sent[1]["content"].startswith("word0 word1 ")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(answers(page)).to_contain_text("word0 word1")


def test_p03_p04_a_cut_keeps_its_text_and_its_cause_and_can_be_continued(
    desk: Visitor, remote: FakeRemote
) -> None:
    page = desk.open("/playground?alias=breaks")
    page.get_by_text("System prompt", exact=True).first.click()
    page.get_by_role("textbox", name="System prompt", exact=True).fill("Be brief.")
    remote.forget()
    ask(page, "Go on.")
    answer = answers(page)
    expect(answer).to_contain_text("word0 word1")
    expect(answer).to_contain_text("Cut off after 2 tokens; the text is kept.")
    expect(answer.get_by_role("alert")).to_be_visible()
    expect(answer.get_by_role("link", name="Open editor")).to_be_visible()
    assert remote.requests[0]["messages"][0] == {"role": "system", "content": "Be brief."}
    answer.get_by_role("button", name="Continue").click()
    expect(answer).to_contain_text("word0 word1 word0 word1")
    expect(answer).to_contain_text("Cut off after 4 tokens")
    assert desk.violations() == []
    answer.get_by_role("button", name="Try again").click()
    expect(answer).to_contain_text("Cut off after 2 tokens")
    # Another question in its place: what followed it goes, and comes back.
    page.get_by_role("region", name="Question").get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Edited text").fill("Something else.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("region", name="Question")).to_contain_text("Something else.")
    expect(answer).to_contain_text("Cut off after 2 tokens")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("region", name="Question")).to_contain_text("Go on.")


def test_p03_p04_an_engine_that_dies_says_why_and_is_asked_again(
    desk: Visitor, server: RunningServer
) -> None:
    page = desk.open("/playground?alias=endless")
    ask(page, "Go on.")
    expect(answers(page)).to_contain_text("Answering", timeout=60_000)
    pid = next(int(str(one["pid"])) for one in server.engines() if one["busy"])
    os.kill(pid, signal.SIGKILL)
    alert = answers(page).get_by_role("alert")
    expect(alert).to_contain_text("SIGKILL")
    expect(alert).to_contain_text("What the engine said last")
    expect(alert.get_by_role("link", name="Open editor")).to_have_attribute(
        "href", "/aliases/endless/edit"
    )
    assert desk.violations() == []
    alert.get_by_role("button", name="Try again").click()
    expect(answers(page)).to_contain_text("Answering", timeout=60_000)
    page.get_by_role("button", name="Stop", exact=True).click()


def test_threads_stay_on_the_device_named_found_taken_along_and_brought_back(
    desk: Visitor, place: Place
) -> None:
    canary = "quokkas in the evening"
    page = desk.open("/playground?alias=demo:precise")
    ask(page, f"Tell me of {canary}.")
    expect(answers(page)).to_contain_text("Done")
    page.get_by_role("button", name="More for this thread").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Marsupials")
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_role("button", name="New thread").last.click()
    expect(answers(page)).to_have_count(0)
    page.get_by_role("button", name="New thread").first.click()  # its name, until it has one
    dialog = page.get_by_role("dialog", name="Threads")
    dialog.get_by_role("searchbox").fill("quokkas")
    expect(dialog).to_contain_text("on this device, nowhere else")
    assert desk.violations() == []
    dialog.get_by_role("button", name="Marsupials").click()
    expect(page.get_by_role("region", name="Question")).to_contain_text(canary)
    for kind, inside in (("JSON", '"role": "assistant"'), ("Markdown", "## Answer")):
        page.get_by_role("button", name="More for this thread").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=f"Export as {kind}").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert canary in text
        assert inside in text
    page.get_by_role("button", name="More for this thread").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(answers(page)).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("region", name="Question")).to_contain_text(canary)
    told = [one.url for one in desk.requests if canary in (one.post_data or "")]
    assert told == [f"{desk.address}/api/v1/trials"]
    files = [one for one in place.home.rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if canary.encode() in one.read_bytes()]
