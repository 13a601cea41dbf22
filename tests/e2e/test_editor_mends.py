"""What is wrong can be mended, wherever it is opened; and everything shown is of the draft."""

import re

import pytest
from playwright.sync_api import Browser, expect

from bodhi.params.registry import PARAMETERS
from tests.e2e.browsing import Visitor, visitor
from tests.e2e.editing import drafts, edit, field, row, saved, tab, text_of
from tests.e2e.homes import Place
from tests.params.distribution_reference import chances
from tests.support.server import RunningServer, wait_until

pytestmark = pytest.mark.usefixtures("files_as_they_were")


def test_values_beyond_their_range_are_mended_on_another_device(
    desk: Visitor, browser: Browser, server: RunningServer, place: Place
) -> None:
    before = text_of(place, "gemma--translate")
    mine = edit(desk, "gemma--translate")
    field(mine, "Temperature").fill("2.5")
    saved(mine)
    (draft,) = drafts(server)
    with server.http() as client:
        sent = {"source_text": draft["source_text"] + "  top_p: many\n"}
        etag = {"If-Match": f'"{draft["etag"]}"'}
        assert client.put(f"/api/v1/drafts/{draft['id']}", json=sent, headers=etag).is_success
    with visitor(browser, server.address, "desk") as other:
        page = edit(other, "gemma--translate")
        expect(field(page, "Temperature")).to_have_value("2.5")
        expect(field(page, "Temperature")).to_be_enabled()
        expect(row(page, "Temperature")).to_contain_text("Above 2")
        expect(row(page, "Top-p")).to_contain_text("top_p must be a number from 0 to 1, not a text")
        assert other.violations() == []
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_role("alert").first).to_contain_text("2 errors")
        row(page, "Temperature").get_by_role("button", name="Use 2", exact=True).click()
        field(page, "Top-p").fill("")
        saved(page)
        assert drafts(server)[0]["errors"] == []
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        expect(page.get_by_text("As published")).to_be_visible()
    assert text_of(place, "gemma--translate") == before.replace("0.3", "2")


def test_path_and_memory_are_those_of_the_drafts_own_file(desk: Visitor) -> None:
    page = edit(desk, "llama3--instruct")
    tab(page, "Values")
    path = page.get_by_role("region", name="Model file")
    expect(path).to_contain_text("Llama-3.2-3B-Instruct-Q8_0.gguf")
    memory = page.get_by_role("region", name="Memory of a load")
    expect(memory).to_contain_text("context of 8,192 tokens")
    page.get_by_role("combobox", name="Model file").click()
    page.get_by_role("option", name="ggml-org/gemma-3-4b-it-GGUF:Q4_K_M").click()
    expect(path).to_contain_text("gemma-3-4b-it-Q4_K_M.gguf")
    # What the published alias sets is not taken for what the draft leaves unset.
    row(page, "Context size").get_by_role("button", name=re.compile("^Unset")).click()
    with page.expect_request(lambda asked: "/api/v1/memory" in asked.url) as asked:
        field(page, "Batch size").fill("1024")
    assert "gemma-3-4b-it" in asked.value.url
    expect(memory).to_contain_text("GiB")


def test_a_repository_is_in_the_draft_once_it_is_one(desk: Visitor, server: RunningServer) -> None:
    desk.await_complaint("404|422")
    page = edit(desk, "coder")
    template = page.get_by_role("group", name="Chat template")
    template.get_by_role("combobox", name="Chat template").click()
    page.get_by_role("option", name="Of a repository").click()
    name = template.get_by_role("textbox", name="Of a repository")
    expect(name).to_have_value("")
    name.press_sequentially("meta-llama")
    expect(page.get_by_text("As published")).to_be_visible()
    assert drafts(server) == []
    name.fill("meta-llama/Llama-3")
    saved(page)
    assert drafts(server)[0]["recipe"]["chat_template"] == "meta-llama/Llama-3"
    page.get_by_role("button", name="Undo: Chat template → meta-llama/Llama-3").click()
    expect(template.get_by_role("combobox", name="Chat template")).to_have_value(
        "Of the model file"
    )


