"""Ways through the editor, counted in clicks; and that nobody is kept out of it."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Visitor, visitor
from tests.e2e.homes import Place, demo_home
from tests.e2e.test_editor import drafts, edit, field, row, saved, text_of
from tests.e2e.test_newcomer import count_clicks
from tests.support.server import running_server

pytestmark = pytest.mark.usefixtures("files_as_they_were")

MOST_TO_A_CLONE = 4
MOST_TO_A_NEW_ALIAS = 4


def clicks(page: Page) -> int:
    return int(page.evaluate("sessionStorage.clicks"))


def test_f2a_an_alias_from_nothing_takes_four_clicks(desk: Visitor, place: Place) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases")
    page.get_by_role("link", name="New alias").click()
    page.get_by_role("button", name="Coding").click()
    name = page.get_by_role("textbox", name="Name")
    expect(name).not_to_have_value("")
    name.fill("from:nothing")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/from--nothing/edit"))
    assert clicks(page) <= MOST_TO_A_NEW_ALIAS
    assert "temperature: 0.2" in text_of(place, "from--nothing")


def test_f2b_a_saved_clone_takes_four_clicks(desk: Visitor, place: Place) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases?q=demo:short")
    page.get_by_role("row", name="demo:short, ").hover()
    page.get_by_role("button", name="More for demo:short", exact=True).click()
    page.get_by_role("menuitem", name="Clone").click()
    page.get_by_role("textbox", name="Name").fill("cloned")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(row(page, "Temperature")).to_be_visible()
    assert clicks(page) <= MOST_TO_A_CLONE
    assert text_of(place, "cloned") == text_of(place, "demo--short").replace("demo:short", "cloned")


def test_f3b_a_warning_is_in_the_same_view_and_its_remedy_too(desk: Visitor) -> None:
    page = edit(desk, "gemma--translate")
    field(page, "Top-p").fill("0.5")
    warning = row(page, "Top-p").get_by_text("both narrow the choice")
    expect(warning).to_be_in_viewport()
    remedy = row(page, "Top-p").get_by_role("button", name="Unset Top-p", exact=True)
    expect(remedy).to_be_in_viewport()
    remedy.click()
    expect(warning).to_have_count(0)


def test_s02_a_server_that_is_killed_costs_no_change(browser: Browser, tmp_path: Path) -> None:
    place = demo_home(tmp_path)
    with running_server(place.home, place.hub) as first:
        port = first.address.rpartition(":")[2]
        with visitor(browser, first.address, "desk") as visiting:
            visiting.await_complaint("Failed to load resource|ERR_")
            page = edit(visiting, "demo--short")
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            field(page, "Top-k").fill("9")
            expect(page.get_by_text("kept on this device")).to_be_visible()
            with running_server(place.home, place.hub, "--port", port) as second:
                page.reload()
                expect(field(page, "Top-k")).to_have_value("9")
                expect(page.get_by_text("is back, from this device")).to_be_visible()
                saved(page)
                assert [one["recipe"]["request_params"]["top_k"] for one in drafts(second)] == [9]


# -- E13: names.


def test_e13_a_name_that_differs_in_case_alone_is_taken(desk: Visitor) -> None:
    page = edit(desk, "coder")
    page.get_by_role("textbox", name="Name").fill("Coder:Review")
    expect(page.get_by_text("Another alias has Coder--Review.yaml.")).to_be_visible()
