"""Every screen in each of its states: while it waits, with nothing, failing, in part, whole."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.screen_states import STATES, State
from tests.support.server import RunningServer


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_s04_every_state_of_every_screen_says_what_it_is_and_keeps_nobody_out(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    found: dict[str, list[str]] = {}
    with visitor(browser, server.address, size, theme, reduced_motion="reduce") as visiting:
        visiting.await_complaint("500|ERR_")
        for name, state in STATES.items():
            found[name] = violations_of(visiting, state)
    assert {name: what for name, what in found.items() if what} == {}


def violations_of(visiting: Visitor, state: State) -> list[str]:
    state.show(visiting)
    assert visiting.sideways() == 0
    found = visiting.violations()
    visiting.page.unroute_all(behavior="ignoreErrors")
    return found
