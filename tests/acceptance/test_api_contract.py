"""Every operation of the control plane, by thousands of requests that its own description allows.

Made up by schemathesis, single and in sequences that go on with what an earlier answer told: no
answer is a 5xx, and each has the status, type and shape that the description says. Streams without
an end are left out; they have tests of their own.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bodhi.http.asgi import App, Receive, Scope, Send, send_whole
from tests.threats.house import House, make_place, running_house
from tests.threats.wire import ask, head

KEY = "configured-key-of-this-test"
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
_COUNTED = re.compile(r"(\d+) generated")


def tried(house: House, folder: Path, examples: int, *options: str) -> tuple[int, bool, str]:
    """How many cases were tried, whether all went well, and everything that was said."""
    header = [("Authorization", f"Bearer {KEY}")]
    schema = "/api/v1/openapi.json"
    assert ask(house.port, head("GET", schema, header)).status == 200  # it is built by now
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run"),
        *(f"http://localhost:{house.port}{schema}", "--header", f"Authorization: Bearer {KEY}"),
        *("--phases", "examples,fuzzing,stateful", "--max-examples", str(examples)),
        *("--checks", _CHECKS, "--exclude-path", "/api/v1/events"),
        *("--exclude-path-regex", "trials", "--suppress-health-check", "all", "--no-color"),
        *("--request-timeout", "30", "--continue-on-failure", *options),
    ]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    counted = _COUNTED.search(said)
    return int(counted[1]) if counted else 0, ended.returncode == 0, said


@pytest.fixture(params=[False, True], ids=["keys off", "keys on"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    settings: dict[str, Any] = {"api_key": KEY} if request.param else {}
    with running_house(make_place(tmp_path), **settings) as running:
        yield running


@pytest.mark.timeout(600)
def test_no_request_of_thousands_is_answered_otherwise_than_described(
    house: House, tmp_path: Path
) -> None:
    number, is_well, said = tried(house, tmp_path, 50)
    assert is_well, said[-4000:]
    assert number >= 2_500, said[-2000:]


@pytest.mark.soak
def test_no_request_of_very_many_is_answered_otherwise_than_described(
    house: House, tmp_path: Path
) -> None:
    number, is_well, said = tried(house, tmp_path, 200)
    assert is_well, said[-4000:]
    assert number >= 10_000, said[-2000:]


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
        number, is_well, said = tried(house, tmp_path, 5, *only)
    assert number
    assert not is_well
    for path in ("/api/v1/jobs", "/api/v1/rules"):
        assert f"GET {path}" in said
    assert "Server error" in said
