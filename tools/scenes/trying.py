"""Scenes of the playground and of the comparison, with answers that no model of the demo writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tools.scenes.scene import Scene, at

if TYPE_CHECKING:
    from playwright.sync_api import Page


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


def answered(page: Page) -> None:
    page.get_by_role("button", name="Tell me a story about a cat.").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")


def values_tried(page: Page) -> None:
    answered(page)
    configuration = page.get_by_role("tab", name="Config")
    if configuration.count() > 0:
        configuration.click()
    page.get_by_role("textbox", name="Temperature, value").fill("0.2")
    # On a phone all groups but the first begin folded.
    for folded in page.get_by_role("button", name="Performance & resources", expanded=False).all():
        folded.click()
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


SCENES: dict[str, Scene] = {
    "playground": at("/playground?alias=demo:creative", answered),
    "playground-values": at("/playground?alias=demo:creative", values_tried),
    "playground-markdown": at("/playground?alias=llama3:instruct", markdown_shown),
    "playground-crash": at("/playground?alias=coder", crashed),
    "compare": at("/compare?a=demo:creative&b=demo:precise&c=demo:short", lanes_compared),
    "compare-set": at("/compare?a=demo:creative&b=demo:short", set_compared),
    "compare-empty": at("/compare?a=llama3:instruct"),
}
