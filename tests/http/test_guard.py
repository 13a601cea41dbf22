"""What may pass the guard, and what may not, whatever the route."""

from collections.abc import Mapping

import orjson
import pytest
from starlette.testclient import TestClient

from bodhi.errors import StartRefused
from bodhi.http.asgi import JSON_TYPE, Receive, Scope, Send, send_whole
from bodhi.http.guard import Guard, check_binding

ROUTES = ("/", "/health", "/v1/models", "/v1/chat/completions", "/api/v1/engines", "/nowhere")


async def everything(scope: Scope, receive: Receive, send: Send) -> None:
    """The app behind the guard answers 200 to all: what is refused, the guard refused."""
    del scope, receive
    await send_whole(send, 200, [JSON_TYPE], b"{}")


def client(**settings: object) -> TestClient:
    guard = Guard(everything, **settings)  # type: ignore[arg-type]
    return TestClient(guard, base_url="http://127.0.0.1:1135")


def status(asked: TestClient, path: str, headers: Mapping[str, str], method: str = "GET") -> int:
    return asked.request(method, path, headers=dict(headers)).status_code


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "evil.com:1135",
        "localhost:1@evil.com",
        "localhost:port",
        "localhost:1:2",
        "localhost/health",
        "localhost?x",
        "localhost#",
        "127.0.0.1x",
        "0x7f.1",
        "127.1",
        "2130706433",
        "[::1].evil",
        "[::ffff:127.0.0.1]",
        "",
        " ",
        "localhost, evil.com",
        "*",
        "localhost.",
    ],
)
def test_a_host_that_is_not_ours_is_refused_on_every_route(host: str, path: str) -> None:
    assert status(client(), path, {"host": host}) == 421


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1135", "127.0.0.1:80", "[::1]:1135", "bodhi.lan:1135"]
)
def test_our_own_names_pass(host: str) -> None:
    assert status(client(allowed_hosts=["bodhi.lan"]), "/v1/models", {"host": host}) == 200


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.com", "http://localhost:3000", "https://127.0.0.1:1135.evil.com", ""],
)
def test_a_page_of_another_origin_is_refused_on_every_route(
    origin: str, method: str, path: str
) -> None:
    headers = {"origin": origin, "content-type": "application/json"}
    assert status(client(), path, headers, method) == 403


def test_our_own_page_passes_and_gets_no_cors_header() -> None:
    answer = client().get("/v1/models", headers={"origin": "http://127.0.0.1:1135"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def test_an_allowed_origin_passes_its_preflight_and_may_read_the_answer() -> None:
    asked = client(allowed_origins=["https://app.example"], api_key="secret")
    origin = {"origin": "https://app.example"}
    preflight = asked.options("/v1/chat/completions", headers=origin)
    assert preflight.status_code == 204
    answer = asked.get("/v1/models", headers=origin | {"authorization": "Bearer secret"})
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert asked.get("/v1/models", headers=origin).status_code == 401


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_bodies_that_any_page_may_send_unasked_are_refused(kind: str) -> None:
    answer = client().post("/v1/chat/completions", content=b"{}", headers={"content-type": kind})
    assert answer.status_code == 415


def test_json_passes_with_a_charset_and_a_delete_needs_no_body() -> None:
    kind = {"content-type": "application/json; charset=utf-8"}
    assert client().post("/v1/models", content=b"{}", headers=kind).status_code == 200
    assert client().delete("/api/v1/engines/x").status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/models", "/api/v1/engines", "/v1", "/nowhere", "//v1/models"]
)
def test_with_a_key_set_every_route_but_the_open_ones_needs_it(path: str) -> None:
    asked = client(api_key="secret")
    assert asked.get(path).status_code == 401
    for wrong in ("Bearer wrong", "Bearer", "Basic secret2", "Bearer secret2"):
        assert asked.get(path, headers={"authorization": wrong}).status_code == 401
    for right in ({"authorization": "Bearer secret"}, {"x-api-key": "secret"}):
        assert asked.get(path, headers=right).status_code == 200
    assert asked.get("/health").status_code == 200


def test_two_different_keys_are_refused() -> None:
    both = {"authorization": "Bearer secret", "x-api-key": "other"}
    assert client(api_key="secret").get("/v1/models", headers=both).status_code == 400


def test_a_refusal_is_the_one_error_object() -> None:
    error = orjson.loads(client().get("/", headers={"host": "evil"}).content)["error"]
    assert error["code"] == "host_refused"
    assert error["remedy"] in error["message"]


def test_listening_for_others_needs_a_key_and_host_names() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        check_binding(host, has_key=False, allowed_hosts=())
    check_binding("0.0.0.0", has_key=True, allowed_hosts=("bodhi.lan",))  # noqa: S104
    for has_key, hosts in ((False, ()), (True, ()), (False, ("bodhi.lan",))):
        with pytest.raises(StartRefused):
            check_binding("0.0.0.0", has_key=has_key, allowed_hosts=hosts)  # noqa: S104
