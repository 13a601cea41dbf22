"""P10: an answer that wants to run, fetch or block something gets nowhere."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.chatting import ask
from tests.e2e.drawn import fields_drawn, watch_fields

# What is drawn without pause; all of WORDS at once are some 19,000.
MOST_AT_ONCE = 600
CROWD = 200_000

SCRIPTS = """\
<script>window.planted = 1</script>
<img src="https://evil.example/a.png" onerror="window.planted = 2">
<iframe src="https://evil.example/"></iframe>
<svg onload="window.planted = 3"></svg>

[press me](javascript:window.planted=4) [me too](  JaVaScRiPt:window.planted=5)
[data](data:text/html,<script>window.planted=6</script>)
[ours](/api/v1/aliases) [there](https://example.org/page)

![a picture](https://evil.example/track.png?who=you)
![ref][pic] <https://evil.example/auto> <style>body{display:none}</style>

[pic]: https://evil.example/ref.png

<a href="https://evil.example" style="position:fixed;inset:0">all over</a>
<form action="/api/v1/aliases" method="post"><button>Delete</button></form>
"""
TABLE = "| a | b | c |\n|---|---|---|\n" + "| x | *y* | `z` |\n" * (CROWD // 18)
FENCE = "```python\n" + "print('x')\n\n" * (CROWD // 12)
NESTED = "> " * 2_000 + "deep\n\n" + "*" * 5_000 + "\n\n" + "[" * 5_000
WORDS = "A **bold** claim with `code`.\n\n" * (CROWD // 31)
ONE_LINE = "x" * CROWD


def answer_with(page: Page, text: str, pieces: int) -> None:
    """The next question is answered with this, in so many pieces of a stream."""
    size = -(-len(text) // pieces)
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    timings = {
        "phases": {"content": 1},
        "first_token_ms": 1,
        "duration_ms": 2,
        "prompt_tokens": 3,
        "completion_tokens": pieces,
        "tokens_per_second": 9.5,
    }
    events = [
        ("begun", {"request_id": "5f", "alias": "demo:precise@1", "seed": 1}),
        *(("delta", {"content": part}) for part in parts),
        ("done", {"finish_reason": "stop", "timings": timings, "memory": {}, "effective": []}),
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    page.unroute("**/api/v1/trials")
    page.route(
        "**/api/v1/trials",
        lambda route: route.fulfill(status=200, content_type="text/event-stream", body=body),
    )


def watch_drawing(page: Page) -> None:
    page.add_init_script(
        "window.most = 0;"
        "new MutationObserver((changes) => {"
        " const added = changes.flatMap((change) => [...change.addedNodes])"
        "  .filter((node) => node instanceof Element);"
        " const count = added.reduce((sum, one) => sum + 1 + one.querySelectorAll('*').length, 0);"
        " window.most = Math.max(window.most, count)"
        "}).observe(document, { subtree: true, childList: true })"
    )


def test_p10_a_hostile_answer_runs_fetches_and_changes_nothing(desk: Visitor) -> None:
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_role("group", name="Temperature", exact=True)).to_be_visible()
    answer_with(page, SCRIPTS, 7)
    ask(page, "Go.")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("[picture: a picture]")
    answer.get_by_text("press me").click()
    answer.get_by_text("me too").click()
    assert page.evaluate("window.planted") is None
    for tag in ("script", "img", "iframe", "svg[onload]", "form", "style", "[style*=fixed]"):
        assert answer.locator(tag).count() == 0, tag
    links = answer.get_by_role("link").all()
    assert {link.get_attribute("href") for link in links} == {
        "https://example.org/page",
        "https://evil.example/auto",
    }
    assert all("noopener" in (link.get_attribute("rel") or "") for link in links)
    assert page.url.startswith(desk.address)
    asked = {request.method for request in desk.requests if "/trials" not in request.url}
    assert asked == {"GET"}
    assert desk.violations() == []
    # Foreign requests and errors in the console fail the test by themselves.


@pytest.mark.parametrize(
    "text",
    [TABLE, FENCE, NESTED, WORDS, ONE_LINE],
    ids=["table", "fence", "nested", "words", "line"],
)
def test_p10_no_answer_is_drawn_in_one_piece(desk: Visitor, text: str) -> None:
    watch_drawing(desk.page)
    watch_fields(desk.page)
    page = desk.open("/playground?alias=demo:precise")
    expect(page.get_by_role("group", name="Temperature", exact=True)).to_be_visible()
    answer_with(page, "Short.", 1)
    ask(page, "Go.")
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Done")
    answer_with(page, text, 400)
    page.evaluate("window.most = 0")
    assert {*fields_drawn(page)} > {"Prompt"}  # and those of the parameters, at first
    ask(page, "Go.")
    answer = page.get_by_role("region", name="Answer").last
    expect(answer).to_contain_text("Done", timeout=60_000)
    expect(answer.get_by_role("button", name="Ask again")).to_be_enabled()
    assert 0 < page.evaluate("window.most") <= MOST_AT_ONCE
    assert {*fields_drawn(page)} <= {"Prompt"}, "an answer draws no parameter anew"
