"""What is opened, touched and not changed stays as it is to the last byte."""

import os
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bodhi.aliases.reader import read_recipe
from tests.e2e.browsing import visitor
from tests.e2e.editing import drafts
from tests.e2e.generated import write_generated
from tests.e2e.homes import Place, showcase_home
from tests.support.fixtures import BESIDE_THE_REPOSITORY, VARIABLE
from tests.support.server import running_server

SHORT, LONG = 24, 1000
# A window in which hundreds of editors were opened takes longer and longer for each.
_IN_A_WINDOW = 50
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
        visiting.await_complaint("404")  # the memory of a model file that is not here
        alerts = {}
        for number, (stem, name) in enumerate(names.items()):
            if number % _IN_A_WINDOW == 0:
                page = visiting.open("/aliases")
                expect(page.get_by_role("heading", level=1)).to_be_visible()
            alerts[stem] = page.evaluate(_VISIT, [f"/aliases/{stem}/edit", name])
        # That an alias would not serve on this machine is said, and is nothing of the editor's; the
        # pane of the memory says so, too, where its answer comes while somebody still looks.
        others = ("Error", "The model file of ")
        odd = {
            stem: [one for one in said if not one.startswith(others)]
            for stem, said in alerts.items()
        }
        assert {stem: said for stem, said in odd.items() if said} == {}
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


@pytest.mark.timeout(600)
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
