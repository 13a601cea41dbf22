"""The comparison: lanes at once with one seed, where they differ, the best, sets of prompts."""

import csv
import io
import json
import os
import re
import signal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.chatting import ask, write_endless
from tests.e2e.editing import field
from tests.e2e.homes import Place, demo_home
from tests.e2e.screen_states import fails, never
from tests.support.server import RunningServer

CAT = "Tell me a story about a cat."
BOTH = "/compare?a=demo:precise&b=demo:creative"
LANES = "**/api/v1/trials/lanes"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demo, and two aliases that never end by themselves, each with an engine of its own."""
    root = tmp_path_factory.mktemp("compare")
    place = demo_home(root)
    write_endless(place, root, long=131_072, longer=131_000)
    return place


def lane(page: Page, letter: str) -> Locator:
    return page.get_by_role("region", name=f"Lane {letter}: ")


def test_p08_lanes_are_asked_at_once_with_one_seed_and_the_best_becomes_a_draft(
    desk: Visitor, server: RunningServer
) -> None:
    with server.http() as client:
        found = client.get("/api/v1/aliases/demo--creative").json()
        edits = [{"path": ["request_params", "temperature"], "value": 0.5}]
        etag = {"if-match": f'"{found["etag"]}"'}
        assert client.patch(
            "/api/v1/aliases/demo--creative", json={"edits": edits}, headers=etag
        ).is_success
        draft = client.post("/api/v1/drafts", json={"alias_id": "demo--short"}).json()
    page = desk.open("/compare?a=demo:creative")
    page.get_by_role("button", name="Compare with demo:precise").click()
    page.get_by_role("button", name="Add a lane").click()
    page.get_by_role("combobox", name="What answers in lane C").click()
    page.get_by_role("option", name="demo:short · draft").click()
    page.get_by_role("combobox", name="What answers in lane A").click()
    page.get_by_role("option", name="demo:creative@1").click()
    expect(page).to_have_url(re.compile(f"draft(:|%3A){draft['id']}"))
    params = page.get_by_role("region", name="Parameters").last
    expect(params.get_by_role("row", name="Temperature 0.8 0 0")).to_be_visible()
    expect(params.get_by_role("row", name=re.compile("^Top-k"))).to_have_count(0)
    page.get_by_role("checkbox", name="Only differences").uncheck()
    expect(params.get_by_role("row", name=re.compile("^Top-k"))).to_be_visible()
    page.get_by_role("textbox", name="Seed").fill("7")
    ask(page, CAT)
    for letter, served in (("A", "demo:creative@1"), ("B", "demo:precise@1"), ("C", "demo:short")):
        expect(lane(page, letter)).to_contain_text("Done", timeout=60_000)
        expect(lane(page, letter)).to_contain_text(served)
        expect(lane(page, letter)).to_contain_text("tok/s")
        lane(page, letter).get_by_text("What was in force").click()
        expect(lane(page, letter).get_by_role("row", name="seed")).to_contain_text("7")
    expect(page.get_by_role("status")).to_have_text("Done")  # said to who cannot see it
    page.get_by_role("checkbox", name="Word differences from lane A").check()
    expect(lane(page, "B").locator("ins").first).to_be_visible()
    assert lane(page, "A").locator("ins, del").count() == 0
    page.get_by_role("button", name="Best: lane A").click()
    expect(page.get_by_role("group", name="Votes")).to_contain_text("A 1")
    page.get_by_role("button", name="Best: lane B").click()
    expect(page.get_by_role("group", name="Votes")).to_have_text(re.compile("A 0B 1C 0"))
    page.get_by_role("link", name="Aliases", exact=True).click()
    page.go_back()
    expect(page.get_by_role("group", name="Votes")).to_have_text(re.compile("A 0B 1C 0"))
    ask(page, CAT)
    expect(lane(page, "A")).to_contain_text("Done", timeout=60_000)
    assert desk.violations() == []
    lane(page, "A").get_by_role("button", name="Take into a draft").click()
    expect(page).to_have_url(re.compile("/aliases/demo--creative/edit"))
    expect(field(page, "Temperature")).to_have_value("0.8")
    with server.http() as client:
        assert client.get("/api/v1/aliases/demo--creative").json()["version"] == 2


def test_p08_a_lane_whose_engine_dies_leaves_the_other_streaming(
    desk: Visitor, server: RunningServer
) -> None:
    page = desk.open("/compare?a=long&b=longer")
    ask(page, "Go on.")
    for letter in ("A", "B"):
        expect(lane(page, letter)).to_contain_text("Answering", timeout=60_000)
    busy = [one for one in server.engines() if one["busy"]]
    assert len(busy) == 2  # both at once
    dead = next(one for one in busy if one["aliases"] == ["longer"])
    os.kill(int(str(dead["pid"])), signal.SIGKILL)
    alert = lane(page, "B").get_by_role("alert")
    expect(alert).to_contain_text("SIGKILL")
    expect(lane(page, "B")).to_contain_text("Cut off after")
    before = len(lane(page, "A").inner_text())
    page.wait_for_function(
        "(before) => document.querySelector('[data-lane=a][aria-busy=true]').innerText.length"
        " > before + 20",
        arg=before,
    )
    assert desk.violations() == []
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(lane(page, "A")).to_contain_text("Stopped after")


def test_a_set_of_prompts_is_kept_asked_as_a_whole_and_taken_along(desk: Visitor) -> None:
    page = desk.open("/compare?a=demo:precise&b=demo:short")
    page.get_by_text("A set of prompts").click()
    page.get_by_role("textbox", name="Name of the set").fill("Cats")
    page.get_by_role("textbox", name="Prompt 1").fill(CAT)
    page.get_by_role("button", name="Add a prompt").click()
    page.get_by_role("textbox", name="Prompt 2").fill("Say x, y.")
    page.reload()
    page.get_by_text("A set of prompts").click()
    expect(page.get_by_role("textbox", name="Name of the set")).to_have_value("Cats")
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_text("2 of 2 prompts asked")).to_be_visible(timeout=60_000)
    results = page.get_by_role("region", name="Results").last
    rows = results.get_by_role("row")
    expect(rows).to_have_count(3)
    assert desk.violations() == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Export JSON").click()
    told = json.loads(download.value.path().read_text(encoding="utf-8"))
    different = sum(one["different"] for one in told["results"])
    assert [one["prompt"] for one in told["results"]] == [CAT, "Say x, y."]
    assert all(
        out["timings"]["completion_tokens"] for one in told["results"] for out in one["outputs"]
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    table = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert [line[0] for line in table] == ["prompt", CAT, "Say x, y."]
    assert table[1][1] == told["results"][0]["outputs"][0]["text"]
    page.get_by_role("radiogroup", name="Which rows to show").get_by_text("Different").click()
    if different:
        expect(rows).to_have_count(1 + different)
    else:
        expect(page.get_by_text("Every lane says the same.")).to_be_visible()


TIMINGS = {
    "phases": {"prompt": 2.0, "content": 10.0},
    "first_token_ms": 2.0,
    "duration_ms": 12.0,
    "prompt_tokens": 3,
    "completion_tokens": 1,
    "prompt_ms": 2.0,
    "generation_ms": 10.0,
    "tokens_per_second": 100.0,
}
TOLD = (
    ("begun", {"lane": 0, "alias": "demo:precise"}),
    ("begun", {"lane": 1, "alias": "demo:creative"}),
    ("delta", {"lane": 1, "content": "Once"}),
    ("delta", {"lane": 0, "content": "Once"}),
    ("done", {"lane": 0, "finish_reason": "stop", "timings": TIMINGS, "memory": {}}),
)


def cut_in_lane_b(route: Route) -> None:
    """One lane is done; of the other the end never comes."""
    events = "".join(f"event: {event}\ndata: {json.dumps(data)}\n\n" for event, data in TOLD)
    route.fulfill(content_type="text/event-stream", body=events)


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_s04_a01_everybody_can_compare_in_every_state(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    with visitor(browser, server.address, size, theme, reduced_motion="reduce") as visiting:
        visiting.await_complaint("500|ERR_")
        page = visiting.open("/compare")

        def seen(text: str) -> None:
            expect(page.get_by_text(text).first).to_be_visible()
            assert visiting.violations() == []
            assert visiting.sideways() == 0

        seen("Choose at least two to compare.")
        visiting.open("/compare?a=demo:precise")
        seen("Compare with demo:")
        page.route("**/api/v1/aliases/demo--*", never)
        visiting.open(BOTH)
        expect(page.get_by_role("group", name="Loading the parameters")).to_be_visible()
        expect(page.get_by_text("cannot serve")).to_have_count(0)
        seen("Not asked yet")
        page.unroute_all(behavior="ignoreErrors")
        page.route("**/api/v1/aliases/demo--*", fails)
        visiting.open(BOTH)
        seen("The disk is full.")
        page.unroute_all(behavior="ignoreErrors")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("row", name=re.compile("^Temperature"))).to_be_visible()
        for answer, said in ((never, "Waiting for a free slot"), (fails, "The disk is full.")):
            page.route(LANES, answer)
            ask(page, CAT)
            seen(said)
            page.unroute_all(behavior="ignoreErrors")
            visiting.open(BOTH)
        page.route(LANES, cut_in_lane_b)
        ask(page, CAT)
        expect(lane(page, "A")).to_contain_text("Done")
        seen("Cut off after 1 token")
        page.unroute_all(behavior="ignoreErrors")
        ask(page, CAT)
        for letter in ("A", "B"):
            expect(lane(page, letter)).to_contain_text("Done", timeout=60_000)
        seen("tok/s")
        page.get_by_text("A set of prompts").click()
        seen("Name of the set")


def test_what_cannot_be_compared_is_said_in_the_servers_words(desk: Visitor) -> None:
    desk.await_complaint("404")
    page = desk.open("/compare?a=demo:precise&b=there-is-none")
    ask(page, CAT)
    for letter in ("A", "B"):  # all are refused before any begins
        expect(lane(page, letter).get_by_role("alert")).to_contain_text("No alias or model")
