"""Who loses the right to something loses what was begun with it, within a second."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest import mock

import orjson
import pytest

from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from bodhi.http.presence import Presence
from bodhi.params.values import JsonObject
from tests.support.scripted_engine import STREAM, delta, event
from tests.threats.corpus.case import chat_body
from tests.threats.house import ALIAS, House, make_place, running_house
from tests.threats.wire import Wire, ask, head

PROMISED_S = 1.0
_STREAMED = chat_body()[:-1] + b',"stream":true}'


async def _endless(body: JsonObject) -> AsyncIterator[bytes]:
    """Begins an answer and never ends it: only the server can."""
    del body
    yield STREAM + event(delta("engine", "hello"))
    await asyncio.sleep(60)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(
        make_place(tmp_path, {ALIAS: "context_params:\n  n_parallel: 2\n"}), require_key=True
    ) as running:
        running.engine.script = _endless
        yield running


@contextlib.contextmanager
def a_stream(house: House, *credentials: tuple[str, str]) -> Iterator[Wire]:
    """An answer of which the first piece has come."""
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(_STREAMED)))]
    with Wire(house.port) as wire:
        wire.send(head("POST", "/v1/chat/completions", [*lines, *credentials]) + _STREAMED)
        while b"hello" not in wire.raw:
            assert wire._receive(), wire.raw
        yield wire


@contextlib.contextmanager
def events(house: House, *credentials: tuple[str, str]) -> Iterator[Wire]:
    """The stream of what happens, which has begun."""
    with Wire(house.port) as wire:
        wire.send(head("GET", "/api/v1/events", [*credentials]))
        while b"event: open" not in wire.raw:
            assert wire._receive(), wire.raw
        yield wire


def ended_after(wire: Wire) -> float:
    """Seconds until the server hung up."""
    began = time.monotonic()
    while wire._receive():
        pass
    return time.monotonic() - began


def bearer(key: str) -> tuple[str, str]:
    return "Authorization", f"Bearer {key}"


def signed_in(house: House, key: str) -> list[tuple[str, str]]:
    """The headers of our own page after signing in."""
    body = orjson.dumps({"key": key})
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    answer = ask(house.port, head("POST", "/api/v1/session", lines) + body)
    assert answer.status == 200
    cookie = (answer.header(b"set-cookie") or b"").partition(b";")[0].decode()
    return [("Cookie", cookie), ("Origin", "http://localhost"), ("X-Bodhi-Csrf", "1")]


@pytest.mark.threat("T9")
def test_a_revoked_key_ends_its_streams_and_no_other(house: House) -> None:
    store = KeyStore(house.home)
    key, text = store.create("a", KeyScope.INFERENCE)
    _, other = store.create("b", KeyScope.INFERENCE)
    with a_stream(house, bearer(text)) as stream, a_stream(house, bearer(other)) as kept:
        store.revoke(key.id)
        assert ended_after(stream) <= PROMISED_S
        kept._socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            kept._socket.recv(1)
    assert ask(house.port, head("GET", "/v1/models", [bearer(text)])).status == 401


@pytest.mark.threat("T9")
def test_a_revoked_key_ends_what_its_session_began(house: House) -> None:
    store = KeyStore(house.home)
    key, text = store.create("a", KeyScope.ADMIN)
    session = signed_in(house, text)
    with a_stream(house, *session) as stream:
        store.revoke(key.id)
        assert ended_after(stream) <= PROMISED_S
    assert ask(house.port, head("GET", "/api/v1/engines", session)).status == 401


@pytest.mark.threat("T9")
def test_signing_out_ends_what_the_session_began(house: House) -> None:
    _, text = KeyStore(house.home).create("a", KeyScope.ADMIN)
    session = signed_in(house, text)
    with a_stream(house, *session) as stream:
        assert ask(house.port, head("DELETE", "/api/v1/session", session)).status == 204
        assert ended_after(stream) <= PROMISED_S


@pytest.mark.threat("T9")
def test_who_loses_the_right_hears_no_more_of_what_happens(house: House) -> None:
    store = KeyStore(house.home)
    key, text = store.create("a", KeyScope.ADMIN)
    _, other = store.create("b", KeyScope.ADMIN)
    leaver = signed_in(house, other)
    with (
        events(house, bearer(text)) as by_key,
        events(house, *signed_in(house, text)) as by_session,
        events(house, *leaver) as left,
        events(house, bearer(other)) as kept,
    ):
        store.revoke(key.id)
        assert ended_after(by_key) <= PROMISED_S
        assert ended_after(by_session) <= PROMISED_S
        assert ask(house.port, head("DELETE", "/api/v1/session", leaver)).status == 204
        assert ended_after(left) <= PROMISED_S
        kept._socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            kept._socket.recv(1)


@pytest.mark.threat("T9")
def test_a_key_that_opens_less_than_before_ends_its_streams(house: House) -> None:
    _, text = KeyStore(house.home).create("a", KeyScope.ADMIN)
    path = house.home / "state" / "keys.json"
    with a_stream(house, bearer(text)) as stream:
        less = path.read_text(encoding="utf-8").replace('"admin"', '"inference"')
        path.write_text(less, encoding="utf-8")
        assert ended_after(stream) <= PROMISED_S
    assert ask(house.port, head("GET", "/api/v1/engines", [bearer(text)])).status == 403


@pytest.mark.planted("T9")
def test_a_server_that_looks_at_a_key_only_once_would_be_found(house: House) -> None:
    store = KeyStore(house.home)
    key, text = store.create("a", KeyScope.INFERENCE)
    with (
        mock.patch.object(Presence, "_look", return_value=None),
        a_stream(house, bearer(text)) as stream,
    ):
        store.revoke(key.id)
        stream._socket.settimeout(2 * PROMISED_S)
        with pytest.raises(TimeoutError):
            ended_after(stream)
