"""One person at the page: a Chromium window of a size, and what must never be seen in it.

Playwright's own plugin keeps one event loop running for the whole session, which tests that start
a loop of their own cannot bear, in random order; so the few fixtures needed are here.
"""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tools.chromium import find_chromium, libraries_of

ROOT = Path(__file__).resolve().parents[2]
_PACKAGED = ROOT / ".venv-node" / "chromium" / "chromium"
_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_FLAGS = [
    "--no-sandbox",  # root has none, and only our own page is opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

Size: TypeAlias = Literal["desk", "phone"]
Theme: TypeAlias = Literal["light", "dark"]

_SIZES: dict[Size, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
_MATTERS = ("serious", "critical")
_PATIENCE_MS = 20_000  # a busy machine is slow, not wrong


expect.set_options(timeout=_PATIENCE_MS)


def chromium_program() -> Path:
    """The machine's own, or the one that was got for the tests."""
    program = find_chromium() or _PACKAGED
    if not program.exists():
        raise AssertionError("No Chromium is here; python -m tools.page --browser gets one.")
    return program


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without windows yet."""
    program = chromium_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=_FLAGS, env={**os.environ, **libraries_of(program)}
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """A window on the page. ``complaints`` is what the browser said, less what was ``awaited``."""

    page: Page
    address: str
    size: Size
    awaited: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(_PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        # Of every window of this person, also one that the page opens.
        self.page.context.on("request", self._asked)

    def open(self, path: str) -> Page:
        """Load an address of the page."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def await_complaint(self, pattern: str) -> None:
        """From here on the browser may say this: the test provokes it."""
        self.awaited.append(pattern)

    def unexpected(self) -> list[str]:
        """Errors in the console and requests to other hosts, which no test may leave behind."""
        said = [
            one
            for one in self.complaints
            if not any(re.search(pattern, one) for pattern in self.awaited)
        ]
        return said + self.foreign

    def violations(self) -> list[str]:
        """What axe finds serious or worse on the page as it is now, each with the place."""
        # Sent and compiled once for each document, however often it is looked at.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(f"{_axe_source()}; undefined")
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in _MATTERS
            for node in one["nodes"]
        ]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.body.clientWidth")
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.address, "data:")):
            self.foreign.append(f"foreign request: {request.url}")


@contextlib.contextmanager
def visitor(
    browser: Browser, address: str, size: Size, theme: Theme = "light", **options: Any
) -> Iterator[Visitor]:
    """A window that is closed afterwards; fails where the browser had something to complain of."""
    context = browser.new_context(color_scheme=theme, **{**_SIZES[size], **options})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    try:
        visiting = Visitor(context.new_page(), address, size)
        yield visiting
        said = visiting.unexpected()
        assert said == [], said
    finally:
        context.close()


@cache
def _axe_source() -> str:
    return _AXE.read_text(encoding="utf-8")


def count_clicks(page: Page) -> None:
    """From here on the page counts where somebody pressed, whatever came of it."""
    page.add_init_script(
        "addEventListener('pointerdown', () => sessionStorage.clicks ="
        " Number(sessionStorage.clicks ?? 0) + 1, true)"
    )


def clicks(page: Page) -> int:
    """How often somebody pressed since ``count_clicks``."""
    return int(page.evaluate("sessionStorage.clicks"))


def wheel_to(page: Page, target: Locator) -> None:
    """Turn the wheel as anybody does until the middle of ``target`` is in sight, under nothing."""
    seen = """one => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    }"""
    page.mouse.move(160, 120)
    for _ in range(20):
        if target.evaluate(seen):
            return
        page.mouse.wheel(0, 60)
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")
    raise AssertionError(f"no wheel leads to {target}")
