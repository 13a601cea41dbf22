"""Trying values in the playground: a layer over the alias that nobody sees until it is saved."""

import re
import subprocess
import sys

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor, clicks, count_clicks
from tests.e2e.chatting import answers, ask
from tests.e2e.editing import field, row, text_of
from tests.e2e.homes import Place
from tests.support.server import RunningServer

pytestmark = pytest.mark.usefixtures("files_as_they_were")


def open_playground(visiting: Visitor, alias: str) -> Page:
    page = visiting.open(f"/playground?alias={alias}")
    expect(row(page, "Temperature")).to_be_visible()
    return page


def do(page: Page, action: str) -> None:
    page.get_by_role("button", name="More for these values").click()
    page.get_by_role("menuitem", name=action).click()


def test_p05_messages_go_with_the_tried_values_and_the_alias_stays(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = text_of(place, "demo--creative")
    page = open_playground(desk, "demo:creative")
    field(page, "Max tokens").fill("5")
    ask(page, "Tell me a story about a cat.")
    expect(answers(page)).to_contain_text("5 tokens")
    expect(answers(page)).to_contain_text("at the limit")
    expect(answers(page)).to_contain_text("1 value changed")
    answers(page).get_by_text("What was in force").click()
    in_force = answers(page).get_by_role("row", name=re.compile("^max_tokens"))
    expect(in_force).to_contain_text("5")
    request_id = answers(page).locator("code").first.inner_text()
    with server.http() as client:
        explained = client.get(f"/api/v1/requests/{request_id}/explain").json()
        drafts = client.get("/api/v1/drafts").json()["drafts"]
    values = {one["key"]: one["value"] for one in explained["parameters"]}
    assert values["max_tokens"] == 5
    assert drafts == []
    assert text_of(place, "demo--creative") == before
    assert desk.violations() == []
    # The layer is this device's: it is there after a reload, and so is the thread.
    page.reload()
    expect(page.get_by_text("Modified · 1")).to_be_visible()
    expect(answers(page)).to_contain_text("5 tokens")
    page.keyboard.press("Control+z")
    do(page, "Reset to saved")
    expect(page.get_by_text("As saved")).to_be_visible()


def test_p06_p07_two_changes_become_an_alias_and_the_chat_stays_with_another(
    desk: Visitor, place: Place
) -> None:
    page = open_playground(desk, "demo:creative")
    ask(page, "Tell me a story about a cat.")
    expect(answers(page)).to_contain_text("Done")
    expect(page.get_by_role("status")).to_have_text("Done")  # said to who cannot see it
    field(page, "Temperature").fill("0.35")
    field(page, "Top-k").fill("12")
    for label, said in (("Temperature", "0.35"), ("Min-p", re.compile(r"^[\d.]+, inherited$"))):
        slider = page.get_by_role("slider", name=f"{label}, slider")
        expect(slider).to_have_attribute("aria-valuetext", said)
    expect(page.get_by_text("Modified · 2")).to_be_visible()
    expect(page.get_by_role("img", name="changed")).to_have_count(2)
    page.keyboard.press("Control+j")
    page.keyboard.type("demo:precise")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("alias=demo(:|%3A)precise"))
    expect(page.get_by_text("As saved")).to_be_visible()
    expect(answers(page)).to_contain_text("demo:creative@1")
    ask(page, "And of a dog?")
    expect(answers(page).nth(1)).to_contain_text("demo:precise@1")
    page.get_by_role("combobox", name="Alias").click()
    page.get_by_role("option", name="demo:creative").click()
    expect(page.get_by_text("Modified · 2")).to_be_visible()
    page.get_by_role("button", name="Save as new").click()
    page.get_by_role("textbox", name="Name").fill("tried")
    page.get_by_role("button", name="Save as new").last.click()
    expect(page.get_by_role("combobox", name="Alias")).to_have_value("tried")
    expect(page.get_by_text("As saved")).to_be_visible()
    expect(answers(page)).to_have_count(2)
    old, new = (
        yaml.safe_load(text_of(place, name))["request_params"]
        for name in ("demo--creative", "tried")
    )
    assert {key: new[key] for key in new if new[key] != old.get(key)} == {
        "temperature": 0.35,
        "top_k": 12,
    }
    assert old.keys() <= new.keys()


