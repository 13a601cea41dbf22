"""Ten thousand aliases: only what is seen is drawn, and all of it can be reached and found."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place, many_home

COUNT = 10_000
MOST_ROWS = 40
MOST_ELEMENTS = 1_200
LAST = f"many:{COUNT - 1:05d}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return many_home(tmp_path_factory.mktemp("many"), COUNT)


def drawn(page: Page) -> int:
    return page.locator("[role=row]").count() + page.locator("[role=listitem]").count()


def test_b01_few_rows_are_drawn_wherever_the_list_stands(desk: Visitor) -> None:
    page = desk.open("/aliases?source=user")
    grid = page.get_by_role("treegrid")
    expect(page.get_by_text(f"{COUNT + 3:,} of")).to_be_visible(timeout=30_000)
    for share in (0, 0.1, 0.37, 0.5, 0.93, 1):
        grid.evaluate("(list, share) => { list.scrollTop = list.scrollHeight * share }", share)
        expect(page.locator("[role=row][data-kind=item]").first).to_be_attached()
        assert drawn(page) <= MOST_ROWS
        assert page.locator("*").count() < MOST_ELEMENTS
    expect(page.get_by_role("row", name=LAST)).to_be_visible()


def test_b02_no_frame_of_a_long_scroll_is_blank_or_heavy(desk: Visitor) -> None:
    page = desk.open("/aliases?source=user&group=none")
    expect(page.get_by_text(f"{COUNT + 3:,} of")).to_be_visible(timeout=30_000)
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
    expect(page.get_by_text(f"{COUNT + 3:,} of")).to_be_visible(timeout=30_000)
    page.get_by_role("row", name="demo:precise").click()
    page.keyboard.press("End")
    expect(page.get_by_role("row", name=LAST)).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("row", name="llama, ")).to_be_focused()
    assert drawn(page) <= MOST_ROWS


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
