"""The screen of usage: its numbers are those of the database and of who asked; states and gaps.

The history is a month, written into the database of the running server; what is asked besides is
asked of the demo's model, and kept in a log of the test's own.
"""

import csv
import re
import sqlite3
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.history import write_history
from tests.e2e.homes import Place
from tests.support.server import RunningServer, wait_until

ALIAS = "demo--short"
NO_VALUE = "\N{EN DASH}"


@pytest.fixture(scope="module")
def asked(server: RunningServer, place: Place) -> list[int]:
    """A month of history, then five requests; the tokens that each was answered with."""
    write_history(server, place.home)
    log = []
    for number in range(5):
        answer = server.openai().chat.completions.create(
            model="demo:short",
            messages=[{"role": "user", "content": "Hello!"}],
            seed=number,
            max_tokens=4 + number,
        )
        assert answer.usage is not None
        log.append(answer.usage.completion_tokens)

    def recorded() -> bool:
        with server.http() as client:
            told = client.get(f"/api/v1/usage/aliases/{ALIAS}").json()
        return bool(told["figures"]["requests"] == len(log))

    assert wait_until(recorded, 20, 0.1)
    return log


@pytest.fixture
def sql(place: Place) -> Iterator[Callable[..., list[Any]]]:
    """Asks the database itself, past everything that sums."""
    connection = sqlite3.connect(place.home / "state" / "usage.sqlite3")
    yield lambda statement, *given: connection.execute(statement, given).fetchall()
    connection.close()


def figure(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def table(page: Page, title: str) -> list[list[str]]:
    """The twin of a picture: its heads, then its rows."""
    twin = figure(page, title).get_by_role("table", name=title)
    expect(twin).to_be_attached()
    return [
        [cell.strip() for cell in row.locator("th, td").all_text_contents()]
        for row in twin.get_by_role("row").all()
    ]


def number(page: Page, name: str) -> str:
    glance = page.get_by_role("region", name="At a glance")
    found = glance.locator("dl", has=page.get_by_text(name, exact=True)).locator("dd").first
    return found.inner_text()


def span_shown(page: Page, title: str) -> tuple[int, int]:
    link = figure(page, title).get_by_role("link", name=f"Download {title} as CSV")
    query = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    return int(query["from"][0]), int(query["to"][0])


def plain(text: str) -> int:
    return int(text.replace(",", ""))


def test_u01_the_numbers_are_those_of_the_database(
    desk: Visitor, asked: list[int], sql: Callable[..., list[Any]]
) -> None:
    page = desk.open("/usage?last=30d")
    expect(figure(page, "Requests by kind of alias")).to_be_visible()
    start, end = span_shown(page, "Requests by kind of alias")
    within = (
        "FROM requests JOIN subjects ON subjects.id = subject_id"
        " WHERE started_at >= ? AND started_at < ?"
    )
    ((count, tokens),) = sql(f"SELECT count(*), sum(completion_tokens) {within}", start, end)
    assert plain(number(page, "Requests")) == count > 1000
    assert plain(number(page, "Tokens answered")) == tokens
    by_source = dict(sql(f"SELECT source, count(*) {within} GROUP BY source", start, end))
    heads, *rows = table(page, "Requests by kind of alias")
    for head, source in (("User aliases", "user"), ("Model aliases", "model")):
        place = heads.index(head)
        assert sum(plain(row[place]) for row in rows) == by_source[source]
    assert len(rows) == 30
    for title, column in (
        ("Aliases", "alias"),
        ("Models", "model"),
        ("Chat templates", "template"),
    ):
        told = sql(
            f"SELECT count(*) {within} AND source != 'none' GROUP BY {column}"
            " ORDER BY count(*) DESC",
            start,
            end,
        )
        heads, *rows = table(page, title)
        shown = sorted((plain(row[heads.index("Requests")]) for row in rows), reverse=True)
        assert shown == [times for (times,) in told], title
    tried = dict(
        sql(
            "SELECT kind, count(*) FROM experiments WHERE at >= ? AND at < ? GROUP BY kind",
            start,
            end,
        )
    )
    _, *days = table(page, "Experiments")
    assert sum(plain(row[1]) for row in days) == tried["trial"] > 0
    assert sum(plain(row[2]) for row in days) == tried["publish"] > 0
    overridden = sql(
        f"SELECT count(*) {within} AND overridden LIKE '%\"temperature\"%'", start, end
    )
    adjusted = {row[0]: row[1:] for row in table(page, "What is adjusted most")}
    assert plain(adjusted["temperature"][0]) == overridden[0][0] > 0
    assert desk.violations() == []


def test_u01_the_numbers_are_those_of_who_asked(desk: Visitor, asked: list[int]) -> None:
    page = desk.open("/usage")
    figure(page, "Aliases").get_by_role("link", name="demo:short").first.click()
    expect(page).to_have_url(re.compile(f"alias={ALIAS}"))
    expect(page.get_by_role("heading", name="demo:short")).to_be_visible()
    assert plain(number(page, "Requests")) == len(asked)
    assert plain(number(page, "Tokens answered")) == sum(asked)
    assert sum(plain(row[1]) for row in table(page, "Requests over time")[1:]) == len(asked)
    adjusted = {row[0]: row[1] for row in table(page, "What is adjusted most")}
    assert (adjusted["seed"], adjusted["max_tokens"]) == ("5", "5")
    # A day has no requests before the first, and nothing measured is no zero.
    assert NO_VALUE in {row[1] for row in table(page, "Time to first token")}
    page.get_by_role("link", name="Open the alias").click()
    expect(page).to_have_url(re.compile(f"/aliases/{ALIAS}"))


def test_every_picture_has_its_table_and_its_file(desk: Visitor, asked: list[int]) -> None:
    page = desk.open("/usage?last=30d")
    kinds = figure(page, "Requests by kind of alias")
    kinds.get_by_role("button", name="Requests by kind of alias as a table").click()
    expect(kinds.get_by_role("columnheader", name="User aliases")).to_be_visible()
    assert desk.violations() == []
    kinds.get_by_role("button", name="Requests by kind of alias as a picture").click()
    expect(kinds.locator("svg rect").first).to_be_visible()
    with page.expect_download() as waiting:
        kinds.get_by_role("link", name="Download Requests by kind of alias as CSV").click()
    heads, *rows = csv.reader(StringIO(Path(waiting.value.path()).read_text(encoding="utf-8")))
    place, of = heads.index("requests"), heads.index("of")
    shown = sum(plain(row[1]) for row in table(page, "Requests by kind of alias")[1:])
    assert sum(int(row[place]) for row in rows if row[of] == "user") == shown
    figures = page.locator("main section:has(svg)")
    for one in figures.all():
        expect(one.get_by_role("table")).to_be_attached()


def test_a_time_without_requests_is_a_gap(desk: Visitor, asked: list[int]) -> None:
    page = desk.open("/usage?last=30d")
    speed = figure(page, "Speed of generation")
    runs = speed.locator("[data-run]")
    expect(runs.first).to_be_attached()
    assert runs.count() >= 2, "the two empty days part the line"
    values = [row[1] for row in table(page, "Speed of generation")[1:]]
    assert values.count(NO_VALUE) >= 2
    assert not any(value.startswith("0 ") for value in values)
    speed.locator("svg").last.hover(position={"x": 5, "y": 20})
    expect(speed.get_by_text(re.compile("tok/s|no value")).last).to_be_visible()


def test_time_and_whose_are_in_the_address(desk: Visitor, asked: list[int]) -> None:
    page = desk.open("/usage")
    page.get_by_role("radiogroup", name="Time").get_by_text("7 days").click()
    expect(page).to_have_url(re.compile("last=7d"))
    page.get_by_role("radiogroup", name="One column for each").get_by_text("Hour").click()
    expect(page).to_have_url(re.compile("every=hour"))
    assert len(table(page, "Requests by kind of alias")) == 1 + 7 * 24
    page.get_by_role("radiogroup", name="Time").get_by_text("Own").click()
    page.get_by_label("From").fill("2020-01-02T00:00")
    page.get_by_label("To", exact=True).fill("2020-01-01T00:00")
    expect(page.get_by_role("alert")).to_contain_text("begin before it ends")
    page.get_by_label("To", exact=True).fill("2020-01-03T00:00")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No requests in this range")).to_be_visible()
    assert desk.violations() == []
    page.go_back()
    expect(figure(page, "Requests by kind of alias")).to_be_visible()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="bodhi/demo:Q8_0").click()
    expect(page.get_by_role("link", name="Open the model")).to_be_visible()
    page.get_by_role("link", name="Show all usage").click()
    expect(figure(page, "Models")).to_be_visible()


