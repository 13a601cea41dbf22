"""axe on every screen, in its states: nothing serious, nothing critical.

Pairwise: each state in both sizes and both themes, and each size in both themes.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.support.server import RunningServer


def list_shown(page: Page) -> None:
    expect(page.locator("[data-index]").first).to_be_visible()


def detail_shown(page: Page) -> None:
    list_shown(page)
    page.locator("summary").first.click()


def path_shown(page: Page) -> None:
    page.get_by_role("tab", name="Resolution").click()
    expect(page.get_by_text("How it was looked for")).to_be_visible()


def source_shown(page: Page) -> None:
    page.get_by_role("tab", name="File").click()
    expect(page.get_by_role("region", name="Alias file of coder")).to_be_visible()


def answered(page: Page) -> None:
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


def options_open(page: Page) -> None:
    page.get_by_role("combobox", name="Alias").click()
    expect(page.get_by_role("option").first).to_be_visible()


def palette_open(page: Page) -> None:
    page.get_by_role("button", name="Jump to").click()
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()


def said(text: str) -> Callable[[Page], None]:
    def shown(page: Page) -> None:
        expect(page.get_by_text(text).first).to_be_visible()

    return shown


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "list": ("/aliases", list_shown),
    "no match": ("/aliases?q=there-is-none", said("Nothing matches")),
    "unknown term": ("/aliases?q=coder%20nonsense%3E1", said("Not understood")),
    "detail": ("/aliases?sel=llama3--instruct", detail_shown),
    "broken alias": ("/aliases?sel=notes", said("bodhi pull")),
    "resolution": ("/aliases/coder", path_shown),
    "source": ("/aliases/coder", source_shown),
    "playground": ("/playground", said("Or start with")),
    "answer": ("/playground?alias=demo:precise", answered),
    "choosing": ("/playground?alias=demo:precise", options_open),
    "palette": ("/aliases", palette_open),
    "lost": ("/nonsense", said("leads nowhere")),
}
WINDOWS: list[tuple[Size, Theme]] = [
    ("desk", "light"),
    ("desk", "dark"),
    ("phone", "dark"),
    ("phone", "light"),
]


@pytest.mark.parametrize(("size", "theme"), WINDOWS)
def test_a01_no_state_of_any_screen_keeps_anybody_out(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    every_second = list(STATES.items())[WINDOWS.index((size, theme)) % 2 :: 2]
    # Still pictures: axe would measure colours in the middle of a transition.
    with visitor(browser, server.address, size, theme, reduced_motion="reduce") as visiting:
        found = {name: violations_of(visiting, *state) for name, state in every_second}
    assert {name: violations for name, violations in found.items() if violations} == {}


def violations_of(visiting: Visitor, path: str, reach: Callable[[Page], None]) -> list[str]:
    reach(visiting.open(path))
    return visiting.violations()


@pytest.mark.parametrize(
    "defect",
    [
        "document.querySelector('h1').style.color = '#ccc'",
        "document.querySelector('button').textContent = ''",
    ],
    ids=["pale text", "a button without a name"],
)
def test_a_planted_defect_would_be_found(desk: Visitor, defect: str) -> None:
    list_shown(desk.open("/aliases"))
    desk.page.evaluate(f"() => {{ {defect} }}")
    assert len(desk.violations()) == 1


def test_x01_a_complaint_of_the_browser_and_a_foreign_request_would_be_found(desk: Visitor) -> None:
    page = desk.open("/aliases")
    page.evaluate("console.error('planted')")
    assert desk.unexpected() == ["console: planted"]
    page.goto(f"{desk.address.replace('127.0.0.1', 'localhost')}/health")
    assert len(desk.unexpected()) > 1
    assert any(said.startswith("foreign request") for said in desk.unexpected())
    desk.await_complaint("planted|foreign request|Failed to load")
    assert any(said.startswith("foreign request") for said in desk.unexpected())  # never awaited
    desk.foreign.clear()
