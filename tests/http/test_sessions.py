"""Signing in through the guard: what a cookie is worth, to whom, and for what."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bodhi.access.grant import KeyScope, grant_of
from bodhi.access.keys import KeyStore
from bodhi.access.routes import session_routes
from bodhi.http.asgi import JSON_TYPE, Receive, Scope, Send, send_whole
from bodhi.http.control import control_app
from bodhi.http.front import SESSION_PATH, Front
from bodhi.http.guard import Guard
from tests.support.server import wait_until

HOST = "127.0.0.1:1135"
OWN = f"http://{HOST}"
PROOF = {"origin": OWN, "x-bodhi-csrf": "1"}
PROBE = "/v1/models"


class Behind:
    """Answers 200 to all, and keeps what each caller may do."""

    def __init__(self) -> None:
        self.scopes: list[KeyScope | None] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(grant_of(scope).scope)
        await send_whole(send, 200, [JSON_TYPE], b"{}")


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def behind() -> Behind:
    return Behind()


def a_client(behind: Behind, **settings: object) -> TestClient:
    front = Front(behind, control_app([session_routes()]), behind)
    return TestClient(Guard(front, **settings), base_url=OWN)  # type: ignore[arg-type]


@pytest.fixture
def client(behind: Behind, store: KeyStore) -> TestClient:
    return a_client(
        behind, keys=store, api_key="configured", allowed_origins=["https://app.example"]
    )


def sign_in(client: TestClient, key: str = "configured", **headers: str) -> str:
    """The text of the cookie that came back."""
    answer = client.post(SESSION_PATH, json={"key": key}, headers=headers)
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"].partition(";")[0]
    client.cookies.clear()  # tests say themselves what a browser would send
    return str(cookie)


def status(client: TestClient, cookie: str, headers: Mapping[str, str], method: str = "GET") -> int:
    return client.request(method, PROBE, headers={"cookie": cookie, **headers}).status_code


def test_nobody_needs_a_key_to_learn_that_one_is_needed(client: TestClient) -> None:
    answer = client.get(SESSION_PATH)
    assert answer.status_code == 200
    assert answer.json() == {
        "needs_key": True,
        "signed_in": False,
        "scope": None,
        "aliases": None,
        "key_id": None,
    }


def test_where_no_key_is_asked_for_there_is_nothing_to_sign_in_to(behind: Behind) -> None:
    client = a_client(behind)
    told = client.get(SESSION_PATH).json()
    assert (told["needs_key"], told["signed_in"], told["scope"]) == (False, False, "admin")
    answer = client.post(SESSION_PATH, json={"key": "x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_key_needed")
    assert "set-cookie" not in answer.headers
    assert client.delete(SESSION_PATH).status_code == 204


def test_a_session_reads_and_writes_for_our_own_page(client: TestClient, behind: Behind) -> None:
    cookie = sign_in(client)
    assert status(client, cookie, {}) == 200
    assert status(client, cookie, PROOF, "POST") == 200
    assert behind.scopes == [KeyScope.ADMIN, KeyScope.ADMIN]
    told = client.get(SESSION_PATH, headers={"cookie": cookie}).json()
    assert (told["signed_in"], told["scope"]) == (True, "admin")


def test_a_session_opens_no_more_than_its_key(client: TestClient, store: KeyStore) -> None:
    key, text = store.create("a", KeyScope.INFERENCE, ["x:y"])
    cookie = sign_in(client, text)
    told = client.get(SESSION_PATH, headers={"cookie": cookie}).json()
    assert (told["scope"], told["aliases"], told["key_id"]) == ("inference", ["x:y"], key.id)
    assert client.get("/api/v1/engines", headers={"cookie": cookie}).status_code == 403


def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(client: TestClient) -> None:
    answer = client.post(SESSION_PATH, json={"key": "configured"})
    name, _, flags = answer.headers["set-cookie"].partition("=")
    parts = {part.strip().lower() for part in flags.split(";")[1:]}
    assert name == "bodhi_session"
    assert parts == {"httponly", "samesite=strict", "path=/"}
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_that_came_encrypted_gets_a_cookie_that_no_other_can_set(
    client: TestClient,
) -> None:
    origin = {"origin": f"https://{HOST}"}
    answer = client.post(SESSION_PATH, json={"key": "configured"}, headers=origin)
    name, _, flags = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-bodhi_session"
    parts = {part.strip().lower() for part in flags.split(";")[1:]}
    assert parts == {"httponly", "samesite=strict", "path=/", "secure"}
    text = flags.partition(";")[0]
    # What another port set under the other name does not even count as a second opinion.
    assert status(client, f"bodhi_session=planted; {name}={text}", {}) == 200


def test_signing_in_anew_gives_another_session_and_ends_the_one_before(
    client: TestClient,
) -> None:
    before = sign_in(client)
    after = sign_in(client, cookie=before, **PROOF)
    assert after != before
    assert (status(client, before, {}), status(client, after, {})) == (401, 200)


def test_a_session_that_was_planted_is_never_adopted(client: TestClient) -> None:
    planted = "bodhi_session=chosen-by-somebody-else"
    assert sign_in(client, cookie=planted) != planted
    assert status(client, planted, {}) == 401


def test_signing_out_ends_the_session_and_takes_the_cookie_back(client: TestClient) -> None:
    cookie = sign_in(client)
    answer = client.delete(SESSION_PATH, headers={"cookie": cookie, **PROOF})
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert status(client, cookie, {}) == 401
    assert client.delete(SESSION_PATH).status_code == 204


def test_a_revoked_key_ends_its_session(client: TestClient, store: KeyStore) -> None:
    key, text = store.create("a", KeyScope.ADMIN)
    cookie = sign_in(client, text)
    assert status(client, cookie, {}) == 200
    store.revoke(key.id)
    assert wait_until(lambda: status(client, cookie, {}) == 401, 1)


def test_wrong_keys_are_refused_and_the_sixth_within_a_minute_is_not_looked_at(
    client: TestClient,
) -> None:
    for _ in range(5):
        answer = client.post(SESSION_PATH, json={"key": "wrong"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
        assert "set-cookie" not in answer.headers
    answer = client.post(SESSION_PATH, json={"key": "configured"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_tries")
    assert int(answer.headers["retry-after"]) in range(1, 62)


@pytest.mark.parametrize("body", [{}, {"key": ""}, {"key": 1}, {"key": "x", "scope": "admin"}, []])
def test_what_is_no_key_is_refused_and_is_no_try(client: TestClient, body: object) -> None:
    for _ in range(6):
        assert client.post(SESSION_PATH, json=body).status_code == 400
    sign_in(client)


def test_a_key_that_is_sent_is_all_that_counts(client: TestClient, store: KeyStore) -> None:
    cookie = sign_in(client)
    _, lesser = store.create("a", KeyScope.INFERENCE)
    for key, expected in ((lesser, 403), ("wrong", 401), ("", 401)):
        headers = {"cookie": cookie, "authorization": f"Bearer {key}"}
        assert client.get("/api/v1/engines", headers=headers).status_code == expected


def test_two_sessions_in_one_request_are_refused(client: TestClient) -> None:
    one, other = sign_in(client), sign_in(client)
    assert status(client, f"{one}; {other}", {}) == 400
    assert status(client, f"{one}; {one}", {}) == 200
    assert status(client, f"theme=dark; {one} ;x", {}) == 200


# What browsers and others may say of where a request comes from; None says nothing.
ORIGINS = (None, OWN, f"https://{HOST}", "https://app.example", "null", "http://localhost:3000")
SITES = (None, "same-origin", "none", "same-site", "cross-site", "nonsense")


@pytest.mark.threat("T2")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_cookie_counts_for_our_page_alone_and_writes_with_proof_alone(
    client: TestClient, behind: Behind, method: str
) -> None:
    cookie = sign_in(client)
    let_in = set()
    for origin, site, proof in itertools.product(ORIGINS, SITES, (None, "1")):
        named = {"origin": origin, "sec-fetch-site": site, "x-bodhi-csrf": proof}
        headers = {name: value for name, value in named.items() if value is not None}
        if status(client, cookie, headers, method) == 200:
            let_in.add((origin, site, proof))
    own_sites, own = (None, "same-origin", "none"), (OWN, f"https://{HOST}")
    if method == "GET":
        expected = set(itertools.product((None, *own), own_sites, (None, "1")))
    else:
        expected = set(itertools.product(own, own_sites, ("1",)))
    assert let_in == expected
    assert len(behind.scopes) == len(expected)


def test_a_key_needs_no_proof(client: TestClient) -> None:
    key = {"authorization": "Bearer configured"}
    assert client.post(PROBE, headers=key).status_code == 200
