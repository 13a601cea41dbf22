"""Editing an alias: a draft that follows every change, undo, findings at once, and publishing."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browsing import Visitor, visitor
from tests.e2e.drawn import fields_drawn, watch_fields
from tests.e2e.editing import drafts, edit, field, row, saved, text_of
from tests.e2e.homes import Place
from tests.e2e.screen_states import DETAIL, fails
from tests.support.server import RunningServer, wait_until

DRAFTS = "**/api/v1/drafts*"
MOST_FRAMES = 1  # what a screen draws next has it; milliseconds are the machine's


pytestmark = pytest.mark.usefixtures("files_as_they_were")


# -- The draft.


def test_e02_a_change_is_a_draft_until_it_is_published_with_a_note(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = text_of(place, "gemma--translate")
    page = edit(desk, "gemma--translate")
    field(page, "Temperature").fill("0.55")
    saved(page)
    assert text_of(place, "gemma--translate") == before
    assert [one["changes"] for one in drafts(server)] == [
        [{"path": ["request_params", "temperature"], "before": 0.3, "after": 0.55}]
    ]
    expect(page.get_by_text("Modified", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Publish gemma:translate")
    expect(dialog.get_by_role("row", name=re.compile("temperature"))).to_contain_text("0.55")
    dialog.get_by_text("Show lines of the file").click()
    expect(dialog).to_contain_text("+  temperature: 0.55")
    assert desk.violations() == []
    dialog.get_by_role("textbox", name="Note").fill("Livelier.")
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("As published")).to_be_visible()
    assert text_of(place, "gemma--translate") == before.replace("0.3", "0.55")
    assert drafts(server) == []
    with server.http() as client:
        newest = client.get("/api/v1/aliases/gemma--translate/versions").json()["versions"][0]
    assert (newest["how"], newest["note"]) == ("publish", "Livelier.")


def test_many_changes_of_a_moment_are_one_request(desk: Visitor) -> None:
    page = edit(desk, "llama3--precise")
    row(page, "Top-k").get_by_role("slider").evaluate(
        """thumb => { for (let n = 0; n < 12; n += 1)
          thumb.dispatchEvent(new KeyboardEvent("keydown", {key: "PageUp", bubbles: true})); }"""
    )
    saved(page)
    assert [one.method for one in desk.requests if one.method in ("PATCH", "PUT")] == ["PATCH"]


def test_a_draft_that_is_discarded_is_gone_and_can_come_back(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = text_of(place, "coder")
    page = edit(desk, "coder")
    field(page, "Top-k").fill("7")
    saved(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("As published")).to_be_visible()
    assert drafts(server) == []
    expect(field(page, "Top-k")).to_have_value("")
    page.get_by_role("region", name="What was done").get_by_role("button", name="Undo").click()
    expect(field(page, "Top-k")).to_have_value("7")
    saved(page)
    assert wait_until(lambda: len(drafts(server)) == 1, 20)
    assert text_of(place, "coder") == before


def test_a_draft_is_there_again_on_another_day(desk: Visitor, server: RunningServer) -> None:
    page = edit(desk, "coder")
    field(page, "Top-k").fill("7")
    saved(page)
    page = edit(desk, "coder")
    expect(field(page, "Top-k")).to_have_value("7")
    expect(page.get_by_text("1 change", exact=True)).to_be_visible()


# -- S02 and S03: the server away, another window.


def test_s02_what_the_server_has_not_got_comes_back_from_the_device(
    desk: Visitor, server: RunningServer
) -> None:
    desk.await_complaint("Failed to load resource|ERR_FAILED")
    page = edit(desk, "coder")

    def away(route: Route) -> None:
        route.abort()

    page.route("**/api/v1/drafts**", away)
    field(page, "Top-k").fill("9")
    expect(page.get_by_text("kept on this device")).to_be_visible()
    assert drafts(server) == []
    page.reload()
    expect(field(page, "Top-k")).to_have_value("9")
    expect(page.get_by_text("is back, from this device")).to_be_visible()
    page.unroute("**/api/v1/drafts**", away)
    saved(page)
    assert [one["recipe"]["request_params"]["top_k"] for one in drafts(server)] == [9]


def test_s03_two_windows_never_write_over_each_other(
    desk: Visitor, browser: Browser, server: RunningServer
) -> None:
    desk.await_complaint("412")
    mine = edit(desk, "llama3--roleplay")
    with visitor(browser, server.address, "desk") as other:
        theirs = edit(other, "llama3--roleplay")
        field(theirs, "Top-k").fill("11")
        saved(theirs)
        field(mine, "Top-k").fill("22")
        banner = mine.get_by_role("alert")
        expect(banner).to_contain_text("changed in another window")
        assert [one["recipe"]["request_params"]["top_k"] for one in drafts(server)] == [11]
        banner.get_by_role("button", name="Show differences").click()
        compared = mine.get_by_role("dialog", name="Differences")
        expect(compared.get_by_role("row", name=re.compile("top_k"))).to_contain_text("11")
        assert desk.violations() == []
        mine.keyboard.press("Escape")
        banner.get_by_role("button", name="Keep mine").click()
        saved(mine)
        assert [one["recipe"]["request_params"]["top_k"] for one in drafts(server)] == [22]
        expect(theirs.get_by_role("alert")).to_contain_text("changed in another window")
        theirs.get_by_role("button", name="Take theirs").click()
        expect(field(theirs, "Top-k")).to_have_value("22")


def test_s03_an_alias_that_somebody_changes_meanwhile_is_not_written_over(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    page = edit(desk, "llama3--precise")
    field(page, "Top-k").fill("5")
    saved(page)
    file = place.home / "aliases" / "llama3--precise.yaml"
    changed = file.read_text().replace("seed: 7", "seed: 8")
    file.write_text(changed)
    # A moment before, the file was empty: that is an alert of its own, and goes by itself.
    banner = page.get_by_role("alert").filter(has_text="changed this alias since")
    banner.get_by_role("button", name="Show differences").click()
    dialog = page.get_by_role("dialog", name="Differences")
    expect(dialog.get_by_role("row", name=re.compile("seed"))).to_contain_text("8")
    page.keyboard.press("Escape")
    banner.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_text("As published")).to_be_visible()
    expect(field(page, "Seed")).to_have_value("8")
    assert file.read_text() == changed
    assert drafts(server) == []


# -- E05: undo.


def test_an_editor_that_could_not_be_read_asks_again(desk: Visitor) -> None:
    desk.await_complaint("500")
    desk.page.route(DETAIL, fails)
    page = desk.open("/aliases/coder/edit")
    expect(page.get_by_role("alert")).to_contain_text("The disk is full.Make room.")
    page.unroute(DETAIL)
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(field(page, "Temperature")).to_be_visible()


def test_an_editor_of_no_alias_leads_to_the_list(desk: Visitor) -> None:
    desk.await_complaint("404")
    page = desk.open("/aliases/there-is-none/edit")
    page.get_by_role("link", name="Show all aliases").click()
    expect(page.get_by_role("heading", level=1, name="Aliases")).to_be_visible()


def refuses(route: Route) -> None:
    error = {"message": "This key may not. Use another.", "remedy": "Use another.", "code": "x"}
    route.fulfill(status=403, json={"error": error})


def test_a_draft_that_is_refused_is_saved_by_another_try(desk: Visitor) -> None:
    desk.await_complaint("403")
    page = desk.page
    page.route(DRAFTS, refuses)
    edit(desk, "gemma--translate")
    field(page, "Temperature").fill("0.55")
    expect(page.get_by_role("alert")).to_contain_text("This key may not.")
    page.unroute(DRAFTS)
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    saved(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_e05_a_drag_is_one_step_and_undo_says_what_it_undid(desk: Visitor) -> None:
    watch_fields(desk.page)
    page = edit(desk, "gemma--translate")
    thumb = row(page, "Temperature").get_by_role("slider")
    expect(page.get_by_role("complementary", name="Beside the form")).to_be_visible()
    assert fields_drawn(page)  # they would be told
    box = thumb.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + 8 + step * 3, box["y"] + 8)
    page.mouse.up()
    value = field(page, "Temperature").input_value()
    assert float(value) > 0.3
    expect(page.get_by_role("button", name=f"Undo: Temperature → {value}")).to_be_enabled()
    saved(page)
    # What does not change may be drawn as it is saved, and not at each move.
    assert max(fields_drawn(page).values(), default=0) <= 2
    page.get_by_role("button", name=f"Undo: Temperature → {value}").click()
    expect(field(page, "Temperature")).to_have_value("0.3")
    expect(page.get_by_role("status")).to_have_text(f"Undid: Temperature → {value}")
    expect(page.get_by_role("button", name="Nothing to undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    expect(field(page, "Temperature")).to_have_value(value)


# -- B06, E08, E09: findings at once.


def test_b06_a_conflict_is_said_at_once_also_where_the_server_takes_its_time(desk: Visitor) -> None:
    page = edit(desk, "gemma--translate")
    page.route("**/api/v1/drafts**", lambda _: None)  # asked, and never answered
    page.evaluate(f"{_WATCH}; undefined")
    with page.expect_request("**/api/v1/drafts**") as asked:
        frames = [page.evaluate("text => window.typed(text)", text) for text in ("0.5", "1") * 10]
    assert max(frames) <= MOST_FRAMES, frames
    assert asked.value.timing["responseEnd"] == -1
    page.unroute("**/api/v1/drafts**")


_WATCH = """
window.typed = text => new Promise(done => {
  const field = document.querySelector('#param-top_p input');
  const said = () => document.querySelector('#param-top_p [data-severity=warning]') !== null;
  const wanted = text !== '1';
  let frames = 0;
  let counting = true;
  const count = () => { if (counting) { frames += 1; requestAnimationFrame(count); } };
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const watcher = new MutationObserver(look);
  function look() {
    if (said() !== wanted) return;
    watcher.disconnect();
    counting = false;
    done(frames);
  }
  watcher.observe(document.body, {subtree: true, childList: true});
  requestAnimationFrame(count);
  set.call(field, text);
  field.dispatchEvent(new Event('input', {bubbles: true}));
  look();
})
"""


def test_e09_a_conflict_stands_at_both_rows_and_one_click_mends_it(
    desk: Visitor, place: Place
) -> None:
    page = edit(desk, "gemma--translate")
    field(page, "Top-p").fill("0.5")
    for label in ("Temperature", "Top-p"):
        expect(row(page, label)).to_contain_text("both narrow the choice")
    # Beside the title and at the group: one, however many rows it stands at.
    expect(page.get_by_text("1 to review", exact=True)).to_have_count(2)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_enabled()
    saved(page)
    expect(row(page, "Top-p")).to_contain_text("both narrow the choice")
    assert desk.violations() == []
    row(page, "Top-p").get_by_role("button", name=re.compile("^Unset")).first.click()
    expect(page.get_by_text("both narrow the choice")).to_have_count(0)
    expect(field(page, "Top-p")).to_have_value("")


def test_brackets_lead_from_finding_to_finding(desk: Visitor) -> None:
    page = edit(desk, "llama3--instruct")
    page.keyboard.press("]")
    expect(row(page, "Temperature").get_by_role("slider")).to_be_focused()
    page.keyboard.press("]")
    expect(row(page, "Top-p").get_by_role("slider")).to_be_focused()
    page.keyboard.press("[")
    expect(row(page, "Temperature").get_by_role("slider")).to_be_focused()


# -- E15: errors.


def test_e15_nothing_is_published_while_two_values_are_wrong(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = text_of(place, "gemma--translate")
    page = edit(desk, "gemma--translate")
    field(page, "Temperature").fill("2.5")
    field(page, "Top-p").fill("abc")
    page.get_by_role("button", name="Publish", exact=True).click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("2 errors")
    expect(row(page, "Temperature").get_by_role("slider")).to_be_focused()
    assert desk.violations() == []
    said.get_by_role("button", name=re.compile("^Top-p")).click()
    expect(row(page, "Top-p").get_by_role("slider")).to_be_focused()
    assert text_of(place, "gemma--translate") == before
    row(page, "Temperature").get_by_role("button", name="Use 2", exact=True).click()
    field(page, "Top-p").fill("")
    expect(said).to_have_count(0)
    saved(page)
    assert drafts(server)[0]["errors"] == []
