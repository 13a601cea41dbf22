"""Which fields of several lines the page draws again.

React looks at the text of each such field that it draws, to see whether it has to be changed. Where
one value moves or one answer grows, no other field has to be drawn.
"""

from collections import Counter

from playwright.sync_api import Page


def watch_fields(page: Page) -> None:
    """From the next screen on."""
    page.add_init_script(
        "window.drawn = [];"
        "const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');"
        "Object.defineProperty(HTMLTextAreaElement.prototype, 'value', { ...value, get() {"
        " window.drawn.push(this.getAttribute('aria-label') ?? this.labels[0]?.textContent);"
        " return value.get.call(this)"
        "} })"
    )


def fields_drawn(page: Page) -> Counter[str]:
    """How often each field was drawn since the last time, by its label."""
    labels: list[str] = page.evaluate("window.drawn.splice(0)")
    return Counter(labels)