def test_an_update_is_shown_before_it_is_made_and_taken_back(desk: Visitor, place: Place) -> None:
    before = text_of(place, "demo--creative")
    page = open_playground(desk, "demo:creative")
    field(page, "Temperature").fill("0.1")
    page.get_by_role("button", name="Update", exact=True).click()
    dialog = page.get_by_role("dialog", name="Update demo:creative")
    expect(dialog.get_by_role("row", name="temperature 0.8 0.1")).to_be_visible()
    assert desk.violations() == []
    dialog.get_by_role("button", name="Update").click()
    expect(page.get_by_text("As saved")).to_be_visible()
    assert "temperature: 0.1\n" in text_of(place, "demo--creative")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(field(page, "Temperature")).to_have_value("0.8")
    assert text_of(place, "demo--creative") == before
    do(page, "Reset to default")
    expect(field(page, "Temperature")).to_have_value("")
    expect(page.get_by_text("Modified · 2")).to_be_visible()
    do(page, "Reset to saved")


def test_what_needs_a_load_says_so_and_waits_for_a_click(desk: Visitor) -> None:
    page = open_playground(desk, "demo:precise")
    field(page, "Context size").fill("777")
    reload = page.get_by_role("button", name=re.compile("^Reload to apply · "))
    expect(reload).to_be_visible()
    ask(page, "Hello!")
    expect(answers(page)).to_contain_text("Done")
    context = page.get_by_role("row", name=re.compile("^n_ctx"))
    answers(page).get_by_text("What was in force").click()
    expect(context).not_to_contain_text("777")
    reload.click()
    expect(reload).to_have_count(0)
    ask(page, "Hello!")
    expect(answers(page).nth(1)).to_contain_text("Done", timeout=60_000)
    answers(page).nth(1).get_by_text("What was in force").click()
    expect(context.nth(1)).to_contain_text("777")
    # Back again: that engine is still there.
    do(page, "Reset to saved")
    page.get_by_role("button", name=re.compile("already loaded|Reload")).click()
    field(page, "Top-k").fill("many")
    expect(page.get_by_text("Top-k: This is no number.")).to_be_visible()
    expect(page.get_by_role("button", name="Save as new")).to_be_disabled()


def test_the_conversation_is_copied_as_a_request_that_runs(desk: Visitor) -> None:
    page = open_playground(desk, "demo:precise")
    ask(page, "Tell me a story about a cat.")
    expect(answers(page)).to_contain_text("Done")
    field(page, "Top-k").fill("9")
    field(page, "Context size").fill("777")
    do(page, "Copy as request")
    dialog = page.get_by_role("dialog", name="This conversation as a request")
    expect(dialog).to_contain_text("only an alias can say so: n_ctx")
    assert desk.violations() == []
    snippets = {}
    for language in ("curl", "Python", "JavaScript"):
        dialog.get_by_text(language, exact=True).click()
        dialog.get_by_role("button", name="Copy request").click()
        snippets[language] = page.evaluate("navigator.clipboard.readText()")
    assert '"top_k":9' in snippets["curl"]
    assert '"top_k": 9' in snippets["JavaScript"]
    command = [sys.executable, "-c", snippets["Python"]]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    page.keyboard.press("Escape")
    expect(answers(page)).to_contain_text(ran.stdout.strip())
    do(page, "Reset to saved")


def test_m07_tabs_of_a_phone_keep_what_is_in_them(phone: Visitor) -> None:
    page = phone.open("/playground?alias=demo:creative")
    page.get_by_role("textbox", name="Prompt", exact=True).fill("Tell me a story about a cat.")
    page.get_by_role("button", name="Run").tap()
    page.get_by_role("tab", name="Config").tap()
    field(page, "Temperature").fill("0.3")
    expect(page.get_by_role("tab", name="Config · 1 changed")).to_be_visible()
    assert phone.violations() == []
    assert phone.sideways() == 0
    page.get_by_role("tab", name="Chat").tap()
    expect(answers(page)).to_contain_text("Done")
    assert phone.violations() == []
    page.get_by_role("tab", name="Config").tap()
    expect(field(page, "Temperature")).to_have_value("0.3")


def test_f3a_f2c_three_clicks_to_the_first_word_and_three_to_an_alias(
    desk: Visitor, place: Place
) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases")
    page.get_by_role("button", name="Try demo:creative").click()
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    expect(answers(page)).to_contain_text("Done")
    assert clicks(page) <= 3
    field(page, "Temperature").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.6")
    before = clicks(page)
    page.get_by_role("button", name="Save as new").click()
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.type("from-chat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Alias")).to_have_value("from-chat")
    assert clicks(page) - before <= 3
    assert "temperature: 0.6\n" in text_of(place, "from-chat")
