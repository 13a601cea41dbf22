"""A small screen: nothing scrolls sideways, fingers find every target, a sheet has the details."""

import re
from typing import Literal, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browsing import Visitor, visitor
from tests.support.server import RunningServer

FINGER = 44
Role: TypeAlias = Literal["textbox", "searchbox", "combobox"]
SCREENS = [
    "/",
    "/aliases",
    "/aliases?q=coder",
    "/aliases/new",
    "/aliases/coder",
    "/aliases/coder/edit",
    "/models",
    "/playground",
    "/compare?a=coder&b=demo:precise",
    "/usage",
    "/presets",
    "/templates",
    "/trash",
    "/nonsense",
    "/settings",
]
# Native targets, by what they are to a person; the boxes of their visible parts.
TARGETS = "button, a[href], [role=tab], summary, input, textarea, [role=radiogroup]"


def settle(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("width", [390, 320])
def test_m05_nothing_is_wider_than_the_screen_and_no_label_is_cut(
    browser: Browser, server: RunningServer, width: int
) -> None:
    size = {"width": width, "height": 700}
    found = {}
    with visitor(browser, server.address, "phone", viewport=size) as visiting:
        for path in SCREENS:
            settle(visiting.open(path))
            found[path] = [*cut_labels(visiting.page), *["wider"] * visiting.sideways()]
        expect(visiting.page.get_by_role("radiogroup").first).to_be_visible()
        label = visiting.page.locator("[role=radiogroup] label").first
        label.evaluate("one => { one.style.width = '20px' }")
        assert cut_labels(visiting.page) != []  # one would be found
    assert {path: what for path, what in found.items() if what} == {}


def cut_labels(page: Page) -> list[str]:
    """Words of controls that do not fit where they stand; names that people gave may be cut."""
    found: list[str] = page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)]
            .flatMap((control) => [control, ...control.querySelectorAll("*")])
            .filter((one) => {
                const cuts = getComputedStyle(one).overflowX !== "visible";
                const shown = one.checkVisibility({ visibilityProperty: true });
                return cuts && shown && one.clientWidth > 1 && one.innerText?.trim()
                    && one.scrollWidth > one.clientWidth && !one.closest("[title]");
            })
            .map((one) => `${one.innerText}: ${one.scrollWidth} of ${one.clientWidth}`)""",
        "button, a[href], label, summary, [role=tab], [role=radiogroup]",
    )
    return found


def small_targets(page: Page) -> list[str]:
    """Targets in view under 44 px, unless they are words of a text (WCAG 2.2, 2.5.5 and 2.5.8)."""
    found: list[str] = page.evaluate(
        """([targets, finger]) => [...document.querySelectorAll(targets)]
            .filter((one) => {
                const box = one.getBoundingClientRect();
                const shown = one.checkVisibility({ visibilityProperty: true });
                const inText = getComputedStyle(one).display === "inline";
                const hidden = one.matches("input[type=radio], [type=hidden], .skip");
                return shown && !inText && !hidden && box.width > 0 && box.top >= 0
                    && (box.height < finger || box.width < finger);
            })
            .map((one) => {
                const { width, height } = one.getBoundingClientRect();
                return `${one.outerHTML.slice(0, 120)} ${width}x${height}`;
            })""",
        [TARGETS, FINGER],
    )
    return found


@pytest.mark.parametrize("path", ["/aliases", "/playground?alias=demo:precise", "/aliases/coder"])
def test_every_target_is_as_large_as_a_finger(phone: Visitor, path: str) -> None:
    page = phone.open(path)
    settle(page)
    assert small_targets(page) == []


def test_a_small_target_would_be_found(phone: Visitor) -> None:
    page = phone.open("/playground")
    settle(page)
    page.get_by_role("button", name="Run").evaluate(
        "button => { button.style.cssText = 'height: 30px; min-height: 0' }"
    )
    assert len(small_targets(page)) == 1


def test_groups_start_folded_and_a_search_opens_them(phone: Visitor) -> None:
    page = phone.open("/aliases")
    group = page.get_by_role("button", name="gemma 2")
    expect(group).to_have_attribute("aria-expanded", "false")
    group.tap()
    expect(group).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="gemma:translate, user alias")).to_be_visible()
    page.get_by_role("combobox", name="Search aliases").fill("review")
    expect(page.get_by_role("button", name="coder:review, user alias")).to_be_visible()


def test_a_card_opens_a_sheet_that_gives_the_focus_back(phone: Visitor) -> None:
    page = phone.open("/aliases?q=demo:short")
    card = page.get_by_role("button", name="demo:short, user alias")
    card.tap()
    sheet = page.get_by_role("dialog", name="Details of demo:short")
    expect(sheet).to_contain_text("System prompt")
    expect(sheet.get_by_role("heading", name="demo:short")).to_be_focused()
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_have_count(0)
    expect(card).to_be_focused()


def test_back_closes_the_sheet(phone: Visitor) -> None:
    page = phone.open("/aliases?q=demo:short")
    page.get_by_role("button", name="demo:short, user alias").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_prompt_is_answered_by_touch_alone(phone: Visitor) -> None:
    page = phone.open("/aliases?q=demo:precise")
    page.get_by_role("button", name="Try demo:precise").tap()
    page.get_by_role("button", name="Tell me a story about a cat.").tap()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


# Shifts of what is drawn, as Chromium counts them (1: all of the screen by all of its height).
# Also those that the browser lays to an input: it takes the window's size, when it is set, for one.
SHIFTS = """
    globalThis.shifted = 0
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) shifted += one.value
    }).observe({ type: "layout-shift", buffered: true })
