"""``python -m benchmarks.page``: what the editor does to the browser while a knob is dragged.

A real server, a real Chromium, the built page. A long task is one that keeps the browser's main
thread for more than 50 ms, by the Long Tasks specification; the page must have none after its load.
Other work on the machine lengthens tasks: how much of a processor was idle is said beside them.
"""

import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, expect

from benchmarks.report import figure, note
from tests.e2e.browsing import chromium, visitor
from tests.e2e.homes import showcase_home
from tests.support.server import running_server

ROUNDS = 5
MOVES = 40

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
_SETTLED = "() => new Promise(done => requestIdleCallback(done, {timeout: 5000}))"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench") as root:
        place = showcase_home(Path(root))
        with (
            running_server(place.home, place.hub) as server,
            chromium() as browser,
            visitor(browser, server.address, "desk") as visiting,
        ):
            page = visiting.open("/aliases/gemma--translate/edit")
            expect(page.locator("#param-temperature")).to_be_visible()
            page.wait_for_load_state("networkidle")
            page.evaluate(_SETTLED)
            page.evaluate(_WATCH)
            psutil.cpu_percent()
            _report(page, [_drag(page) for _ in range(ROUNDS)])


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


def _report(page: Page, said: list[list[str]]) -> None:
    tasks: list[float] = page.evaluate("window.tasks")
    frames: list[float] = sorted(page.evaluate("window.frames"))
    figure("drag of 40 moves, values that the field showed", [len({*one}) for one in said], "")
    figure("dragging, long tasks of more than 50 ms", [len(tasks)], "", places=0)
    figure("dragging, longest task (0: none above 50 ms)", [max(tasks, default=0)], "ms", places=0)
    figure("dragging, p95 of the time between frames", [frames[len(frames) * 95 // 100]], "ms")
    note(f"processors were {psutil.cpu_percent():.0f} % busy, with this and everything else")


if __name__ == "__main__":
    main()
