"""What the list and the dashboard offer beside rows: cards, groups, completion, tags, files."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, FilePayload, FloatRect, Locator, Page, Route, expect

from tests.aliases.archives import zipped
from tests.e2e.browsing import Visitor
from tests.e2e.homes import Place
from tests.e2e.test_actions import file_of, menu_of
from tests.e2e.test_list import rows, wait_for_rows

pytestmark = pytest.mark.usefixtures("files_as_they_were")

USAGE = "**/api/v1/usage/aliases"


def used(page: Page, requests: int, in_flight: int = 0) -> None:
    """From here on the server is taken to have answered so many requests to coder, all well."""

    def answer(route: Route) -> None:
        body: dict[str, Any] = route.fetch().json()
        figures = {"requests": requests, "success": 1.0, "tokens_per_s": 12.5}
        one: dict[str, Any] = {
            "id": "coder",
            "uid": "u",
            "alias": "coder",
            "source": "user",
            "figures": figures,
        }
        one |= {"in_flight": in_flight, "last_used": 1_700_000_000}
        route.fulfill(json={**body, "aliases": [one]})

    page.unroute(USAGE)
    page.route(USAGE, answer)


def files_in(archive: Download) -> dict[str, bytes]:
    """Name -> content of what was handed out as one archive."""
    with zipfile.ZipFile(archive.path()) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


# How far the end of each name that is cut stands from the ellipsis before it, in pixels.
HOLES = """() => [...document.querySelectorAll("[title] > [aria-hidden]:first-of-type")]
  .filter((head) => head.scrollWidth > head.clientWidth)
  .map((head) => {
    const sample = document.createElement("span");
    sample.style.position = "absolute";
    const widthOf = (text) => {
      sample.textContent = text;
      return sample.getBoundingClientRect().width;
    };
    const text = head.textContent, box = head.getBoundingClientRect();
    head.append(sample);
    const dots = widthOf("…");
    const shown = [...text].map((_, at) => widthOf(text.slice(0, at)) + dots);
    const last = Math.max(...shown.filter((width) => width <= box.width));
    sample.remove();
    return head.nextElementSibling.getBoundingClientRect().left - box.left - last;
  })"""


def test_l07_cards_say_what_rows_say_and_no_share_of_few_requests(desk: Visitor) -> None:
    used(desk.page, 19)
    page = desk.open("/aliases?q=coder")
    wait_for_rows(page)
    page.get_by_role("radiogroup", name="View").locator("label", has_text="Cards").click()
    expect(page).to_have_url(re.compile("view=cards"))
    cards = page.get_by_role("article")
    expect(cards).to_have_count(3)
    card = cards.filter(has=page.get_by_role("button", name="coder, user alias"))
    for text in ("19 requests in 24 h", "not enough data", "n_ctx", "Qwen/Qwen2.5-Coder"):
        expect(card).to_contain_text(text)
    model = cards.filter(has_text="Create custom")
    expect(model.get_by_role("button", name=re.compile("model alias"))).to_have_count(1)
    for name in ("Try coder", "Edit", "Clone coder", "Delete coder", "More for coder"):
        expect(card.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(model.get_by_role("button", name=re.compile("Delete|Clone|Edit"))).to_have_count(0)
    assert desk.violations() == []
    card.get_by_role("checkbox").click()
    expect(page.get_by_role("toolbar", name="Marked aliases")).to_contain_text("1 marked")
    used(page, 20)
    page.reload()
    expect(cards).to_have_count(3)
    expect(card).to_contain_text("100.0 % success")
    card.get_by_role("button", name="coder, user alias").press("Enter")
    expect(page.get_by_role("complementary", name="Details of coder")).to_be_visible()
    page.get_by_role("radiogroup", name="View").locator("label", has_text="Table").click()
    expect(rows(page)).to_have_count(3)
    expect(cards).to_have_count(0)
    assert [hole for hole in page.evaluate(HOLES) if abs(hole) > 1] == []
    page.evaluate("for (const one of document.querySelectorAll('[style*=inset]')) one.style = ''")
    assert max(page.evaluate(HOLES)) > 1  # one would be found


def test_the_head_of_a_group_says_what_is_done_and_acts_on_all_of_it(
    desk: Visitor, place: Place
) -> None:
    used(desk.page, 40, in_flight=2)
    page = desk.open("/aliases?q=family:qwen")
    head = page.get_by_role("row", name=re.compile(r"^qwen, \d"))
    expect(head).to_contain_text("40 requests in 24 h")
    expect(head).to_contain_text("2 in flight")
    expect(page.get_by_role("row", name="coder, user alias")).to_contain_text("Active now")

    def choose(item: str) -> None:
        head.hover()
        head.get_by_role("button", name="More for qwen").click()
        page.get_by_role("menuitem", name=item, exact=True).click()

    choose("Mark all 3")
    expect(page.get_by_role("toolbar", name="Marked aliases")).to_contain_text("3 marked")
    expect(head).to_have_attribute("aria-expanded", "true")  # the menu is not the head
    names = []
    page.on("download", lambda download: names.append(download.suggested_filename))
    with page.expect_download() as handed:
        choose("Export 2 aliases")
    expect(page.get_by_role("status")).to_have_text("Exported 2 aliases")
    both = ("coder", "coder--review")
    assert files_in(handed.value) == {
        f"{one}.yaml": file_of(place, one).read_bytes() for one in both
    }
    with page.expect_download() as handed:
        menu_of(page, "coder", "Export")
    assert Path(handed.value.path()).read_bytes() == file_of(place, "coder").read_bytes()
    assert names == ["bodhi-aliases.zip", "coder.yaml"]
    choose("Fold all groups")
    expect(rows(page)).to_have_count(0)
    page.reload()
    expect(head).to_have_attribute("aria-expanded", "false")
    choose("Unfold all groups")
    wait_for_rows(page)
    choose("Try coder")
    expect(page).to_have_url(re.compile("/playground.*alias=coder"))


def test_the_frame_of_few_rows_is_closed_below_the_last_and_of_many_goes_on(
    desk: Visitor,
) -> None:
    page = desk.open("/aliases?group=none&sort=name&q=coder")
    wait_for_rows(page)
    grid = page.get_by_role("treegrid")
    high = box_of(grid)["height"]
    frame, last = box_of(grid.locator("..")), box_of(rows(page).last)
    assert end_of(frame) == end_of(last)
    page.get_by_role("button", name="Clear the search").click()
    expect(rows(page).nth(10)).to_be_visible()
    # What rows are drawn into is as high for few as for many, so that none come late.
    assert box_of(grid)["height"] == high
    edge = page.evaluate("innerHeight")
    assert end_of(box_of(grid.locator(".."))) > edge
    grid.evaluate("list => { list.scrollTop = list.scrollHeight }")
    expect(rows(page).last).to_be_in_viewport(ratio=1)
    assert end_of(box_of(rows(page).last)) == edge


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None
    return box


def end_of(box: FloatRect) -> float:
    return box["y"] + box["height"]


def test_the_search_is_completed_as_it_is_typed(desk: Visitor) -> None:
    page = desk.open("/aliases?group=none")
    wait_for_rows(page)
    field = page.get_by_role("combobox", name="Search aliases")
    offered = page.get_by_role("listbox", name="Completions").get_by_role("option")
    field.press_sequentially("temp")
    expect(offered.first).to_contain_text("template:")
    expect(offered.filter(has_text="temp>")).to_contain_text("Temperature")
    field.press_sequentially(">")
    expect(offered.first).to_contain_text("temp>0")
    field.fill("")
    field.press_sequentially("fam")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert desk.violations() == []
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert active == offered.first.get_attribute("id")
    field.press("Enter")
    expect(field).to_have_value("family:")
    offered.filter(has_text="family:qwen").click()
    expect(field).to_have_value("family:qwen ")
    expect(rows(page)).to_have_count(3)
    expect(field).to_be_focused()
    field.press_sequentially("st")
    expect(offered.first).to_contain_text("state:")
    field.press("Escape")
    expect(offered).to_have_count(0)
    expect(field).to_have_value("family:qwen st")  # Esc closes the list first
    field.press("Escape")
    expect(field).to_have_value("")
    field.fill("wrong>1")
    expect(page.get_by_text("Not understood: wrong>1")).to_be_visible()


def test_tags_are_changed_from_the_list_and_taken_back(desk: Visitor, place: Place) -> None:
    before = file_of(place, "coder").read_bytes()
    page = desk.open("/aliases?q=coder&group=tag")
    wait_for_rows(page)
    menu_of(page, "coder", "Tags")
    dialog = page.get_by_role("dialog", name="Tags of coder")
    dialog.get_by_role("combobox", name="Tags").fill("work")
    page.keyboard.press("Enter")
    assert desk.violations() == []
    dialog.get_by_role("button", name="Save tags").click()
    expect(page.get_by_role("row", name="work, 1")).to_be_visible()
    assert b"work" in file_of(place, "coder").read_bytes()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("The tags of coder are as before")
    assert file_of(place, "coder").read_bytes() == before


def test_a_pinned_alias_stands_beside_the_values_of_another(desk: Visitor) -> None:
    page = desk.open("/aliases?q=llama3")
    wait_for_rows(page)
    menu_of(page, "llama3:precise", "Pin")
    page.goto(f"{desk.address}/aliases/llama3--instruct")
    page.get_by_role("combobox", name="A pinned alias beside it").click()
    page.get_by_role("option", name="Beside llama3:precise").click()
    value = page.locator("details", has_text="Temperature").first
    expect(value).to_contain_text("differs")
    expect(value).to_contain_text("0.1")
    page.get_by_text("Only differences").click()
    expect(page.locator("summary").filter(has_text="the same")).to_have_count(0)
    expect(page.locator("summary").filter(has_text="Seed")).to_contain_text("differs")
    assert desk.violations() == []
    page.reload()
    expect(value).to_contain_text("differs")
    page.goto(f"{desk.address}/aliases?q=llama3:precise")
    menu_of(page, "llama3:precise", "Unpin")


def test_t03_files_are_looked_at_before_they_come_in(desk: Visitor, place: Place) -> None:
    good = "# mine\nalias: brought:in\nrepo: bodhi/demo\nfilename: demo.Q8_0.gguf\n"
    files = {
        "good.yaml": good,
        "broken.yaml": "alias: [\n",
        "taken.yaml": good.replace("brought:in", "coder"),
    }
    desk.await_complaint("400")
    page = desk.open("/")
    page.get_by_role("button", name="Import and export").click()
    dialog = page.get_by_role("dialog", name="Import and export")
    payload = [
        FilePayload(name=name, mimeType="application/yaml", buffer=text.encode())
        for name, text in files.items()
    ]
    # A byte order mark, other ends of lines: what goes in is what comes out.
    packed = ("\ufeff" + good.replace("brought", "packed").replace("\n", "\r\n")).encode()
    archive = zipped(
        ("packed--in.yaml", packed), ("../up.yaml", b""), ("large.yaml", b"#" * 300_000)
    )
    payload += [
        FilePayload(name="some.zip", mimeType="application/zip", buffer=archive),
        FilePayload(name="torn.zip", mimeType="application/zip", buffer=archive[:-30]),
        FilePayload(name="bytes.yaml", mimeType="application/yaml", buffer=b"\xff\xfe"),
    ]
    dialog.locator("input[type=file]").set_input_files(payload)
    report = dialog.get_by_role("list", name="What was found in the files")
    item = report.get_by_role("listitem")
    expect(item).to_have_count(8)
    expect(item.filter(has_text="Can be brought in")).to_have_count(2)
    for file, says in (
        ("taken.yaml", "coder"),
        ("some.zip: packed--in.yaml", "packed:in"),
        ("some.zip: ../up.yaml", "in a folder"),
        ("some.zip: large.yaml", "larger than 256 KiB"),
        ("torn.zip", "no ZIP archive, or a damaged one"),
        ("bytes.yaml", "not text"),
    ):
        expect(item.filter(has_text=file)).to_contain_text(says)
    assert not file_of(place, "brought--in").exists()
    assert not file_of(place, "packed--in").exists()
    assert desk.violations() == []
    dialog.get_by_role("button", name="Create 2 aliases").click()
    expect(page.get_by_role("status")).to_have_text("Imported 2 aliases")
    assert file_of(place, "brought--in").read_text() == good
    assert file_of(place, "packed--in").read_bytes() == packed
    with page.expect_download() as handed:
        dialog.get_by_role("button", name=re.compile(r"Export \d+ aliases")).click()
    assert handed.value.suggested_filename == "bodhi-aliases.zip"
    assert files_in(handed.value) == {
        path.name: path.read_bytes() for path in (place.home / "aliases").glob("*.yaml")
    }


def test_d02_a_popular_alias_is_cloned_from_the_first_screen(desk: Visitor) -> None:
    used(desk.page, 40)
    page = desk.open("/")
    page.get_by_role("button", name="Clone a popular one").click()
    page.get_by_role("menuitem", name="coder").click()
    expect(page.get_by_role("dialog", name="Clone coder")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="From chat settings").click()
    expect(page).to_have_url(re.compile("/aliases/new.*from=chat"))
