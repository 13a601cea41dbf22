"""What is done to aliases from the list: each with its answer on the disk, and a way back."""

import re
from pathlib import Path
from time import perf_counter

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import Theme, Visitor, visitor
from tests.e2e.homes import Place
from tests.e2e.screen_states import TRASH, TRASHED, changed
from tests.e2e.test_list import rows, wait_for_rows
from tests.support.server import RunningServer, wait_until

MOST_S_TO_AN_ERROR = 2

pytestmark = pytest.mark.usefixtures("files_as_they_were")


def menu_of(page: Page, name: str, item: str) -> None:
    """Choose ``item`` of a row's own menu."""
    page.get_by_role("row", name=f"{name}, ").hover()
    page.get_by_role("button", name=f"More for {name}", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def file_of(place: Place, stem: str) -> Path:
    return place.home / "aliases" / f"{stem}.yaml"


def test_e01_a_clone_keeps_every_comment_and_leads_into_the_editor(
    desk: Visitor, place: Place
) -> None:
    original = file_of(place, "coder")
    original.write_text("# why: reviews\n" + original.read_text())
    page = desk.open("/aliases?q=coder")
    wait_for_rows(page)
    menu_of(page, "coder", "Clone")
    page.get_by_role("textbox", name="Name").fill("coder:copy")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/coder--copy/edit"))
    copy = file_of(place, "coder--copy").read_text()
    assert copy == original.read_text().replace("alias: coder\n", "alias: coder:copy\n")


def test_a_name_that_is_taken_is_refused_where_it_was_typed(desk: Visitor, place: Place) -> None:
    desk.await_complaint("409")
    page = desk.open("/aliases?q=coder")
    wait_for_rows(page)
    menu_of(page, "coder", "Clone")
    page.get_by_role("textbox", name="Name").fill("coder:review")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("another alias has")
    assert sorted(path.name for path in (place.home / "aliases").glob("coder*")) == [
        "coder--review.yaml",
        "coder.yaml",
    ]


def test_l03_the_alias_of_a_model_offers_a_custom_one_and_nothing_that_would_change_it(
    desk: Visitor, place: Place
) -> None:
    page = desk.open("/aliases?q=bodhi%2Fdemo:Q8_0")
    wait_for_rows(page)
    page.get_by_role("row", name="bodhi/demo:Q8_0, model alias").hover()
    page.get_by_role("button", name="More for bodhi/demo:Q8_0").click()
    expect(page.get_by_role("menuitem", name="Create custom")).to_be_visible()
    for verb in ("Edit", "Rename", "Delete"):
        expect(page.get_by_role("menuitem", name=verb)).to_have_count(0)
    page.get_by_role("menuitem", name="Create custom").click()
    page.get_by_role("textbox", name="Name").fill("mine")
    page.get_by_role("button", name="Create custom").click()
    expect(page).to_have_url(re.compile("/aliases/mine/edit"))
    assert "repo: bodhi/demo\n" in file_of(place, "mine").read_text()


def test_s05_what_was_deleted_comes_back_by_undo_and_from_the_trash(
    desk: Visitor, place: Place
) -> None:
    content = file_of(place, "notes").read_bytes()
    page = desk.open("/aliases?q=notes")
    wait_for_rows(page)
    menu_of(page, "notes", "Delete")
    expect(page.get_by_role("status")).to_have_text("Deleted notes")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    assert not file_of(place, "notes").exists()
    page.get_by_role("group", name="Deleted notes").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(1)
    assert file_of(place, "notes").read_bytes() == content
    menu_of(page, "notes", "Delete")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.goto(f"{desk.address}/trash")
    assert desk.violations() == []
    page.get_by_role("button", name="Restore notes").first.click()
    expect(page.get_by_role("status")).to_have_text("Restored notes")
    assert file_of(place, "notes").read_bytes() == content


def test_what_takes_something_away_looks_like_nothing_that_saves(
    browser: Browser, server: RunningServer
) -> None:
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        with visitor(browser, server.address, "desk", theme) as visiting:
            page = visiting.open("/aliases?q=notes")
            wait_for_rows(page)
            page.get_by_role("row", name="notes, ").hover()
            page.get_by_role("button", name="More for notes", exact=True).click()
            item = page.get_by_role("menuitem", name="Delete")
            # Its words are in the colour that the question's button is filled with.
            red = style_of(item, "color")
            assert red != style_of(page.get_by_role("menuitem", name="Edit"), "color")
            page.route(TRASH, changed(trash=[TRASHED]))
            page.goto(f"{visiting.address}/trash")
            page.get_by_role("button", name="Delete for good: old:one").click()
            sure = page.get_by_role("dialog", name="Delete for good")
            button = sure.get_by_role("button", name="Delete for good")
            expect(button).to_have_css("background-color", red)
            expect(sure).to_have_css("opacity", "1")  # it has faded in
            assert visiting.violations() == []


def style_of(part: Locator, name: str) -> str:
    return str(part.evaluate("(part, name) => getComputedStyle(part)[name]", name))


def test_another_name_moves_the_file_and_nothing_else(desk: Visitor, place: Place) -> None:
    page = desk.open("/aliases?q=notes")
    wait_for_rows(page)
    menu_of(page, "notes", "Rename")
    page.get_by_role("textbox", name="Name").fill("notes:long")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1, name="notes:long")).to_be_visible()
    assert not file_of(place, "notes").exists()
    assert file_of(place, "notes--long").read_text().startswith("alias: notes:long\n")


