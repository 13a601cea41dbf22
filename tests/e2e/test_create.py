"""Making an alias: guided, from a model, an alias, a preset, settings of a chat, and a file."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.editing import text_of
from tests.e2e.homes import Place
from tests.support.server import RunningServer

pytestmark = pytest.mark.usefixtures("files_as_they_were")

DEMO = "bodhi/demo:Q8_0"
GEMMA = "ggml-org/gemma-3-4b-it-GGUF:Q4_K_M"
NAMES = ["a/b", "a:b", "a--b", "CON", "x" * 200, "smile 😀", "coder:review", "Coder:Review", "a@1"]


def begin(visiting: Visitor, beginning: str) -> Page:
    page = visiting.open(f"/aliases/new?from={beginning}")
    expect(page.get_by_role("group", name="Begin with")).to_be_visible()
    return page


def name_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Name")


def choose_model(page: Page, model: str) -> None:
    page.get_by_role("combobox", name="Model file").click()
    page.get_by_role("option", name=model).click()


def create(page: Page) -> None:
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/[^/]+/edit"))


def test_e03_who_is_guided_gets_a_model_three_reasons_a_test_and_an_alias(
    desk: Visitor, place: Place
) -> None:
    page = begin(desk, "guided")
    expect(page.get_by_role("combobox", name="Model file")).not_to_have_value("")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("Choose what the alias is for.")
    page.get_by_role("button", name="Coding").click()
    choose_model(page, DEMO)
    values = page.get_by_role("list", name="What it begins with").get_by_role("listitem")
    expect(values).to_have_count(3)
    for value in values.all():
        expect(value).to_contain_text(re.compile(r"\w{4,}.*\w+ \w+"))
    expect(values.filter(has_text="Temperature")).to_contain_text("0.2")
    expect(values.filter(has_text="Temperature")).to_contain_text("little chance")
    assert desk.violations() == []
    assert desk.sideways() == 0
    name_of(page).fill("my:code")
    expect(page.get_by_text("Will be kept in my--code.yaml")).to_be_visible()
    page.get_by_role("textbox", name="Prompt").fill("Hello!")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("region", name="Figures")).to_be_visible(timeout=60_000)
    assert not (place.home / "aliases" / "my--code.yaml").exists()
    create(page)
    text = text_of(place, "my--code")
    assert text.startswith("alias: my:code\nrepo: bodhi/demo\n")
    assert "temperature: 0.2" in text


def test_e01_a_model_and_a_preset_are_beginnings(desk: Visitor, place: Place) -> None:
    page = begin(desk, f"model:{GEMMA}")
    expect(page.get_by_role("combobox", name="Model file")).to_have_value(GEMMA)
    expect(name_of(page)).to_have_value("gemma-3-4b-it:q4_k_m")
    create(page)
    assert "repo: ggml-org/gemma-3-4b-it-GGUF" in text_of(place, "gemma-3-4b-it--q4_k_m")
    page = begin(desk, "preset:deterministic")
    expect(page.get_by_role("button", name="Deterministic")).to_have_attribute(
        "aria-pressed", "true"
    )
    choose_model(page, DEMO)
    name_of(page).fill("steady")
    page.get_by_text("All parameters").click()
    expect(page.get_by_role("button", name="Mode of Temperature: Enforced")).to_be_visible()
    page.get_by_role("textbox", name="Seed, value", exact=True).fill("7")
    page.get_by_role("button", name="Leave Parallel slots out").click()
    create(page)
    text = text_of(place, "steady")
    assert "temperature: enforce" in text
    assert "seed: 7" in text
    assert "n_parallel" not in text
    # The file names the preset, and whoever looks at it sees what was changed since.
    assert text.endswith("preset: deterministic\n")
    origin = "Custom (from Deterministic); changed since: n_parallel"
    expect(page.get_by_role("group", name="Presets")).to_contain_text(origin)
    page.goto(f"{desk.address}/aliases/steady")
    facts = page.get_by_role("region", name="Model file")
    expect(facts.get_by_text(origin)).to_be_visible()


def test_e01_a_copy_of_an_alias_keeps_its_comments(desk: Visitor, place: Place) -> None:
    file = place.home / "aliases" / "coder--review.yaml"
    file.write_text("# why: reviews\n" + file.read_text())
    page = begin(desk, "alias:coder--review")
    expect(name_of(page)).to_have_value("coder:review-copy")
    values = page.get_by_role("list", name="What it begins with")
    expect(values.get_by_text("As in coder:review").first).to_be_visible()
    page.get_by_role("button", name="Leave Max tokens out").click()
    create(page)
    wanted = file.read_text().replace("coder:review", "coder:review-copy")
    assert text_of(place, "coder--review-copy") == wanted.replace("  max_tokens: 600\n", "")


def test_settings_of_a_chat_become_values_and_what_is_none_is_said(
    desk: Visitor, place: Place
) -> None:
    page = begin(desk, "chat")
    pasted = page.get_by_role("textbox", name="Request body or curl command")
    pasted.fill("temperature 1")
    expect(page.get_by_text("Paste a JSON object").first).to_be_visible()
    body = {
        "model": "demo:short",
        "temperature": 0,
        "stop": [" User:, ", "\n\n"],
        "max_completion_tokens": 9,
        "stream": True,
        "messages": [{"role": "system", "content": "It's brief."}],
    }
    quoted = json.dumps(body).replace("'", "'\\''")
    pasted.fill(f"curl http://x/v1/chat/completions \\\n -H 'Authorization: k' -d '{quoted}'")
    expect(page.get_by_role("status").first).to_contain_text("4 values taken")
    expect(page.get_by_text("left out: stream.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Model file")).to_have_value(DEMO)
    name_of(page).fill("from:chat")
    create(page)
    text = text_of(place, "from--chat")
    assert "temperature: 0\n" in text
    assert "max_tokens: 9\n" in text
    assert "It's brief." in text
    assert "Authorization" not in text


def test_a_file_is_taken_as_it_is_under_the_name_that_is_typed(
    desk: Visitor, place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.yaml"
    text = "# theirs\nalias: coder  # a name\nrepo: bodhi/demo\nfilename: demo.Q8_0.gguf\nodd: 1\n"
    file.write_text(text)
    page = begin(desk, "file")
    page.locator("input[type=file]").set_input_files(file)
    expect(name_of(page)).to_have_value("coder")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("coder.yaml")
    name_of(page).fill("theirs")
    expect(page.get_by_text("Will be kept in theirs.yaml")).to_be_visible()
    assert desk.violations() == []
    create(page)
    assert text_of(place, "theirs") == text.replace("coder", "theirs")


# -- E13: names.


def test_e13_the_file_that_is_foretold_is_the_servers_and_clashes_are_refused(
    desk: Visitor, server: RunningServer
) -> None:
    page = begin(desk, f"model:{DEMO}")
    said = page.get_by_text(re.compile("^Will be kept in "))
    with server.http() as client:
        for name in NAMES:
            recipe = {"name": name, "repo": "bodhi/demo", "filename": "demo.Q8_0.gguf"}
            found = client.post("/api/v1/aliases/validate", json={"recipe": recipe}).json()
            wrong = [one["message"] for one in found["errors"] if one["pointer"] == "/alias"]
            name_of(page).fill(name)
            if wrong:
                expect(page.get_by_text(wrong[0])).to_be_visible()
                expect(said).to_have_count(0)
            else:
                expect(said).to_have_text(f"Will be kept in {found['id']}.yaml")
    name_of(page).fill(DEMO)
    expect(page.get_by_text("A model on this machine answers to this name")).to_be_visible()


# -- M04: four steps on a phone.


def test_a_phone_takes_four_steps_and_forgets_nothing(phone: Visitor, place: Place) -> None:
    page = begin(phone, "guided")
    heading = page.get_by_role("heading", level=2)
    next_button = page.get_by_role("button", name="Next")
    next_button.tap()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(heading).to_have_text("Step 1 of 4: Beginning")
    page.get_by_role("button", name="Coding").tap()
    page.get_by_role("combobox", name="Model file").tap()
    page.get_by_role("option", name=DEMO).tap()
    next_button.tap()
    expect(heading).to_have_text("Step 2 of 4: Name")
    name_of(page).fill("")
    next_button.tap()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("An alias needs a name.")
    name_of(page).fill("by:touch")
    next_button.tap()
    expect(heading).to_have_text("Step 3 of 4: Values")
    page.get_by_role("button", name="Back").tap()
    expect(name_of(page)).to_have_value("by:touch")
    for step in ("Step 3 of 4: Values", "Step 4 of 4: Test and create"):
        next_button.tap()
        expect(heading).to_have_text(step)
        assert phone.violations() == []
        assert phone.sideways() == 0
    create(page)
    assert "temperature: 0.2" in text_of(place, "by--touch")


def test_four_steps_are_taken_by_keyboard_alone(phone: Visitor, place: Place) -> None:
    page = begin(phone, f"model:{DEMO}")
    heading = page.get_by_role("heading", level=2)

    def press(name: str) -> None:
        wanted = page.get_by_role("button", name=name, exact=True)
        for _ in range(40):
            page.keyboard.press("Tab")
            if wanted.evaluate("button => button === document.activeElement"):
                break
        page.keyboard.press("Enter")

    expect(page.get_by_role("combobox", name="Model file")).to_have_value(DEMO)
    press("Next")
    expect(heading).to_have_text("Step 2 of 4: Name")
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    expect(name_of(page)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("CON")
    press("Next")
    expect(page.get_by_role("alert").last).to_be_focused()
    name_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("by:keys")
    press("Next")
    expect(heading).to_have_text("Step 3 of 4: Values")
    press("Next")
    expect(heading).to_have_text("Step 4 of 4: Test and create")
    press("Create")
    expect(page).to_have_url(re.compile("/aliases/by--keys/edit"))
    assert text_of(place, "by--keys").startswith("alias: by:keys\n")
