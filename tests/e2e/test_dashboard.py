"""The first screen: its figures are the server's, and each leads to what it counts."""

import contextlib
import re
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.history import write_asked
from tests.e2e.homes import Place
from tests.e2e.test_list import rows
from tests.support.server import RunningServer, running_server, wait_until


def test_d01_each_figure_leads_to_the_aliases_that_it_counts(
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


def test_d01_what_was_asked_is_counted_and_drawn_without_a_reload(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = time.time() // 3600 * 3600
    for at, asked in ((before - 1, {"coder": 2, "demo:creative": 5}), (before + 1, {"coder": 9})):
        write_asked(server, place.home, asked, at)
    page = desk.open("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(3):
        server.openai().chat.completions.create(
            model="demo:short", messages=[{"role": "user", "content": "Hello!"}]
        )

    def counted() -> bool:
        with server.http() as client:
            recent = client.get("/api/v1/dashboard").json()["recent"]
        return [one["alias"] for one in recent if one["alias"] == "demo:short"] != []

    assert wait_until(counted, 20)
    recent = page.get_by_role("region", name="Recent")
    expect(recent.get_by_role("link", name="demo:short")).to_be_visible(timeout=40_000)
    activity = page.get_by_role("region", name="Requests in the last 24 hours")
    expect(activity).to_contain_text(re.compile(r"\d+ requests"))
    table = activity.get_by_role("table", name="Requests in the last 24 hours")
    expect(table.get_by_role("row")).not_to_have_count(1)
    figures_are_those_of_the_database(page, place)


def figures_are_those_of_the_database(page: Page, place: Place) -> None:
    """Counted from the records one by one, as the page's own figures never are."""
    found = next(place.home.rglob("usage.sqlite3"))
    since = time.time() - 86_400
    with contextlib.closing(sqlite3.connect(f"file:{found}?mode=ro", uri=True)) as database:
        (requests,) = database.execute(
            "SELECT count(*) FROM requests WHERE started_at >= ?", [since]
        ).fetchone()
        used = database.execute(
            "SELECT alias, max(started_at) AS last FROM requests JOIN subjects"
            " ON subjects.id = subject_id WHERE started_at >= ? AND source IN ('user', 'model')"
            " GROUP BY uid ORDER BY last DESC",
            [since],
        ).fetchall()
        hours = [
            database.execute(
                "SELECT count(*), alias FROM requests JOIN subjects ON subjects.id = subject_id"
                " WHERE started_at >= ? AND started_at < ? AND source IN ('user', 'model')"
                " GROUP BY uid ORDER BY 1 DESC",
                [end - 3600, end],
            ).fetchall()
            for end in full_hours()
        ]
    assert requests >= 3
    activity = page.get_by_role("region", name="Requests in the last 24 hours")
    expect(activity).to_contain_text(f"{requests} requests")
    stats = page.get_by_role("region", name="At a glance")
    expect(stats.get_by_role("link", name="Active in 24 h")).to_contain_text(f"24 h{len(used)}")
    shown = stats.get_by_role("link", name="Most active").inner_text()
    most = [
        f"Most active {alias} {times} in the last hour"
        for hour in hours
        for times, alias in hour[:1]
    ]
    assert most
    assert " ".join(shown.split()) in most
    total = files_of(place) + 7  # the models of the showcase
    expect(stats.get_by_role("link", name="All aliases")).to_contain_text(str(total))
    recent = page.get_by_role("region", name="Recent").get_by_role("link")
    expect(recent.first).to_contain_text(used[0][0])
    expect(stats.get_by_role("link", name="Your aliases")).to_contain_text(str(files_of(place)))


def files_of(place: Place) -> int:
    return len(list((place.home / "aliases").glob("*.yaml")))


def full_hours() -> list[float]:
    """The end of the last full hour; just after it, that of the one before, too."""
    now = time.time()
    end = now // 3600 * 3600
    return [end, end - 3600] if now - end < 60 else [end]


def test_what_cannot_serve_is_named_and_who_is_shadowed_stands_there_once(
    desk: Visitor, place: Place
) -> None:
    name = "bodhi/demo:Q8_0"
    shadowed = place.home / "aliases" / "bodhi--demo--Q8_0.yaml"
    shadowed.write_text(f"alias: {name}\nrepo: bodhi/demo\nfilename: demo.Q8_0.gguf\n")
    page = desk.open("/")
    attention = page.get_by_role("region", name="Needs attention")
    item = attention.get_by_role("link").filter(has_text=name)
    expect(item).to_have_count(1)
    expect(item).to_have_attribute("href", re.compile("/aliases/bodhi--demo--Q8_0$"))
    expect(item).to_contain_text("rename the alias to reach it")
    shadowed.unlink()
    expect(item).to_have_count(0)
    attention.get_by_role("link", name="1 alias cannot serve").click()
    expect(page).to_have_url(re.compile("state%3Aerror|state:error"))
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("row", name="notes, user alias")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
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
