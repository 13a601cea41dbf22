"""Takes the pictures in ``docs/pictures``: a real server, a real engine, a real browser.

    python -m tools.screenshots            those that the documents show
    python -m tools.screenshots FOLDER     every screen, both themes and sizes, for a critical look

The home is the one that the tests of the page have, so that a picture shows what is tested.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.e2e.browsing import Size, Theme, chromium, visitor
from tests.e2e.history import write_history
from tests.e2e.homes import showcase_home
from tests.support.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from playwright.sync_api import Browser, Page

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SHOWN: list[tuple[str, Size, Theme]] = [
    ("aliases", "desk", "light"),
    ("details", "desk", "dark"),
    ("playground", "desk", "light"),
    ("aliases", "phone", "dark"),
]
# Scenes of something wrong, of which the browser may complain.
PROVOKES = frozenset({"template-wrong"})
SIZES: tuple[Size, ...] = ("desk", "phone")
THEMES: tuple[Theme, ...] = ("light", "dark")


def _stream(*events: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """An answer as the server would stream it, all at once."""
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    return {"status": 200, "content_type": "text/event-stream", "body": body}


_MARKDOWN = """\
A function is **recursive** when it calls itself on a smaller case, until the case is trivial.

## In Python

```python
def depth(tree):
    if not tree:
        return 0
    return 1 + max(depth(child) for child in tree)
```

1. `depth([])` is the trivial case.
2. Every other tree asks its children first.

| case | calls | depth |
|---|--:|--:|
| `[]` | 1 | 0 |
| `[[], [[]]]` | 4 | 2 |

