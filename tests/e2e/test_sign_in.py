"""The page of a server that asks for a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from tests.e2e.browsing import Visitor, visitor
from tests.e2e.homes import demo_home
from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str, str]:
    """A home with two keys: one for everything, one for inference."""
    place = demo_home(tmp_path_factory.mktemp("locked"))
    store = KeyStore(place.home)
    _, admin = store.create("page", KeyScope.ADMIN, ())
    _, inference = store.create("program", KeyScope.INFERENCE, ())
    return place.home, place.hub, admin, inference


@pytest.fixture(scope="module")
def locked(keys: tuple[Path, Path, str, str]) -> Iterator[RunningServer]:
    """A server that asks for one."""
    home, hub, *_ = keys
    with running_server(home, hub, env={"BODHI_REQUIRE_KEY": "true"}) as server:
        yield server


@pytest.fixture
def stranger(browser: Browser, locked: RunningServer) -> Iterator[Visitor]:
    """Somebody who has not signed in."""
    with visitor(browser, locked.address, "desk") as visiting:
        visiting.await_complaint("401")
        visiting.await_complaint("403")
        yield visiting


def test_the_right_key_opens_the_page_and_stays_out_of_reach_of_scripts(
    stranger: Visitor, keys: tuple[Path, Path, str, str]
) -> None:
    page = stranger.open("/aliases")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert stranger.violations() == []
    page.get_by_label("Key", exact=True).fill(keys[2])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    assert keys[2] not in page.evaluate("document.cookie + JSON.stringify(localStorage)")
    page.reload()
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    page.goto(f"{stranger.address}/playground?alias=demo:short")
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")
    page.goto(f"{stranger.address}/settings?tab=keys")
    expect(page.get_by_role("row", name="page")).to_contain_text("just now 1 request")
    expect(page.get_by_role("row", name="program")).to_contain_text("none yet")


@pytest.mark.parametrize("which", ["wrong", "inference"])
def test_another_key_does_not(
    stranger: Visitor, keys: tuple[Path, Path, str, str], which: str
) -> None:
    page = stranger.open("/aliases")
    key = keys[3] if which == "inference" else "bodhi_nonsense"
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()
    words = "scope admin" if which == "inference" else "key"
    expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("treegrid")).to_have_count(0)


def test_signing_out_ends_the_session_and_forgets_what_was_read(
    stranger: Visitor, keys: tuple[Path, Path, str, str]
) -> None:
    page = stranger.open("/aliases")
    page.get_by_label("Key", exact=True).fill(keys[2])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("row", name="demo:precise")).to_be_visible()
    # The session's streams end with it, the page's own events in the middle of a chunk.
    stranger.await_complaint("ERR_INCOMPLETE_CHUNKED_ENCODING")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("treegrid")).to_have_count(0)
    assert page.request.get(f"{stranger.address}/api/v1/aliases").status == 401
