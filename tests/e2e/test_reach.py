"""Who uses no mouse, sees little or bears no motion: the page is theirs, too."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.e2e.browsing import Visitor, visitor, wheel_to
from tests.e2e.chatting import answers
from tests.e2e.editing import field, row, text_of
from tests.e2e.homes import Place
from tests.e2e.test_list import rows, wait_for_rows
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
Stop = tuple[float, float, float, float, bool, str]


def stop_of(page: Page) -> Stop | None:
    """Where the focus stands, once what came into view with it is there; None where nowhere."""
    page.evaluate(DRAWN)
    stop: Stop | None = page.evaluate(STOP)
    return stop


def fault_of(page: Page, stop: Stop) -> str | None:
    """Why nobody could see the focus at this stop.

    It is seen where its picture changes as the focus leaves it, and nothing lies over it.
    """
    window = page.viewport_size
    assert window is not None
    left, top, wide, high, is_seen, what = stop
    x, y = max(0, left - AROUND), max(0, top - AROUND)
    right = min(window["width"], left + wide + AROUND)
    bottom = min(window["height"], top + high + AROUND)
    if right <= x or bottom <= y:
        return f"out of view: {what}"
    clip = FloatRect(x=x, y=y, width=right - x, height=bottom - y)
    focused = page.screenshot(clip=clip, animations="disabled")
    page.evaluate("window.stop.blur()")
    plain = page.screenshot(clip=clip, animations="disabled")
    page.evaluate("window.stop.focus({ preventScroll: true })")
    if focused == plain:
        return f"no sign of the focus: {what}"
    return None if is_seen else f"hidden: {what}"


def unseen_stops(page: Page, most: int) -> tuple[int, list[str]]:
    """Press Tab through the page: how many stops there were, and those nobody could see."""
    unseen, count = [], 0
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = stop_of(page)
        if stop is None:
            break
        count += 1
        fault = fault_of(page, stop)
        if fault is not None:
            unseen.append(fault)
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
            count, found[path] = unseen_stops(page, most)
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
        _, unseen = unseen_stops(page, 6)
        assert [one for one in unseen if one.startswith("no sign")] != []
        page.evaluate("document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1)")
        page.evaluate("document.activeElement.blur()")
        visiting.page.get_by_role("link", name="Bodhi").focus()
        page.keyboard.press("Shift+Tab")
        _, unseen = unseen_stops(page, 2)
        assert [one for one in unseen if one.startswith("hidden")] != []


# The flows that write: each key goes where the focus was seen.


def reach(page: Page, target: Locator, key: str = "Tab", most: int = 40) -> None:
    """Press ``key`` until ``target`` has the focus, which is seen at each stop on the way."""
    for _ in range(most):
        page.keyboard.press(key)
        expect_seen(page)
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{key} pressed {most} times does not lead to {target}")


def expect_seen(page: Page) -> None:
    stop = stop_of(page)
    assert stop is not None, "nothing has the focus"
    assert fault_of(page, stop) is None


def find_row(page: Page, name: str) -> None:
    """From wherever nobody types to the row of an alias."""
    walk(page, "g a")
    wait_for_rows(page)
    walk(page, "/")
    page.keyboard.type(name)
    expect(rows(page)).to_have_count(1)
    walk(page, "ArrowDown")
    expect(page.get_by_role("row", name=f"{name}, user alias")).to_be_focused()
    expect_seen(page)


def find_slider(page: Page, label: str) -> None:
    """To a parameter by its name, from wherever."""
    walk(page, "Control+k")
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()
    page.keyboard.type(f"#{label}")
    expect(page.get_by_role("option", name=label)).to_be_visible()
    walk(page, "Enter")
    expect(row(page, label).get_by_role("slider")).to_be_focused()
    expect_seen(page)


def make_from_nothing(page: Page) -> None:
    wait_for_rows(page)
    walk(page, "Tab Enter")  # skips to the content
    reach(page, page.get_by_role("link", name="New alias"))
    walk(page, "Enter")
    coding = page.get_by_role("button", name="Coding")
    expect(coding).to_be_visible()
    reach(page, coding)
    walk(page, "Space")
    name = page.get_by_role("textbox", name="Name")
    expect(name).not_to_have_value("")
    reach(page, name)
    page.keyboard.type("keys:made")
    reach(page, page.get_by_role("button", name="Create", exact=True))
    walk(page, "Enter")
    expect(page).to_have_url(re.compile("/aliases/keys--made/edit"))


def clone(page: Page, name: str, wanted: str) -> None:
    find_row(page, name)
    walk(page, "c")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    expect_seen(page)
    page.keyboard.type(wanted)
    walk(page, "Enter")
    expect(row(page, "Temperature")).to_be_visible()


def meet_and_mend_a_conflict(page: Page) -> None:
    walk(page, "/")
    expect(page.get_by_role("searchbox", name="Search parameters")).to_be_focused()
    expect_seen(page)
    page.keyboard.type("top-p")
    reach(page, field(page, "Top-p"))
    page.keyboard.type("0.5")
    warning = row(page, "Top-p").get_by_text("both narrow the choice")
    expect(warning).to_be_in_viewport()
    remedy = row(page, "Top-p").get_by_role("button", name="Unset Top-p", exact=True)
    reach(page, remedy, most=12)
    walk(page, "Enter")
    expect(warning).to_have_count(0)
    # What had the focus is gone, and the focus is still where something was done.
    expect(row(page, "Top-p").locator(":focus")).to_have_count(1)
    expect_seen(page)


def try_and_save(page: Page) -> None:
    find_row(page, "demo:creative")
    walk(page, "t")
    sample = page.get_by_role("button", name="Tell me a story about a cat.")
    expect(sample).to_be_visible()
    reach(page, sample)
    walk(page, "Enter")
    expect(answers(page)).to_contain_text("Done")
    expect_seen(page)
    find_slider(page, "Temperature")
    reach(page, field(page, "Temperature"))
    walk(page, "Control+a")
    page.keyboard.type("0.6")
    reach(page, page.get_by_role("button", name="Save as new"), "Shift+Tab")
    walk(page, "Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    expect_seen(page)
    page.keyboard.type("keys:tried")
    walk(page, "Enter")
    expect(page.get_by_role("combobox", name="Alias")).to_have_value("keys:tried")


@pytest.mark.usefixtures("files_as_they_were")
def test_a02_f2a_f2b_f2c_f3a_f3b_making_mending_and_trying_go_by_keys_alone(
    browser: Browser, server: RunningServer, place: Place
) -> None:
    with visitor(browser, server.address, "desk", reduced_motion="reduce") as visiting:
        page = visiting.open("/aliases")
        make_from_nothing(page)
        assert "temperature: 0.2" in text_of(place, "keys--made")
        clone(page, "gemma:translate", "cloned")
        original = text_of(place, "gemma--translate")
        assert text_of(place, "cloned") == original.replace("gemma:translate", "cloned")
        meet_and_mend_a_conflict(page)
        try_and_save(page)
        assert "temperature: 0.6\n" in text_of(place, "keys--tried")
        # Planted: a place that no key leads out of.
        page.get_by_role("combobox", name="Alias").focus()
        page.evaluate(
            "addEventListener('keydown', one => one.key === 'Tab' && one.preventDefault())"
        )
        with pytest.raises(AssertionError, match="does not lead to"):
            reach(page, page.get_by_role("textbox", name="Prompt", exact=True), most=2)


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


# Each screen, and what is there once it is drawn.
DRAWN_WITH: dict[str, tuple[Any, str | re.Pattern[str]]] = {
    "/aliases?sel=coder": ("tab", "Values"),
    "/playground?alias=coder": ("slider", "Temperature, slider"),
    "/compare?a=coder&b=demo:precise": ("row", re.compile("^Temperature")),
}


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
            for path, (role, name) in DRAWN_WITH.items():
                page = visiting.open(path)
                expect(page.get_by_role(role, name=name)).to_be_visible()
                expect(page.locator("[aria-busy=true]")).to_have_count(0)
                counts.append((path, page.locator(CONTROLS).count()))
                if way == {"reduced_motion": "reduce"}:
                    assert slow_transitions(page) == [], path
                elif "contrast" in way:
                    assert visiting.violations() == [], path
                elif way == {}:
                    assert slow_transitions(page) != [], path  # they would be found
    assert counts == counts[: len(DRAWN_WITH)] * len(ways)


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
        lists = ("/", "/aliases", "/aliases?view=cards", "/models", "/trash")
        for path in (*lists, "/playground?alias=coder", "/compare?a=coder&b=demo:precise"):
            page = visiting.open(path)
            heading = page.get_by_role("heading", level=1)
            expect(heading).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            assert visiting.sideways() == 0, path
            heading.scroll_into_view_if_needed()
            expect(heading).to_be_in_viewport()
            run = page.get_by_role("button", name=re.compile("^Run"))
            if run.count() > 0:
                wheel_to(page, run)
