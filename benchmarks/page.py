"""``python -m benchmarks.page``: what knobs and long answers do to the browser.

A real server, a real Chromium, the built page. A long task is one that keeps the browser's main
thread for more than 50 ms, by the Long Tasks specification. While a knob is dragged there must be
none; an answer of 200 kB may have none of more than 200 ms, however it is written. Other work on
the machine lengthens tasks, so beside the clock stands the processor time of the longest one, as
the browser's own trace has it; how busy the processors were is said, too.

Among ten thousand aliases, what is found stands there 50 ms after the last key, and of the frames
of a scroll by the wheel 95 in 100 come within 33 ms.
"""

import json
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, expect

from benchmarks.report import figure, note
from tests.e2e.browsing import chromium, visitor
from tests.e2e.chatting import ask
from tests.e2e.homes import many_home, showcase_home
from tests.e2e.test_hostile_markdown import (
    CROWD,
    FENCE,
    NESTED,
    ONE_LINE,
    TABLE,
    WORDS,
    answer_with,
)
from tests.support.server import running_server

ROUNDS = 5
MOVES = 40
MANY = 10_000
WHEEL_S = 5.0
NOTCHES_PX = 300  # three notches in each frame
ROW_PX = 40
ANSWERS = {
    "a table": TABLE,
    "a fence that never closes": FENCE,
    "thousands of quotes and brackets in each other": NESTED,
    "short paragraphs": WORDS,
    "one letter": ONE_LINE,
    "prose on one line": "A **bold** claim with `code`. " * (CROWD // 30),
    "plain prose on one line": "Some words that mean little. " * (CROWD // 29),
    "a list": "- **One** of many, with `code`\n" * (CROWD // 31),
}
PIECES = 400

_WATCH = """() => {
  window.tasks = [];
  window.frames = [];
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) window.tasks.push(one.duration);
  }).observe({type: 'longtask'});
  let last = performance.now();
  const frame = now => {
    window.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
_TRACED = ["disabled-by-default-devtools.timeline", "toplevel"]
_SETTLED = "() => new Promise(done => requestIdleCallback(done, {timeout: 5000}))"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as root:
        place = showcase_home(Path(root))
        with running_server(place.home, place.hub) as server, chromium() as browser:
            psutil.cpu_percent()
            _drags(browser, server.address)
            for name, text in ANSWERS.items():
                _answer(browser, server.address, name, text)
            many = many_home(Path(root, "many"), MANY)
            with running_server(many.home, many.hub) as crowded:
                _keys(browser, crowded.address)
                _wheel(browser, crowded.address)
            note(
                f"processors were {psutil.cpu_percent():.0f} % busy, with this and everything else"
            )


def _drags(browser: Browser, address: str) -> None:
    with visitor(browser, address, "desk") as visiting:
        page = visiting.open("/aliases/gemma--translate/edit")
        expect(page.locator("#param-temperature")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.evaluate(_SETTLED)
        page.evaluate(_WATCH)
        browser.start_tracing(page=page, categories=_TRACED)
        said = [_drag(page) for _ in range(ROUNDS)]
        longest = _longest(browser.stop_tracing())
        figure("drag of 40 moves, values that the field showed", [len({*one}) for one in said], "")
        _tell(page, "dragging", longest)


def _wheel(browser: Browser, address: str) -> None:
    """Through ten thousand rows by the wheel, as fast as it goes."""
    with visitor(browser, address, "desk") as visiting:
        page = visiting.open("/aliases?group=none&source=user")
        grid = page.get_by_role("treegrid")
        expect(grid).to_be_visible(timeout=120_000)
        page.evaluate(_SETTLED)
        grid.hover()
        page.evaluate(_WATCH)
        until = time.monotonic() + WHEEL_S
        while time.monotonic() < until:
            page.mouse.wheel(0, NOTCHES_PX)
            page.evaluate("new Promise(requestAnimationFrame)")
        frames: list[float] = sorted(page.evaluate("window.frames"))
        rows = grid.evaluate("list => list.scrollTop") / ROW_PX
        figure("rows that the wheel went through", [rows], "", places=0)
        figure("the wheel: p95 of the time between frames", [frames[len(frames) * 95 // 100]], "ms")


def _keys(browser: Browser, address: str) -> None:
    """From the last key of a search to what it finds, by the clock."""
    with visitor(browser, address, "desk") as visiting:
        page = visiting.open("/aliases?group=none&sort=name")
        grid = page.get_by_role("treegrid")
        expect(grid).to_be_visible(timeout=120_000)
        all_rows = grid.get_attribute("aria-rowcount")
        page.keyboard.press("/")
        page.keyboard.type("many temp>0.")
        found = f"[role=treegrid]:not([aria-rowcount='{MANY + 1}'])"
        terms = []
        for _ in range(ROUNDS):
            expect(grid).to_have_attribute("aria-rowcount", str(MANY + 1))
            terms.append(_from_key(page, "7", found))
            page.keyboard.press("Backspace")
        figure(f"a term among {all_rows} rows, key to rows", terms, "ms", places=0)
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search and commands").fill("many:09998")
        names = []
        for _ in range(ROUNDS):
            page.keyboard.press("Backspace")
            expect(page.get_by_role("option", name="many:09990")).to_be_visible()
            names.append(_from_key(page, "8", "[role=option][aria-selected=true]", "09998"))
        figure("a name in the palette, key to option", names, "ms", places=0)


def _from_key(page: Page, key: str, selector: str, text: str = "") -> float:
    """Milliseconds from a press of ``key`` until an element of ``selector`` holds ``text``."""
    page.evaluate(_FROM_KEY, [selector, text])
    page.keyboard.press(key)
    return float(page.evaluate("window.took"))


_FROM_KEY = """([selector, text]) => {
  window.took = new Promise((done) => {
    let began = null;
    const watcher = new MutationObserver(() => {
      const all = [...document.querySelectorAll(selector)];
      if (began === null || !all.some(one => one.textContent.includes(text))) return;
      watcher.disconnect();
      done(performance.now() - began);
    });
    watcher.observe(document, {subtree: true, childList: true, attributes: true});
    addEventListener('keydown', ({timeStamp}) => { began = timeStamp },
      {capture: true, once: true});
  });
  return null;
}"""


def _answer(browser: Browser, address: str, name: str, text: str) -> None:
    """One answer of 200 kB, in 400 pieces; Markdown itself has been fetched before."""
    with visitor(browser, address, "desk") as visiting:
        page = visiting.open("/playground?alias=demo:precise")
        expect(page.get_by_role("group", name="Temperature", exact=True)).to_be_visible()
        answer_with(page, "Short.", 1)
        ask(page, "Go.")
        expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")
        answer_with(page, text, PIECES)
        page.evaluate(_SETTLED)
        page.evaluate(_WATCH)
        browser.start_tracing(page=page, categories=_TRACED)
        ask(page, "Go.")
        answer = page.get_by_role("region", name="Answer").last
        expect(answer).to_contain_text("Done", timeout=120_000)
        page.evaluate(_SETTLED)
        _tell(page, name, _longest(browser.stop_tracing()))


def _drag(page: Page) -> list[str]:
    """Forty moves of the temperature; what its field says after each of them."""
    thumb = page.locator("#param-temperature [role=slider]")
    box = thumb.bounding_box()
    assert box is not None  # noqa: S101 - it is drawn
    x, y = box["x"] + 8, box["y"] + 8
    said = []
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        page.mouse.move(x + (move + 1) * 3, y)
        said.append(page.locator("#param-temperature input").input_value())
    page.mouse.up()
    page.keyboard.press("Control+z")
    time.sleep(0.5)  # the draft is saved, which is part of what is measured
    return said


def _longest(trace: bytes) -> float:
    """Processor time in ms of the longest task of the page's main thread."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        one.get("tdur", 0)
        for one in events
        if one["name"].endswith("RunTask") and (one["pid"], one["tid"]) in mains
    ]
    return float(max(tasks, default=0)) / 1000


def _tell(page: Page, name: str, longest_ms: float) -> None:
    tasks: list[float] = page.evaluate("window.tasks")
    frames: list[float] = sorted(page.evaluate("window.frames"))
    figure(f"{name}: long tasks of more than 50 ms", [len(tasks)], "", places=0)
    figure(f"{name}: longest task (0: none above 50 ms)", [max(tasks, default=0)], "ms", places=0)
    figure(f"{name}: processor time of the longest task", [longest_ms], "ms", places=0)
    figure(f"{name}: p95 of the time between frames", [frames[len(frames) * 95 // 100]], "ms")


if __name__ == "__main__":
    main()
