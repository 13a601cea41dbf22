"""Ways through the editor, counted in clicks; and that nobody is kept out of it."""

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bodhi.params.registry import PARAMETERS
from tests.e2e.browsing import Size, Theme, Visitor, clicks, count_clicks, visitor
from tests.e2e.editing import drafts, edit, field, publish, row, saved, text_of
from tests.e2e.homes import Place, demo_home
from tests.engine.test_specified_names import NAMES, key_of
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.usefixtures("files_as_they_were")

MOST_TO_A_CLONE = 4
MOST_TO_A_NEW_ALIAS = 4


def test_f2a_an_alias_from_nothing_takes_four_clicks(desk: Visitor, place: Place) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases")
    page.get_by_role("link", name="New alias").click()
    page.get_by_role("button", name="Coding").click()
    name = page.get_by_role("textbox", name="Name")
    expect(name).not_to_have_value("")
    name.fill("from:nothing")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/from--nothing/edit"))
    assert clicks(page) <= MOST_TO_A_NEW_ALIAS
    assert "temperature: 0.2" in text_of(place, "from--nothing")


def test_f2b_a_saved_clone_takes_four_clicks(desk: Visitor, place: Place) -> None:
    count_clicks(desk.page)
    page = desk.open("/aliases?q=demo:short")
    page.get_by_role("row", name="demo:short, ").hover()
    page.get_by_role("button", name="More for demo:short", exact=True).click()
    page.get_by_role("menuitem", name="Clone").click()
    page.get_by_role("textbox", name="Name").fill("cloned")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(row(page, "Temperature")).to_be_visible()
    assert clicks(page) <= MOST_TO_A_CLONE
    assert text_of(place, "cloned") == text_of(place, "demo--short").replace("demo:short", "cloned")


def test_f3b_a_warning_is_in_the_same_view_and_its_remedy_too(desk: Visitor) -> None:
    page = edit(desk, "gemma--translate")
    field(page, "Top-p").fill("0.5")
    warning = row(page, "Top-p").get_by_text("both narrow the choice")
    expect(warning).to_be_in_viewport()
    remedy = row(page, "Top-p").get_by_role("button", name="Unset Top-p", exact=True)
    expect(remedy).to_be_in_viewport()
    remedy.click()
    expect(warning).to_have_count(0)


# -- E04 and E07: what is typed, and what is found.

TYPED = {"0.05": "0.05", "1e-3": "0.001", "0,7": "0.7", "0.": "0"}
WRONG = {"2.5": "Above 2", "abc": "This is no number."}


def test_e04_what_is_typed_stays_and_is_never_made_another_value(desk: Visitor) -> None:
    page = edit(desk, "demo--short")
    temperature, one = row(page, "Temperature"), field(page, "Temperature")
    slider = temperature.get_by_role("slider")
    for text, value in TYPED.items():
        one.fill("")
        expect(slider).to_have_attribute("aria-valuetext", re.compile("inherited$"))
        one.press_sequentially(text)
        expect(slider).to_have_attribute("aria-valuetext", value)
        expect(one).to_have_value(text)
    for text, said in WRONG.items():
        one.fill("")
        one.press_sequentially(text)
        expect(temperature).to_contain_text(said)
        expect(one).to_have_value(text)
    one.fill("2.5")
    temperature.get_by_role("button", name="Use 2", exact=True).click()
    expect(one).to_have_value("2")


def an_unknown_flag_is_kept_and_told_of(
    visiting: Visitor, file: Path, server: RunningServer
) -> None:
    page, before = visiting.page, file.read_text()
    others = page.get_by_role("region", name="Other arguments")
    expect(others.get_by_role("listitem")).to_have_count(2)
    expect(others).to_contain_text("--swift=1 # a newer engine's")
    expect(others).to_contain_text("--not-yet is not a parameter of context_params.")
    assert visiting.violations() == []
    expect(field(page, "Context size")).to_have_value("4096")  # the rest is as it always is
    field(page, "Context size").fill("8192")
    field(page, "Max tokens").fill("700")
    saved(page)
    [draft] = drafts(server)
    assert draft["source_text"] == before.replace("4096", "8192").replace("600", "700")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("2 errors: nothing was published")
    expect(others).to_be_focused()
    assert file.read_text() == before


