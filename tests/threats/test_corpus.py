"""Hundreds of hostile requests, byte by byte, over real sockets: each becomes what was promised.

None is answered with a 5xx, none that is refused reaches an engine, and honest callers are served
as before. Every check is run on a broken variant too, which it must find.
"""

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from bodhi.gateway import body as body_module
from bodhi.http.asgi import App
from bodhi.http.connection import Connection
from bodhi.http.guard import Guard
from tests.support.server import wait_until
from tests.threats.corpus import FAMILIES
from tests.threats.corpus.case import BODY, HIDDEN, post_whole
from tests.threats.house import House, make_place, running_house
from tests.threats.play import findings, is_hidden_asked, play
from tests.threats.wire import Wire

_EVERY = [case for cases in FAMILIES.values() for case in cases]


@pytest.mark.parametrize(
    "family",
    [
        pytest.param("framing", marks=pytest.mark.threat("T27")),
        pytest.param("headers", marks=pytest.mark.threat("T27")),
        pytest.param("unfinished", marks=pytest.mark.threat("T27")),
        pytest.param("bodies", marks=pytest.mark.threat("T25")),
        pytest.param("hosts", marks=pytest.mark.threat("T1")),
        pytest.param("targets", marks=pytest.mark.threat("T4")),
        "request lines",
    ],
)
def test_every_hostile_request_becomes_what_was_promised(house: House, family: str) -> None:
    assert findings(house, FAMILIES[family]) == []


def test_the_corpus_is_as_large_as_promised_and_names_each_request_once() -> None:
    assert len(_EVERY) >= 300
    assert len(FAMILIES["framing"]) >= 120
    assert len({case.name for case in _EVERY}) == len(_EVERY)
    assert len({case.pieces for case in _EVERY}) == len(_EVERY)
    assert not [case for case in _EVERY if any(status >= 500 for status in case.expect)]


class _Lenient(Connection):
    """Reads what sloppy readers read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_transfer_encoding=True,
            lenient_optional_lf_after_cr=True,
            lenient_optional_cr_before_lf=True,
            lenient_optional_crlf_after_chunk=True,
            lenient_spaces_after_chunk_size=True,
        )


class _WithTrailers(Connection):
    """Takes headers from behind the body for headers, as the library below does."""

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))


class _ManyAtOnce(Connection):
    """Serves the next request before it has answered the last one."""

    def on_message_begin(self) -> None:
        self._exchange = None
        super().on_message_begin()


@pytest.mark.planted("T27")
@pytest.mark.parametrize("connection", [_Lenient, _WithTrailers, _ManyAtOnce])
def test_a_reader_that_is_less_strict_would_be_found(
    tmp_path_factory: pytest.TempPathFactory, connection: type[Connection]
) -> None:
    place = make_place(tmp_path_factory.mktemp("place"))
    with running_house(place, connection=connection) as house:
        found = findings(house, FAMILIES["framing"])
    assert [finding for finding in found if "an engine was asked" in finding]


@pytest.mark.planted("T27")
def test_a_hidden_request_that_is_served_would_be_seen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = make_place(tmp_path_factory.mktemp("place"))
    with running_house(place, connection=_ManyAtOnce) as house, Wire(house.port) as wire:
        wire.send(post_whole(BODY) + HIDDEN)
        assert wait_until(lambda: is_hidden_asked(house.engine.requests), 10)


@pytest.mark.planted("T1")
def test_a_server_without_its_guard_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def unguarded(guard: App) -> App:
        assert isinstance(guard, Guard)
        return guard._app

    place = make_place(tmp_path_factory.mktemp("place"))
    with running_house(place, wrap=unguarded) as house:
        found = [finding for case in FAMILIES["hosts"] for finding in play(house, case)]
    assert len([f for f in found if ": 200, not (421,)" in f]) > 80


@pytest.fixture
def lax_json() -> Iterator[None]:
    """Python's own reader in the place of ours: it takes NaN, and any depth it can bear."""

    def lax(raw: bytes) -> object:
        return json.loads(raw)

    with mock.patch.object(body_module, "parse_json", lax):
        yield


@pytest.mark.planted("T25")
def test_a_lax_reader_of_json_would_be_found(house: House, lax_json: None) -> None:
    found = [finding for case in FAMILIES["bodies"] for finding in play(house, case)]
    wanted = {
        "number: b'NaN', 3 bytes",
        "text: a lone high surrogate",
        "no JSON: UTF-16 with a mark",
        "depth: 101 lists",
    }
    assert {name for name in wanted if not any(f.startswith(name) for f in found)} == set()


@pytest.mark.threat("T25")
def test_what_an_engine_is_sent_was_written_anew_from_what_was_read(house: House) -> None:
    (case,) = [case for case in FAMILIES["bodies"] if case.name == "JSON: duplicate keys"]
    assert play(house, case) == []
    assert house.engine.requests[-1]["temperature"] == 0.5
