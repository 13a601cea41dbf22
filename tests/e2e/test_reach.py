"""Who uses no mouse, sees little or bears no motion: the list and its details are theirs too."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.e2e.browsing import Visitor, visitor
from tests.e2e.test_list import wait_for_rows
from tests.support.server import RunningServer

EDITOR = "/aliases/gemma--translate/edit"


def walk(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def has_visible_focus(page: Page) -> bool:
    """Whether what has the focus is drawn with an outline or a ring, and in view."""
    return bool(
        page.evaluate(
            """() => {
                const one = document.activeElement;
                const style = getComputedStyle(one);
                const box = one.getBoundingClientRect();
                const seen = box.bottom > 0 && box.top < innerHeight;
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                // A field has its border instead, a choice its neighbour's ring.
                return seen && (ring || style.boxShadow !== "none" || one.matches("input"));
            }"""
        )
    )


def test_a02_f1a_f1b_browsing_and_searching_go_by_keys_alone_with_the_focus_in_sight(
    desk: Visitor,
) -> None:
    page = desk.open("/aliases")
    wait_for_rows(page)
    walk(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    walk(page, "Enter Tab")
    for _ in range(25):  # no stop without a sign of it, and none that keeps one
        assert has_visible_focus(page)
        if page.evaluate("document.activeElement.getAttribute('role')") == "row":
            break
        walk(page, "Tab")
    else:
        raise AssertionError("the rows cannot be reached with Tab")
    walk(page, "Enter")  # browse: a row and its details
    rail = page.get_by_role("complementary", name=re.compile("^Details of"))
    expect(rail).to_be_visible()
    walk(page, "Escape / f a m i l y : q w")
    expect(page.get_by_role("option", name="family:qwen")).to_be_visible()
    walk(page, "ArrowDown Enter")  # search: typed, completed …
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("^(demo|gemma|llama)"))).to_have_count(0)
    walk(page, "ArrowDown")  # … and on into what was found
    expect(page.get_by_role("row", name="coder, user alias")).to_be_focused()
    assert has_visible_focus(page)
    walk(page, "t")
    expect(page).to_have_url(re.compile("/playground.*coder"))


# Where the focus stands now: its place, whether something lies over its middle, and what it is.
STOP = """() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    window.stop = one;
    const { left, top, width, height } = one.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + height / 2);
    const isSeen = at !== null && (one.parentElement.contains(at) || at.contains(one));
    return [left, top, width, height, isSeen, one.outerHTML.slice(0, 160)];
}"""
# What comes into view with the focus is there.
DRAWN = """() => Promise.all([
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
    ...document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime !== Infinity)
        .map(one => one.finished.catch(() => {})),
])"""
AROUND = 14  # px: outlines stand off, and a field in a field has the outer one's


def unseen_stops(visiting: Visitor, most: int) -> tuple[int, list[str]]:
    """Press Tab through the page: how many stops there were, and those nobody could see.

    A stop is seen where its picture changes as the focus leaves it, and nothing lies over it.
    """
    page, unseen, count = visiting.page, [], 0
    window = page.viewport_size
    assert window is not None
    for _ in range(most):
        page.keyboard.press("Tab")
        page.evaluate(DRAWN)
        stop = page.evaluate(STOP)
        if stop is None:
            break
        count += 1
        left, top, wide, high, is_seen, what = stop
        x, y = max(0, left - AROUND), max(0, top - AROUND)
        right = min(window["width"], left + wide + AROUND)
        bottom = min(window["height"], top + high + AROUND)
        if right <= x or bottom <= y:
            unseen.append(f"out of view: {what}")
            continue
        clip = FloatRect(x=x, y=y, width=right - x, height=bottom - y)
        focused = page.screenshot(clip=clip, animations="disabled")
        page.evaluate("window.stop.blur()")
        plain = page.screenshot(clip=clip, animations="disabled")
        page.evaluate("window.stop.focus({ preventScroll: true })")
        if focused == plain:
            unseen.append(f"no sign of the focus: {what}")
        elif not is_seen:
            unseen.append(f"hidden: {what}")
    return count, unseen


# Each screen, how many stops are looked at, and how many there have to be.
STOPS = {"/": (40, 15), "/aliases?sel=llama3--instruct": (50, 30), EDITOR: (30, 30)}


def test_a02_the_focus_is_seen_at_each_stop_and_hidden_by_nothing(
    browser: Browser, server: RunningServer
) -> None:
    with visitor(browser, server.address, "desk", reduced_motion="reduce") as visiting:
        found = {}
        for path, (most, least) in STOPS.items():
            page = visiting.open(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            count, found[path] = unseen_stops(visiting, most)
            assert count >= least, path
        assert {path: unseen for path, unseen in found.items() if unseen} == {}
        # Planted: no sign of the focus, and a bar over what is at the top.
        visiting.open("/")
        expect(page.get_by_role("region", name="At a glance")).to_be_visible()
        page.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync("* { outline: none !important; box-shadow: none !important }");
                document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
                const bar = document.createElement("div");
                bar.style.cssText = "position: fixed; inset: 0 0 auto; height: 70px; z-index: 999";
                document.body.append(bar);
            }"""
        )
        _, unseen = unseen_stops(visiting, 6)
        assert [one for one in unseen if one.startswith("no sign")] != []
        page.evaluate("document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1)")
        page.evaluate("document.activeElement.blur()")
        visiting.page.get_by_role("link", name="Bodhi").focus()
        page.keyboard.press("Shift+Tab")
        _, unseen = unseen_stops(visiting, 2)
        assert [one for one in unseen if one.startswith("hidden")] != []


