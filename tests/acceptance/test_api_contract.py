"""Every operation of the control plane, by thousands of requests that its own description allows.

Made up by schemathesis, single and in sequences that go on with what an earlier answer told: no
answer is a 5xx, and each has the status, type and shape that the description says. Most of them
name something that is there (``api_hooks``), so that every operation is also seen to succeed.
Streams are left out; they have tests of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bodhi.http.asgi import App, Receive, Scope, Send, send_whole
from tests.acceptance.api_tried import TEXT, tried
from tests.acceptance.holding_hub import holding_hub
from tests.threats.house import FILE, REPO, House, make_place, running_house


@pytest.fixture(params=[False, True], ids=["keys off", "keys on"])
def needs_key(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where downloads are asked for, by the house and by the hooks."""
    with holding_hub() as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield


@pytest.fixture
def house(needs_key: bool, tmp_path: Path) -> Iterator[House]:
    settings: dict[str, Any] = {"api_key": TEXT} if needs_key else {}
    place = make_place(tmp_path)
    # The name that the description's examples have.
    text = f"alias: llama3:instruct\nrepo: {REPO}\nfilename: {FILE}\n"
    (place[0] / "aliases" / "llama3--instruct.yaml").write_text(text, encoding="utf-8")
    with running_house(place, **settings) as running:
        yield running


@pytest.mark.timeout(600)
def test_no_request_of_thousands_is_answered_otherwise_than_described(
    house: House,
    tmp_path: Path,
    needs_key: bool,
) -> None:
    found = tried(house, tmp_path, 50)
    assert found.is_well, found.said[-6000:]
    assert found.number >= 2_500, found.said[-2000:]
    # Nobody signs in where no key is asked for.
    never = set() if needs_key else {"POST /api/v1/session"}
    assert found.never_well == never, found.answered
    assert found.share(404) < 0.2


@pytest.mark.soak
def test_no_request_of_very_many_is_answered_otherwise_than_described(
    house: House, tmp_path: Path
) -> None:
    found = tried(house, tmp_path, 200)
    assert found.is_well, found.said[-6000:]
    assert found.number >= 10_000, found.said[-2000:]


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

    with running_house(make_place(tmp_path), wrap=with_defects) as house:
        only = ("--include-path-regex", "^/api/v1/(jobs|rules|keys)$")
        found = tried(house, tmp_path, 5, *only)
    assert found.number
    assert not found.is_well
    for path in ("/api/v1/jobs", "/api/v1/rules"):
        assert f"GET {path}" in found.said
    assert "Server error" in found.said
