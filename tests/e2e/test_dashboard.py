"""The first screen: its figures are the server's, and each leads to what it counts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.test_list import rows
from tests.support.server import RunningServer, running_server, wait_until


def test_each_figure_leads_to_the_aliases_that_it_counts(
    desk: Visitor, server: RunningServer
) -> None:
    with server.http() as client:
        known = client.get("/api/v1/dashboard").json()
    page = desk.open("/")
    stats = page.get_by_role("region", name="At a glance")
    expect(stats.get_by_role("link", name="All aliases")).to_contain_text(str(known["total"]))
    expect(stats.get_by_role("link", name="Your aliases")).to_contain_text(str(known["user"]))
    stats.get_by_role("link", name="Your aliases").click()
    expect(page).to_have_url(re.compile("/aliases.*source=user"))
    expect(page.get_by_text(f"{known['user']} of {known['total']} aliases")).to_be_visible()


def test_what_was_asked_is_counted_and_drawn_without_a_reload(
    desk: Visitor, server: RunningServer
) -> None:
    page = desk.open("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(3):
        server.openai().chat.completions.create(
            model="demo:short", messages=[{"role": "user", "content": "Hello!"}]
        )

    def counted() -> bool:
        with server.http() as client:
            return bool(client.get("/api/v1/usage/summary").json()["figures"]["requests"] >= 3)

    assert wait_until(counted, 20)
    recent = page.get_by_role("region", name="Recent")
    expect(recent.get_by_role("link", name="demo:short")).to_be_visible(timeout=40_000)
    activity = page.get_by_role("region", name="Requests in the last 24 hours")
    expect(activity).to_contain_text(re.compile(r"\d+ requests"))
    table = activity.get_by_role("table", name="Requests in the last 24 hours")
    expect(table.get_by_role("row")).not_to_have_count(1)


def test_what_cannot_serve_is_named(desk: Visitor) -> None:
    page = desk.open("/")
    attention = page.get_by_role("region", name="Needs attention")
    attention.get_by_role("link", name="1 alias cannot serve").click()
    expect(page).to_have_url(re.compile("state%3Aerror|state:error"))
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("row", name="notes, user alias")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    with visitor(browser, server.address, size, theme) as visiting:
        page = visiting.open("/")
        expect(page.get_by_role("region", name="At a glance")).to_be_visible()
        assert visiting.violations() == []
        assert visiting.sideways() == 0


def test_a_home_without_aliases_says_how_to_get_one(browser: Browser, tmp_path: Path) -> None:
    with (
        running_server(tmp_path / "home", tmp_path / "hub") as server,
        visitor(browser, server.address, "desk") as visiting,
    ):
        page = visiting.open("/")
        expect(page.get_by_text("No aliases yet")).to_be_visible()
        assert visiting.violations() == []


def test_figures_that_cannot_be_had_leave_the_rest_standing(desk: Visitor) -> None:
    desk.await_complaint("503")
    desk.page.route(
        "**/api/v1/usage/series*",
        lambda route: route.fulfill(
            status=503,
            json={"error": {"message": "The figures cannot be read.", "code": "x", "remedy": None}},
        ),
    )
    page = desk.open("/")
    expect(page.get_by_text("The figures cannot be read.")).to_be_visible()
    expect(page.get_by_role("region", name="At a glance")).to_be_visible()
