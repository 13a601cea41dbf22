"""One value changed from the list: in the alias's draft, by mouse, by key and by touch."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place
from tests.e2e.test_list import wait_for_rows
from tests.support.server import RunningServer

pytestmark = pytest.mark.usefixtures("files_as_they_were")

ROW = "llama3:precise, user alias"
CHIP = "temperature 0.1: change it for llama3:precise"


def drafted(server: RunningServer, alias: str) -> object:
    """The temperature in the alias's draft; None without a draft."""
    with server.http() as client:
        drafts = client.get("/api/v1/drafts").json()["drafts"]
        found = [one["id"] for one in drafts if one["alias_id"] == alias]
        if not found:
            return None
        recipe = client.get(f"/api/v1/drafts/{found[0]}").json()["recipe"]
    return recipe["request_params"].get("temperature")


def test_l10_a_chip_opens_its_value_and_changes_the_draft_alone(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    file = place.home / "aliases" / "llama3--precise.yaml"
    before = file.read_bytes()
    page = desk.open("/aliases?q=llama3:precise")
    row, chip = page.get_by_role("row", name=ROW), page.get_by_role("button", name=CHIP)
    chip.click()
    layer = page.get_by_role("dialog", name="Change a value of llama3:precise")
    expect(layer.get_by_role("slider", name="Temperature, slider")).to_be_focused()
    expect(row).to_have_attribute("aria-selected", "false")  # the click was not one on the row
    assert desk.violations() == []
    layer.get_by_role("textbox", name="Temperature, value").fill("0.9")
    expect(layer).to_contain_text("Saved in the draft")
    expect(layer).to_contain_text("Published: 0.1")
    expect(row).to_contain_text("Modified")
    assert drafted(server, "llama3--precise") == 0.9
    assert file.read_bytes() == before
    page.keyboard.press("Escape")
    expect(layer).to_have_count(0)
    expect(chip).to_be_focused()
    chip.click()
    expect(layer.get_by_role("textbox", name="Temperature, value")).to_have_value("0.9")
    layer.get_by_role("button", name="As published").click()
    expect(row).not_to_contain_text("Modified")
    assert file.read_bytes() == before
    layer.get_by_role("button", name="Open editor").click()
    expect(page).to_have_url(re.compile("/aliases/llama3--precise/edit"))


def test_l10_a_row_s_value_is_reached_and_changed_by_keys_alone(
    desk: Visitor, server: RunningServer
) -> None:
    page = desk.open("/aliases?q=llama3:precise")
    focus_first_row(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=CHIP)).to_be_focused()
    page.keyboard.press("Enter")
    layer = page.get_by_role("dialog", name="Change a value of llama3:precise")
    expect(layer.get_by_role("slider", name="Temperature, slider")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=CHIP)).to_be_focused()
    focus_first_row(page)
    page.keyboard.press("v")
    slider = layer.get_by_role("slider", name="Temperature, slider")
    expect(slider).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(layer).to_contain_text("Saved in the draft")
    now = slider.get_attribute("aria-valuetext")
    assert now is not None
    assert drafted(server, "llama3--precise") == float(now) > 0.1
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name=ROW)).to_be_focused()


def test_a_draft_that_somebody_has_begun_keeps_what_else_it_says(
    desk: Visitor, server: RunningServer
) -> None:
    with server.http() as client:
        draft = client.post("/api/v1/drafts", json={"alias_id": "llama3--precise"}).json()
        edits = [{"path": ["request_params", "seed"], "value": 11}]
        etag = {"If-Match": f'"{draft["etag"]}"'}
        client.patch(f"/api/v1/drafts/{draft['id']}", json={"edits": edits}, headers=etag)
    page = desk.open("/aliases?q=llama3:precise")
    page.get_by_role("button", name=CHIP).click()
    layer = page.get_by_role("dialog", name="Change a value of llama3:precise")
    layer.get_by_role("textbox", name="Temperature, value").fill("0.4")
    expect(layer).to_contain_text("Saved in the draft")
    with server.http() as client:
        recipe = client.get(f"/api/v1/drafts/{draft['id']}").json()["recipe"]
    assert recipe["request_params"] == {"temperature": 0.4, "seed": 11}


def test_a_model_s_value_leads_to_an_alias_of_one_s_own(desk: Visitor) -> None:
    page = desk.open("/aliases?q=bodhi%2Fdemo:Q8_0")
    focus_first_row(page)
    page.keyboard.press("v")
    layer = page.get_by_role("dialog", name="Change a value of bodhi/demo:Q8_0")
    expect(layer).to_contain_text("cannot be changed")
    expect(layer.get_by_role("slider")).to_have_count(0)
    layer.get_by_role("button", name="Create custom").click()
    expect(page.get_by_role("dialog", name="Create an alias from bodhi/demo:Q8_0")).to_be_visible()


def test_l10_a_finger_changes_a_value_from_below(phone: Visitor, server: RunningServer) -> None:
    page = phone.open("/aliases?q=llama3:precise")
    page.get_by_role("button", name=CHIP).tap()
    sheet = page.get_by_role("dialog", name="Change a value of llama3:precise")
    sheet.get_by_role("textbox", name="Temperature, value").fill("0.6")
    expect(sheet).to_contain_text("Saved in the draft")
    box, window = sheet.bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert box["y"] + box["height"] == window["height"]  # from below, over a part of the list
    assert box["height"] < 0.9 * window["height"]
    assert drafted(server, "llama3--precise") == 0.6
    assert phone.violations() == []
    assert phone.sideways() == 0


def focus_first_row(page: Page) -> None:
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=row][data-kind=item]").first).to_be_focused()