def test_a_pinned_alias_is_at_hand_on_every_screen(desk: Visitor) -> None:
    page = desk.open("/aliases?q=llama3:precise")
    wait_for_rows(page)
    menu_of(page, "llama3:precise", "Pin")
    pinned = page.get_by_role("region", name="Pinned")
    expect(pinned.get_by_role("link", name="llama3:precise")).to_be_visible()
    page.goto(f"{desk.address}/aliases?q=pinned")
    expect(rows(page)).to_have_count(1)
    menu_of(page, "llama3:precise", "Unpin")
    expect(pinned).to_have_count(0)


def test_l02_a_row_shows_more_of_itself_and_everything_at_the_second_key(desk: Visitor) -> None:
    page = desk.open("/aliases?q=llama3:instruct")
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    row = page.get_by_role("row", name="llama3:instruct, user alias")
    expect(row).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row).to_have_attribute("aria-expanded", "true")
    expect(row).to_contain_text("Not asked in the last 24 hours")
    expect(row.get_by_role("link", name="Repository")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("complementary", name="Details of llama3:instruct")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    expect(row).to_have_attribute("aria-expanded", "false")
    row.get_by_role("button", name="Show more of llama3:instruct").click()
    expect(row).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("complementary")).to_have_count(0)  # more of it below, not beside


MARKED, OF_MODELS = 50, 3


def test_l06_fifty_are_changed_after_a_preview_and_become_what_they_were_by_one_undo(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    """Three of them are of models, and are skipped."""
    folder = place.home / "aliases"
    template = file_of(place, "llama3--precise").read_text()
    for number in range(MARKED - OF_MODELS - 3):  # the showcase has three on these models
        text = template.replace("llama3:precise", f"batch:{number:02}")
        (folder / f"batch--{number:02}.yaml").write_text(text)
    before = {path: path.read_bytes() for path in folder.glob("*.yaml")}
    with server.http() as client:

        def are_seen() -> bool:
            return len(client.get("/api/v1/aliases").json()["aliases"]) > len(before)

        assert wait_until(are_seen, 20)
    page = desk.open("/aliases?q=bartowski%20-phi&group=none")
    expect(page.get_by_text(f"{MARKED} of")).to_be_visible()
    rows(page).first.hover()
    rows(page).first.get_by_role("checkbox").click()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    last = page.locator(f"[role=row][data-index='{MARKED - 1}']")
    expect(last).to_be_focused()
    last.get_by_role("checkbox").click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Marked aliases")
    expect(bar).to_contain_text(f"{MARKED} marked")
    change = MARKED - OF_MODELS
    dialog = page.get_by_role("dialog")
    bar.get_by_role("button", name="Delete").click()
    goes = dialog.get_by_role("button", name=f"Delete {change}")
    expect(goes).to_be_disabled()
    how_many = dialog.get_by_role("textbox", name=f"Type {change} to delete them")
    for typed, is_sure in ((str(MARKED), False), (str(change), True), ("", False)):
        how_many.fill(typed)
        expect(goes).to_be_enabled(enabled=is_sure)
    how_many.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    bar.get_by_role("button", name="Set a value").click()
    dialog.get_by_role("combobox", name="Parameter").fill("temperature")
    page.get_by_role("option", name="Temperature (temperature)").click()
    dialog.get_by_role("textbox", name="Temperature, value").fill("0.35")
    expect(dialog).to_contain_text(f"{change} aliases change, {OF_MODELS} skipped")
    assert desk.violations() == []
    assert {path: path.read_bytes() for path in before} == before
    dialog.get_by_role("button", name=f"Apply to {change}").click()
    expect(page.get_by_role("status")).to_have_text(f"Changed {change} aliases")
    changed = [path for path, was in before.items() if path.read_bytes() != was]
    assert len(changed) == change
    assert all("temperature: 0.35\n" in path.read_text() for path in changed)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text(f"{change} aliases are as before")
    assert {path: path.read_bytes() for path in before} == before


def test_every_command_of_a_row_has_a_key(desk: Visitor, place: Place) -> None:
    page = desk.open("/aliases?q=notes")
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Marked aliases")).to_contain_text("1 marked")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Clone notes")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="notes, user alias")).to_be_focused()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/aliases/notes/edit"))
    page.go_back()
    wait_for_rows(page)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(page.get_by_role("status")).to_have_text("Deleted notes")
    assert not file_of(place, "notes").exists()


def test_l08_a_file_that_is_deleted_on_disk_shows_as_an_error_at_once_and_nothing_is_downloaded(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    model = next(place.hub.rglob("gemma-3-4b-it-Q4_K_M.gguf"))
    aside = model.with_suffix(".aside")
    page = desk.open("/aliases?q=gemma:translate")
    row = page.get_by_role("row", name="gemma:translate, user alias")
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("Error")
    began = perf_counter()
    model.rename(aside)
    try:
        expect(row).to_contain_text("Error", timeout=8_000)
        took = perf_counter() - began
        with server.http() as client:
            assert client.get("/api/v1/jobs").json()["jobs"] == []
        asked = [request for request in desk.requests if "download" in request.url]
        assert [request.url for request in asked] == []
        assert took <= MOST_S_TO_AN_ERROR
    finally:
        aside.rename(model)
    expect(row).not_to_contain_text("Error", timeout=8_000)
