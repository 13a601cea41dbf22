"""The editor as somebody uses it: its rows and fields, what is saved, what lies on the disk."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place
from tests.support.server import RunningServer


def edit(visiting: Visitor, alias_id: str) -> Page:
    """The editor of an alias, ready."""
    page = visiting.open(f"/aliases/{alias_id}/edit")
    expect(row(page, "Temperature")).to_be_visible()
    return page


def row(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True)


def field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=f"{label}, value", exact=True)


def saved(page: Page) -> None:
    """Wait until the server has the draft."""
    expect(page.get_by_text(re.compile(r"^draft saved \d"))).to_be_visible()


def drafts(server: RunningServer) -> list[dict[str, Any]]:
    with server.http() as client:
        listed = client.get("/api/v1/drafts").json()["drafts"]
        return [client.get(f"/api/v1/drafts/{one['id']}").json() for one in listed]


def text_of(place: Place, stem: str) -> str:
    return (place.home / "aliases" / f"{stem}.yaml").read_text(encoding="utf-8")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("As published")).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
