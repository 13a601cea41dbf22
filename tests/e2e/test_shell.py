"""What every screen stands in: theme, palette, keys, the weight of the first load, the policy."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browsing import Theme, Visitor, visitor
from tests.support.server import RunningServer

MOST_SCRIPT = 260_000
MOST_STYLE = 45_000
MOST_FONT = 90_000
MOST_REQUESTS = 15

DARK = "rgb(15, 15, 17)"
LIGHT = "rgb(255, 255, 255)"


def _nothing(route: Route) -> None:
    route.fulfill(body="", content_type="text/javascript")


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def open_palette(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()


@pytest.mark.parametrize(("theme", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_of_the_system_is_there_before_the_first_script(
    browser: Browser, server: RunningServer, theme: Theme, colour: str
) -> None:
    with visitor(browser, server.address, "desk", theme) as visiting:
        # The entry script never comes: what is painted is what the head alone makes of it.
        visiting.page.route("**/assets/index-*.js", _nothing)
        page = visiting.open("/aliases")
        assert background(page) == colour


def test_a_chosen_theme_outlives_the_visit(desk: Visitor) -> None:
    page = desk.open("/aliases")
    page.get_by_role("button", name="Theme: System").click()
    page.get_by_role("button", name="Theme: Light").click()
    expect(page.get_by_role("status")).to_have_text("Theme: Dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    assert background(page) == DARK


def test_k03_the_palette_leads_to_an_alias_and_gives_the_focus_back(desk: Visitor) -> None:
    page = desk.open("/aliases")
    row = page.get_by_role("row", name="demo:short")
    row.click()
    expect(row).to_be_focused()
    open_palette(page)
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    open_palette(page)
    page.keyboard.type("review")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="coder:review")).to_be_visible()


def test_the_palette_knows_the_commands_by_a_part_of_their_name(desk: Visitor) -> None:
    page = desk.open("/aliases")
    open_palette(page)
    page.keyboard.type("playgr")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/playground"))
    open_palette(page)
    expect(page.get_by_role("combobox", name="Search and commands")).to_have_value("")
    page.keyboard.type("zzzz")
    expect(page.get_by_text("Nothing is called “zzzz”")).to_be_visible()


def test_k02_the_palette_leads_to_a_parameter_s_row_where_one_is_edited(desk: Visitor) -> None:
    page = desk.open("/aliases/coder/edit")
    row = page.get_by_role("group", name="Temperature", exact=True)
    expect(row).to_be_visible()
    open_palette(page)
    page.keyboard.type("#temp")
    expect(page.get_by_role("option", name="Temperature")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row.get_by_role("slider")).to_be_focused()
    page.goto(f"{desk.address}/aliases")
    open_palette(page)
    page.keyboard.type("#temp")
    expect(page.get_by_role("option", name="Temperature")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=set(%3A|:)temperature"))


def test_letters_are_commands_only_where_nobody_types(desk: Visitor) -> None:
    page = desk.open("/playground")
    page.get_by_role("textbox", name="Prompt", exact=True).fill("")
    page.keyboard.type("ga?")
    expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("ga?")
    page.get_by_role("heading", name="Playground").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/aliases"))


# Making the first formatter takes a browser as long as drawing a screen. What sorts is made apart.
FORMATTERS = """
    globalThis.formatters = []
    for (const [home, name] of [
        [Intl, "PluralRules"], [Intl, "NumberFormat"], [Intl, "DateTimeFormat"],
        [Intl, "RelativeTimeFormat"], [Number.prototype, "toLocaleString"],
        [Date.prototype, "toLocaleString"], [Date.prototype, "toLocaleTimeString"],
    ]) home[name] = new Proxy(home[name], {
        apply(...call) { formatters.push(name); return Reflect.apply(...call) },
        construct(...call) { formatters.push(name); return Reflect.construct(...call) },
    })
