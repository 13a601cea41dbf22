"""The list when there is nothing, when nothing answers, and when what is shown has grown old."""

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
    expect(page.get_by_role("alert")).to_contain_text("This is what it said at")
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
