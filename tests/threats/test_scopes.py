"""Every route, by everybody, with the key in every header: as the table says, and no other way."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from bodhi.gateway.routes import POST_ROUTES
from bodhi.http.asgi import App, Receive, Scope, Send
from bodhi.http.guard import Guard
from tests.threats.house import ALIAS, House, make_place, running_house
from tests.threats.scopes import ADMIN, INFERENCE, OPEN, SCOPES
from tests.threats.wire import Wire, ask, head

Headers = tuple[tuple[str, str], ...]
_OPENAPI = "/api/v1/openapi.json"
_SESSION = "/api/v1/session"
# Beside the two planes' own lists.
_BESIDE = {("GET", "/"), ("GET", "/health"), ("GET", "/v1/models"), ("GET", _OPENAPI)}
_WRITING = ("POST", "PUT", "PATCH")


@dataclass
class Keyed:
    """A house that asks for keys. ``keys``: who, to the text of the key."""

    house: House
    keys: Mapping[str, str]
    session: Headers = ()


def keyed(house: House) -> Keyed:
    """Make a key of each kind, and sign in with that for everything."""
    store = KeyStore(house.home)
    keys = {
        "inference": store.create("all", KeyScope.INFERENCE)[1],
        "limited": store.create("one", KeyScope.INFERENCE, [ALIAS])[1],
        "admin": store.create("admin", KeyScope.ADMIN)[1],
    }
    body = orjson.dumps({"key": keys["admin"]})
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    answer = ask(house.port, head("POST", _SESSION, lines) + body)
    cookie = (answer.header(b"set-cookie") or b"").partition(b";")[0].decode()
    proof = (("Origin", "http://localhost"), ("X-Bodhi-Csrf", "1"))
    return Keyed(house, keys, (("Cookie", cookie), *proof))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    with running_house(make_place(tmp_path_factory.mktemp("scopes")), require_key=True) as house:
        yield keyed(house)


def forms(key: str) -> dict[str, Headers]:
    """The key in every header that may hold it."""
    return {
        "bearer": (("Authorization", f"Bearer {key}"),),
        "lower case": (("authorization", f"bearer {key}"),),
        "bare": (("Authorization", key),),
        "x-api-key": (("X-Api-Key", key),),
        "both": (("Authorization", f"Bearer {key}"), ("X-Api-Key", key)),
    }


def status(house: House, method: str, path: str, headers: Headers) -> int:
    """Of the head alone: some answers never end."""
    body = b"{}" if method in _WRITING else b""
    lines = [("Content-Type", "application/json"), ("Content-Length", "2")] if body else []
    with Wire(house.port) as wire:
        wire.send(head(method, re.sub(r"\{\w+\}", "x", path), [*lines, *headers]) + body)
        while b"\r\n\r\n" not in wire.raw:
            assert wire._receive(), "the connection ended without an answer"
    return int(wire.raw.split(b" ", 2)[1])


def expected(scope: str, who: str) -> set[int]:
    """What refuses; empty where nothing may refuse for want of a right."""
    if scope == OPEN:
        return set()
    if who == "nobody":
        return {401}
    return {403} if scope == ADMIN and who in ("inference", "limited") else set()


def judged_otherwise(place: Keyed, table: Mapping[tuple[str, str], str]) -> list[str]:
    """Every route and caller whose answer differs from what the table says."""
    found = []
    for (method, path), scope in table.items():
        callers: list[tuple[str, str, Headers]] = [("nobody", "nothing", ())]
        callers += [(who, form, h) for who, k in place.keys.items() for form, h in forms(k).items()]
        if (method, path) != ("DELETE", _SESSION):  # which would end it for the rows that follow
            callers.append(("session", "cookie", place.session))
        for who, form, headers in callers:
            got, refusals = status(place.house, method, path, headers), expected(scope, who)
            is_right = got in refusals if refusals else got not in (401, 403)
            if not is_right:
                found.append(f"{method} {path} for {who} by {form}: {got}")
    return found


def routes_of(house: House, key: str) -> set[tuple[str, str]]:
    """Every route that the house says it has."""
    lines = [("Authorization", f"Bearer {key}")] if key else []
    described = orjson.loads(ask(house.port, head("GET", _OPENAPI, lines)).body)
    control = {(m.upper(), path) for path, ms in described["paths"].items() for m in ms}
    data = {("POST", path) for path in POST_ROUTES} | {("GET", "/v1/models/{name}")}
    return control | data | _BESIDE


@pytest.mark.threat("T5")
def test_every_route_has_its_row_and_every_row_is_a_route(place: Keyed) -> None:
    assert routes_of(place.house, place.keys["admin"]) == set(SCOPES)


@pytest.mark.threat("T5", "T6")
def test_every_route_opens_to_whom_the_table_says_in_whichever_header(place: Keyed) -> None:
    assert judged_otherwise(place, SCOPES) == []


@pytest.mark.threat("T6")
def test_a_limited_key_is_as_limited_in_every_header(place: Keyed) -> None:
    body = orjson.dumps({"model": "tests/tiny-GGUF", "messages": [{"role": "user", "content": ""}]})
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    for form, headers in forms(place.keys["limited"]).items():
        request = head("POST", "/v1/chat/completions", [*lines, *headers]) + body
        assert ask(place.house.port, request).status == 403, form


@pytest.mark.threat("T6")
def test_two_different_keys_are_refused_whichever_of_them_is_good(place: Keyed) -> None:
    good = place.keys["admin"]
    for one, other in ((good, "x"), ("x", good), (good, place.keys["limited"])):
        headers = (("Authorization", f"Bearer {one}"), ("X-Api-Key", other))
        assert status(place.house, "GET", "/api/v1/engines", headers) == 400


@pytest.mark.threat("T6")
def test_a_password_of_basic_is_no_key(place: Keyed) -> None:
    text = base64.b64encode(f"user:{place.keys['admin']}".encode()).decode()
    headers = (("Authorization", f"Basic {text}"),)
    assert status(place.house, "GET", "/api/v1/engines", headers) == 401


@pytest.mark.planted("T5")
def test_a_plane_that_asks_nobody_would_be_found(tmp_path: Path) -> None:
    def with_a_hole(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert isinstance(guard, Guard)
            is_open = scope["path"].startswith("/api/v1/models")
            await (guard._app if is_open else guard)(scope, receive, send)

        return app

    with running_house(make_place(tmp_path), wrap=with_a_hole, require_key=True) as house:
        found = judged_otherwise(keyed(house), _some("/api/v1/models", "/api/v1/engines"))
    assert any("nobody" in finding for finding in found)
    assert all("/api/v1/models" in finding for finding in found)


@pytest.mark.planted("T5")
def test_a_route_without_a_row_and_a_row_without_a_route_would_be_found(place: Keyed) -> None:
    there = routes_of(place.house, place.keys["admin"])
    for changed in (set(SCOPES) - {("GET", "/api/v1/keys")}, set(SCOPES) | {("GET", "/new")}):
        assert there != changed


@pytest.mark.planted("T6")
def test_a_header_that_is_believed_more_than_another_would_be_found(tmp_path: Path) -> None:
    def trusting(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert isinstance(guard, Guard)
            is_open = any(name == b"x-api-key" for name, _ in scope["headers"])
            await (guard._app if is_open else guard)(scope, receive, send)

        return app

    with running_house(make_place(tmp_path), wrap=trusting, require_key=True) as house:
        found = judged_otherwise(keyed(house), _some("/api/v1/engines"))
    assert {finding.split(" by ")[1].split(":")[0] for finding in found} == {"x-api-key", "both"}


def _some(*paths: str) -> dict[tuple[str, str], str]:
    return {route: scope for route, scope in SCOPES.items() if route[1] in paths}


def test_the_table_names_no_scope_that_is_none() -> None:
    assert set(SCOPES.values()) == {OPEN, INFERENCE, ADMIN}
