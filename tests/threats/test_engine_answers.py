"""Whatever an engine sends, what leaves us is one well-formed answer with headers of our own.

The engine is taken for hostile: it ends the answer and begins another, tricks with event fields,
sends lines without end, broken text and headers that would break ours.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator

import orjson
import pytest

from bodhi.engine import lease
from bodhi.http.asgi import App, Receive, Scope, Send
from bodhi.params.values import JsonObject
from tests.support.scripted_engine import END, HEAD, STREAM, Script, chunked, delta, event
from tests.threats.corpus.case import chat_body
from tests.threats.house import House, make_place, running_house
from tests.threats.wire import Wire, head

_SECOND = b"HTTP/1.1 200 OK\r\nset-cookie: stolen=1\r\ncontent-length: 6\r\n\r\nstolen"
_DONE = event(b"[DONE]") + END
_ONE = event(delta("engine", "a", "stop"))


def _stream(*pieces: bytes) -> bytes:
    return STREAM + _ONE + b"".join(pieces) + _DONE


def _status(line: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    return line + b"\r\n" + headers + b"content-length: %d\r\n\r\n" % len(body) + body


def _error(status: bytes, message: str) -> bytes:
    body = orjson.dumps({"error": {"code": 400, "message": message, "type": "x"}})
    return _status(b"HTTP/1.1 " + status, b"content-type: application/json\r\n", body)


# Everything that one engine sends in answer to one request.
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "an answer in an event": _stream(chunked(b"data: {}\r\n\r\n" + _SECOND + b"\n\n")),
    "an answer between events": _stream(chunked(b"\r\n\r\n" + _SECOND)),
    "an answer in the text": _stream(event(delta("e", "\r\n\r\n" + _SECOND.decode()))),
    "an answer behind the end": _stream() + _SECOND,
    "an answer instead of the end": STREAM + _ONE + END + _SECOND,
    "two answers": _stream() + _stream(),
    "an event field": _stream(chunked(b"event: message\ndata: {}\n\n")),
    "an id field": _stream(chunked(b"id: 1\ndata: {}\n\n")),
    "a retry field": _stream(chunked(b"retry: 0\n\n")),
    "two lines of data": _stream(chunked(b"data: {}\ndata: {}\n\n")),
    "data without a space": _stream(chunked(b"data:{}\n\n")),
    "data in capitals": _stream(chunked(b"DATA: {}\n\n")),
    "a comment with a line": _stream(chunked(b": x\ndata: stolen\n\n")),
    "a byte order mark": _stream(chunked(b"\xef\xbb\xbfdata: {}\n\n")),
    "a CR for a newline": _stream(chunked(b'data: {"a":"b"\rdata: stolen}\n\n')),
    "two CRs for an end": _stream(chunked(b"data: {}\r\rdata: stolen\n\n")),
    "a NUL": _stream(chunked(b'data: {"a":"\0"}\n\n')),
    "text that is no JSON": _stream(chunked(b"data: stolen\n\n")),
    "a list": _stream(chunked(b"data: []\n\n")),
    "braces that are no JSON": _stream(event(b"{stolen}")),
    "two objects": _stream(event(b'{"a":1},{"b":2}')),
    "an escape in braces": _stream(event(b'{"a":"\x1b[2J"}')),
    "invalid UTF-8": _stream(event(b'{"a":"\xff\xfe"}')),
    "a surrogate as UTF-8": _stream(event(b'{"a":"\xed\xa0\x80"}')),
    "half a character": _stream(event(b'{"a":"\xe2\x82"}')),
    "newlines in the text": _stream(event(delta("e", "a\n\ndata: stolen\r\n\r\nb"))),
    "a line separator in the text": _stream(event(delta("e", "a\u2028data: stolen\u0085\u2029"))),
    "a NUL and an escape in the text": _stream(event(delta("e", "\0\x1b[2J"))),
    "a giant event": _stream(event(delta("e", "x" * 3_000_000))),
    "a line without end": STREAM + chunked(b"data: {" + b"x" * 1_000_000) * 9 + END,
    "an event cut off": STREAM + _ONE + chunked(b'data: {"a"') + END,
    "no end": STREAM + _ONE + END,
    "an end without chunks": STREAM + _ONE,
    "a bad chunk": STREAM + _ONE + b"zz\r\n",
    "a negative chunk": STREAM + _ONE + b"-1\r\n",
    "an event behind the end": _stream(event(b"[DONE]"), event(b'{"stolen":1}')),
    "an error event with tricks": _stream(event({"error": {"message": "a\r\n\r\nHTTP/1.1 200"}})),
    "an error event that is none": _stream(event(b'{"error":"\\n\\ndata: stolen"}')),
    "a header with CR": HEAD + b"x: a\rset-cookie: b\r\n\r\n",
    "a header with LF": HEAD + b"x: a\nset-cookie: b\r\n\r\n",
    "a header with NUL": HEAD + b"x: a\0b\r\n\r\n",
    "a header folded": HEAD + b"x: a\r\n set-cookie: b\r\n\r\n",
    "headers of its own": STREAM.replace(
        b"\r\n\r\n",
        b"\r\nset-cookie: a=b\r\nlocation: http://evil.com\r\nx-frame-options: none\r\n"
        b"access-control-allow-origin: *\r\nx-bodhi-alias: other\r\nrefresh: 0\r\n\r\n",
    ) + _ONE + _DONE,
    "a length and chunks": STREAM.replace(b"\r\n\r\n", b"\r\ncontent-length: 5\r\n\r\n") + _DONE,
    "two lengths": HEAD + b"content-length: 5\r\ncontent-length: 50\r\n\r\nhello",
    "an encoding": STREAM.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n") + _DONE,
    "HTML": _status(b"HTTP/1.1 200 OK", b"content-type: text/html\r\n", b"<script>1</script>"),
    "a redirect": _status(b"HTTP/1.1 302 Found", b"location: http://evil.com/\r\n"),
    "an interim answer": b"HTTP/1.1 100 Continue\r\n\r\n" + _stream(),
    "an early hint": b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n" + _stream(),
    "an upgrade": b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nstolen",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "a request for a password": _status(
        b"HTTP/1.1 401 No", b"www-authenticate: Basic realm=x\r\n", b"{}"
    ),
    "a strange status": _status(b"HTTP/1.1 999 What"),
    "a reason with tricks": _status(b"HTTP/1.1 200 OK\rset-cookie: a=b"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an error with tricks": _error(b"400 Bad", "a\r\n\r\nHTTP/1.1 200 OK\r\n\0\x1b\u2028"),
    "an error of another shape": _status(b"HTTP/1.1 400 Bad", b"", b'{"error":[1,2]}'),
    "an error without JSON": _status(b"HTTP/1.1 500 No", b"", b"<html>\xff\0"),
    "an error without end": b"HTTP/1.1 500 No\r\ncontent-length: 999\r\n\r\n{",
}  # fmt: skip

_OUR_HEADERS = re.compile(
    rb"(content-type|content-length|transfer-encoding|cache-control|x-accel-buffering|x-request-id"
    rb"|x-bodhi-[a-z]+|date|connection|vary|retry-after|cross-origin-opener-policy"
    rb"|cross-origin-resource-policy|referrer-policy|x-content-type-options)"
)
_OUR_TYPES = (b"application/json", b"text/event-stream; charset=utf-8")


def faults(raw: bytes, statuses: Iterable[int], headers: Iterable[tuple[bytes, bytes]],
           body: bytes) -> list[str]:  # fmt: skip
    """What is wrong with everything that a caller got on one connection."""
    found = []
    if len(list(statuses)) != 1:
        found.append(f"{len(list(statuses))} answers")
    if b"set-cookie" in raw.split(b"\r\n\r\n")[0]:
        found.append("a cookie")
    for name, value in headers:
        if not _OUR_HEADERS.fullmatch(name):
            found.append(f"a header that is not ours: {name!r}")
        if re.search(rb"[\x00-\x1f\x7f]", value):
            found.append(f"a header with control bytes: {name!r}")
    kind = dict(headers).get(b"content-type")
    if kind not in _OUR_TYPES:
        found.append(f"a type that is not ours: {kind!r}")
    elif kind == _OUR_TYPES[0]:
        found += _faults_of_json(body)
    else:
        found += _faults_of_events(body)
    return found


def _faults_of_json(body: bytes) -> list[str]:
    try:
        return [] if isinstance(orjson.loads(body), dict) else ["JSON that is no object"]
    except orjson.JSONDecodeError:
        return [f"no JSON: {body[:60]!r}"]


def _faults_of_events(body: bytes) -> list[str]:
    """Every event is one line of data that holds JSON, or the end; a browser reads it likewise."""
    found = []
    *events, rest = body.split(b"\n\n")
    if rest:
        found.append(f"an event without end: {rest[:60]!r}")
    for one in events:
        if not one.startswith(b"data: ") or re.search(rb"[\r\n\0]", one):
            found.append(f"no event: {one[:60]!r}")
        elif one != b"data: [DONE]":
            found += _faults_of_json(one[6:])
    if not events or (b'{"error"' not in events[-1] and events[-1] != b"data: [DONE]"):
        found.append("no word about the end")
    return found


def ask_and_judge(house: House, *, stream: bool) -> list[str]:
    """One request on a connection of its own, read to the end of it."""
    body = chat_body()[:-1] + (b',"stream":true}' if stream else b"}")
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    with Wire(house.port) as wire:
        wire.send(head("POST", "/v1/chat/completions", headers) + body)
        first = wire.answer()
        answers = ([] if first is None else [first]) + wire.rest()
    if first is None:
        return ["no answer"]
    return faults(wire.raw, [a.status for a in answers], first.headers, first.body)


def sends(data: bytes) -> Script:
    """An engine that sends exactly these bytes and hangs up."""

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        del body
        for at in range(0, len(data), 1 << 16):
            yield data[at : at + (1 << 16)]

    return script


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine here never dies of what it sent; nobody needs to wait for its end."""
    monkeypatch.setattr(lease, "_REAP_S", 0.02)


