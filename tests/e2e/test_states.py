"""The list when there is nothing, when nothing answers, and when what is shown has grown old."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browsing import Size, Visitor, visitor
from tests.support.server import running_server

LIST = "**/api/v1/aliases"
# What an aborted request makes the browser say.
NO_ANSWER = "ERR_FAILED"


def give_no_answer(route: Route) -> None:
    route.abort()


def first_row(page: Page) -> None:
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_home_without_aliases_says_how_to_get_one(
    browser: Browser, tmp_path: Path, size: Size
) -> None:
    with (
        running_server(tmp_path / "home", tmp_path / "hub") as server,
        visitor(browser, server.address, size) as visiting,
    ):
        page = visiting.open("/aliases")
        expect(page.get_by_text("No aliases yet")).to_be_visible()
        expect(page.get_by_text("bodhi pull OWNER/REPO:QUANT")).to_be_visible()
        assert visiting.violations() == []
        assert visiting.sideways() == 0


def test_a_list_that_cannot_be_had_says_so_and_is_asked_for_again(desk: Visitor) -> None:
    desk.await_complaint(NO_ANSWER)
    desk.page.route(LIST, give_no_answer)
    page = desk.open("/aliases")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    assert desk.violations() == []
    page.unroute(LIST)
    page.get_by_role("button", name="Try again").click()
    first_row(page)
    expect(alert).to_have_count(0)


def test_a_list_that_has_grown_old_stays_and_says_its_age(desk: Visitor) -> None:
    desk.await_complaint(NO_ANSWER)
    desk.page.clock.install()
    page = desk.open("/aliases")
    first_row(page)
    page.route(LIST, give_no_answer)
    page.clock.fast_forward(10_000)
    for _ in range(3):  # the tries in between
        page.clock.fast_forward(1_000)
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile(r"This is what it said at \d\d:\d\d\.")
    )
    first_row(page)
    assert desk.violations() == []
    page.unroute(LIST)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_refusal_is_shown_in_the_words_of_the_server(desk: Visitor) -> None:
    desk.await_complaint("401")
    desk.page.route(LIST, refuse)
    page = desk.open("/aliases")
    expect(page.get_by_role("alert")).to_contain_text("A key is needed.")
    expect(page.get_by_role("alert")).to_contain_text("Send one.")


def refuse(route: Route) -> None:
    error = {"message": "A key is needed. Send one.", "remedy": "Send one.", "code": "key_missing"}
    route.fulfill(status=401, json={"error": error})


WORDS = {
    "draft": "Draft",
    "published": None,  # what most are is not said in every row
    "modified": "Modified",
    "testing": "Testing",
    "error": "Error",
}


def test_s01_each_of_the_five_states_has_its_word_its_colour_and_its_filter(desk: Visitor) -> None:
    """The server's answer with one alias in each state; what makes a state is the server's test."""
    chosen = ["coder", "demo:precise", "demo:short", "notes", "llama3:precise"]
    given = dict(zip(chosen, WORDS, strict=True))

    def answer(route: Route) -> None:
        body = route.fetch().json()
        rows = [one for one in body["aliases"] if one["name"] in given]
        shown = [{**one, "state": given[one["name"]]} for one in rows]
        route.fulfill(json={**body, "aliases": shown})

    desk.page.route(LIST, answer)
    page = desk.open("/aliases?group=none")
    for name, state in given.items():
        badges = page.get_by_role("row", name=f"{name}, user alias").locator("[data-state]")
        word = WORDS[state]
        expect(badges).to_have_text([] if word is None else [word])
        if word is not None:
            assert badges.get_attribute("data-state") == state
            assert badges.locator("svg").count() == 1
    for name, state in given.items():
        page.get_by_role("combobox", name="Search aliases").fill(f"state:{state}")
        rows = page.locator("[role=row][data-kind=item]")
        expect(rows).to_have_count(1)
        expect(rows).to_have_attribute("aria-label", f"{name}, user alias")