def test_a_preset_says_how_far_it_has_the_last_word(desk: Visitor, server: RunningServer) -> None:
    page = edit(desk, "llama3--roleplay")
    presets = page.get_by_role("group", name="Presets")
    presets.get_by_role("button", name="Deterministic").click()
    expect(page.get_by_role("button", name="Mode of Temperature: Enforced")).to_be_visible()
    expect(presets).to_contain_text("As in Deterministic")
    saved(page)
    recipe = drafts(server)[0]["recipe"]
    assert recipe["request_policy"] == {"temperature": "enforce"}
    assert recipe["request_params"]["temperature"] == 0
    page.get_by_role("button", name="Mode of Temperature: Enforced").click()
    page.get_by_role("menuitem", name=re.compile("^Default")).click()
    expect(presets).to_contain_text("Custom (from Deterministic)")


def test_what_scrolls_is_within_reach_of_the_keyboard(desk: Visitor) -> None:
    page = edit(desk, "demo--short")
    page.get_by_text("What the model is given").click()
    rendered = page.get_by_role("region", name="What the model is given for a conversation")
    rendered.focus()
    expect(rendered).to_be_focused()
    rendered.evaluate("shown => { shown.style.maxHeight = '20px'; }")
    field(page, "Max tokens").fill("40")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("region", name="Figures")).to_be_visible(timeout=60_000)
    answer = page.get_by_role("region", name="Answer")
    answer.evaluate("shown => { shown.style.maxHeight = '20px'; }")
    answer.focus()
    expect(answer).to_be_focused()
    assert desk.violations() == []


# -- E11: the picture of a distribution.

_BARS = """group => [...group.querySelectorAll('svg rect')].map(
  bar => [bar.dataset.cut === 'true', Number(bar.getAttribute('height')) / 30])"""


def test_e11_the_bars_are_as_high_as_the_reference_says(desk: Visitor) -> None:
    page = edit(desk, "demo--short")
    for label, text in (("Top-k", "8"), ("Top-p", "0.9"), ("Min-p", "0.1")):
        field(page, label).fill(text)
    for temperature in ("0", "0.2", "1", "2"):
        field(page, "Temperature").fill(temperature)
        wanted = chances(float(temperature), 8, 0.9, 0.1)
        for label in ("Temperature", "Top-k", "Top-p", "Min-p"):
            expect(row(page, label)).to_contain_text("example distribution")
            bars = row(page, label).evaluate(_BARS)
            assert [cut for cut, _ in bars] == [chance == 0 for chance in wanted]
            for (cut, height), chance in zip(bars, wanted, strict=True):
                assert cut or abs(height - chance) <= 0.01 * chance


def test_another_alias_stands_beside_the_form_and_says_where_it_differs(desk: Visitor) -> None:
    page = edit(desk, "llama3--instruct")
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="coder", exact=True).click()
    temperature = row(page, "Temperature")
    expect(temperature).to_contain_text("coder0.2")
    expect(temperature.get_by_role("img", name="differs")).to_be_visible()
    field(page, "Temperature").fill("0.2")
    expect(temperature.get_by_role("img", name="differs")).to_have_count(0)
    assert desk.violations() == []
    assert desk.sideways() == 0
    page.reload()
    expect(row(page, "Temperature")).to_contain_text("coder0.2")


# -- Every parameter: set by its own control, undone, set again and reset.

