"""The states of the screens: while they load, with nothing, failing, in part and complete.

What the server would have to suffer for it is stubbed; what is shown is the page's own. The tests
look at each, and so does whoever takes the pictures.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import Visitor

ALIASES = "**/api/v1/aliases"
DETAIL = "**/api/v1/aliases/coder"
DASHBOARD = "**/api/v1/dashboard"
MODELS = "**/api/v1/models"
TRASH = "**/api/v1/trash"
SERIES = "**/api/v1/usage/series*"
USAGE = "**/api/v1/usage/aliases"
SESSION = "**/api/v1/session"
TRIALS = "**/api/v1/trials"

Handler = Callable[[Route], None]


def never(route: Route) -> None:
    """The answer is still on its way."""


def fails(route: Route) -> None:
    error = {"message": "The disk is full. Make room.", "remedy": "Make room.", "code": "x"}
    route.fulfill(status=500, json={"error": error})


def rewritten(rewrite: Callable[[Any], Any]) -> Handler:
    """The server's answer after a change, and whole, whatever the page knows of it already."""

    def answer(route: Route) -> None:
        whole = {**route.request.headers, "if-none-match": ""}
        route.fulfill(json=rewrite(route.fetch(headers=whole).json()))

    return answer


def changed(**fields: Any) -> Handler:
    """The server's answer with other fields."""
    return rewritten(lambda body: {**body, **fields})


def cut(route: Route) -> None:
    """An answer whose end never comes."""
    events = 'event: begun\ndata: {"alias": "coder"}\n\nevent: delta\ndata: {"content": "Once"}\n\n'
    route.fulfill(content_type="text/event-stream", body=events)


def show_config(page: Page) -> None:
    """On a phone it is behind the conversation."""
    expect(page.get_by_role("region", name="Conversation")).to_be_visible()
    if (tab := page.get_by_role("tab", name="Config")).count():
        tab.click()


def ask(page: Page) -> None:
    page.get_by_role("button", name="Tell me a story about a cat.").click()


@dataclass(frozen=True)
class State:
    """A screen, what its requests meet, what is done there, and the words that have to be there."""

    path: str
    says: str
    stubs: dict[str, Handler] = field(default_factory=dict)
    is_busy: bool = False
    act: Callable[[Page], None] | None = None

    def show(self, visiting: Visitor) -> None:
        """Bring a window there, and wait until it is said."""
        page = visiting.page
        for address, answer in self.stubs.items():
            page.route(address, answer)
        visiting.open(self.path)
        if self.act is not None:
            self.act(page)
        expect(page.get_by_text(self.says).first).to_be_attached()
        busy = page.locator("[aria-busy=true]")
        if self.is_busy:
            expect(busy.first).to_be_visible()
        else:
            expect(busy).to_have_count(0)
            expect(page.locator("[data-moving=true]")).to_have_count(0)


TRASHED = {"id": "x", "name": "old:one", "version": 2, "deleted_at": time.time() - 3 * 24 * 60 * 60}
PLAYGROUND = "/playground?alias=coder"
NO_ALIASES = {ALIASES: changed(aliases=[])}
NOTHING_USED: dict[str, Any] = {"active_24h": None, "most_active": None, "recent": []}
NONE_AT_ALL = {"total": 0, "user": 0, "model": 0}
STATES = {
    "shell, before any answer": State("/", "Playground", {SESSION: never}, is_busy=True),
    "dashboard, loading": State("/", "Create an alias", {DASHBOARD: never}, is_busy=True),
    "dashboard, empty": State("/", "No aliases yet", {DASHBOARD: changed(**NONE_AT_ALL)}),
    "dashboard, failing": State("/", "The disk is full.", {DASHBOARD: fails}),
    "dashboard, in part": State(
        "/", "Figures cannot be read now", {DASHBOARD: changed(**NOTHING_USED), SERIES: fails}
    ),
    "dashboard, complete": State("/", "Quick actions"),
    "list, loading": State("/aliases", "Aliases", {ALIASES: never}, is_busy=True),
    "list, empty": State("/aliases", "No aliases yet", {ALIASES: changed(aliases=[])}),
    "list, failing": State("/aliases", "The disk is full.", {ALIASES: fails}),
    "list, in part": State("/aliases?q=demo", "Usage cannot be read now", {USAGE: fails}),
    "list, complete": State("/aliases?q=demo", "demo:precise"),
    "cards, complete": State("/aliases?view=cards&q=demo", "demo:precise"),
    "detail, loading": State("/aliases?sel=coder", "coder", {DETAIL: never}, is_busy=True),
    "detail page, loading": State("/aliases/coder", "Aliases", {DETAIL: never}, is_busy=True),
    "detail, empty": State("/aliases/bodhi~demo~Q8_0", "Everything is inherited"),
    "detail, failing": State("/aliases?sel=coder", "The disk is full.", {DETAIL: fails}),
    "detail, in part": State("/aliases/notes", "is not here"),
    "detail, complete": State("/aliases/coder", "Temperature"),
    "editor, loading": State("/aliases/coder/edit", "Edit", {DETAIL: never}, is_busy=True),
    "editor, failing": State("/aliases/coder/edit", "The disk is full.", {DETAIL: fails}),
    "playground, before the list": State(
        PLAYGROUND, "Or start with", {ALIASES: never}, is_busy=True, act=show_config
    ),
    "playground, loading": State(
        PLAYGROUND, "Or start with", {DETAIL: never}, is_busy=True, act=show_config
    ),
    "playground, empty": State("/playground", "No alias can answer yet", NO_ALIASES),
    "playground, without the list": State("/playground", "The disk is full.", {ALIASES: fails}),
    "playground, failing": State(PLAYGROUND, "The disk is full.", {DETAIL: fails}, act=show_config),
    "answer, loading": State(
        PLAYGROUND, "Waiting for a free slot", {TRIALS: never}, is_busy=True, act=ask
    ),
    "answer, failing": State(PLAYGROUND, "The disk is full.", {TRIALS: fails}, act=ask),
    "answer, in part": State(PLAYGROUND, "Cut off after 1 token", {TRIALS: cut}, act=ask),
    "models, loading": State("/models", "Models", {MODELS: never}, is_busy=True),
    "models, empty": State(
        "/models", "No model file is on this machine yet", {MODELS: changed(models=[])}
    ),
    "models, failing": State("/models", "The disk is full.", {MODELS: fails}),
    "models, in part": State(
        "/models",
        "1 folder could not be listed: torn cannot be read",
        {MODELS: changed(problems=["torn cannot be read: Permission denied"])},
    ),
    "models, complete": State("/models", "bodhi/demo"),
    "trash, loading": State("/trash", "Trash", {TRASH: never}, is_busy=True),
    "trash, empty": State("/trash", "Nothing was deleted", {TRASH: changed(trash=[])}),
    "trash, failing": State("/trash", "The disk is full.", {TRASH: fails}),
    "trash, complete": State("/trash", "old:one", {TRASH: changed(trash=[TRASHED])}),
}
