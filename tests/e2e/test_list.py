"""The list of aliases: what a row says, searching, sorting, folding, keys, and the details."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import Visitor, clicks, count_clicks
from tests.e2e.homes import Place
from tests.support.server import RunningServer, wait_until


def rows(page: Page) -> Locator:
    """The rows of aliases, without groups and heads."""
    return page.locator("[role=row][data-kind=item]")


def names(page: Page) -> list[str]:
    labels = [row.get_attribute("aria-label") or "" for row in rows(page).all()]
    return [label.rpartition(", ")[0] for label in labels]


def wait_for_rows(page: Page) -> None:
    expect(rows(page).first).to_be_visible()


def test_l01_a_row_says_name_kind_repository_and_file(desk: Visitor) -> None:
    page = desk.open("/aliases")
    row = page.get_by_role("row", name="demo:creative, user alias")
    for text in ("demo:creative", "User", "bodhi/demo", "demo.Q8_0.gguf"):
        expect(row).to_contain_text(text)
    expect(page.get_by_role("row", name="bodhi/demo:Q8_0, model alias")).to_contain_text("Model")


def test_every_alias_of_the_server_has_its_row(desk: Visitor, server: RunningServer) -> None:
    page = desk.open("/aliases?group=none")
    wait_for_rows(page)
    with server.http() as client:
        known = client.get("/api/v1/aliases").json()["aliases"]
    expect(page.get_by_text(f"{len(known)} aliases")).to_be_visible()
    expect(page.get_by_role("treegrid")).to_have_attribute("aria-rowcount", str(len(known) + 1))


def test_l04_a_search_narrows_the_list_and_survives_a_reload(desk: Visitor) -> None:
    page = desk.open("/aliases")
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.type("coder temp<=0.2 source:user")
    expect(rows(page)).to_have_count(2)
    assert sorted(names(page)) == ["coder", "coder:review"]
    page.reload()
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_role("combobox", name="Search aliases")).to_have_value(
        "coder temp<=0.2 source:user"
    )
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_text("17 aliases")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/aliases$"))


def test_l04_an_address_that_somebody_else_changes_is_what_the_field_says(desk: Visitor) -> None:
    page = desk.open("/aliases")
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.type("coder")
    expect(page).to_have_url(re.compile("q=coder$"))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Aliases").click()
    expect(page.get_by_role("combobox", name="Search aliases")).to_have_value("")
    page.go_back()
    expect(page.get_by_role("combobox", name="Search aliases")).to_have_value("coder")
    expect(rows(page)).to_have_count(3)


def test_l04_a_term_that_means_nothing_is_named(desk: Visitor) -> None:
    page = desk.open("/aliases?q=nonsense%3E1")
    expect(page.get_by_text("Not understood: nonsense>1")).to_be_visible()


def test_a_search_without_finds_offers_the_way_back(desk: Visitor) -> None:
    page = desk.open("/aliases?q=there-is-no-such-alias")
    page.get_by_role("button", name="Show all aliases").click()
    wait_for_rows(page)


COLUMNS = {
    "Name": "name",
    "Kind": "source",
    "Repository": "repo",
    "File": "filename",
    "Quant": "quantization",
    "Changed": "modified_at",
}
_SIGNS = "_-,;:!?.'\"()[]{}@*/\\&#%+<=>|~"  # in the order of the Unicode collation
LEAST_SEEN = 12
MOST_TO_BROWSE, MOST_TO_FIND = 3, 2


def place_of(value: Any, column: str) -> tuple[Any, ...]:
    """Where a value belongs: numbers by their size, also within words; what is unknown first."""
    if value is None:
        return ()
    if isinstance(value, int | float):
        return (value,)
    if column == "source":
        return (value != "user",)
    return tuple(map(_rank, re.findall(r"\d+|\D", value.casefold())))


def _rank(part: str) -> tuple[int, int | str]:
    if part.isdecimal():
        return (1, int(part))
    return (0, _SIGNS.index(part)) if part in _SIGNS else (2, part)


def test_l02_every_head_sorts_says_so_and_keeps_another_with_shift(
    desk: Visitor, server: RunningServer
) -> None:
    """The order is that of this file's own reference, over the server's answer."""
    with server.http() as client:
        known = client.get("/api/v1/aliases").json()["aliases"]

    def expected(*columns: str, down: bool = False) -> list[str]:
        def key(row: dict[str, Any]) -> list[tuple[Any, ...]]:
            return [place_of(row[one], one) for one in columns]

        return [row["name"] for row in sorted(known, key=key, reverse=down)]

    page = desk.open("/aliases?group=none")
    wait_for_rows(page)
    for title, column in COLUMNS.items():
        head = page.get_by_role("columnheader", name=title)
        expect(head).to_have_attribute("aria-sort", "none")
        for direction in ("ascending", "descending"):
            head.get_by_role("button").click()
            expect(head).to_have_attribute("aria-sort", direction)
            shown = names(page)
            assert len(shown) >= LEAST_SEEN
            wanted = expected(column, down=direction == "descending")
            assert shown == wanted[: len(shown)], (title, direction)
    page.get_by_role("columnheader", name="Kind").get_by_role("button").click()
    page.get_by_role("columnheader", name="Repository").get_by_role("button").click(
        modifiers=["Shift"]
    )
    expect(page).to_have_url(re.compile(r"sort=source(%2C|,)repo"))
    shown = names(page)
    assert shown == expected("source", "repo")[: len(shown)]


# Each grouping, and a group that the showcase has in it.
GROUPS = {
    "By family": "gemma, 2",
    "By kind": "Model, 7",
    "By state": "Error, 1",
    "By repository": "bodhi/demo, 4",
    "By template": "embedded in the file, 17",
    "By tag": "No tag, 17",
}


def test_l05_a_group_of_each_kind_folds_and_stays_folded_after_a_reload(desk: Visitor) -> None:
    page = desk.open("/aliases")
    grid = page.get_by_role("treegrid")

    def group_by(title: str) -> Locator:
        page.get_by_role("combobox", name="Group by").click()
        page.get_by_role("option", name=title, exact=True).click()
        label = GROUPS[title]
        return page.locator(f"[role=row][data-kind=group][aria-label^='{label}']")

    for title in GROUPS:
        group = group_by(title)
        expect(group).to_have_attribute("aria-expanded", "true")
        before = grid.get_attribute("aria-rowcount")
        group.click()
        expect(group).to_have_attribute("aria-expanded", "false")
        expect(grid).not_to_have_attribute("aria-rowcount", before or "")
    page.reload()
    for title in GROUPS:
        expect(group_by(title)).to_have_attribute("aria-expanded", "false")
    group_by("By family")
    expect(page.get_by_role("row", name="gemma:translate")).to_have_count(0)


def test_the_list_goes_by_keys_alone(desk: Visitor) -> None:
    page = desk.open("/aliases")
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.type("demo:")
    expect(rows(page)).to_have_count(4)
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("row", name="demo:creative")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("row", name="demo:precise")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    rail = page.get_by_role("complementary", name="Details of demo:creative")
    rail.get_by_role("tab", name="Values").focus()  # who was within it is given back
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("row", name=re.compile("^llama, "))).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/playground"))


def test_f1a_f1b_details_are_one_click_away_and_two_after_a_search(desk: Visitor) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases")
    page.get_by_role("row", name="demo:creative, user alias").click()
    rail = page.get_by_role("complementary", name="Details of demo:creative")
    expect(rail).to_be_visible()
    assert clicks(page) <= MOST_TO_BROWSE
    before = clicks(page)
    page.get_by_role("combobox", name="Search aliases").click()
    page.keyboard.type("review")
    page.get_by_role("row", name="coder:review").click()
    expect(page).to_have_url(re.compile("sel=coder--review"))
    rail = page.get_by_role("complementary", name="Details of coder:review")
    expect(rail).to_be_visible()
    assert clicks(page) - before <= MOST_TO_FIND
    # The address holds it, and back closes it.
    page = desk.open("/aliases?q=coder")
    page.get_by_role("row", name="coder:review").click()
    expect(page).to_have_url(re.compile("sel=coder--review"))
    expect(rail).to_contain_text("Qwen/Qwen2.5-Coder-7B-Instruct-GGUF")
    page.reload()
    expect(rail).to_be_visible()
    page.go_back()
    expect(rail).to_have_count(0)


def test_values_say_which_layer_they_come_from_and_what_they_overrule(desk: Visitor) -> None:
    page = desk.open("/aliases/llama3--instruct")
    value = page.locator("details", has_text="Temperature").first
    expect(value).to_contain_text("0.7")
    expect(value).to_contain_text("alias")
    value.locator("summary").click()
    ladder = page.get_by_role("list", name="Where Temperature comes from")
    expect(ladder.get_by_role("listitem").first).to_contain_text("wins")
    expect(ladder.get_by_role("listitem").last).to_contain_text("overruled")
    expect(page.get_by_text("Minimum p")).to_have_count(0)
    page.get_by_text("All values").click()
    expect(page.locator("summary").nth(20)).to_be_visible()


def test_a_range_that_requests_are_kept_in_is_told(desk: Visitor) -> None:
    page = desk.open("/aliases/coder")
    value = page.locator("summary", has_text="Temperature")
    expect(value).to_contain_text("requests kept in 0 … 0.5")


def test_the_path_and_the_file_are_those_of_the_disk(desk: Visitor, place: Place) -> None:
    page = desk.open("/aliases/llama3--precise")
    page.get_by_role("tab", name="Resolution").click()
    expect(page.get_by_text(str(place.hub)).first).to_be_visible()
    page.get_by_role("tab", name="File").click()
    shown = page.get_by_role("region", name="Alias file of llama3:precise")
    expect(shown).to_be_visible()
    assert shown.inner_text() == (place.home / "aliases" / "llama3--precise.yaml").read_text()
    page.get_by_role("button", name="Copy File").click()
    expect(page.get_by_role("status")).to_have_text("Copied File")
    assert page.evaluate("navigator.clipboard.readText()") == shown.inner_text()


def test_an_alias_that_cannot_serve_says_why_and_what_helps(desk: Visitor) -> None:
    page = desk.open("/aliases?sel=notes")
    rail = page.get_by_role("complementary", name="Details of notes")
    why = rail.get_by_role("alert")
    expect(why).to_contain_text("is not here")
    expect(why.get_by_text("bodhi pull ")).to_have_count(1)  # not once more as text
    why.get_by_role("button", name="Copy bodhi pull").click()
    expect(page.get_by_role("status")).to_contain_text("Copied bodhi pull")
    assert page.evaluate("navigator.clipboard.readText()").startswith("bodhi pull ")
    expect(rail.get_by_role("button", name="Try", exact=True)).to_be_disabled()
    rail.get_by_role("link", name="Pick another file").click()
    expect(page.get_by_label("Model file", exact=True).first).to_be_focused()


def test_a_change_on_disk_reaches_an_open_list(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    desk.page.clock.install()
    page = desk.open("/aliases?q=fresh")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    new = place.home / "aliases" / "fresh.yaml"
    new.write_text("alias: fresh\nrepo: bodhi/demo\nfilename: demo.Q8_0.gguf\n", encoding="utf-8")
    try:
        with server.http() as client:
            seen = wait_until(lambda: client.get("/api/v1/aliases/fresh").status_code == 200, 20)
        assert seen
        page.clock.fast_forward(10_000)  # the time after which an open list asks again
        expect(page.get_by_role("row", name="fresh, user alias")).to_be_visible()
    finally:
        new.unlink()


def test_an_address_of_no_alias_says_so(desk: Visitor) -> None:
    desk.await_complaint("404")
    page = desk.open("/aliases/there-is-no-such-alias")
    expect(page.get_by_text("No alias has this name")).to_be_visible()
    page.get_by_role("link", name="Show all aliases").click()
    wait_for_rows(page)


@pytest.mark.parametrize("path", ["/nonsense", "/aliases/a/b/c"])
def test_an_address_that_leads_nowhere_leads_home(desk: Visitor, path: str) -> None:
    page = desk.open(path)
    page.get_by_role("link", name="Go to the aliases").click()
    wait_for_rows(page)
