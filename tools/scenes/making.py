"""Scenes of making and editing: editor, presets, templates, settings; and of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tools.scenes.scene import Scene, at

if TYPE_CHECKING:
    from playwright.sync_api import Page


def begun(page: Page) -> None:
    expect(page.get_by_role("combobox", name="Model file")).not_to_have_value("")


def compared(page: Page) -> None:
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="coder", exact=True).click()
    page.get_by_role("group", name="Temperature", exact=True).scroll_into_view_if_needed()


def others_shown(page: Page) -> None:
    page.get_by_role("heading", name="Other arguments").scroll_into_view_if_needed()


def edited(page: Page) -> None:
    # The home is the same for every picture: it is made once.
    expect(page.get_by_role("article").first).to_be_visible()
    if page.get_by_role("button", name="More for Coding").count() > 1:
        return
    page.get_by_role("button", name="More for Coding").click()
    page.get_by_role("menuitem", name="Copy as your own").click()
    page.get_by_role("button", name="Save", exact=True).click()


def table_shown(page: Page) -> None:
    page.get_by_role("button", name="Aliases as a table").click()


def typed_wrong(page: Page) -> None:
    field = page.get_by_role("textbox", name="Jinja text")
    field.fill("{%- for message in messages %}\n{{ message.content }\n{%- endfor %}")
    expect(page.get_by_role("alert")).to_be_visible()


def key_asked(page: Page) -> None:
    page.get_by_role("button", name="New key").click()


SCENES: dict[str, Scene] = {
    "editor": at("/aliases/llama3--instruct/edit"),
    "editor-other": at("/aliases/odd/edit", others_shown),
    "create": at("/aliases/new?from=preset:coding", begun),
    "create-chat": at("/aliases/new?from=chat"),
    "compared": at("/aliases/llama3--instruct/edit", compared),
    "usage-all": at("/usage?last=7d"),
    "usage-hours": at("/usage", table_shown),
    "usage-own": at("/usage?last=30d&alias=coder"),
    "presets": at("/presets", edited),
    "preset": at("/presets?edit=my-coding"),
    "templates": at("/templates?sel=llama3"),
    "template-wrong": at("/templates?from=", typed_wrong, provokes=True),
    "settings": at("/settings"),
    "settings-server": at("/settings?tab=server"),
    "keys": at("/settings?tab=keys", key_asked),
    "about": at("/settings?tab=about"),
}
