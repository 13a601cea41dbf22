"""What a scene is: how a window is brought to what a picture shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page

    from tests.e2e.browsing import Visitor
    from tests.e2e.screen_states import Handler, State


@dataclass(frozen=True)
class Scene:
    """``provokes``: the browser will complain of it. ``waits``: an answer is not to come."""

    show: Callable[[Visitor], None]
    provokes: bool = False
    waits: bool = False


def as_it_is(page: Page) -> None:
    """Nothing is done on the screen."""


def at(
    path: str,
    prepare: Callable[[Page], None] = as_it_is,
    stubs: Mapping[str, Handler] | None = None,
    *,
    provokes: bool = False,
) -> Scene:
    """A screen by its address, after what is done on it."""

    def show(visiting: Visitor) -> None:
        for address, answer in (stubs or {}).items():
            visiting.page.route(address, answer)
        page = visiting.open(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        prepare(page)

    return Scene(show, provokes=provokes)


def in_state(state: State) -> Scene:
    """A state of the table that the tests look at."""
    return Scene(state.show, provokes=bool(state.stubs), waits=state.is_busy)