_TEXTS = {
    "integer": "3",
    "number": "0.5",
    "text": "words",
    "numbers": "1, 2",
    "object": '{"7": 1}',
}
_SET_ALL = """async texts => {
  const drawn = () => new Promise(requestAnimationFrame);
  const until = async (what, found) => {
    for (let frames = 0; !found(); frames += 1) {
      if (frames > 600) throw new Error(what);
      await drawn();
    }
    return found();
  };
  const seen = role => [...document.querySelectorAll(`[role=${role}]`)]
    .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}));
  const type = (field, text) => {
    const Kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(Kind.prototype, 'value').set.call(field, text);
    field.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const done = [];
  for (const head of document.querySelectorAll('h3 > [aria-expanded=false]')) head.click();
  await drawn();
  for (const row of document.querySelectorAll('[data-param]')) {
    const key = row.dataset.param;
    const mode = row.querySelector('[aria-label^="Mode of"]');
    if (mode.disabled) continue;
    const pills = row.querySelector('[aria-label^="Add to"]');
    const radios = [...row.querySelectorAll('input[type=radio]')];
    const list = row.querySelector('[aria-haspopup=listbox]');
    if (radios.length > 0) {
      radios.find(one => !one.checked && one.value !== '').click();
    } else if (pills !== null) {
      type(pills, 'END');
      pills.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    } else if (list !== null) {
      list.click();
      const other = () => seen('option').find(one => one.getAttribute('aria-selected') !== 'true');
      (await until(`choices of ${key}`, other)).click();
      await until(`choices of ${key} go`, () => seen('option').length === 0);
    } else {
      type([...row.querySelectorAll('input, textarea')].at(-1), texts[key]);
    }
    done.push(key);
  }
  return done;
}"""
_RESET_ALL = """async was => {
  for (const row of document.querySelectorAll('[data-param][data-changed=true]')) {
    if (was.includes(row.dataset.param)) continue;
    row.querySelector('button[aria-label^="Unset"][title*="back to"]').click();
  }
}"""
_PRESS = """([shifted, times]) => {
  const press = {key: 'z', ctrlKey: true, shiftKey: shifted, bubbles: true, cancelable: true};
  for (let n = 0; n < times; n += 1)
    document.body.dispatchEvent(new KeyboardEvent('keydown', press));
}"""


def test_every_parameter_that_is_set_undone_set_again_and_reset_leaves_no_trace(
    desk: Visitor, server: RunningServer, place: Place
) -> None:
    before = (
        "# Mine.\nalias: coder   # short\nrepo: Qwen/Qwen2.5-Coder-7B-Instruct-GGUF\n"
        "filename: 'qwen2.5-coder-7b-instruct-q4_k_m.gguf'\n\nrequest_params:\n"
        "    temp: 0.20   # as its makers say\n\n    # nothing else\n"
    )
    (place.home / "aliases" / "coder.yaml").write_text(before, encoding="utf-8")
    with server.http() as client:

        def is_read() -> bool:
            return bool(client.get("/api/v1/aliases/coder").json()["source_text"] == before)

        assert wait_until(is_read, 20)
    page = edit(desk, "coder")
    texts = {key: _TEXTS.get(one.kind, "") for key, one in PARAMETERS.items()}
    done = page.evaluate(_SET_ALL, texts)
    refused = {key for key, one in PARAMETERS.items() if key not in done}
    assert len(done) > len(PARAMETERS) - 5, refused

    def changed() -> set[str]:
        return {one["path"][1] for draft in drafts(server) for one in draft["changes"]}

    assert wait_until(lambda: changed() == set(done), 20), set(done) ^ changed()
    page.evaluate(_PRESS, [False, len(done)])
    expect(page.get_by_role("button", name="Nothing to undo")).to_be_disabled()
    assert wait_until(lambda: drafts(server)[0]["source_text"] == before, 20)
    page.evaluate(_PRESS, [True, len(done)])
    assert wait_until(lambda: changed() == set(done), 20), set(done) ^ changed()
    page.evaluate(_RESET_ALL, ["temperature"])
    field(page, "Temperature").fill("0.2")
    assert wait_until(lambda: drafts(server)[0]["source_text"] == before, 20)
    expect(page.get_by_text("As published")).to_be_visible()
    assert text_of(place, "coder") == before
