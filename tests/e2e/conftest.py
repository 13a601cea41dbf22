"""A browser, a server over the showcase, and a window of either size, for each file of tests.

None of them outlives its file: while Playwright runs, no other test could start an event loop.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor, chromium, visitor
from tests.e2e.homes import Place, showcase_home
from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of the built page; the tests do not build it, ``make page`` does."""
    folder = Path(__file__).resolve().parents[2] / "src" / "bodhi" / "_ui"
    assert (folder / "index.html").exists(), "The page is not built; make page builds it."
    return folder


@pytest.fixture(scope="module")
def browser(built: Path) -> Iterator[Browser]:
    """Chromium, for one file."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The home that the file's server has; a file may override it."""
    return showcase_home(tmp_path_factory.mktemp("showcase"))


@pytest.fixture(scope="module")
def server(place: Place) -> Iterator[RunningServer]:
    """A server over :func:`place`, as a user starts it."""
    with running_server(place.home, place.hub) as running:
        yield running


@pytest.fixture
def desk(browser: Browser, server: RunningServer) -> Iterator[Visitor]:
    """A window of 1440 by 900."""
    with visitor(browser, server.address, "desk") as visiting:
        yield visiting


@pytest.fixture
def phone(browser: Browser, server: RunningServer) -> Iterator[Visitor]:
    """A touch screen of 390 by 844."""
    with visitor(browser, server.address, "phone") as visiting:
        yield visiting


@pytest.fixture
def files_as_they_were(place: Place, server: RunningServer) -> Iterator[None]:
    """The test finds the aliases of the showcase and no draft, whatever others did to them."""
    folder = place.home / "aliases"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    yield
    with server.http() as client:
        for draft in client.get("/api/v1/drafts").json()["drafts"]:
            etag = {"If-Match": f'"{draft["etag"]}"'}
            client.delete(f"/api/v1/drafts/{draft['id']}", headers=etag)
    for path in folder.iterdir():
        if path.name not in before:
            path.unlink()
    for name, content in before.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            (folder / name).write_bytes(content)