@pytest.mark.threat("T28")
@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_leaves_us_is_one_answer_of_our_own_making(
    house: House, name: str, stream: bool
) -> None:
    house.engine.script = sends(HOSTILE[name])
    assert ask_and_judge(house, stream=stream) == []


_VECTORS = b'{"object":"list","data":[{"embedding":[0.5]}]}'


@pytest.mark.threat("T28")
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (_status(b"HTTP/1.1 200 OK", b"", _VECTORS), 200),
        (_status(b"HTTP/1.1 200 OK", b"set-cookie: a=b\r\n", _VECTORS), 200),
        (_status(b"HTTP/1.1 200 OK", b"", _VECTORS) + _SECOND, 502),
        (_status(b"HTTP/1.1 200 OK", b"content-type: text/html\r\n", b"<b>stolen</b>"), 502),
        (_status(b"HTTP/1.1 200 OK", b"", b""), 502),
        (_status(b"HTTP/1.1 200 OK", b"", b"[]"), 502),
        (_status(b"HTTP/1.1 200 OK", b"", _VECTORS + b"\r\n\r\n" + _SECOND), 502),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n" + _VECTORS, 502),
        (_stream(), 502),
    ],
)
def test_an_answer_in_one_piece_is_of_our_own_making_too(
    vectors: House, data: bytes, status: int
) -> None:
    vectors.engine.script = sends(data)
    body = b'{"model":"vectors","input":"hi"}'
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    with Wire(vectors.port) as wire:
        wire.send(head("POST", "/v1/embeddings", headers) + body)
        answer = wire.answer()
        more = wire.rest()
    assert answer is not None
    assert answer.status == status
    assert faults(wire.raw, [a.status for a in (answer, *more)], answer.headers, answer.body) == []


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with an alias that answers with vectors."""
    aliases = {"vectors": "context_params:\n  embeddings: true\n  pooling: mean\n"}
    with running_house(make_place(tmp_path_factory.mktemp("vectors"), aliases)) as house:
        yield house


def _copying(body: bytes, *fields: tuple[bytes, bytes]) -> Callable[[App], App]:
    """A relay that copies the engine's body, and these headers of its."""

    def wrap(_: App) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            headers = [(b"content-type", b"text/event-stream; charset=utf-8"), *fields]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        return app

    return wrap


@pytest.mark.planted("T28")
@pytest.mark.parametrize(
    "name", ["an event field", "a CR for a newline", "invalid UTF-8", "text that is no JSON"]
)
def test_a_relay_that_copies_would_be_found(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    copied = _copying(b"".join(_payloads_of(HOSTILE[name])))
    with running_house(make_place(tmp_path_factory.mktemp("place")), wrap=copied) as house:
        assert ask_and_judge(house, stream=True)


@pytest.mark.planted("T28")
def test_a_relay_that_takes_headers_over_would_be_found(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    copied = _copying(b"data: [DONE]\n\n", (b"set-cookie", b"a=b"))
    with running_house(make_place(tmp_path_factory.mktemp("place")), wrap=copied) as house:
        assert "a cookie" in ask_and_judge(house, stream=True)


def _payloads_of(answer: bytes) -> list[bytes]:
    """The contents of the chunks of a scripted answer."""
    rest = answer.partition(b"\r\n\r\n")[2]
    found = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        found.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    return found
