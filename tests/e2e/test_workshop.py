"""Presets and chat templates, which people make and keep; the states of screens of that kind."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.homes import Place
from tests.support.server import RunningServer

REFUSED = "400|404|409|412|422|503"
HOSTILE = {
    "cut-off.yaml": "title: [",
    "tag.yaml": "title: !!python/object/apply:os.system [id]\n",
    "unknown.yaml": "title: x\nrun: rm\n",
    "range.yaml": "request_params:\n  temperature: -4\n",
    "coding.yaml": "title: mine now\n",
}


@pytest.fixture
def presets(place: Place, server: RunningServer) -> Path:
    """The folder of one's own presets; ``mine`` is there, with a comment."""
    with server.http() as client:
        for one in client.get("/api/v1/presets").json()["presets"]:
            if one["source"] == "own":
                client.delete(f"/api/v1/presets/{one['name']}")
        body = {"name": "mine", "source_text": MINE}
        assert client.post("/api/v1/presets/import", json=body).status_code == 200
    return place.home / "presets"


MINE = "# kept\ntitle: Mine\nabout: Calm\nrequest_params:\n  temperature: 0.2 # cool\n"


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("article", name=title, exact=True)


def choose(page: Page, title: str, command: str) -> None:
    page.get_by_role("button", name=f"More for {title}").click()
    page.get_by_role("menuitem", name=command).click()


def as_file(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "application/yaml", "buffer": text.encode()}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_t03_an_export_is_imported_as_it_was(desk: Visitor, presets: Path, tmp_path: Path) -> None:
    page = desk.open("/presets")
    with page.expect_download() as waiting:
        choose(page, "Mine", "Export")
    exported = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(exported)
    assert exported.name == "mine.yaml"
    assert exported.read_text(encoding="utf-8") == MINE
    choose(page, "Mine", "Delete")
    expect(card(page, "Mine")).to_have_count(0)
    assert contents(presets) == {}
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog", name="Import presets")
    dialog.locator("input[type=file]").set_input_files([exported])
    expect(dialog.get_by_role("row", name="mine.yaml")).to_contain_text("new, 1 value")
    assert desk.violations() == []
    dialog.get_by_role("button", name="Import 1 preset").click()
    expect(card(page, "Mine")).to_contain_text("0.2")
    assert contents(presets) == {"mine.yaml": MINE}


def test_t03_damaged_and_hostile_files_are_told_of_and_write_nothing(
    desk: Visitor, presets: Path
) -> None:
    desk.await_complaint(REFUSED)
    before = contents(presets)
    page = desk.open("/presets")
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog", name="Import presets")
    files = [as_file(name, text) for name, text in HOSTILE.items()]
    binary = {"name": "bytes.yaml", "mimeType": "application/yaml", "buffer": b"\xff\xfe\x00"}
    large = as_file("large.yaml", "#" * 300_000)
    again = as_file("mine.yaml", "title: Other\nrequest_params:\n  top_k: 3\n")
    dialog.locator("input[type=file]").set_input_files([*files, binary, large, again])
    expect(dialog.get_by_role("row", name="bytes.yaml")).to_contain_text("not text")
    expect(dialog.get_by_role("row", name="large.yaml")).to_contain_text("larger than 256 KiB")
    expect(dialog.get_by_role("row", name="cut-off.yaml")).to_contain_text("Line 2: ")
    expect(dialog.get_by_role("row", name="range.yaml")).to_contain_text(re.compile("temperature"))
    expect(dialog.get_by_role("row", name="coding.yaml")).to_contain_text("comes with Bodhi")
    wrong = dialog.locator("td[data-wrong=true]")
    expect(wrong).to_have_count(len(HOSTILE) + 2)
    expect(dialog.get_by_role("button", name="Import presets")).to_be_disabled()
    assert desk.violations() == []
    assert contents(presets) == before
    dialog.get_by_role("checkbox", name="Replace mine").check()
    dialog.get_by_role("button", name="Import 1 preset").click()
    expect(card(page, "Other")).to_contain_text("Top-k")
    assert contents(presets) == {"mine.yaml": "title: Other\nrequest_params:\n  top_k: 3\n"}


