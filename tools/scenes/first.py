"""Scenes of the frame and of the first screen: palette, banners, signing in, dashboard, errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import FilePayload, expect

from tests.e2e.screen_states import ALIASES, MODELS, SESSION, changed, rewritten
from tools.scenes.scene import Scene, as_it_is, at

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.e2e.browsing import Visitor

EVENTS = "**/api/v1/events"
ENGINES = "**/api/v1/engines"
STRANGER = {"needs_key": True, "signed_in": False, "scope": None}
_YAML = "alias: {}\nrepo: bodhi/demo\nfilename: demo.Q8_0.gguf\n"


def cut_off(route: Route) -> None:
    """No answer at all."""
    route.abort()


def loading(body: Any) -> Any:
    """Beside an engine that is ready, another is still at its model."""
    ready = body["engines"]
    return {**body, "engines": [*ready, *({**one, "state": "starting"} for one in ready)]}


def pinned(body: Any) -> Any:
    rows = [{**one, "pinned": "llama3" in one["name"]} for one in body["aliases"]]
    return {**body, "aliases": rows}


def palette(typed: str) -> Scene:
    def search(page: Page) -> None:
        page.get_by_role("button", name="Jump to").click()
        page.get_by_role("combobox", name="Search and commands").fill(typed)
        found = page.get_by_role("listbox", name="Search and commands").get_by_role("option")
        expect(found.first.or_(page.get_by_text("Nothing is called"))).to_be_visible()

    return at("/aliases", search)


def visited(visiting: Visitor) -> None:
    """After some aliases were looked at on this device."""
    seen = json.dumps(["coder", "demo--precise", "gemma--translate", "notes"])
    visiting.page.add_init_script(f"localStorage['bodhi-recent'] = {json.dumps(seen)}")
    at("/aliases/coder", stubs={ALIASES: rewritten(pinned), ENGINES: rewritten(loading)}).show(
        visiting
    )


def unreachable(visiting: Visitor) -> None:
    visiting.page.route(SESSION, cut_off)
    visiting.open("/aliases")
    expect(visiting.page.get_by_role("alert")).to_be_visible()


def lost(page: Page) -> None:
    expect(page.get_by_text("What is shown may be old")).to_be_visible()


def shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def more_places(page: Page) -> None:
    if (more := page.get_by_role("button", name="More", exact=True)).count():
        more.click()


def cloning(page: Page) -> None:
    page.get_by_role("button", name="Clone a popular one").click()


def transfer(page: Page) -> None:
    page.get_by_role("button", name="Import and export").click()
    expect(page.get_by_role("dialog", name="Import and export")).to_be_visible()


def looked_at(page: Page) -> None:
    transfer(page)
    files = {
        "fresh.yaml": _YAML.format("fresh"),
        "coder.yaml": _YAML.format("coder"),
        "broken.yaml": "alias: [\n",
        "notes-from-another-machine.yaml": _YAML.format("brought:notes"),
    }
    page.locator("input[type=file]").set_input_files(
        [
            FilePayload(name=name, mimeType="application/yaml", buffer=text.encode())
            for name, text in files.items()
        ]
    )
    expect(page.get_by_role("list", name="What was found in the files")).to_be_visible()


def refused(page: Page) -> None:
    page.get_by_label("Key", exact=True).fill("bodhi_nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("bodhi_nonsense")).to_have_count(0)


SCENES: dict[str, Scene] = {
    "dashboard": at("/"),
    "dashboard-clone": at("/", cloning),
    "transfer": at("/", transfer),
    "transfer-report": at("/", looked_at, provokes=True),
    "palette": palette("co"),
    "palette-empty": palette(""),
    "palette-parameter": palette("#temp"),
    "palette-nothing": palette("zzzz"),
    "shelf": Scene(visited),
    "shortcuts": at("/aliases", shortcuts),
    "more-places": at("/", more_places),
    "sign-in": at("/", as_it_is, {SESSION: changed(**STRANGER)}),
    "sign-in-scope": at("/", as_it_is, {SESSION: changed(needs_key=True, scope="inference")}),
    "lost": at("/nonsense"),
    "server-lost": at("/aliases", lost, {EVENTS: cut_off}, provokes=True),
    "server-unreachable": Scene(unreachable, provokes=True),
    "broken-page": at("/models", as_it_is, {MODELS: changed(models=[None])}, provokes=True),
}