"""


def test_b03_the_first_load_is_light_and_asks_nobody_else(desk: Visitor, built: Path) -> None:
    desk.page.add_init_script(FORMATTERS)
    page = desk.open("/aliases")
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    paths = [request.url.removeprefix(desk.address) for request in desk.requests]
    weights = {path: weight(built, path) for path in paths if (built / path[1:]).is_file()}
    assert sum(w for path, w in weights.items() if path.endswith(".js")) <= MOST_SCRIPT
    assert sum(w for path, w in weights.items() if path.endswith(".css")) <= MOST_STYLE
    assert sum(w for path, w in weights.items() if path.endswith(".woff2")) <= MOST_FONT
    assert len([path for path in weights if path.endswith(".js")]) >= 2
    assert len(paths) <= MOST_REQUESTS
    assert page.evaluate("formatters") == []
    assert page.evaluate("(1234).toLocaleString('en'), formatters") == ["toLocaleString"]
    assert page.evaluate("Error.stackTraceLimit") == 10  # none while the page began


MOST_OF_A_CHUNK = {"Markdown": 75_000, "CodeMirror": 110_000, "chart": 30_000, "uplot": 30_000}
MOST_OF_A_ROUTE = 25_000


def heavy_chunks(weights: dict[str, int], first: set[str]) -> list[str]:
    """Chunks of the page that weigh more than they may; those of the first load have a sum."""
    most = {
        name: next((of for part, of in MOST_OF_A_CHUNK.items() if part in name), MOST_OF_A_ROUTE)
        for name in weights.keys() - first
    }
    return sorted(name for name, allowed in most.items() if weights[name] > allowed)


def test_b04_screens_come_in_light_pieces_and_no_markdown_with_the_list(
    desk: Visitor, built: Path
) -> None:
    page = desk.open("/aliases")
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    page.wait_for_load_state("networkidle")
    first = {request.url.rpartition("/")[2] for request in desk.requests}
    assert not [name for name in first if re.search("Markdown|CodeMirror", name)]
    names = [path.name for path in (built / "assets").glob("*.js")]
    weights = {name: weight(built, f"/assets/{name}") for name in names}
    assert len(names) > 20
    assert [name for name in names if name.startswith("Markdown")]
    assert heavy_chunks(weights, first) == []
    planted = {"Screen-a.js": MOST_OF_A_ROUTE + 1, "Markdown-b.js": 75_000, "index.js": 10**6}
    assert heavy_chunks(planted, {"index.js"}) == ["Screen-a.js"]


def weight(built: Path, path: str) -> int:
    """Bytes on the wire: those of the compressed copy, where there is one."""
    packed = built / f"{path[1:]}.gz"
    return (packed if packed.exists() else built / path[1:]).stat().st_size


def test_x01_the_policy_lets_no_script_run_that_the_page_does_not_bring(desk: Visitor) -> None:
    desk.await_complaint("Content Security Policy")
    answer = desk.page.goto(f"{desk.address}/aliases")
    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)", answer.text()) == []
    assert re.findall(r"\son\w+=", answer.text()) == []
    page = desk.page
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.planted = true";
            document.head.append(script);
            const style = document.createElement("style");
            style.textContent = "body { display: none }";
            document.head.append(style);
        }"""
    )
    assert page.evaluate("window.planted") is None
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    assert len(desk.complaints) >= 2  # both were refused, and the browser said so


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/compare?a=demo:precise&a=demo:creative", "/compare"),
        ("/usage?from=%5B1%5D&to={}", "/usage"),
        ("/aliases?sort=%5B%5D&q=%7B%7D&view=1&group=%5B2%5D", "/aliases"),
    ],
)
def test_what_an_address_says_that_no_screen_can_read_is_left_out(
    desk: Visitor, typed: str, shown: str
) -> None:
    page = desk.open(typed)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("This did not work")
    expect(page).to_have_url(f"{desk.address}{shown}")