def test_a_preset_is_made_changed_renamed_deleted_and_brought_back(
    desk: Visitor, presets: Path, server: RunningServer
) -> None:
    page = desk.open("/presets")
    page.get_by_role("button", name="Save from an alias").click()
    dialog = page.get_by_role("dialog", name="Save from an alias")
    dialog.get_by_role("combobox", name="Alias").click()
    page.get_by_role("option", name="coder", exact=True).click()
    expect(dialog.get_by_label("Name")).to_have_value("coder")
    dialog.get_by_label("Title").fill("From coder")
    assert desk.violations() == []
    dialog.get_by_role("button", name="Save").click()
    made = card(page, "From coder")
    expect(made).to_contain_text("0.2 (0 … 0.5)")
    with server.http() as client:
        kept = client.get("/api/v1/presets/coder").json()
    assert kept["context_params"] == {"n_ctx": 32768, "n_threads": 8}
    assert kept["request_policy"] == {"temperature": {"clamp": [0, 0.5]}}
    made.get_by_role("link", name="Edit From coder").click()
    page.get_by_label("About").fill("Sure of itself")
    page.get_by_role("textbox", name="Context size, value").fill("4096")
    page.keyboard.press("Tab")
    assert desk.violations() == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(made).to_contain_text("Sure of itself")
    expect(made).to_contain_text("4,096")
    choose(page, "From coder", "Rename")
    page.get_by_role("dialog").get_by_label("Name").fill("calm-coder")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(made).to_contain_text("calm-coder")
    before = contents(presets)
    assert set(before) == {"calm-coder.yaml", "mine.yaml"}
    choose(page, "From coder", "Delete")
    expect(made).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(made).to_be_visible()
    assert contents(presets) == before
    made.get_by_role("link", name="Create alias from From coder").click()
    expect(page).to_have_url(re.compile("/aliases/new.*preset(:|%3A)calm-coder"))


def test_a_template_is_seen_as_it_is_typed_saved_deleted_and_brought_back(
    desk: Visitor, place: Place
) -> None:
    desk.await_complaint(REFUSED)
    page = desk.open("/templates")
    group = page.get_by_role("region", name="Built in")
    expect(group.get_by_role("link")).to_have_count(9)
    expect(page.get_by_role("region", name="In model files").get_by_role("link")).not_to_have_count(
        0
    )
    group.get_by_role("link", name="llama3").click()
    prompt = page.get_by_role("region", name="The prompt")
    expect(prompt.locator("mark").first).to_have_text("<|start_header_id|>")
    page.get_by_role("radiogroup", name="Sample").get_by_text("System prompt").click()
    expect(prompt).to_contain_text("Answer in one word.")
    page.get_by_role("link", name="Copy as your own").click()
    field = page.get_by_role("textbox", name="Jinja text")
    expect(field).to_have_value(re.compile("start_header_id"))
    page.get_by_label("Name").fill("mine")
    field.fill(
        "{% for message in messages %}\n<|{{ message.role }}|>{{ message.content }\n{% endfor %}"
    )
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(re.compile(r"Line 2, column \d+"))
    expect(page.locator("[data-wrong=true]", has_text="2")).to_be_attached()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert desk.violations() == []
    page.get_by_role("button", name="Go there").click()
    expect(field).to_be_focused()
    text = "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}"
    field.fill(text)
    expect(prompt).to_contain_text("<|user|>What is the capital of France?")
    page.get_by_role("button", name="Save").click()
    expect(
        page.get_by_role("region", name="Your own").get_by_role("link", name="mine")
    ).to_be_visible()
    path = place.home / "templates" / "mine.jinja"
    assert path.read_text(encoding="utf-8") == text
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("region", name="Your own").get_by_role("link")).to_have_count(0)
    assert not path.exists()
    page.get_by_role("button", name="Undo").click()
    expect(
        page.get_by_role("region", name="Your own").get_by_role("link", name="mine")
    ).to_be_visible()
    assert path.read_text(encoding="utf-8") == text
    path.unlink()


def test_what_is_typed_is_not_lost_by_a_wrong_click(desk: Visitor) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page = desk.open("/templates?from=")
    page.on("dialog", stay)
    field = page.get_by_role("textbox", name="Jinja text")
    field.fill("{{ messages }}")
    page.get_by_role("link", name="Dashboard").click()
    expect(field).to_have_value("{{ messages }}")
    assert asked == ["Leave without saving?"]


def refuse(route: Route) -> None:
    error = {"message": "It cannot be read. Wait.", "remedy": "Wait.", "code": "x"}
    route.fulfill(status=503, json={"error": error})