def an_unknown_flag_is_taken_out(visiting: Visitor, file: Path) -> None:
    page, before = visiting.page, file.read_text()
    others = page.get_by_role("region", name="Other arguments")
    others.get_by_role("button", name="Take out").last.click()
    expect(others.get_by_role("listitem")).to_have_count(1)
    undo = page.get_by_role("button", name="Undo: Took out --not-yet")
    expect(undo).to_be_focused()
    undo.click()
    expect(others.get_by_role("listitem")).to_have_count(2)
    for left in (1, 0):
        others.get_by_role("button", name="Take out").first.click()
        expect(others.get_by_role("listitem")).to_have_count(left)
    publish(page)
    wanted = before.partition("- --swift")[0]
    assert file.read_text() == wanted.replace("4096", "8192").replace("600", "700")


def test_e07_each_specified_parameter_is_found_by_either_name_and_helps_by_key(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    file = place.home / "aliases" / "coder--review.yaml"
    odd = "- --swift=1  # a newer engine's\n- --not-yet\n- '3'\n"
    file.write_text(f"{file.read_text()}context_params:\n- --ctx-size 4096\n{odd}")
    page = edit(desk, "coder--review")
    an_unknown_flag_is_kept_and_told_of(desk, file, server)
    an_unknown_flag_is_taken_out(desk, file)
    search = page.get_by_role("searchbox", name="Search parameters")
    for name in NAMES:
        search.fill(name)
        found = row(page, PARAMETERS[key_of(name)].label)
        expect(found).to_be_visible()
    search.fill("")
    page.get_by_role("radiogroup", name="Which parameters to show").get_by_text(
        "Set", exact=True
    ).click()
    for label in ("Max tokens", "System prompt"):
        expect(row(page, label)).to_be_visible()
    expect(row(page, "Top-k")).to_have_count(0)
    help_button = row(page, "Max tokens").get_by_role("button", name="What is Max tokens?")
    help_button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(PARAMETERS["max_tokens"].help).first).to_be_visible()


def test_s02_a_server_that_is_killed_costs_no_change(browser: Browser, tmp_path: Path) -> None:
    place = demo_home(tmp_path)
    with running_server(place.home, place.hub) as first:
        port = first.address.rpartition(":")[2]
        with visitor(browser, first.address, "desk") as visiting:
            visiting.await_complaint("Failed to load resource|ERR_")
            page = edit(visiting, "demo--short")
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            field(page, "Top-k").fill("9")
            expect(page.get_by_text("kept on this device")).to_be_visible()
            with running_server(place.home, place.hub, "--port", port) as second:
                page.reload()
                expect(field(page, "Top-k")).to_have_value("9")
                expect(page.get_by_text("is back, from this device")).to_be_visible()
                saved(page)
                assert [one["recipe"]["request_params"]["top_k"] for one in drafts(second)] == [9]


# -- E12: chat templates.


def test_e12_every_templates_preview_is_the_servers_own_render(
    desk: Visitor, server: RunningServer
) -> None:
    desk.await_complaint("422|400")
    with server.http() as client:
        listed = client.get("/api/v1/templates").json()["templates"]
        builtin = [one["name"] for one in listed if one["origin"] == "builtin"]
        assert len(builtin) == 9
        page = edit(desk, "demo--short")
        template = page.get_by_role("group", name="Chat template")
        kind = template.get_by_role("combobox", name="Chat template")
        template.get_by_text("What the model is given").click()
        shown = template.get_by_role("region", name="What the model is given for a conversation")
        messages = conversation(desk)
        own = rendered(client, "embedded", messages)
        assert own is not None
        expect(shown).to_have_text(own)
        kind.click()
        page.get_by_role("option", name="Built-in").click()
        for name in builtin:
            template.get_by_role("combobox", name="Built-in").click()
            page.get_by_role("option", name=name, exact=True).click()
            expect(template.get_by_role("combobox", name="Built-in")).to_have_value(name)
            wanted = rendered(client, name, messages)
            if wanted is None:
                expect(template.get_by_role("alert")).to_be_visible()
            else:
                expect(shown).to_have_text(wanted)
                assert shown.text_content() == wanted
    kind.click()
    page.get_by_role("option", name="Own text").click()
    text = template.get_by_role("textbox", name="Text of the template")
    text.fill("{% for m in messages %}\n{{ m.content }\n{% endfor %}")
    expect(template.get_by_role("alert")).to_contain_text("line 2")
    expect(template.locator("[data-wrong=true]")).to_have_text("2")
    assert desk.violations() == []


def conversation(visiting: Visitor) -> list[dict[str, str]]:
    """What the page shows templates with."""
    asked = next(one for one in visiting.requests if one.url.endswith("/templates/render"))
    messages: list[dict[str, str]] = json.loads(asked.post_data or "")["messages"]
    return messages


def rendered(client: Any, name: str, messages: list[dict[str, str]]) -> str | None:
    """The server's word; None where the template refuses such a conversation."""
    body = {"name": "demo:short", "chat_template": name, "messages": messages}
    answer = client.post("/api/v1/templates/render", json=body)
    return answer.json()["prompt"] if answer.is_success else None


