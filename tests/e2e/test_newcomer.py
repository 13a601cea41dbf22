"""Somebody who has never seen Bodhi: from the demo to an alias of their own that programs call."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Visitor, clicks, count_clicks
from tests.e2e.editing import field, row, saved
from tests.e2e.homes import Place, demo_home
from tests.support.server import RunningServer

MOST_CLICKS = 15


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return demo_home(tmp_path_factory.mktemp("demo"))


def test_a_newcomer_makes_an_alias_of_their_own_and_calls_it(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    """Find, clone, change two values, see a conflict, mend it, test, publish, call."""
    count_clicks(desk.page)
    page = desk.open("/aliases")
    page.get_by_role("combobox", name="Search aliases").click()
    page.keyboard.type("short")
    page.get_by_role("row", name="demo:short, ").hover()
    page.get_by_role("button", name="More for demo:short", exact=True).click()
    page.get_by_role("menuitem", name="Clone").click()
    page.get_by_role("textbox", name="Name").fill("mine")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(row(page, "Temperature")).to_be_visible()

    field(page, "Temperature").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.9")
    field(page, "Top-p").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.5")
    conflict = row(page, "Top-p").get_by_text("both narrow the choice")
    expect(conflict).to_be_visible()
    row(page, "Top-p").get_by_role("button", name="Unset Top-p", exact=True).click()
    expect(conflict).to_have_count(0)
    saved(page)

    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("region", name="Figures")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Publish mine")
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("As published")).to_be_visible()

    assert clicks(page) <= MOST_CLICKS
    text = Path(place.home / "aliases" / "mine.yaml").read_text(encoding="utf-8")
    assert "temperature: 0.9\n" in text
    assert "top_p" not in text
    answer = server.openai().chat.completions.create(
        model="mine", messages=[{"role": "user", "content": "Hello!"}]
    )
    assert answer.choices[0].message.content
