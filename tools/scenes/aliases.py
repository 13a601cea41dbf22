"""Scenes of the list, of one alias, of the model files and of the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.e2e.screen_states import ALIASES, TRASH, TRASHED, changed, rewritten
from tools.scenes.scene import Scene, at

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

JOBS = "**/api/v1/jobs"
USAGE = "**/api/v1/usage/aliases"
CODER = "/aliases?q=coder"
STATES = ("draft", "modified", "testing", "error", "published")
_JOB = {
    "id": "a",
    "kind": "download",
    "title": "bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M",
    "state": "running",
    "done": 612_000_000,
    "total": 2_019_377_696,
    "can_cancel": True,
    "can_resume": False,
    "error": None,
}
_WAITS = {**_JOB, "id": "b", "title": "ggml-org/gemma-3-4b-it-GGUF:Q8_0", "state": "waiting"}
_ERROR = {"code": "x", "message": "The disk is full.", "remedy": "Make room."}
_FAILED = {**_JOB, "id": "c", "title": "Qwen/Qwen3-8B-GGUF:Q6_K", "state": "failed"}
_DOWNLOADS = [
    _JOB,
    {**_WAITS, "done": 0, "total": None},
    {**_FAILED, "can_cancel": False, "can_resume": True, "error": _ERROR},
]


def in_every_state(body: Any) -> Any:
    """Each alias in one of the five states, with no tag, one or two."""
    rows = [
        {**one, "state": STATES[place % len(STATES)], "tags": ["work", "review"][: place % 3]}
        for place, one in enumerate(body["aliases"])
    ]
    return {**body, "aliases": rows}


def in_use(body: Any) -> Any:
    """Two of them are being asked now."""
    busy = [{**one, "in_flight": max(0, 2 - place)} for place, one in enumerate(body["aliases"])]
    return {**body, "aliases": busy}


def without_notes(body: Any) -> Any:
    return {**body, "aliases": [one for one in body["aliases"] if one["name"] != "notes"]}


def list_shown(page: Page) -> None:
    expect(page.locator("[data-index]").first).to_be_visible()
    folded = page.get_by_role("button", name="llama 9", expanded=False)
    if folded.count() > 0:
        folded.click()


def menu(page: Page, name: str, item: str) -> None:
    """Open what is offered for one alias, and choose of it."""
    list_shown(page)
    if (row := page.get_by_role("row", name=f"{name}, ")).count():
        row.first.hover()
    page.get_by_role("button", name=f"More for {name}", exact=True).click()
    if item:
        page.get_by_role("menuitem", name=item).click()


def chosen(item: str, name: str = "coder") -> Callable[[Page], None]:
    return lambda page: menu(page, name, item)


def deleted(page: Page) -> None:
    menu(page, "notes", "")
    # As the server would say it; the home stays what it is.
    page.route("**/api/v1/aliases/notes*", lambda route: route.fulfill(json={"id": "x"}))
    page.route(ALIASES, rewritten(without_notes))
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("group", name="Deleted notes")).to_be_visible()


def chip_open(page: Page) -> None:
    list_shown(page)
    page.get_by_role("button", name="temperature 0.1: change it for llama3:precise").click()
    expect(page.get_by_role("dialog", name="Change a value of llama3:precise")).to_be_visible()


def row_open(page: Page) -> None:
    list_shown(page)
    if (more := page.get_by_role("button", name="Show more of coder", exact=True)).count():
        more.click()


def completed(typed: str) -> Callable[[Page], None]:
    def search(page: Page) -> None:
        list_shown(page)
        page.get_by_role("combobox", name="Search aliases").press_sequentially(typed)
        expect(page.get_by_role("listbox", name="Completions")).to_be_visible()

    return search


def marked(page: Page) -> None:
    list_shown(page)
    for name in ("coder", "coder:review"):
        box = page.get_by_role("checkbox", name=f"Mark {name}", exact=True)
        if box.count() == 0:  # by touch it is the group that marks
            menu(page, "qwen", "Mark all")
            break
        box.click(force=True)
    expect(page.get_by_role("toolbar", name="Marked aliases")).to_be_visible()


def batch(kind: str) -> Callable[[Page], None]:
    def open_dialog(page: Page) -> None:
        marked(page)
        bar = page.get_by_role("toolbar", name="Marked aliases")
        bar.get_by_role("button", name=kind, exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        if kind == "Set a value":
            dialog.get_by_role("combobox", name="Parameter").fill("temperature")
            page.get_by_role("option", name="Temperature (temperature)").click()
            dialog.get_by_role("textbox", name="Temperature, value").fill("0.35")
            expect(dialog).to_contain_text("2 aliases change")

    return open_dialog


def tab(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("tab", name=name).click()


def values_shown(page: Page) -> None:
    page.locator("summary", has_text="Temperature").first.click()


def all_values(page: Page) -> None:
    page.get_by_text("All values").click()
    expect(page.locator("summary").nth(20)).to_be_visible()


def asked_twice(page: Page) -> None:
    page.get_by_role("button", name="Delete for good: old:one").click()
    expect(page.get_by_role("dialog")).to_be_visible()


SCENES: dict[str, Scene] = {
    "aliases": at("/aliases", list_shown),
    "aliases-busy": at("/aliases", list_shown, {USAGE: rewritten(in_use)}),
    "aliases-states": at("/aliases?group=state", list_shown, {ALIASES: rewritten(in_every_state)}),
    "aliases-by-repo": at("/aliases?group=repo", list_shown),
    "aliases-by-template": at("/aliases?group=template", list_shown),
    "aliases-by-tag": at("/aliases?group=tag", list_shown, {ALIASES: rewritten(in_every_state)}),
    "aliases-flat": at("/aliases?group=none&sort=source,-modified", list_shown),
    "aliases-cards": at("/aliases?view=cards", list_shown, {USAGE: rewritten(in_use)}),
    "aliases-row-open": at(CODER, row_open),
    "aliases-menu": at(CODER, chosen("")),
    "aliases-chip": at("/aliases?q=llama3", chip_open),
    "aliases-completion": at("/aliases?group=none", completed("temp")),
    "aliases-unknown-term": at("/aliases?q=coder%20nonsense%3E1", list_shown),
    "aliases-marked": at(CODER, marked),
    "batch-value": at(CODER, batch("Set a value")),
    "batch-preset": at(CODER, batch("Apply a preset")),
    "batch-delete": at(CODER, batch("Delete")),
    "clone": at(CODER, chosen("Clone")),
    "create-custom": at("/aliases?q=bodhi/demo", chosen("Create custom", "bodhi/demo:Q8_0")),
    "rename": at(CODER, chosen("Rename")),
    "tags": at(CODER, chosen("Tags")),
    "deleted": at("/aliases?group=none&sort=-name", deleted),
    "nothing": at("/aliases?q=there-is-none"),
    "details": at("/aliases?sel=llama3--instruct", values_shown),
    "resolution": at("/aliases?sel=llama3--instruct", tab("Resolution")),
    "details-usage": at("/aliases?sel=coder", tab("Usage")),
    "details-versions": at("/aliases?sel=coder", tab("Versions")),
    "details-use": at("/aliases?sel=coder", tab("Use")),
    "details-file": at("/aliases?sel=coder", tab("File")),
    "problem": at("/aliases?sel=notes"),
    "alias": at("/aliases/coder", values_shown),
    "alias-all-values": at("/aliases/coder", all_values),
    "alias-resolution": at("/aliases/coder", tab("Resolution")),
    "usage": at("/aliases/demo--precise", tab("Usage")),
    "versions": at("/aliases/coder", tab("Versions")),
    "alias-use": at("/aliases/coder", tab("Use")),
    "alias-file": at("/aliases/coder", tab("File")),
    "alias-of-model": at("/aliases/bodhi~demo~Q8_0"),
    "alias-broken": at("/aliases/notes"),
    "alias-odd": at("/aliases/odd"),
    "alias-none": at("/aliases/there-is-none", provokes=True),
    "models": at("/models?sel=bartowski%2FLlama-3.2-3B-Instruct-GGUF:Q8_0"),
    "models-all": at("/models"),
    "models-downloads": at("/models", stubs={JOBS: changed(jobs=_DOWNLOADS)}),
    "trash": at("/trash", stubs={TRASH: changed(trash=[TRASHED, {**TRASHED, "id": "y"}])}),
    "trash-asks": at("/trash", asked_twice, {TRASH: changed(trash=[TRASHED])}),
}
