"""What a remote says, written anew: its events and its refusals."""

import re
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.contract import Remote
from bodhi.errors import (
    BodhiError,
    EngineFailure,
    EngineProtocol,
    EngineRejected,
    QueueFull,
    RemoteKeyRefused,
)
from bodhi.gateway.remote_errors import error_from_remote
from bodhi.gateway.remote_events import RemoteEvents, rewritten
from bodhi.gateway.sse import DONE

STREAM = (
    b": sign of life\n\n"
    b'data: {"model":"theirs","n":1}\n\n'
    b"event: chunk\nid: 7\n"
    b'data:{"model":"theirs","n":2}\n\n'
    b'data: {"n":\ndata: 3}\n\n'
    b"data: [DONE]\n\n"
)
PAYLOADS = [b'{"model":"mine","n":%d}' % n for n in (1, 2)] + [b'{"n":3,"model":"mine"}', DONE]
KEY = "sk-canary"
OFFICE = Remote("office", "h", 1, True, "", "OFFICE_KEY", 1)


def feed(*chunks: bytes) -> list[bytes]:
    events = RemoteEvents(OFFICE, KEY, "mine")
    found = [payload for chunk in chunks for payload in events.feed(chunk)]
    events.finish()
    return found


@given(st.sampled_from([b"\n", b"\r\n"]), st.lists(st.integers(0, len(STREAM) + 20), max_size=6))
def test_events_are_the_same_however_they_are_cut_and_whatever_ends_their_lines(
    end: bytes, cuts: list[int]
) -> None:
    stream = STREAM.replace(b"\n", end)
    places = [0, *sorted(cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert feed(*chunks) == PAYLOADS


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_whatever_comes_only_json_of_one_line_leaves(data: bytes) -> None:
    try:
        payloads = feed(b"data: " + data + b"\n\n", STREAM)
    except EngineProtocol:
        return
    for payload in payloads:
        assert not re.search(rb"[\r\n\0]", payload)
        assert payload == DONE or isinstance(orjson.loads(payload), dict)


@pytest.mark.parametrize(
    "data",
    [
        b"data: {\n\n",
        b"data: [1]\n\n",
        b'data: "x"\n\n',
        b"data: \xff\n\n",
        b"data: {}",
        b"data: {}\n",
    ],
)
def test_what_is_no_event_of_json_or_has_no_end_is_refused(data: bytes) -> None:
    with pytest.raises(EngineProtocol):
        feed(data)


def test_an_endless_line_is_refused() -> None:
    with pytest.raises(EngineProtocol, match="without an end"):
        feed(*[b"data: " + b"x" * (1 << 20)] * 10)


@pytest.mark.parametrize(
    ("told", "kind", "says"),
    [
        ({"id": 1, "error": {"message": "m"}, "choices": []}, EngineFailure, "m"),
        ({"error": "m"}, EngineFailure, "m"),
        ({"error": {"code": 400, "message": f"not {KEY}"}}, EngineRejected, r"not \[key\]"),
        ({"error": {"code": 7}}, EngineFailure, "no reason"),
    ],
)
def test_an_event_that_tells_of_an_error_is_raised_after_those_before_it(
    told: dict[str, object], kind: type[BodhiError], says: str
) -> None:
    events = RemoteEvents(OFFICE, KEY, "mine")
    failing = b"data: " + orjson.dumps(told) + b"\n\n"
    assert events.feed(b'data: {"n":1}\n\n' + failing) == [b'{"n":1,"model":"mine"}']
    for go_on in (events.finish, lambda: events.feed(b"")):
        with pytest.raises(kind, match=says):
            go_on()
    with pytest.raises(kind, match=says):
        RemoteEvents(OFFICE, KEY, "mine").feed(failing)
    with pytest.raises(kind, match=says):
        rewritten(orjson.dumps(told), OFFICE, KEY, "mine")


def test_an_answer_in_one_piece_has_the_aliass_name() -> None:
    answer: dict[str, object] = {"model": "theirs", "error": None, "data": []}
    assert orjson.loads(rewritten(orjson.dumps(answer), OFFICE, None, "mine")) == {
        **answer,
        "model": "mine",
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, RemoteKeyRefused),
        (403, RemoteKeyRefused),
        (429, QueueFull),
        (400, EngineRejected),
        (404, EngineRejected),
        (302, EngineFailure),
        (500, EngineFailure),
        (503, EngineFailure),
    ],
)
def test_a_refusal_has_its_class_by_its_status_and_never_the_key(
    status: int, kind: type[BodhiError]
) -> None:
    body = orjson.dumps({"error": {"message": f"not with Bearer {KEY}\x1b[0m"}})
    error = error_from_remote(OFFICE, KEY, status, body)
    assert type(error) is kind
    assert "remote:office" in error.message
    assert KEY not in f"{error.message} {error.remedy}"
    assert error.message.isprintable()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": {"message": "why"}}', "why"),
        (b'{"error": "why"}', "why"),
        (b'{"message": "why", "object": "error"}', "why"),
        (b'{"detail": "why"}', "why"),
        (b'{"error": {"message": 5}}', "It gave no reason."),
        (b"<html>", "It gave no reason."),
        (b"[]", "It gave no reason."),
        (b"{}", "It gave no reason."),
    ],
)
def test_the_reason_is_found_in_every_usual_shape(body: bytes, reason: str) -> None:
    error = error_from_remote(OFFICE, None, 400, body)
    assert error.message == f"remote:office refused the request (400): {reason}"


def test_a_long_reason_is_cut() -> None:
    body = orjson.dumps({"error": "x" * 10_000})
    assert len(error_from_remote(OFFICE, None, 400, body).message) < 600


def test_a_remote_that_wants_a_key_where_none_is_named_says_which_setting_names_one() -> None:
    without = Remote("office", "h", 1, True, "", None, 1)
    error = error_from_remote(without, None, 401, b"")
    assert error.message == "remote:office wants a key."
    assert "remotes.office.api_key_env" in (error.remedy or "")