> Stacks are finite. See [recursion](https://en.wikipedia.org/wiki/Recursion).
"""
_TIMINGS = {
    "phases": {"queued": 4.2, "loading": 5_910.0, "prompt": 310.4, "content": 4_180.0},
    "first_token_ms": 6_224.6,
    "duration_ms": 10_404.6,
    "prompt_tokens": 24,
    "cached_tokens": 0,
    "completion_tokens": 163,
    "prompt_ms": 308.1,
    "generation_ms": 4_171.9,
    "tokens_per_second": 39.07,
}
_BEGUN = {"request_id": "5f0c7a1e9d2b4c68", "alias": "llama3:instruct@1", "seed": None}
_IN_FORCE = [
    {"key": "n_ctx", "label": "Context size", "value": 8192, "layer": "alias default"},
    {"key": "temperature", "label": "Temperature", "value": 0.7, "layer": "alias default"},
    {"key": "top_p", "label": "Top-p", "value": 0.9, "layer": "alias default"},
    {"key": "stop", "label": "Stop sequences", "value": ["<|eot_id|>"], "layer": "alias default"},
]
_DONE = {
    "finish_reason": "stop",
    "timings": _TIMINGS,
    "memory": {"resident_bytes": 4_120_000_000},
    "effective": _IN_FORCE,
}
MARKDOWN_ANSWER = _stream(
    ("begun", _BEGUN), ("delta", {"content": _MARKDOWN, "pieces": 163}), ("done", _DONE)
)
CRASHED_ANSWER = _stream(
    ("begun", {**_BEGUN, "alias": "coder@1"}),
    ("delta", {"content": "A function is recursive when it", "pieces": 7}),
    (
        "error",
        {
            "error": {
                "code": "engine_crashed",
                "message": "The engine was killed by signal 9.",
                "remedy": "Often the memory ran out: try a smaller context size.",
                "pointer": None,
            },
            "engine_lines": [
                "I llama_kv_cache: size = 1792.00 MiB (32768 cells, 28 layers, 4/1 seqs)",
                "E ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer",
            ],
            "timings": {**_TIMINGS, "completion_tokens": None, "tokens_per_second": None},
        },
    ),
)


def main(arguments: list[str]) -> None:
    """Take the pictures into the folder that is named, or the shown ones into the documents."""
    folder = Path(arguments[0]) if arguments else PICTURES
    wanted = all_pictures() if arguments else SHOWN
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as root:
        place = showcase_home(Path(root))
        with running_server(place.home, place.hub) as server, chromium() as browser:
            warm_up(server)
            write_history(server, place.home)
            for name, size, theme in wanted:
                take(browser, server.address, folder, name, size, theme)


def all_pictures() -> Iterable[tuple[str, Size, Theme]]:
    return [(name, size, theme) for name in SCENES for size in SIZES for theme in THEMES]


def warm_up(server: RunningServer) -> None:
    """Load one model, so that the list has one that is in memory."""
    server.openai().chat.completions.create(
        model="demo:precise", messages=[{"role": "user", "content": "Hello!"}]
    )


def take(browser: Browser, address: str, folder: Path, name: str, size: Size, theme: Theme) -> None:
    path, prepare = SCENES[name]
    # One pixel a pixel, and no large window: pictures in a repository stay in it for ever.
    options: dict[str, Any] = {"device_scale_factor": 1, "reduced_motion": "reduce"}
    if folder == PICTURES and size == "desk":
        options["viewport"] = {"width": 1280, "height": 760}
    with visitor(browser, address, size, theme, **options) as visiting:
        if name in PROVOKES:
            visiting.await_complaint("Failed to load resource")
        page = visiting.open(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        prepare(page)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        picture = folder / f"{name}-{size}-{theme}.png"
        page.screenshot(path=picture)
        print(f"{picture.name}  {picture.stat().st_size / 1000:.0f} kB")


def list_shown(page: Page) -> None:
    expect(page.locator("[data-index]").first).to_be_visible()
    folded = page.get_by_role("button", name="llama 9", expanded=False)
    if folded.count() > 0:
        folded.click()


def values_shown(page: Page) -> None:
    page.locator("summary", has_text="Temperature").first.click()


def path_shown(page: Page) -> None:
    page.get_by_role("tab", name="Resolution").click()


def answered(page: Page) -> None:
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


def values_tried(page: Page) -> None:
    answered(page)
    configuration = page.get_by_role("tab", name="Config")
    if configuration.count() > 0:
        configuration.click()
    page.get_by_role("textbox", name="Temperature, value").fill("0.2")
    page.get_by_role("textbox", name="Context size, value").fill("2048")
    expect(page.get_by_text("Modified · 2")).to_be_visible()
    expect(page.get_by_role("button", name="Reload to apply")).to_be_visible()


def markdown_shown(page: Page) -> None:
    """An answer that no model of the demo could write."""
    page.route("**/api/v1/trials", lambda route: route.fulfill(**MARKDOWN_ANSWER))
    page.get_by_role("button", name="Explain recursion in one sentence.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")
    page.get_by_text("What was in force").click()


def crashed(page: Page) -> None:
    page.route("**/api/v1/trials", lambda route: route.fulfill(**CRASHED_ANSWER))
    page.get_by_role("button", name="Explain recursion in one sentence.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Failed")


def lanes_compared(page: Page) -> None:
    page.get_by_role("textbox", name="Prompt", exact=True).fill("Tell me a story about a cat.")
    page.keyboard.press("Control+Enter")
    for lane in page.get_by_role("region", name="Lane").all():
        expect(lane).to_contain_text("Done", timeout=60_000)
    page.get_by_role("button", name="Best: lane B").click()
    page.get_by_role("checkbox", name="Word differences").check()


def set_compared(page: Page) -> None:
    page.get_by_text("A set of prompts").click()
    page.get_by_role("textbox", name="Prompt 1").fill("Tell me a story about a cat.")
    page.get_by_role("button", name="Add a prompt").click()
    page.get_by_role("textbox", name="Prompt 2").fill("List three uses of a paper clip.")
    page.get_by_role("button", name="Run all").last.click()
    expect(page.get_by_text("2 of 2 prompts asked")).to_be_visible(timeout=60_000)


def versions_shown(page: Page) -> None:
    page.get_by_role("tab", name="Versions").click()


def usage_shown(page: Page) -> None:
    page.get_by_role("tab", name="Usage").click()


def palette_shown(page: Page) -> None:
    page.get_by_role("button", name="Jump to").click()
    page.get_by_role("combobox", name="Search and commands").fill("co")


def begun(page: Page) -> None:
    expect(page.get_by_role("combobox", name="Model file")).not_to_have_value("")


def compared(page: Page) -> None:
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="coder", exact=True).click()
    page.get_by_role("group", name="Temperature", exact=True).scroll_into_view_if_needed()


def as_it_is(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()


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


def more_shown(page: Page) -> None:
    if page.get_by_role("button", name="More", exact=True).count() > 0:
        page.get_by_role("button", name="More", exact=True).click()


def typed_wrong(page: Page) -> None:
    field = page.get_by_role("textbox", name="Jinja text")
    field.fill("{%- for message in messages %}\n{{ message.content }\n{%- endfor %}")
    expect(page.get_by_role("alert")).to_be_visible()


def key_asked(page: Page) -> None:
    page.get_by_role("button", name="New key").click()


SCENES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "dashboard": ("/", as_it_is),
    "editor": ("/aliases/llama3--instruct/edit", as_it_is),
    "models": ("/models?sel=bartowski%2FLlama-3.2-3B-Instruct-GGUF:Q8_0", as_it_is),
    "versions": ("/aliases/coder", versions_shown),
    "usage": ("/aliases/demo--precise", usage_shown),
    "trash": ("/trash", as_it_is),
    "create": ("/aliases/new?from=preset:coding", begun),
    "create-chat": ("/aliases/new?from=chat", as_it_is),
    "compared": ("/aliases/llama3--instruct/edit", compared),
    "aliases": ("/aliases", list_shown),
    "details": ("/aliases?sel=llama3--instruct", values_shown),
    "resolution": ("/aliases?sel=llama3--instruct", path_shown),
    "alias": ("/aliases/coder", values_shown),
    "problem": ("/aliases?sel=notes", as_it_is),
    "nothing": ("/aliases?q=there-is-none", as_it_is),
    "playground": ("/playground?alias=demo:creative", answered),
    "playground-values": ("/playground?alias=demo:creative", values_tried),
    "playground-markdown": ("/playground?alias=llama3:instruct", markdown_shown),
    "playground-crash": ("/playground?alias=coder", crashed),
    "compare": ("/compare?a=demo:creative&b=demo:precise&c=demo:short", lanes_compared),
    "compare-set": ("/compare?a=demo:creative&b=demo:short", set_compared),
    "compare-empty": ("/compare?a=llama3:instruct", as_it_is),
    "palette": ("/aliases", palette_shown),
    "usage-all": ("/usage?last=7d", as_it_is),
    "usage-hours": ("/usage", table_shown),
    "usage-own": ("/usage?last=30d&alias=coder", as_it_is),
    "presets": ("/presets", edited),
    "preset": ("/presets?edit=my-coding", as_it_is),
    "templates": ("/templates?sel=llama3", as_it_is),
    "template-wrong": ("/templates?from=", typed_wrong),
    "settings": ("/settings", as_it_is),
    "settings-server": ("/settings?tab=server", as_it_is),
    "keys": ("/settings?tab=keys", key_asked),
    "about": ("/settings?tab=about", more_shown),
    "lost": ("/nonsense", as_it_is),
}


if __name__ == "__main__":
    main(sys.argv[1:])
