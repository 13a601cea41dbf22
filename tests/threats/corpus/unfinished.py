"""Requests that end before their end: callers who leave, or who never come to the point."""

from tests.threats.corpus.case import BODY, CHUNKED, CLOSED, HOST, LENGTH, SIZE, Case, post

_TE = b"Transfer-Encoding: chunked\r\n"
_CL = b"Content-Length: " + LENGTH + b"\r\n"
_WHOLE = post(_CL, BODY)
_HEAD = post(_CL)

# The caller says that no more is coming: there is nobody to answer, and nothing to ask.
_CUTS: tuple[tuple[str, bytes], ...] = (
    ("nothing", b""),
    ("an empty line", b"\r\n"),
    ("many empty lines", b"\r\n" * 500),
    ("a letter", b"P"),
    ("a method", b"POST "),
    ("half a target", b"POST /v1/chat/comp"),
    ("half a version", b"POST /v1/chat/completions HTTP/1"),
    ("a request line", b"POST /v1/chat/completions HTTP/1.1\r\n"),
    ("half a name", b"GET /health HTTP/1.1\r\nHo"),
    ("half a value", b"GET /health HTTP/1.1\r\nHost: local"),
    ("a header", b"GET /health HTTP/1.1\r\n" + HOST),
    ("a CR", b"GET /health HTTP/1.1\r\n" + HOST + b"\r"),
    ("the head less a byte", _HEAD[:-1]),
    ("the head", _HEAD),
    ("a byte of the body", _HEAD + BODY[:1]),
    ("half of the body", _HEAD + BODY[: len(BODY) // 2]),
    ("the body less a byte", _WHOLE[:-1]),
    ("a length beyond the body", post(b"Content-Length: 100000\r\n", BODY)),
    ("a length beyond belief", post(b"Content-Length: 9223372036854775807\r\n", BODY)),
    ("no chunk", post(_TE)),
    ("half a size", post(_TE, SIZE[:1])),
    ("a size", post(_TE, SIZE + b"\r\n")),
    ("half a chunk", post(_TE, SIZE + b"\r\n" + BODY[:9])),
    ("a chunk", post(_TE, SIZE + b"\r\n" + BODY)),
    ("a chunk and its end", post(_TE, SIZE + b"\r\n" + BODY + b"\r\n")),
    ("no last chunk", post(_TE, SIZE + b"\r\n" + BODY + b"\r\n0")),
    ("a last size", post(_TE, SIZE + b"\r\n" + BODY + b"\r\n0\r\n")),
    ("all but a byte", post(_TE, CHUNKED[:-1])),
    ("a chunk beyond belief", post(_TE, b"7fffffffffffffff\r\n" + BODY)),
    ("the largest chunk there is", post(_TE, b"f" * 16 + b"\r\n" + BODY)),
    ("a promise to wait", post(_CL + b"Expect: 100-continue\r\n")),
)

CASES: tuple[Case, ...] = tuple(
    Case(f"leaves after {name}", (data,), CLOSED, "what is not whole is not served")
    for name, data in _CUTS
)
