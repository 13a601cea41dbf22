"""Settings and keys: what a server was told, what a browser keeps, who may ask."""

import re

from playwright.sync_api import expect

from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place
from tests.support.server import RunningServer


def test_every_setting_says_where_it_comes_from_and_what_changes_it(
    desk: Visitor, server: RunningServer, place: Place
) -> None:
    with server.http() as client:
        known = client.get("/api/v1/settings").json()["settings"]
    page = desk.open("/settings?tab=server")
    for one in known:
        item = page.get_by_role("listitem", name=one["name"], exact=True)
        expect(item).to_contain_text(one["help"])
        expect(item).to_contain_text(one["source"])
        expect(item).to_contain_text(f"export BODHI_{one['name'].upper()}=")
    page.get_by_label("Search settings").fill("idle")
    item = page.get_by_role("listitem", name="idle_unload_s")
    item.get_by_role("button", name="Copy the line of settings.yaml for idle_unload_s").click()
    assert page.evaluate("navigator.clipboard.readText()") == "idle_unload_s: 600"
    page.get_by_role("tab", name="About").click()
    expect(page.get_by_text(str(place.home), exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+\.\d+\.\d+"))).to_be_visible()


def test_letters_can_be_switched_off_and_rows_made_closer(desk: Visitor) -> None:
    page = desk.open("/aliases")
    row = page.get_by_role("row", name="demo:short")
    high = row.bounding_box()
    page.goto(f"{desk.address}/settings")
    page.get_by_role("radiogroup", name="Rows of lists").get_by_text("Compact").click()
    letters = page.get_by_role("switch", name="Single letters as commands")
    # Its picture lies over it, and takes the pointer.
    page.locator(".mantine-Switch-track").click()
    expect(letters).not_to_be_checked()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/settings"))
    page.goto(f"{desk.address}/aliases")
    low = row.bounding_box()
    assert high is not None
    assert low is not None
    assert low["height"] < high["height"]
    row.click()
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/aliases"))
    page.keyboard.press("ArrowDown")
    expect(row).not_to_be_focused()


def test_a_key_is_told_once_limited_and_taken_back(desk: Visitor, server: RunningServer) -> None:
    page = desk.open("/settings?tab=keys")
    expect(page.get_by_text("No keys yet")).to_be_visible()
    expect(page.get_by_text("This server asks for no key")).to_be_visible()
    page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("laptop")
    dialog.get_by_label("Only these aliases").click()
    page.get_by_role("option", name="demo:short").click()
    page.keyboard.press("Escape")
    assert desk.violations() == []
    dialog.get_by_role("button", name="Make the key").click()
    told = dialog.locator("code")
    expect(told).to_have_text(re.compile("^bodhi_"))
    key = told.inner_text()
    dialog.get_by_role("button", name="Copy the key").click()
    assert page.evaluate("navigator.clipboard.readText()") == key
    dialog.get_by_role("button", name="I have copied it").click()
    row = page.get_by_role("row", name="laptop")
    expect(row).to_contain_text("ask models")
    expect(row).to_contain_text("demo:short")
    assert key not in page.content()
    with server.http() as client:
        (kept,) = client.get("/api/v1/keys").json()["keys"]
    assert (kept["name"], kept["scope"], kept["aliases"]) == ("laptop", "inference", ["demo:short"])
    row.get_by_role("button", name="Revoke laptop").click()
    sure = page.get_by_role("dialog", name="Revoke laptop?")
    expect(sure).to_contain_text("cannot come back")
    sure.get_by_role("button", name="Cancel").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Revoke laptop").click()
    sure.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No keys yet")).to_be_visible()
    with server.http() as client:
        assert client.get("/api/v1/keys").json()["keys"] == []
