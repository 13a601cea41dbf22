"""From the page down to the bytes: the alias file, and the request that the engine receives."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bodhi.aliases.reader import read_recipe
from tests.e2e.browsing import Visitor
from tests.e2e.editing import edit, field, publish, row, saved, tab, text_of
from tests.e2e.homes import Place
from tests.support.fake_llama_server import write_fake_llama_server
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server
from tests.support.tiny_gguf import write_tiny_gguf

HEAD = "repo: us/tiny-GGUF\nfilename: tiny.Q8_0.gguf\n"
STOPS = ["\n\n", " User:, ", "<|eot_id|>", "\t", "\\n"]


@dataclass
class Recorder:
    """What engines were sent, and how they were started."""

    file: Path

    def last(self) -> tuple[dict[str, Any], list[str]]:
        lines = [json.loads(line) for line in self.file.read_text().splitlines()]
        body = next(line for line in reversed(lines) if "body" in line)
        started = {one["engine"]: one["arguments"] for one in lines if "arguments" in one}
        return body["body"], started[body["engine"]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("bytes")
    place = Place(root / "home", root / "hub")
    (place.home / "aliases").mkdir(parents=True)
    write_tiny_gguf(root / "tiny.gguf")
    place_in_hub(
        place.hub, "us/tiny-GGUF", "tiny.Q8_0.gguf", root / "tiny.gguf", refs={"main": "main"}
    )
    for name in ("five", "stops", "draft"):
        text = f"alias: {name}\n{HEAD}"
        (place.home / "aliases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def recorder(place: Place) -> Recorder:
    return Recorder(place.home.parent / "record.jsonl")


@pytest.fixture(scope="module")
def server(place: Place, recorder: Recorder) -> Iterator[RunningServer]:
    program = write_fake_llama_server(
        place.home.parent / "llama-server", record=str(recorder.file), pieces=1
    )
    settings = {"BODHI_ENGINE": "binary", "BODHI_LLAMA_SERVER": str(program)}
    with running_server(place.home, place.hub, env=settings) as running:
        yield running


def ask(server: RunningServer, name: str) -> None:
    with server.http() as client:
        body = {"model": name, "messages": [{"role": "user", "content": "Hello!"}]}
        answer = client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text


def layer_of(page: Page, key: str) -> str:
    """What the values pane says of where a value comes from."""
    tab(page, "Values")
    shown = page.locator("tr", has=page.get_by_role("rowheader", name=key, exact=True))
    return shown.locator("td").nth(1).inner_text() if shown.count() else "no value"


# -- E10.


def test_e10_unset_zero_false_nothing_and_an_empty_list_are_five_things(
    desk: Visitor, place: Place, server: RunningServer, recorder: Recorder
) -> None:
    ask(server, "five")
    unset, arguments = recorder.last()
    page = edit(desk, "five")
    assert layer_of(page, "temperature") in ("Bodhi default", "engine default", "no value")

    field(page, "Temperature").fill("0")
    row(page, "System prompt").get_by_role("button", name="Mode of System prompt: Unset").click()
    page.get_by_role("menuitem", name="Default").first.click()
    row(page, "Stop sequences").get_by_role("button", name="Mode of Stop").click()
    page.get_by_role("menuitem", name="Default").first.click()
    row(page, "Continuous batching").get_by_text("Off", exact=True).click()
    saved(page)
    for key in ("temperature", "system_prompt", "stop", "cont_batching"):
        assert layer_of(page, key) == "alias", key
    publish(page)
    text = text_of(place, "five")
    assert text.startswith(f"alias: five\n{HEAD}")
    assert {"  temperature: 0", "  stop: []", "  cont_batching: false"} <= set(text.splitlines())
    recipe = read_recipe(text.encode())
    assert recipe.request_params == {"temperature": 0, "system_prompt": "", "stop": []}
    assert recipe.context_params == {"cont_batching": False}
    ask(server, "five")
    body, started = recorder.last()
    assert (body["temperature"], body["stop"]) == (0, [])
    assert ("temperature" in unset, "stop" in unset) == (False, False)
    assert "--no-cont-batching" in started
    assert "--no-cont-batching" not in arguments


# -- E16.


def test_e16_every_stop_sequence_reaches_the_engine_byte_by_byte_and_comes_back(
    desk: Visitor, place: Place, server: RunningServer, recorder: Recorder
) -> None:
    typed = ["\\n\\n", " User:, ", "<|eot_id|>", "\\t", "\\\\n"]
    page = edit(desk, "stops")
    add = page.get_by_role("textbox", name="Add to Stop sequences")
    for one in typed:
        add.fill(one)
        add.press("Enter")
    publish(page)
    ask(server, "stops")
    assert recorder.last()[0]["stop"] == STOPS
    with server.http() as client:
        shown = client.get("/api/v1/aliases/stops").json()
    assert next(one["value"] for one in shown["set"] if one["key"] == "stop") == STOPS
    before = text_of(place, "stops")
    page.reload()
    pills = row(page, "Stop sequences")
    for text in ("\\n\\n", "·User:,·", "<|eot_id|>", "\\t", "\\\\n"):
        expect(pills.get_by_text(text, exact=True)).to_be_visible()
    # What is taken out and typed again from what is shown is the same bytes.
    add.press("Backspace")
    expect(add).to_have_value("\\\\n")
    add.press("Enter")
    expect(page.get_by_text("As published")).to_be_visible()
    assert text_of(place, "stops") == before


# -- P05.


def test_p05_a_draft_is_tried_with_its_own_values_and_the_file_stays(
    desk: Visitor, place: Place, recorder: Recorder
) -> None:
    before = text_of(place, "draft")
    page = edit(desk, "draft")
    field(page, "Temperature").fill("0.25")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("region", name="Figures")).to_be_visible(timeout=60_000)
    assert recorder.last()[0]["temperature"] == 0.25
    assert text_of(place, "draft") == before
