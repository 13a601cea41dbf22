"""Every operation of the control plane, by thousands of requests that its own description allows.

Made up by schemathesis, single and in sequences that go on with what an earlier answer told: no
answer is a 5xx, and each has the status, type and shape that the description says. Most of them
name something that is there (``api_hooks``), so that every operation is also seen to succeed.
Streams are left out; they have tests of their own. Here no key is asked for.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.http.asgi import App, Receive, Scope, Send, send_whole
from tests.acceptance.api_house import house_as_described
from tests.acceptance.api_tried import tried, tried_and_as_described
from tests.threats.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_as_described(tmp_path) as running:
        yield running


@pytest.mark.timeout(600)
def test_no_request_of_thousands_is_answered_otherwise_than_described(
    house: House, tmp_path: Path
) -> None:
    found = tried_and_as_described(house, tmp_path, 44, 2_500)
    # Nobody signs in where no key is asked for.
    assert found.never_well == {"POST /api/v1/session"}, found.answered
    assert found.share(404) < 0.2


@pytest.mark.soak
def test_no_request_of_very_many_is_answered_otherwise_than_described(
    house: House, tmp_path: Path
) -> None:
    tried_and_as_described(house, tmp_path, 220, 10_000)


@pytest.mark.timeout(300)
def test_an_answer_that_is_not_as_described_would_be_found(tmp_path: Path) -> None:
    def with_defects(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            broken = {"/api/v1/jobs": (200, b'{"jobs":1}'), "/api/v1/rules": (500, b"{}")}
            if scope["type"] == "http" and scope["path"] in broken:
                status, body = broken[scope["path"]]
                kind = (b"content-type", b"application/json")
                await send_whole(send, status, [kind], body)
            else:
                await guard(scope, receive, send)

        return app

    with house_as_described(tmp_path, wrap=with_defects) as house:
        only = ("--include-path-regex", "^/api/v1/(jobs|rules|keys)$")
        found = tried(house, tmp_path, 5, *only)
    assert found.number
    assert not found.is_well
    for path in ("/api/v1/jobs", "/api/v1/rules"):
        assert f"GET {path}" in found.said
    assert "Server error" in found.said
