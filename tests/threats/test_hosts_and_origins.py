"""No web page gets in: not by its own name pointed at us, not by sending, not by reading along.

Every address of both planes, of the front and of the page is tried, because a check that stands
in one place is only worth something if nothing goes around it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import orjson
import pytest

from bodhi.http.asgi import App, Message, Receive, Scope, Send
from bodhi.http.guard import Guard
from bodhi.params.values import JsonObject
from tests.support.scripted_engine import END, delta, event
from tests.threats.corpus.case import BODY
from tests.threats.corpus.hosts import FORMS
from tests.threats.house import House, hello, make_place, running_house
from tests.threats.routes import Routes
from tests.threats.wire import Wire, ask, head

_WRITING = ("POST", "PUT", "PATCH", "DELETE")
_METHODS = ("GET", *_WRITING, "OPTIONS")
_OTHER_ORIGINS = (
    "null",
    "http://evil.com",
    "http://localhost:3000",
    "http://127.0.0.1",
    "https://localhost.evil.com",
    "http://localhost@evil.com",
)
_PAGE_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


@pytest.fixture(scope="module")
def routes(house: House) -> Routes:
    return Routes(house)


def hosts_let_in(house: House, routes: Routes, forms: Iterable[bytes]) -> list[str]:
    """Every route that does not answer 421 to a Host that is not ours."""
    found = []
    for form in forms:
        for method, path in routes.all:
            request = (
                f"{method} {path} HTTP/1.1\r\n".encode()
                + b"Host: " + form + b"\r\nContent-Type: application/json\r\n"
                + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
            )  # fmt: skip
            status = ask(house.port, request).status
            if status != 421:
                found.append(f"{form[:60]!r} {method} {path}: {status}")
    return found


@pytest.mark.threat("T1")
def test_a_foreign_host_is_refused_on_every_route(house: House, routes: Routes) -> None:
    assert len(FORMS) >= 40
    asked = len(house.engine.requests)
    assert hosts_let_in(house, routes, FORMS) == []
    assert len(house.engine.requests) == asked


def pages_let_in(house: House, paths: Iterable[str]) -> list[str]:
    """Every route and method that answers a page of another origin with anything but 403, or takes
    a body that a page may send without being asked.
    """
    found = []
    types = ("", "application/json", *_PAGE_TYPES)
    for method in _METHODS:
        for path in paths:
            for kind in types:
                for origin in _OTHER_ORIGINS:
                    status = _send(house, method, path, kind, origin)
                    if status != 403:
                        found.append(f"{method} {path} from {origin} with {kind!r}: {status}")
            if method in _WRITING:
                for kind in ("", *_PAGE_TYPES):
                    for own in ("", "http://localhost"):
                        status = _send(house, method, path, kind, own)
                        if status != 415:
                            found.append(f"{method} {path} with {kind!r}: {status}")
    return found


def _send(house: House, method: str, path: str, kind: str, origin: str) -> int:
    headers = [("Content-Length", str(len(BODY)))]
    headers += [("Origin", origin)] if origin else []
    headers += [("Content-Type", kind)] if kind else []
    return ask(house.port, head(method, path, headers) + BODY).status


def _everything_kept(house: House) -> dict[str, bytes]:
    """Every file but the database of usage, which writes an honest request down in its time."""
    return {
        str(path): path.read_bytes()
        for path in house.home.rglob("*")
        if path.is_file() and "run" not in path.parts and not path.name.startswith("usage.")
    }


def _ask_honestly(house: House) -> int:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]
    return ask(house.port, head("POST", "/v1/chat/completions", headers) + BODY).status


def _engines(house: House) -> list[JsonObject]:
    answer = orjson.loads(ask(house.port, head("GET", "/api/v1/engines")).body)
    engines: list[JsonObject] = answer["engines"]
    return engines


@pytest.mark.threat("T2")
def test_no_other_page_changes_anything_on_any_route(house: House, routes: Routes) -> None:
    assert _ask_honestly(house) == 200
    kept, engines, asked = _everything_kept(house), _engines(house), len(house.engine.requests)
    assert engines
    assert pages_let_in(house, routes.paths) == []
    for page in _OTHER_ORIGINS:
        path = f"/api/v1/engines/{engines[0]['id']}"
        assert ask(house.port, head("DELETE", path, [("Origin", page)])).status == 403
    assert _everything_kept(house) == kept
    assert [engine["id"] for engine in _engines(house)] == [engine["id"] for engine in engines]
    assert len(house.engine.requests) == asked
    assert not [process for process in house.engine.processes if process.stops]


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose guard was forgotten."""

    def unguarded(guard: App) -> App:
        assert isinstance(guard, Guard)
        return guard._app

    with running_house(make_place(tmp_path_factory.mktemp("open")), wrap=unguarded) as running:
        yield running


