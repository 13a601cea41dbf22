"""A body that is too large for the control plane is refused as such, however it is sent."""

from collections.abc import Iterator

import pytest

from tests.threats.house import House, make_place, running_house
from tests.threats.wire import Answer, ask, head

_JSON = ("Content-Type", "application/json")
_PATH = "/api/v1/trials"
_MIB = 1 << 20


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(make_place(tmp_path_factory.mktemp("limit")), max_body_mib=1) as running:
        yield running


def with_length(house: House, body: bytes) -> Answer:
    length = ("Content-Length", str(len(body)))
    return ask(house.port, head("POST", _PATH, [_JSON, length]), body)


def in_chunks(house: House, body: bytes) -> Answer:
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return ask(house.port, head("POST", _PATH, [_JSON, ("Transfer-Encoding", "chunked")]), chunk)


@pytest.mark.parametrize("send", [with_length, in_chunks])
@pytest.mark.parametrize(("size", "status"), [(_MIB, 400), (_MIB + 1, 413), (3 * _MIB, 413)])
def test_a_body_over_the_limit_is_refused_with_413(
    house: House, send: object, size: int, status: int
) -> None:
    body = b'{"prompt": "' + b"x" * (size - 14) + b'"}'
    assert len(body) == size
    answer = send(house, body)  # type: ignore[operator]
    assert answer.status == status
    if status == 413:
        assert b'"body_too_large"' in answer.body
        assert b"1 MiB" in answer.body


def test_the_next_request_is_served(house: House) -> None:
    assert ask(house.port, head("GET", "/api/v1/engines")).status == 200
