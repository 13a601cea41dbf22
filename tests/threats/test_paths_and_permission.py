"""What may be asked is decided by the path that is served, however the request spells or hides it.

Each spelling is tried with no key, with a key for inference and with one for everything, and must
get the permission of the very route it is; what only looks like a route gets nobody its answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote_to_bytes

import pytest

from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from bodhi.http.asgi import App, Receive, Scope, Send
from bodhi.http.guard import Guard
from tests.threats.corpus.hosts import FORMS
from tests.threats.corpus.targets import NEVER, OTHER, SAME
from tests.threats.house import House, make_place, running_house
from tests.threats.wire import Answer, ask

Keys = Mapping[str, str]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Keys]]:
    """A house that asks for keys, and one of each scope."""
    place = make_place(tmp_path_factory.mktemp("keyed"))
    with running_house(place, require_key=True) as house:
        yield house, make_keys(house)


def make_keys(house: House) -> Keys:
    store = KeyStore(house.home)
    texts = {scope.value: store.create(scope.value, scope)[1] for scope in KeyScope}
    return {"nobody": "", **texts}


def get(house: House, target: bytes, key: str, host: bytes = b"localhost") -> Answer:
    lines = b"Host: " + host + b"\r\n"
    lines += b"Authorization: Bearer " + key.encode() + b"\r\n" if key else b""
    return ask(house.port, b"GET " + target + b" HTTP/1.1\r\n" + lines + b"\r\n")


def judged_otherwise(
    house: House, keys: Keys, spellings: Iterable[tuple[bytes, bytes]]
) -> list[str]:
    """Every spelling whose permission differs from that of the route it spells."""
    found = []
    for target, route in spellings:
        for who, key in keys.items():
            got, meant = get(house, target, key).status, get(house, route, key).status
            if got != meant:
                found.append(f"{target[:60]!r} for {who}: {got}, but {route!r} is {meant}")
    return found


def answers_got(house: House, keys: Keys, targets: Iterable[bytes]) -> list[str]:
    """Every target that is no route and got somebody an answer all the same.

    The page answers addresses of its own with HTML, which holds nothing of anybody's.
    """
    found = []
    for target in targets:
        for who, key in keys.items():
            answer = get(house, target, key)
            is_page = answer.status == 200 and b"html" in (answer.header(b"content-type") or b"")
            if not is_page and answer.status not in (400, 401, 403, 404):
                found.append(f"{target[:60]!r} for {who}: {answer.status}")
    return found


@pytest.mark.threat("T4")
def test_every_spelling_of_a_route_is_judged_as_the_route(keyed: tuple[House, Keys]) -> None:
    house, keys = keyed
    assert get(house, b"/v1/models", keys["nobody"]).status == 401
    assert get(house, b"/api/v1/engines", keys["inference"]).status == 403
    assert judged_otherwise(house, keys, SAME) == []


@pytest.mark.threat("T4")
def test_what_only_looks_like_a_route_gets_nobody_its_answer(keyed: tuple[House, Keys]) -> None:
    house, keys = keyed
    assert len(SAME) + len(OTHER) + len(NEVER) + len(FORMS) >= 200
    assert answers_got(house, keys, OTHER) == []


@pytest.mark.threat("T4")
def test_what_is_no_path_is_refused_whoever_asks(keyed: tuple[House, Keys]) -> None:
    house, keys = keyed
    wrong = [
        (t, who) for t in NEVER for who, key in keys.items() if get(house, t, key).status != 400
    ]
    assert wrong == []


@pytest.mark.threat("T4")
def test_no_host_makes_a_closed_route_an_open_one(keyed: tuple[House, Keys]) -> None:
    house, keys = keyed
    for host in FORMS:
        for key in keys.values():
            assert get(house, b"/v1/models", key, host).status == 421, host


def test_the_spellings_are_spellings() -> None:
    assert not [t for t, route in SAME if unquote_to_bytes(t.partition(b"?")[0]) != route]
    assert not [t for t in OTHER if unquote_to_bytes(t) in {route for _, route in SAME}]


class _LooksAtTheTarget:
    """A guard that lets /health pass wherever it stands in what was asked: a real defect once."""

    def __init__(self, guard: App) -> None:
        assert isinstance(guard, Guard)
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["raw_path"] + b"?" + scope["query_string"]
        is_open = scope["type"] == "http" and b"/health" in asked
        await (self._guard._app if is_open else self._guard)(scope, receive, send)


class _LooksAtTheHost(_LooksAtTheTarget):
    """A guard that puts the address together from the Host header, and judges that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope["headers"]).get(b"host", b"")
        is_open = b"/health" in host + scope["raw_path"]
        await (self._guard._app if is_open else self._guard)(scope, receive, send)


@pytest.mark.planted("T4")
def test_a_guard_that_looks_at_more_than_the_path_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = make_place(tmp_path_factory.mktemp("target"))
    with running_house(place, wrap=_LooksAtTheTarget, require_key=True) as house:
        assert judged_otherwise(house, make_keys(house), SAME)


@pytest.mark.planted("T4")
def test_a_guard_that_believes_the_host_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = make_place(tmp_path_factory.mktemp("host"))
    with running_house(place, wrap=_LooksAtTheHost, require_key=True) as house:
        assert 200 in {get(house, b"/v1/models", "", host).status for host in FORMS}