def hold(route: Route) -> None:
    """Never answered: the screen waits."""


def answered(body: object) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=json.dumps(body), content_type="application/json")


# Screen, what it reads, what it says while it waits, and what it shows in the end.
SCREENS = {
    "presets": ("/presets", "**/api/v1/presets", "Loading presets", "Built in"),
    "templates": ("/templates?sel=phi3", "**/api/v1/templates", "Loading templates", "Copy as"),
    "server": ("/settings?tab=server", "**/api/v1/settings", "Loading settings", "max_engines"),
    "keys": ("/settings?tab=keys", "**/api/v1/keys", "Loading settings", "No keys yet"),
}
EMPTY = {
    "presets": ({"presets": [], "problems": ["torn.yaml: It is cut off."]}, "is no preset"),
    "templates": ({"templates": []}, "Choose a template"),
}
# Whose other states are looked at elsewhere.
OTHERS = {"/usage": "Usage", "/settings?tab=about": "Where things are"}


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_s04_a01_every_state_of_presets_templates_settings_and_keys(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    found: dict[str, list[str]] = {}
    with visitor(browser, server.address, size, theme, reduced_motion="reduce") as visiting:
        visiting.await_complaint("503|ERR_FAILED")
        page = visiting.page

        def seen(state: str) -> None:
            found[state] = visiting.violations()
            assert visiting.sideways() == 0, state

        def seen_in_both_themes(state: str) -> None:
            themes: tuple[Theme, Theme] = (
                ("light", "dark") if theme == "dark" else ("dark", "light")
            )
            seen(state)
            for one in themes:  # the other one, and back
                page.emulate_media(color_scheme=one)
                scheme = page.locator("html")
                expect(scheme).to_have_attribute("data-mantine-color-scheme", one)
                if one != theme:
                    seen(f"{state}, {one}")

        for name, (path, reads, loading, shows) in SCREENS.items():
            page.route(reads, hold)
            visiting.open(path)
            expect(page.get_by_role("group", name=loading)).to_be_visible()
            seen(f"{name}, loading")
            page.unroute(reads)
            page.route(reads, refuse)
            visiting.open(path)
            expect(page.get_by_role("alert")).to_contain_text("It cannot be read.")
            seen(f"{name}, error")
            page.unroute(reads)
            page.get_by_role("button", name="Try again").click()
            expect(page.get_by_text(shows).first).to_be_visible()
            seen_in_both_themes(f"{name}, complete")
            if name in EMPTY:
                body, says = EMPTY[name]
                page.route(reads, answered(body))
                visiting.open(path)
                expect(page.get_by_text(says).first).to_be_visible()
                seen(f"{name}, empty or partial")
                page.unroute(reads)
        visiting.open("/settings")
        expect(page.get_by_role("switch")).to_be_attached()
        seen("settings")
        if size == "phone":
            page.get_by_role("button", name="More").click()
            expect(page.get_by_role("dialog", name="More")).to_be_visible()
            seen("more places")
            page.get_by_role("dialog").get_by_role("link", name="Templates").click()
            expect(page).to_have_url(re.compile("/templates"))
            expect(page.get_by_role("dialog")).to_have_count(0)
        for path, shows in OTHERS.items():
            visiting.open(path)
            said = page.get_by_text(shows).or_(page.get_by_role("region", name=shows))
            expect(said.first).to_be_visible()
            seen_in_both_themes(path)
    assert {state: one for state, one in found.items() if one} == {}


def test_a04_nothing_is_lost_in_forced_colours_or_at_four_hundred_percent(
    browser: Browser, server: RunningServer
) -> None:
    """1280 pixels at 400 % are 320."""
    with visitor(
        browser,
        server.address,
        "desk",
        viewport={"width": 320, "height": 640},
        forced_colors="active",
        reduced_motion="reduce",
    ) as visiting:
        for path, name in (
            ("/usage", "Time"),
            ("/presets", "Import"),
            ("/templates?sel=phi3", "Copy as your own"),
            ("/settings", "Theme"),
            ("/settings?tab=keys", "New key"),
        ):
            page = visiting.open(path)
            control = page.get_by_role("button", name=name).or_(
                page.get_by_role("radiogroup", name=name)
            )
            expect(control.or_(page.get_by_role("link", name=name)).first).to_be_visible()
            assert visiting.sideways() == 0, path
