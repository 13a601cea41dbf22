"""What is opened and not changed stays as it is to the last byte; so does what is changed back."""

import os
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bodhi.aliases.reader import read_recipe
from bodhi.params.parameter import Kind
from bodhi.params.registry import PARAMETERS
from tests.e2e.browsing import Visitor, visitor
from tests.e2e.generated import write_generated
from tests.e2e.homes import Place, showcase_home
from tests.e2e.test_editor import drafts, edit, field, row
from tests.support.fixtures import BESIDE_THE_REPOSITORY, VARIABLE
from tests.support.server import RunningServer, running_server, wait_until

SHORT, LONG = 60, 1000
_SHARED = Path(os.environ.get(VARIABLE) or BESIDE_THE_REPOSITORY)  # empty where they are not

_VISIT = """async ([path, name]) => {
  history.pushState(null, '', path);
  const isThere = () => document.title.startsWith(`Edit ${name} `)
    && document.getElementById('param-temperature') !== null;
  while (!isThere()) await new Promise(requestAnimationFrame);
  for (const one of document.querySelectorAll('input, textarea, [role=slider]')) {
    one.focus();
    one.blur();
  }
  const save = {key: 's', ctrlKey: true, bubbles: true, cancelable: true};
  document.body.dispatchEvent(new KeyboardEvent('keydown', save));
  await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll('[role=alert]')].map(one => one.textContent);
}"""


def visit_all(
    browser: Browser, place: Place, files: dict[str, bytes]
) -> tuple[list[str], list[str], int]:
    """Changed files, requests that change something, and how many drafts there are."""
    folder = place.home / "aliases"
    names = {stem: read_recipe(content).name for stem, content in files.items()}
    with (
        running_server(place.home, place.hub) as server,
        visitor(browser, server.address, "desk") as visiting,
    ):
        page = visiting.open("/aliases")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        alerts = {
            stem: page.evaluate(_VISIT, [f"/aliases/{stem}/edit", name])
            for stem, name in names.items()
        }
        assert {stem: said for stem, said in alerts.items() if said} == {}
        changing = [
            f"{one.method} {one.url}"
            for one in visiting.requests
            if one.method != "GET" and not one.url.endswith(("/validate", "/render"))
        ]
        count = len(drafts(server))
    changed = [s for s, was in files.items() if (folder / f"{s}.yaml").read_bytes() != was]
    return changed, changing, count


def untouched_home(root: Path, count: int, chance: random.Random) -> tuple[Place, dict[str, bytes]]:
    """The showcase with generated aliases and those that others published."""
    place = showcase_home(root)
    folder = place.home / "aliases"
    files = {path.stem: path.read_bytes() for path in folder.glob("*.yaml")}
    for path in sorted((_SHARED / "aliases").glob("*.yaml")):
        stem = path.name.replace(".", "-")
        files[stem] = path.read_bytes().replace(b"llama3:instruct", stem.encode())
        (folder / f"{stem}.yaml").write_bytes(files[stem])
    return place, files | write_generated(folder, count, chance)


@pytest.fixture(scope="module")
def chance() -> random.Random:
    return random.Random(random.getrandbits(32))


def test_every_alias_is_opened_touched_and_saved_and_no_byte_changes(
    browser: Browser, tmp_path: Path, chance: random.Random
) -> None:
    place, files = untouched_home(tmp_path, SHORT, chance)
    assert visit_all(browser, place, files) == ([], [], 0)


@pytest.mark.soak
def test_a_thousand_aliases_are_opened_touched_and_saved_and_no_byte_changes(
    browser: Browser, tmp_path: Path, chance: random.Random
) -> None:
    place, files = untouched_home(tmp_path, LONG, chance)
    assert visit_all(browser, place, files) == ([], [], 0)


# -- Every parameter: override, change, undo, reset.

_TEXTS = {
    Kind.TEXT: ("one", "one, two"),
    Kind.NUMBERS: ("1", "1, 2"),
    Kind.OBJECT: ("{}", '{"7": 1}'),
}


def two_values(shown: Locator, label: str, kind: Kind, choices: tuple[str, ...]) -> None:
    """Set a parameter by its own control, and set it again."""
    page = shown.page
    match kind:
        case Kind.INTEGER | Kind.NUMBER:
            number = field(page, label)
            number.press("ArrowUp")
            number.press("ArrowUp")
        case Kind.BOOLEAN:
            shown.get_by_text("On", exact=True).click()
            shown.get_by_text("Off", exact=True).click()
        case Kind.CHOICE:
            for choice in choices[:2]:
                shown.get_by_role("combobox").click()
                page.get_by_role("option", name=choice, exact=True).click()
        case Kind.TEXTS:
            add = page.get_by_role("textbox", name=f"Add to {label}")
            for text in ("a", " b"):
                add.fill(text)
                add.press("Enter")
        case _:
            for text in _TEXTS[kind]:
                field(page, label).fill(text)


@pytest.mark.usefixtures("files_as_they_were")
def test_every_parameter_that_is_set_changed_undone_and_unset_leaves_no_trace(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    file = place.home / "aliases" / "notes.yaml"
    before = "# mine\nalias: notes\nrepo: bodhi/demo # small\nfilename: demo.Q8_0.gguf\n"
    file.write_text(before)
    page = edit(desk, "notes")
    for group in page.get_by_role("button", expanded=False).filter(has_text="of").all():
        group.click()
    seen: list[str] = []
    for param in PARAMETERS.values():
        shown = row(page, param.label)
        if shown.get_by_text("Not in this engine").count():
            continue
        seen.append(param.key)
        two_values(shown, param.label, param.kind, param.choices)
        expect(shown).to_have_attribute("data-set", "true")
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+Shift+z")
        expect(shown).to_have_attribute("data-set", "true")
        shown.get_by_role("button", name=re.compile("^Unset ")).click()
        expect(shown).to_have_attribute("data-set", "false")
        expect(page.get_by_text("As published")).to_be_visible()
    assert len(seen) >= 50
    assert wait_until(lambda: [one["source_text"] for one in drafts(server)] == [before], 20)
    assert file.read_text() == before
