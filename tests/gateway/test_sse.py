"""Events survive any chunking, and nothing that is not an event gets through."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import EngineProtocol
from bodhi.gateway.sse import DONE, EventCutter, frame, parse_all

_PAYLOADS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20), min_size=1).map(orjson.dumps),
    min_size=1,
    max_size=8,
)


@given(_PAYLOADS, st.data())
def test_the_payloads_are_the_same_however_the_bytes_are_cut(
    payloads: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(map(frame, [*payloads, DONE]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    cutter = EventCutter()
    got: list[bytes] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        got += cutter.feed(stream[start:end])
    cutter.finish()
    assert got == [*payloads, DONE]


@pytest.mark.parametrize(
    "hostile",
    [
        b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\n\r\n\n\n",
        b"event: ping\ndata: {}\n\n",
        b"data: {}\ndata: {}\n\n",
        b'data: {"a":"\r"}\n\n',
        b'data: {"a":"\0"}\n\n',
        b"data: text\n\n",
        b'data: {"a":"\xff"}\n\n',
        b"id: 5\n\n",
        b"data:{}\n\n",
    ],
)
def test_what_is_not_one_json_event_is_refused(hostile: bytes) -> None:
    with pytest.raises(EngineProtocol):
        parse_all(EventCutter().feed(hostile))


def test_events_that_are_json_only_together_are_refused() -> None:
    with pytest.raises(EngineProtocol):
        parse_all([b'{"a":1},{"b":2}', b'{"c":[{}', b"{}]}"])


def test_comments_are_a_sign_of_life_and_nothing_more() -> None:
    assert EventCutter().feed(b": ping\n\ndata: {}\n\n") == [b"{}"]


def test_a_stream_that_stops_inside_an_event_is_noticed() -> None:
    cutter = EventCutter()
    cutter.feed(b'data: {"a"')
    with pytest.raises(EngineProtocol):
        cutter.finish()


def test_an_event_without_end_does_not_fill_the_memory() -> None:
    cutter = EventCutter()
    for _ in range(8):
        cutter.feed(b"x" * 1_000_000)
    with pytest.raises(EngineProtocol):
        cutter.feed(b"x" * 1_000_000)