@pytest.mark.planted("T1")
def test_one_route_that_forgets_the_host_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def with_a_hole(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert isinstance(guard, Guard)
            await (guard._app if scope["path"] == "/health" else guard)(scope, receive, send)

        return app

    with running_house(make_place(tmp_path_factory.mktemp("hole")), wrap=with_a_hole) as house:
        found = hosts_let_in(house, Routes(house), FORMS[:3])
    assert found
    assert all("/health" in finding for finding in found)


@pytest.mark.planted("T2")
def test_a_server_that_asks_nobody_where_they_come_from_would_be_found(open_house: House) -> None:
    found = pages_let_in(open_house, Routes(open_house).paths[::8])
    assert len(found) > 100
    assert _ask_honestly(open_house) == 200
    (engine,) = _engines(open_house)
    path = f"/api/v1/engines/{engine['id']}"
    assert ask(open_house.port, head("DELETE", path, [("Origin", "null")])).status == 204
    assert _engines(open_house) != [engine], "a change would be seen"


_CORS = "access-control-"
_ENGINE_CORS = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"access-control-allow-origin: *\r\naccess-control-allow-credentials: true\r\n"
    b"access-control-allow-headers: *\r\naccess-control-expose-headers: *\r\n"
    b"timing-allow-origin: *\r\nset-cookie: a=b\r\nserver: engine\r\nx-engine: 1\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


async def _open_engine(body: JsonObject) -> AsyncIterator[bytes]:
    del body
    yield _ENGINE_CORS + event(delta("e", "hi", "stop")) + event(b"[DONE]") + END


async def _open_engine_that_fails(body: JsonObject) -> AsyncIterator[bytes]:
    del body
    yield _ENGINE_CORS.replace(b"200 OK", b"500 No") + END


def cors_sent(house: House, requests: Iterable[bytes]) -> list[str]:
    """Every header that would let another origin read along."""
    found = []
    for request in requests:
        with Wire(house.port) as wire:
            wire.send(request)
            answer = wire.answer()
        assert answer is not None
        found += [
            f"{request[:40]!r}: {name.decode()}: {value.decode()}"
            for name, value in answer.headers
            if name.decode().startswith((_CORS, "timing-allow", "set-cookie", "x-engine", "server"))
        ]
    return found


def _reading_requests(routes: Routes) -> Iterator[bytes]:
    for method, path in routes.all:
        for origin in ("", "http://localhost", "http://evil.com", "null"):
            extra = [("Origin", origin)] if origin else []
            asked = [("Access-Control-Request-Method", "POST")]
            if method == "GET":
                yield head("GET", path, extra)
            yield head("OPTIONS", path, [*extra, *asked])
    for stream in (b"true", b"false"):
        body = BODY[:-1] + b',"stream":' + stream + b"}"
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        yield head("POST", "/v1/chat/completions", headers) + body


@pytest.mark.threat("T3")
@pytest.mark.parametrize("script", [_open_engine, _open_engine_that_fails, hello])
def test_no_answer_lets_another_origin_read_along(
    house: House, routes: Routes, script: object
) -> None:
    house.engine.script = script  # type: ignore[assignment]
    try:
        assert cors_sent(house, _reading_requests(routes)) == []
    finally:
        house.engine.script = hello


@pytest.mark.threat("T3")
def test_an_origin_that_was_let_in_is_named_exactly_and_gets_no_credentials(
    tmp_path: Path,
) -> None:
    place = make_place(tmp_path)
    with running_house(place, allowed_origins=("https://app.example",)) as house:
        house.engine.script = _open_engine
        for path in Routes(house).paths:
            answer = ask(house.port, head("GET", path, [("Origin", "https://app.example")]))
            assert answer.header(b"access-control-allow-origin") == b"https://app.example"
            assert answer.header(b"access-control-allow-credentials") is None
            assert b"origin" in (answer.header(b"vary") or b"").lower()
            for near in (
                "https://app.example.evil.com",
                "http://app.example",
                "https://APP.example",
            ):
                refused = ask(house.port, head("GET", path, [("Origin", near)]))
                assert refused.status == 403
                assert refused.header(b"access-control-allow-origin") is None


@pytest.mark.planted("T3")
def test_an_answer_for_all_origins_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def generous(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_to_all(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = [*message["headers"], (b"access-control-allow-origin", b"*")]
                    message = {**message, "headers": headers}
                await send(message)

            await guard(scope, receive, send_to_all)

        return app

    with running_house(make_place(tmp_path_factory.mktemp("all")), wrap=generous) as house:
        assert cors_sent(house, [head("GET", "/health")])
