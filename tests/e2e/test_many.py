"""Ten thousand aliases: only what is seen is drawn, and all of it can be reached and found."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.editing import field, saved
from tests.e2e.homes import Place, many_home
from tests.e2e.test_actions import menu_of
from tests.support.server import RunningServer

COUNT = 10_000
MOST_ROWS = 40
MOST_ELEMENTS = 1_200
LAST = f"many:{COUNT - 1:05d}"
USER = COUNT + 3
JUMPS = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return many_home(tmp_path_factory.mktemp("many"), COUNT)


def open_list(visiting: Visitor, query: str) -> Page:
    page = visiting.open(f"/aliases?{query}")
    expect(page.get_by_text(f"{USER:,} of").or_(page.get_by_text("aliases ·"))).to_be_visible(
        timeout=30_000
    )
    return page


def shown(page: Page) -> dict[int, str]:
    """The names of the rows that are drawn, by their places in the whole list."""
    found: list[list[Any]] = page.locator("[role=row][data-kind=item]").evaluate_all(
        "rows => rows.map(row => [Number(row.dataset.index), row.getAttribute('aria-label')])"
    )
    return {place: label.rpartition(", ")[0] for place, label in found}


def scroll_to(grid: Locator, share: float) -> None:
    grid.evaluate("(list, share) => { list.scrollTop = list.scrollHeight * share }", share)
    grid.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def drawn(page: Page) -> int:
    return page.locator("[role=row]").count() + page.locator("[role=listitem]").count()


def test_b01_few_rows_are_drawn_wherever_the_list_stands(desk: Visitor) -> None:
    page = desk.open("/aliases?source=user")
    grid = page.get_by_role("treegrid")
    expect(page.get_by_text(f"{USER:,} of")).to_be_visible(timeout=30_000)
    jumps = [jump / JUMPS for jump in (*range(0, JUMPS, 2), *range(JUMPS - 1, 0, -2), JUMPS)]
    seen = grid.evaluate(JUMP, jumps)
    assert len(seen) == len(jumps)
    for rows, elements in seen:
        assert 0 < rows <= MOST_ROWS
        assert elements < MOST_ELEMENTS
    expect(page.get_by_role("row", name=LAST)).to_be_visible()


# At each place, once it is drawn: how many rows there are, and how many elements in all.
JUMP = """async (list, shares) => {
    const seen = [];
    for (const share of shares) {
        list.scrollTop = list.scrollHeight * share;
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        const rows = list.querySelectorAll("[role=row][data-kind=item]").length;
        seen.push([rows, document.getElementsByTagName("*").length]);
    }
    return seen;
}"""


def test_b02_no_frame_of_a_long_scroll_is_blank_or_heavy(desk: Visitor) -> None:
    page = desk.open("/aliases?source=user&group=none")
    expect(page.get_by_text(f"{USER:,} of")).to_be_visible(timeout=30_000)
    grid = page.get_by_role("treegrid")
    grid.evaluate(WATCH)
    grid.hover()
    for _ in range(60):
        page.mouse.wheel(0, 900)
        page.evaluate("new Promise(requestAnimationFrame)")
    seen = page.evaluate("window.seen")
    assert seen["frames"] >= 60
    assert seen["moved"] > 10_000  # the wheel did move it, over rows that had to be made
    assert seen["blank"] <= 1
    assert seen["most"] <= MOST_ROWS


# In every frame: how many rows are drawn, and whether the middle of what is seen is one of them.
WATCH = """list => {
    window.seen = { frames: 0, blank: 0, most: 0, moved: 0 };
    const look = () => {
        const { left, top, width, height } = list.getBoundingClientRect();
        const at = document.elementFromPoint(left + width / 2, top + height / 2);
        const rows = list.querySelectorAll("[role=row]").length;
        window.seen.frames += 1;
        window.seen.blank += at?.closest("[role=row]") ? 0 : 1;
        window.seen.most = Math.max(window.seen.most, rows);
        window.seen.moved = Math.max(window.seen.moved, list.scrollTop);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def test_end_and_home_reach_the_ends_by_key(desk: Visitor) -> None:
    page = desk.open("/aliases?source=user")
    expect(page.get_by_text(f"{USER:,} of")).to_be_visible(timeout=30_000)
    page.get_by_role("row", name="demo:precise").click()
    page.keyboard.press("End")
    expect(page.get_by_role("row", name=LAST)).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("row", name="llama, ")).to_be_focused()
    assert drawn(page) <= MOST_ROWS


def test_l04_terms_find_what_a_reference_finds_and_a_reload_finds_it_again(
    desk: Visitor, server: RunningServer
) -> None:
    with server.http() as client:
        known = client.get("/api/v1/aliases").json()["aliases"]

    def fits(row: dict[str, Any]) -> bool:
        values = {one["key"]: one["value"] for one in row["set"]}
        return bool(row["family"] == "llama" and values.get("temperature", 0) > 0.7)

    wanted = [row["name"] for row in known if fits(row)]
    assert COUNT / 2 < len(wanted) < COUNT
    page = open_list(desk, "group=none&sort=name")
    grid = page.get_by_role("treegrid")
    page.keyboard.press("/")
    page.keyboard.type("family:llama temp>0.")
    expect(page.get_by_text("Not understood: temp>0.")).to_be_visible()
    before = grid.get_attribute("aria-rowcount")
    assert before is not None
    page.keyboard.type("7")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    found = page.locator(f"[role=treegrid][aria-rowcount='{len(wanted) + 1}']")
    for _ in range(5):
        # A letter that is taken back while its address is still on its way.
        found.wait_for()
        page.keyboard.press("Backspace")
        expect(grid).to_have_attribute("aria-rowcount", before)
        page.keyboard.press("7")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    for again in (False, True):
        if again:
            page.reload()
            expect(page.get_by_role("combobox", name="Search aliases")).to_have_value(
                "family:llama temp>0.7"
            )
        expect(grid).to_have_attribute("aria-rowcount", str(len(wanted) + 1), timeout=30_000)
        for share in (0, 0.21, 0.5, 0.83, 1):
            scroll_to(grid, share)
            rows = shown(page)
            assert len(rows) > 10
            assert rows == {place: wanted[place] for place in rows}


def test_l09_who_comes_back_from_an_alias_finds_its_row_in_view_and_marked(
    desk: Visitor,
) -> None:
    page = open_list(desk, "group=none&sort=name&source=user")
    scroll_to(page.get_by_role("treegrid"), 5003 / USER)
    row = page.get_by_role("row", name="many:05000, user alias")
    expect(row).to_have_attribute("data-returned", "false")
    menu_of(page, "many:05000", "Edit")
    expect(field(page, "Top-k")).to_be_visible(timeout=60_000)
    field(page, "Top-k").fill("41")
    saved(page)
    page.go_back()
    expect(row).to_be_in_viewport()
    expect(row).to_have_attribute("data-returned", "true")
    expect(row).to_have_attribute("tabindex", "0")
    expect(page.locator("[data-returned=true]")).to_have_count(1)
    # In another order, by another way.
    main = page.get_by_role("navigation", name="Main")
    main.get_by_role("link", name="Models", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Models")).to_be_visible()
    main.get_by_role("link", name="Aliases", exact=True).click()
    expect(row).to_be_in_viewport()
    expect(row).to_have_attribute("data-returned", "true")
    assert desk.violations() == []
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-returned=true]")).to_have_count(0)


def test_k01_the_palette_finds_one_among_all(desk: Visitor) -> None:
    page = desk.open("/aliases")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("09997")
    expect(page.get_by_role("option", name="many:09997")).to_be_visible(timeout=30_000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="many:09997")).to_be_visible()


def test_a_phone_draws_few_cards_and_reaches_the_last(phone: Visitor) -> None:
    page = phone.open("/aliases?group=none&q=many")
    expect(page.get_by_role("button", name="many:00000, user alias")).to_be_visible(timeout=30_000)
    last = page.get_by_role("list", name="Aliases").locator("..")
    last.evaluate("list => { list.scrollTop = list.scrollHeight }")
    expect(page.get_by_role("button", name=f"{LAST}, user alias")).to_be_visible()
    assert drawn(page) <= MOST_ROWS
