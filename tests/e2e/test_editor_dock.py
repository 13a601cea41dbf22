"""What stands around the parameters: basics, template, the file itself, values, and a test."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.editing import drafts, edit, field, row, saved, tab, text_of
from tests.e2e.homes import Place
from tests.support.server import RunningServer

pytestmark = pytest.mark.usefixtures("files_as_they_were")


def test_an_alias_gets_another_name_when_it_is_published(desk: Visitor, place: Place) -> None:
    desk.await_complaint("404")  # what still asks for the old name
    before = text_of(place, "gemma--translate")
    page = edit(desk, "gemma--translate")
    page.get_by_role("textbox", name="Name").fill("gemma:english")
    expect(page.get_by_text("Required. Kept in gemma--english.yaml")).to_be_visible()
    page.get_by_role("textbox", name="Description").fill("Into English.")
    saved(page)
    assert text_of(place, "gemma--translate") == before
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("will be called gemma:english")
    dialog.get_by_role("button", name="Publish").click()
    expect(page).to_have_url(re.compile("/aliases/gemma--english/edit"))
    expect(page.get_by_text("As published")).to_be_visible()
    after = text_of(place, "gemma--english")
    assert "alias: gemma:english\n" in after
    assert "description: Into English.\n" in after
    assert not (place.home / "aliases" / "gemma--translate.yaml").exists()


def test_e13_a_name_that_is_taken_or_impossible_is_said_and_not_published(desk: Visitor) -> None:
    page = edit(desk, "coder")
    name = page.get_by_role("textbox", name="Name")
    name.fill("coder:review")
    expect(page.get_by_text("Another alias has coder--review.yaml.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("1 error")
    expect(name).to_be_focused()
    name.fill("Coder:Review")  # one that differs in case alone is taken, too
    expect(page.get_by_text("Another alias has Coder--Review.yaml.", exact=True)).to_be_visible()
    name.fill("CON")
    expect(page.get_by_role("alert")).to_contain_text("cannot be the name")


def test_a_template_is_chosen_and_its_prompt_seen_as_it_is_written(
    desk: Visitor, server: RunningServer
) -> None:
    desk.await_complaint("422")
    page = edit(desk, "coder")
    template = page.get_by_role("group", name="Chat template")
    template.get_by_role("combobox", name="Chat template").click()
    page.get_by_role("option", name="Built-in").click()
    template.get_by_role("combobox", name="Built-in").click()
    page.get_by_role("option", name="llama3", exact=True).click()
    template.get_by_text("What the model is given").click()
    expect(template).to_contain_text("<|start_header_id|>user<|end_header_id|>")
    saved(page)
    assert drafts(server)[0]["recipe"]["chat_template"] == "llama3"
    template.get_by_role("combobox", name="Chat template").click()
    page.get_by_role("option", name="Own text").click()
    text = template.get_by_role("textbox", name="Text of the template")
    expect(template).to_contain_text("user: And of Italy?")
    text.fill("{% for m in messages %}\n{{ m.content }\n{% endfor %}")
    expect(template.get_by_role("alert")).to_contain_text("line 2")
    assert desk.violations() == []


def test_the_file_and_the_form_follow_each_other_and_comments_stay(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    file = place.home / "aliases" / "coder--review.yaml"
    file.write_text("# why: reviews\n" + file.read_text())
    page = edit(desk, "coder--review")
    tab(page, "Source")
    source = page.get_by_role("textbox", name="Alias file in YAML")
    expect(source).to_have_value(file.read_text())
    field(page, "Max tokens").fill("700")
    expect(source).to_have_value(file.read_text().replace("600", "700"))
    source.fill(file.read_text().replace("temperature: 0\n", "temperature: 0.4 # warmer\n"))
    expect(field(page, "Temperature")).to_have_value("0.4")
    expect(field(page, "Max tokens")).to_have_value("600")
    source.fill("alias: [")
    expect(page.get_by_text("The file cannot be read as it stands")).to_be_visible()
    expect(field(page, "Temperature")).to_be_disabled()
    expect(page.get_by_text(re.compile("^Line 2: "))).to_be_visible()
    assert desk.violations() == []
    back = page.get_by_role("button", name=re.compile("^Undo: Source"))
    while back.count():
        back.click()
    expect(source).to_have_value(re.compile("max_tokens: 700"))
    expect(field(page, "Max tokens")).to_have_value("700")
    expect(field(page, "Temperature")).to_have_value("0")


def test_e08_values_and_memory_follow_the_knobs(desk: Visitor) -> None:
    page = edit(desk, "llama3--instruct")
    tab(page, "Values")
    body = page.get_by_role("region", name="Of a request")
    expect(body.get_by_role("row", name=re.compile("^temperature"))).to_contain_text("0.7")
    memory = page.get_by_role("region", name="Memory of a load")
    expect(memory).to_contain_text("GiB")
    before = memory.inner_text()
    field(page, "Context size").fill("65536")
    expect(memory).not_to_have_text(before, use_inner_text=True)
    # E08: beyond what the model was trained with it is a warning, and the track says how far.
    field(page, "Context size").fill("200000")
    context = row(page, "Context size")
    expect(context).to_contain_text("Above 131,072: trained context.")
    expect(context.locator("[class*=beyond]")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_enabled()
    field(page, "Temperature").fill("0.2")
    expect(body.get_by_role("row", name=re.compile("^temperature"))).to_contain_text("0.2")
    assert desk.violations() == []


def test_p05_a_draft_is_tested_and_nothing_is_saved(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    before = text_of(place, "demo--short")
    page = edit(desk, "demo--short")
    field(page, "Max tokens").fill("5")
    page.get_by_role("button", name="A story").click()
    page.get_by_role("button", name="Test", exact=True).click()
    figures = page.get_by_role("region", name="Figures")
    expect(figures).to_be_visible(timeout=60_000)
    expect(figures).to_contain_text("+ 5")
    expect(figures).to_contain_text("length")
    expect(page.get_by_role("region", name="Answer")).not_to_be_empty()
    assert desk.violations() == []
    assert text_of(place, "demo--short") == before
    assert drafts(server)[0]["recipe"]["request_params"]["max_tokens"] == 5


def test_a_model_that_is_not_here_is_said_where_it_is_tested(desk: Visitor) -> None:
    desk.await_complaint("404|409|422")
    page = edit(desk, "notes")
    page.get_by_role("button", name="Test", exact=True).click()
    dock = page.get_by_role("complementary", name="Beside the form")
    expect(dock.get_by_role("alert")).to_be_visible()


def test_e06_a_preset_is_one_step_and_what_is_changed_since_is_custom(
    desk: Visitor, server: RunningServer
) -> None:
    page = edit(desk, "gemma--translate")
    presets = page.get_by_role("group", name="Presets")
    presets.get_by_role("button", name="Coding").click()
    expect(field(page, "Temperature")).to_have_value("0.2")
    expect(field(page, "Context size")).to_have_value("16384")
    expect(presets).to_contain_text("As in Coding")
    field(page, "Temperature").fill("0.25")
    expect(presets).to_contain_text("Custom (from Coding); changed since: temperature")
    page.get_by_role("button", name="Undo: Temperature → 0.25").click()
    page.get_by_role("button", name="Undo: Preset Coding").click()
    expect(field(page, "Temperature")).to_have_value("0.3")
    expect(field(page, "Context size")).to_have_value("")
    # Another preset takes the first one's place; what somebody has changed since stays.
    presets.get_by_role("button", name="Coding").click()
    field(page, "Top-k").fill("7")
    presets.get_by_role("button", name="Creative").click()
    expect(field(page, "Temperature")).to_have_value("1")
    expect(field(page, "Context size")).to_have_value("")
    expect(field(page, "Top-k")).to_have_value("7")
    expect(presets).to_contain_text("As in Creative")
    # The file says it too: whoever opens it next sees where its values are from.
    saved(page)
    [draft] = drafts(server)
    assert "preset: creative" in draft["source_text"].splitlines()
    page.reload()
    expect(presets).to_contain_text("As in Creative")
    field(page, "Temperature").fill("0.9")
    expect(presets).to_contain_text("Custom (from Creative); changed since: temperature")
    presets.get_by_role("button", name="Coding").click()
    expect(presets).to_contain_text("As in Coding")


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_everybody_can_use_the_editor(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    with visitor(browser, server.address, size, theme) as visiting:
        page = edit(visiting, "llama3--instruct")
        for name in ("Values", "Source", "Test"):
            tab(page, name)
            assert visiting.violations() == []
            assert visiting.sideways() == 0