# -- E14: names.


def test_e14_an_alias_with_a_models_name_is_said_to_be_shadowed_before_it_is_made(
    desk: Visitor, server: RunningServer
) -> None:
    name = "bodhi/demo:Q8_0"
    page = desk.open(f"/aliases/new?from=model:{name}")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("demo:q8_0")
    page.get_by_role("textbox", name="Name").fill(name)
    expect(page.get_by_text("requests would reach it, and not the alias")).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/bodhi--demo--Q8_0/edit"))
    with server.http() as client:
        trace = client.get("/api/v1/resolve", params={"model": name}).json()
        shown = client.get("/api/v1/aliases/bodhi--demo--Q8_0").json()
    assert trace["matched"]["source"] == "model"
    assert "shadowed" in [one["code"] for one in shown["findings"]]
    page.goto(f"{desk.address}/aliases?q=source:user+name:bodhi/demo")
    expect(page.get_by_role("treegrid").get_by_role("row", name=name)).to_contain_text("Shadowed")
    # Where a name is chosen it stands once, for the model that answers.
    page.goto(f"{desk.address}/playground?alias={name}")
    expect(row(page, "Temperature")).to_be_visible()
    page.goto(f"{desk.address}/compare?a={name}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page.get_by_role("combobox").first).to_have_value(name)


# -- A01, A03, A04: for everybody.


@pytest.mark.parametrize(
    ("size", "theme", "beginning"),
    [
        ("desk", "light", "chat"),
        ("desk", "dark", "file"),
        ("phone", "light", "guided"),
        ("phone", "dark", "alias:coder"),
    ],
)
def test_a01_everybody_can_use_the_editor_in_every_state(
    browser: Browser, server: RunningServer, size: Size, theme: Theme, beginning: str
) -> None:
    with visitor(browser, server.address, size, theme) as visiting:
        page = edit(visiting, "gemma--translate")
        field(page, "Top-p").fill("0.5")
        field(page, "Min-p").fill("abc")
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_role("alert").first).to_contain_text("1 error")
        assert visiting.violations() == []
        page.get_by_role("button", name="Mode of Top-k").click()
        expect(page.get_by_role("menu")).to_have_css("opacity", "1")  # it has faded in
        assert visiting.violations() == []
        page.keyboard.press("Escape")
        assert visiting.sideways() == 0
        page = visiting.open(f"/aliases/new?from={beginning}")
        expect(page.get_by_role("group", name="Begin with")).to_be_visible()
        assert visiting.violations() == []
        assert visiting.sideways() == 0


def test_a03_a_slider_says_what_it_is_and_where_its_value_is_from(desk: Visitor) -> None:
    page = edit(desk, "gemma--translate")
    told = {
        label: [row(page, label).get_by_role("slider").get_attribute(one) for one in _SLIDER]
        for label in ("Temperature", "Top-p")
    }
    assert told["Temperature"] == ["Temperature, slider", "0.3", "0", "2"]
    name, text, low, high = told["Top-p"]
    assert (name, low, high) == ("Top-p, slider", "0", "1")
    assert text is not None
    assert text.endswith(", inherited")


_SLIDER = ("aria-label", "aria-valuetext", "aria-valuemin", "aria-valuemax")
_SLOWEST = """Math.max(...[...document.querySelectorAll('*')].flatMap(one => {
  const style = getComputedStyle(one);
  return [style.transitionDuration, style.animationDuration].flatMap(
    times => times.split(',').map(parseFloat));
}))"""


def test_a04_forced_colours_contrast_no_motion_and_zoom_lose_no_control(
    browser: Browser, server: RunningServer
) -> None:
    with visitor(browser, server.address, "desk") as plain:
        usual = edit(plain, "gemma--translate").get_by_role("slider").count()
    # 1440 pixels at 400 %.
    wishes: dict[str, Any] = {
        "viewport": {"width": 360, "height": 225},
        "forced_colors": "active",
        "contrast": "more",
        "reduced_motion": "reduce",
    }
    with visitor(browser, server.address, "desk", **wishes) as visiting:
        page = edit(visiting, "gemma--translate")
        page.get_by_role("button", name="Performance & resources").click()  # folded on a phone
        assert page.get_by_role("slider").count() == usual
        assert visiting.sideways() == 0
        assert page.evaluate(_SLOWEST) <= 0.001
        page.get_by_role("button", name="Publish", exact=True).scroll_into_view_if_needed()
        visiting.open("/aliases/new")
        expect(page.get_by_role("group", name="Begin with")).to_be_visible()
        assert visiting.sideways() == 0
