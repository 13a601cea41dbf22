"""What each key may reach through the guard."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bodhi.access.grant import GRANT, Grant, KeyScope
from bodhi.access.keys import KeyStore
from bodhi.http.asgi import JSON_TYPE, Receive, Scope, Send, send_whole
from bodhi.http.guard import Guard


class Behind:
    """Answers 200 to all, and keeps the grants that the guard let through."""

    def __init__(self) -> None:
        self.grants: list[Grant] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.grants.append(scope[GRANT])
        await send_whole(send, 200, [JSON_TYPE], b"{}")


def status(client: TestClient, path: str, key: str) -> int:
    return client.get(path, headers={"authorization": f"Bearer {key}"}).status_code


@pytest.mark.parametrize(
    ("scope", "inference", "control"),
    [(KeyScope.INFERENCE, 200, 403), (KeyScope.ADMIN, 200, 200)],
)
def test_a_scope_opens_its_own_plane(
    tmp_path: Path, scope: KeyScope, inference: int, control: int
) -> None:
    store = KeyStore(tmp_path)
    key, text = store.create("a", scope)
    behind = Behind()
    guard = Guard(behind, keys=store, require_key=True)
    client = TestClient(guard, base_url="http://127.0.0.1:1135")
    assert status(client, "/v1/models", text) == inference
    assert behind.grants == [key.grant]
    for path in ("/api/v1/engines", "/api/", "/v1", "/nowhere"):
        assert status(client, path, text) == control
    assert status(client, "/v1/models", text + "x") == 401
    assert client.get("/v1/models").status_code == 401


def test_where_no_key_is_asked_for_any_passes(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    _, text = store.create("a", KeyScope.INFERENCE)
    client = TestClient(Guard(Behind(), keys=store), base_url="http://127.0.0.1:1135")
    for key in (text, "unused", ""):
        assert status(client, "/api/v1/engines", key) == 200


def test_the_configured_key_and_kept_ones_are_both_accepted(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    _, text = store.create("a", KeyScope.INFERENCE)
    guard = Guard(Behind(), keys=store, api_key="configured")
    client = TestClient(guard, base_url="http://127.0.0.1:1135")
    assert status(client, "/api/v1/engines", "configured") == 200
    assert status(client, "/v1/models", text) == 200