@pytest.mark.usefixtures("files_as_they_were")
def test_a03_a_slider_says_its_name_its_value_and_where_it_comes_from(desk: Visitor) -> None:
    page = desk.open("/aliases/llama3--instruct/edit")
    own = page.get_by_role("slider", name="Temperature, slider")
    inherited = page.get_by_role("slider", name="Min-p, slider")
    expect(own).to_have_attribute("aria-valuetext", "0.7")
    expect(inherited).to_have_attribute("aria-valuetext", re.compile(r"^[\d.]+, inherited$"))
    for slider in (own, inherited):
        low, now, high = (
            float(slider.get_attribute(f"aria-value{end}") or "nan")
            for end in ("min", "now", "max")
        )
        assert low <= now <= high
    own.focus()
    page.keyboard.press("ArrowRight")
    expect(own).not_to_have_attribute("aria-valuetext", "0.7")
    page.keyboard.press("Backspace")
    expect(own).to_have_attribute("aria-valuetext", re.compile("inherited$"))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(own).to_have_attribute("aria-valuetext", "0.7")


CONTROLS = "button:visible, a[href]:visible, input:visible, [role=tab]:visible"


def test_a04_forced_colours_contrast_and_stillness_lose_no_control(
    browser: Browser, server: RunningServer
) -> None:
    ways: list[dict[str, Any]] = [
        {},
        {"forced_colors": "active"},
        {"contrast": "more"},
        {"reduced_motion": "reduce"},
    ]
    counts = []
    for way in ways:
        with visitor(browser, server.address, "desk", **way) as visiting:
            page = visiting.open("/aliases?sel=coder")
            wait_for_rows(page)
            expect(page.get_by_role("tab", name="Values")).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            counts.append(page.locator(CONTROLS).count())
            if way == {"reduced_motion": "reduce"}:
                assert slow_transitions(page) == []
            elif "contrast" in way:
                assert visiting.violations() == []
            elif way == {}:
                assert slow_transitions(page) != []  # they would be found
    assert counts == [counts[0]] * len(ways)


def slow_transitions(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("*")]
            .filter((one) => getComputedStyle(one).transitionDuration
                .split(",").some((time) => parseFloat(time) > 0.001))
            .map((one) => one.outerHTML.slice(0, 80))"""
    )
    return found


def test_a04_four_times_as_large_everything_is_still_there(
    browser: Browser, server: RunningServer
) -> None:
    # 400 % of 1280 by 1024 is a window of 320 by 256.
    size = {"width": 320, "height": 256}
    with visitor(browser, server.address, "desk", viewport=size) as visiting:
        for path in ("/", "/aliases", "/aliases?view=cards", "/models", "/trash"):
            page = visiting.open(path)
            heading = page.get_by_role("heading", level=1)
            expect(heading).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            assert visiting.sideways() == 0, path
            heading.scroll_into_view_if_needed()
            expect(heading).to_be_in_viewport()