"""
MOST_SHIFTED = 0.02
FRAMES = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


def shifted(page: Page) -> float:
    page.evaluate(FRAMES)
    return float(page.evaluate("shifted"))


def test_nothing_moves_as_one_answer_comes_after_another(phone: Visitor) -> None:
    page, held = phone.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.add_init_script(SHIFTS)
    page.route(re.compile("/api/v1/(?!session)"), hold)
    for path, first in {"/": "Requests in the last 24 hours", "/aliases": "Aliases"}.items():
        phone.open(path)
        expect(page.get_by_role("heading", name=first).first).to_be_visible()
        page.evaluate(FRAMES)
        assert len(held) > 1, path
        while held:
            route = held.pop(0)
            with page.expect_response(route.request.url):
                route.continue_()
            page.evaluate(FRAMES)  # drawn before the next comes
        settle(page)
        assert shifted(page) < MOST_SHIFTED, path
    page.locator("main").evaluate("main => { main.style.marginTop = '300px' }")
    page.wait_for_function("most => shifted > most", arg=MOST_SHIFTED)  # one would be seen


# Where, the field's role and name -> keyboard, what its Enter key says, whether words are mended.
KEYBOARDS: dict[str, dict[tuple[Role, str], tuple[str | None, ...]]] = {
    "/aliases/coder/edit": {
        ("textbox", "Name"): (None, "done", "off"),
        ("textbox", "Add to Tags"): (None, "enter", "off"),
        ("searchbox", "Search parameters"): (None, "search", "off"),
        ("textbox", "Temperature, value"): ("decimal", "done", None),
        ("textbox", "Top-k, value"): ("numeric", "done", None),
        ("textbox", "Add to Stop sequences"): (None, "enter", "off"),
    },
    "/aliases": {("combobox", "Search aliases"): (None, "search", None)},
    "/playground": {("textbox", "Prompt"): (None, "enter", None)},
}


def test_m09_each_kind_of_field_brings_its_keyboard(phone: Visitor) -> None:
    for path, fields in KEYBOARDS.items():
        page = phone.open(path)
        settle(page)
        for (role, name), wanted in fields.items():
            field = page.get_by_role(role, name=name, exact=True)
            expect(field).to_be_visible()
            said = [
                field.get_attribute(one) for one in ("inputmode", "enterkeyhint", "autocorrect")
            ]
            assert tuple(said) == wanted, (path, name)


# -- What a finger does beside tapping; each has its button, too.


def drag(page: Page, begins: tuple[int, int], ends: tuple[int, int]) -> None:
    """A finger that goes from one place to another in twelve steps, and is lifted there."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
        page.evaluate(FRAMES)

    touch("touchStart", begins)
    for step in range(1, 13):
        done = step / 12
        x, y = (a + (b - a) * done for a, b in zip(begins, ends, strict=True))
        touch("touchMove", (x, y))
    touch("touchEnd")
    session.detach()