def refuse(route: Route) -> None:
    error = {"message": "The figures cannot be read. Wait.", "remedy": "Wait.", "code": "x"}
    route.fulfill(status=503, json={"error": error})


def troubled(route: Route) -> None:
    answer = route.fetch()
    told = answer.json()
    told["recording"] = {"trouble": "The disk is full.", "lost": 3}
    route.fulfill(response=answer, json=told)


SUMMARY, TEMPLATES = "**/api/v1/usage/summary*", "**/api/v1/usage/templates*"


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_s04_every_state_can_be_used_by_everybody(
    browser: Browser, server: RunningServer, asked: list[int], size: Size, theme: Theme
) -> None:
    with visitor(browser, server.address, size, theme, reduced_motion="reduce") as visiting:
        visiting.await_complaint("503|ERR_FAILED")
        page = visiting.page
        found: dict[str, list[str]] = {}

        def seen(state: str) -> None:
            found[state] = visiting.violations()
            assert visiting.sideways() == 0, state

        page.route(SUMMARY, lambda route: None)
        visiting.open("/usage")
        expect(page.get_by_role("group", name="Loading usage")).to_be_visible()
        seen("loading")
        page.unroute(SUMMARY)
        page.route(SUMMARY, refuse)
        visiting.open("/usage?last=7d")
        expect(page.get_by_role("alert")).to_contain_text("The figures cannot be read.")
        seen("error")
        page.unroute(SUMMARY)
        page.get_by_role("button", name="Try again").click()
        expect(figure(page, "Requests by kind of alias")).to_be_visible()
        seen("complete")
        page.route(SUMMARY, troubled)
        page.route(TEMPLATES, refuse)
        visiting.open("/usage?last=30d")
        expect(page.get_by_text("The disk is full.")).to_be_visible()
        expect(page.get_by_text("3 records could not be kept")).to_be_visible()
        expect(figure(page, "Chat templates")).to_contain_text("The figures cannot be read.")
        expect(figure(page, "Aliases")).to_be_visible()
        seen("partial")
        visiting.open("/usage?alias=nobody")
        expect(page.get_by_role("alert")).to_be_visible()
        visiting.await_complaint("404")
        seen("unknown alias")
    assert {state: one for state, one in found.items() if one} == {}


def test_a_day_is_reached_and_read_without_a_mouse(desk: Visitor, asked: list[int]) -> None:
    page = desk.open("/usage")
    expect(figure(page, "Requests by kind of alias")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/aliases"))
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/usage"))
    button = page.get_by_role("button", name="Models as a table")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Models as a table")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Models as a table")).to_be_focused()
