"""Which fields the page measures to fit their height to their text.

A field is measured each time it is drawn, and each time the browser lays the page out for it. Where
one value moves or one answer grows, no other field has to be drawn; the texts that are measured
tell which were.
"""

from playwright.sync_api import Page


def watch_measured(page: Page) -> None:
    """From the next screen on; fields are measured in a hidden one that has their text."""
    page.add_init_script(
        "window.measured = [];"
        "const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');"
        "Object.defineProperty(HTMLTextAreaElement.prototype, 'value', { ...value, set(text) {"
        " if (this.getAttribute('aria-hidden') === 'true') window.measured.push(text);"
        " value.set.call(this, text)"
        "} })"
    )


def measured(page: Page) -> set[str]:
    """The texts of the fields that were measured since the last time; an empty one has its hint.

    One without a hint is not told: an "x" is measured beside every field, for the height of a line.
    """
    texts: list[str] = page.evaluate("window.measured.splice(0)")
    return {*texts} - {"x"}