def test_m01_a_card_pushed_aside_shows_its_commands_and_another_closes_it(phone: Visitor) -> None:
    page = phone.open("/aliases?q=demo")
    settle(page)
    cards = page.locator("[data-open]:has([data-card])")
    first, second = cards.nth(0), cards.nth(1)
    places = [card.bounding_box() for card in (first, second)]
    (y, other) = (int(box["y"] + 20) for box in places if box is not None)
    drag(page, (300, y), (60, y))
    expect(first).to_have_attribute("data-open", "true")
    for name in ("Try", "Edit", "Delete"):
        box = first.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None, name
        assert min(box["width"], box["height"]) >= FINGER, name
        assert box["x"] + box["width"] <= 391
    assert phone.violations() == []
    drag(page, (300, other), (60, other))
    expect(second).to_have_attribute("data-open", "true")
    expect(first).to_have_attribute("data-open", "false")
    drag(page, (60, other), (300, other))
    expect(second).to_have_attribute("data-open", "false")
    drag(page, (150, y), (150, y + 200))  # that is a scroll
    expect(page.locator("[data-open=true]")).to_have_count(0)
    expect(first.locator("[inert]")).to_have_count(1)  # what is covered is out of reach
    drag(page, (300, y), (60, y))
    first.get_by_role("button", name="Edit", exact=True).tap()
    expect(page).to_have_url(re.compile("/edit$"))


def test_m02_a_pull_at_the_top_asks_the_server_once_more_and_elsewhere_scrolls(
    phone: Visitor,
) -> None:
    for path in ("/", "/aliases"):
        page = phone.open(path)
        settle(page)
        page.wait_for_load_state("networkidle")
        asked = len(phone.requests)
        said = page.get_by_text("What is shown is up to date")
        drag(page, (195, 300), (195, 550))
        expect(said).to_have_count(1)
        lists = [one for one in phone.requests[asked:] if one.url.endswith("/api/v1/aliases")]
        assert len(lists) == 1, path
    phone.open("/")
    settle(page)
    page.wait_for_load_state("networkidle")
    asked = len(phone.requests)
    drag(page, (195, 300), (195, 340))  # too short
    page.locator("main > div").first.evaluate("screen => { screen.scrollTop = 200 }")
    drag(page, (195, 300), (195, 550))
    expect(said).to_have_count(0)
    assert [one.url for one in phone.requests[asked:]] == []


def test_an_editor_leads_to_its_sections_and_gives_a_long_text_the_screen(phone: Visitor) -> None:
    page = phone.open("/aliases/coder--review/edit")
    settle(page)
    sections = page.get_by_role("button", name="Sections")
    sections.tap()
    place = page.get_by_role("menuitem", name="GPU").bounding_box()
    assert place is not None
    assert place["height"] >= FINGER
    page.get_by_role("menuitem", name="GPU").tap()
    head = page.get_by_role("button", name=re.compile("^GPU"))
    expect(head).to_have_attribute("aria-expanded", "true")
    expect(head).to_be_focused()
    expect(head).to_be_in_viewport()
    sections.tap()
    page.get_by_role("menuitem", name="Basics").tap()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_in_viewport()
    opener = page.get_by_role("button", name="System prompt: on the whole screen")
    opener.tap()
    layer = page.get_by_role("dialog", name="System prompt")
    text = layer.get_by_role("textbox", name="System prompt")
    expect(text).to_be_focused()
    box = text.bounding_box()
    assert box is not None
    assert box["height"] > 500
    assert phone.violations() == []
    text.fill("You review code.\nName the line.")
    layer.get_by_role("button", name="Done").tap()
    expect(opener).to_be_focused()
    field = page.get_by_role("textbox", name="System prompt, value")
    expect(field).to_have_value("You review code.\nName the line.")
    page.get_by_role("button", name=re.compile("^Undo:")).tap()
    expect(field).to_have_value("You review code. Name the line, then the risk.")
