"""Requests that nobody thought of: the corpus, damaged at random, thousands of times.

Whatever arrives, the server gives an answer that can be read and that is no 5xx, or none, and goes
on serving.
"""

import random
from collections.abc import Callable, Sequence

import pytest

from bodhi.http.asgi import App, Receive, Scope, Send
from tests.support.barrage import say, soak_seed
from tests.support.server import wait_until
from tests.threats.corpus import FAMILIES
from tests.threats.corpus.case import BODY, CHUNKED, HIDDEN, HOST, JSON, post_whole
from tests.threats.house import House, make_place, running_house
from tests.threats.wire import Wire, ask

_SHORT, _LONG = 2_000, 200_000
_LARGEST = 20_000

_WHOLE = tuple(
    whole
    for cases in FAMILIES.values()
    for case in cases
    if 0 < len(whole := b"".join(case.pieces)) <= _LARGEST
)
_TOKENS = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"\xff", b"\x80", b"%00"),
    *(b"%2e%2e/", b"0", b"-1", b"ffffffff", b'{"a":', b"[[[[", b"\\ud800"),
    *(b"Host: evil.com\r\n", b"Content-Length: 5\r\n", b"Expect: 100-continue\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Connection: upgrade\r\nUpgrade: x\r\n"),
    *(b"Origin: null\r\n", HOST, JSON, BODY, CHUNKED, HIDDEN),
)


def _flip(data: bytearray, at: int, dice: random.Random) -> None:
    if data:
        data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, at: int, dice: random.Random) -> None:
    del data[at : at + dice.randrange(1, 40)]


def _end(data: bytearray, at: int, dice: random.Random) -> None:
    del data[at:]


def _insert(data: bytearray, at: int, dice: random.Random) -> None:
    data[at:at] = dice.choice(_TOKENS)


def _repeat(data: bytearray, at: int, dice: random.Random) -> None:
    data[at:at] = data[at : at + dice.randrange(1, 200)]


def _cross(data: bytearray, at: int, dice: random.Random) -> None:
    other = dice.choice(_WHOLE)
    data[at:] = other[dice.randrange(len(other)) :]


_WAYS: Sequence[Callable[[bytearray, int, random.Random], None]] = (
    *(_flip, _flip, _cut, _end, _insert, _insert, _repeat, _cross),
)


def damaged(dice: random.Random) -> bytes:
    """One request of the corpus, damaged in one to four ways."""
    data = bytearray(dice.choice(_WHOLE))
    for _ in range(dice.randint(1, 4)):
        dice.choice(_WAYS)(data, dice.randrange(len(data) + 1), dice)
    return bytes(data[:_LARGEST])


def shortcomings(house: House, count: int, seed: int, *, show_every: int = 0) -> list[str]:
    """What went wrong with ``count`` damaged requests; each is given in full, to be repeated."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        data = damaged(dice)
        try:
            with Wire(house.port) as wire:
                wire.send(data)
                answers = wire.rest()
        except Exception as error:
            found.append(f"{data!r}: the answer cannot be read: {error!r}")
            continue
        found += [f"{data!r}: {a.status}" for a in answers if a.status >= 500]
        if show_every and number % show_every == 0:
            say(f"{number:,} requests, {len(found)} findings")
    if ask(house.port, post_whole(BODY)).status != 200:
        found.append("an honest request was not served afterwards")
    if not wait_until(lambda: house.is_quiet, 30):
        found.append("a connection or a request was left over")
    return found


@pytest.mark.threat("T27")
def test_no_damaged_request_is_more_than_the_server_can_bear(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    seed = random.randrange(2**32)
    assert shortcomings(house, _SHORT, seed) == [], f"seed {seed}"
    assert "defect" not in caplog.text


@pytest.mark.soak
@pytest.mark.threat("T27")
def test_no_damaged_request_is_more_than_the_server_can_bear_for_long(house: House) -> None:
    seed = soak_seed("damaged requests")
    assert shortcomings(house, _LONG, seed, show_every=_LONG // 50) == [], f"seed {seed}"


@pytest.mark.planted("T27")
def test_an_application_that_trips_over_a_byte_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def trips(guard: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for _, value in scope["headers"]:
                value.decode("ascii")
            await guard(scope, receive, send)

        return app

    with running_house(make_place(tmp_path_factory.mktemp("place")), wrap=trips) as house:
        assert shortcomings(house, _SHORT, seed=1)
