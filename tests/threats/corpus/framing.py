"""Bodies whose end can be read in two ways: what request smuggling is made of.

Every row sends an honest body, framed in a way of its own; where a second request hides in or
behind it, the text of that one is ``hidden``. An engine is asked only where the row says so.
"""

from collections.abc import Iterable

from tests.threats.corpus.case import (
    BODY,
    CHUNKED,
    HIDDEN,
    HOST,
    JSON,
    LENGTH,
    REFUSED,
    SERVED,
    SIZE,
    Case,
    post,
)

_TE = b"Transfer-Encoding: chunked\r\n"
_CL = b"Content-Length: " + LENGTH + b"\r\n"
# As Java's client sends it with every first request.
_OFFER = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
)
_HIDDEN_CL = b"Content-Length: %d\r\n" % len(HIDDEN)
_IN_A_CHUNK = b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"

_CODINGS: tuple[bytes, ...] = (
    b"xchunked",
    b"chunkedx",
    b"chunked;q=1",
    b"chunked; q=1",
    b'"chunked"',
    b"'chunked'",
    b"chunked chunked",
    b"chunked, identity",
    b"chunked, gzip",
    b"chunked,chunked",
    b"chunked, chunked",
    b"identity",
    b"identity, chunked",
    b"gzip",
    b"gzip, chunked",
    b"deflate, chunked",
    b"br, chunked",
    b"compress",
    b"x, chunked",
    b"chunked,",
    b",chunked",
    b", chunked",
    b"chunked,,",
    b"chunked\x0b",
    b"\x0bchunked",
    b"\x0cchunked",
    b"chunked\x00",
    b"chun\x00ked",
    b"chunked\xa0",
    b"\xa0chunked",
    b"chunk",
    b"chunke",
    b"chunked-false",
    b"none",
    b"0",
    b"",
    b"cow",
    b"trailers",
    b"\r\n chunked",
    b" \r\n chunked",
)

_CODING_NAMES: tuple[bytes, ...] = (
    b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding\t: chunked\r\n",
    b" Transfer-Encoding: chunked\r\n",
    b"\tTransfer-Encoding: chunked\r\n",
    b"X: y\r\n Transfer-Encoding: chunked\r\n",
    b"X: y\nTransfer-Encoding: chunked\r\n",
    b"X: y\rTransfer-Encoding: chunked\r\n",
    b"\x00Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding\x00: chunked\r\n",
    b"Transfer-Encoding:\nchunked\r\n",
    b"Transfer-Encoding: chunked\n",
    b"Transfer Encoding: chunked\r\n",
    b"Transfer-Encod\xc4\xb1ng: chunked\r\n",
    b"Transfer-Encoding\r\n: chunked\r\n",
    b"Transfer-Encoding\xa0: chunked\r\n",
    b": Transfer-Encoding: chunked\r\n",
)

_LENGTHS: tuple[bytes, ...] = (
    b"+" + LENGTH,
    b"-" + LENGTH,
    b"-0",
    b"-1",
    b"0x" + b"%x" % len(BODY),
    b"%o" % 8 + b"o",
    LENGTH + b".0",
    LENGTH + b"e0",
    LENGTH + b"_0",
    LENGTH + b"," + LENGTH,
    LENGTH + b", " + LENGTH,
    LENGTH + b" " + LENGTH,
    LENGTH + b"\t0",
    LENGTH + b";",
    LENGTH + b"\x00",
    LENGTH + b"\x0b",
    LENGTH + b"\xa0",
    b"\xa0" + LENGTH,
    b"\x0b" + LENGTH,
    b"\x00" + LENGTH,
    b'"' + LENGTH + b'"',
    b"(" + LENGTH + b")",
    b"\xd9\xa6",  # an Arabic digit
    b"\xef\xbc\x96",  # a wide digit
    b"ten",
    b"NaN",
    b"Infinity",
    b"",
    b"18446744073709551615" + b"0",
    b"18446744073709551616",
    b"18446744073709551616" + LENGTH,
    b"9" * 30,
    b"9" * 400,
    b"\r\n " + LENGTH,
)

_LENGTH_LINES: tuple[tuple[str, bytes], ...] = (
    ("twice alike", _CL + _CL),
    ("twice alike, other case", _CL + _CL.lower()),
    ("twice, the first less", b"Content-Length: 5\r\n" + _CL),
    ("twice, the second less", _CL + b"Content-Length: 5\r\n"),
    ("twice, one zero", b"Content-Length: 0\r\n" + _CL),
    ("twice, one empty", _CL + b"Content-Length:\r\n"),
    ("twice, with another between", _CL + b"X: y\r\n" + _CL),
    ("space before the colon", b"Content-Length : " + LENGTH + b"\r\n"),
    ("folded", b"Content-Length: 0\r\n " + LENGTH + b"\r\n"),
    ("behind a bare LF", b"X: y\n" + _CL),
    ("behind a bare CR", b"X: y\r" + _CL),
    ("with a space in front", b" " + _CL),
)

_BOTH: tuple[tuple[str, bytes], ...] = (
    ("length, then coding", _CL + _TE),
    ("coding, then length", _TE + _CL),
    ("length zero and coding", b"Content-Length: 0\r\n" + _TE),
    ("coding and length zero", _TE + b"Content-Length: 0\r\n"),
    ("length and coding in capitals", _CL + _TE.upper()),
    ("length and an unknown coding", _CL + b"Transfer-Encoding: cow\r\n"),
    ("length and identity", _CL + b"Transfer-Encoding: identity\r\n"),
    ("length and an empty coding", _CL + b"Transfer-Encoding:\r\n"),
    ("an empty length and coding", b"Content-Length:\r\n" + _TE),
    ("length between two codings", _TE + _CL + _TE),
    ("coding between two lengths", _CL + _TE + _CL),
    ("a folded coding", _CL + b"Transfer-Encoding:\r\n chunked\r\n"),
    ("a space before the coding's colon", _CL + b"Transfer-Encoding : chunked\r\n"),
)

_CODING_LINES: tuple[tuple[str, bytes], ...] = (
    ("twice", _TE + _TE),
    ("chunked and identity", _TE + b"Transfer-Encoding: identity\r\n"),
    ("identity and chunked", b"Transfer-Encoding: identity\r\n" + _TE),
    ("chunked and cow", _TE + b"Transfer-Encoding: cow\r\n"),
    ("cow and chunked", b"Transfer-Encoding: cow\r\n" + _TE),
)

# What stands where the size of the first chunk should be, up to the chunk's first byte.
_SIZES: tuple[bytes, ...] = (
    b"zz\r\n",
    b"\r\n",
    b"-1\r\n",
    b"-" + SIZE + b"\r\n",
    b"+" + SIZE + b"\r\n",
    b"0x" + SIZE + b"\r\n",
    b" " + SIZE + b"\r\n",
    b"\t" + SIZE + b"\r\n",
    SIZE + b" \r\n",
    SIZE + b"\t\r\n",
    SIZE + b" ;x\r\n",
    SIZE + b"\n",
    SIZE + b"\r",
    SIZE + b"\r\r\n",
    SIZE + b"\n\r\n",
    SIZE + b"\x00\r\n",
    SIZE + b"\x0b\r\n",
    SIZE + b"g\r\n",
    SIZE + b",\r\n",
    SIZE + b".0\r\n",
    SIZE + b";x\n",
    SIZE + b";x\rY\r\n",
    SIZE + b";x=\x00\r\n",
    SIZE + b";x\x0b\r\n",
    SIZE + b';x="\n"\r\n',
    b"\xef\xbc\x93\r\n",
    b'"%b"\r\n' % SIZE,
    b"f" * 17 + b"\r\n",
    b"1" + b"0" * 16 + SIZE + b"\r\n",
    b"ffffffffffffffffffffffff\r\n",
    b"%x\r\n" % (len(BODY) - 1),
)  # fmt: skip

# What stands behind the bytes of the only chunk.
_ENDS: tuple[tuple[str, bytes], ...] = (
    ("no CR LF behind the chunk", b"0\r\n\r\n"),
    ("LF alone behind the chunk", b"\n0\r\n\r\n"),
    ("CR alone behind the chunk", b"\r0\r\n\r\n"),
    ("two bytes more", b"XX\r\n0\r\n\r\n"),
    ("no hexadecimal digit", b"\r\nzz\r\n\r\n"),
    ("a negative last chunk", b"\r\n-0\r\n\r\n"),
    ("a last chunk with a plus", b"\r\n+0\r\n\r\n"),
    ("LF behind the last size", b"\r\n0\n\r\n"),
    ("LF for the last CR LF", b"\r\n0\r\n\n"),
    ("CR for the last CR LF", b"\r\n0\r\n\rX"),
    ("a trailer", b"\r\n0\r\nX: y\r\n\r\n"),
    ("a trailer Host", b"\r\n0\r\nHost: evil.com\r\n\r\n"),
    ("a trailer key", b"\r\n0\r\nX-Api-Key: k\r\n\r\n"),
    ("a trailer length", b"\r\n0\r\nContent-Length: 5\r\n\r\n"),
    ("a trailer coding", b"\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ("a trailer content type", b"\r\n0\r\nContent-Type: text/plain\r\n\r\n"),
    ("a malformed trailer", b"\r\n0\r\nX : y\r\n\r\n"),
    ("a folded trailer", b"\r\n0\r\nX: y\r\n z\r\n\r\n"),
    ("a request for a trailer", b"\r\n0\r\n" + HIDDEN),
)

_HIDING: tuple[tuple[str, bytes], ...] = (
    ("CL.TE", post(b"Content-Length: 6\r\n" + _TE, b"0\r\n\r\n" + HIDDEN)),
    ("TE.CL", post(b"Content-Length: 4\r\n" + _TE, _IN_A_CHUNK)),
    ("TE.TE", post(_TE + b"Transfer-Encoding: cow\r\n", b"0\r\n\r\n" + HIDDEN)),
    ("TE.0", post(b"Transfer-Encoding: identity\r\n", HIDDEN)),
    ("CL.0 by an empty length", post(b"Content-Length:\r\n", HIDDEN)),
    ("a coding hidden by a fold", post(b"X: y\r\n Transfer-Encoding: chunked\r\n", HIDDEN)),
    ("no length at all", post(b"", HIDDEN)),
    ("a length of zero", post(b"Content-Length: 0\r\n", HIDDEN)),
    (
        "an upgrade, as a proxy sees a body",
        post(_HIDDEN_CL + b"Connection: upgrade\r\nUpgrade: websocket\r\n", HIDDEN),
    ),
    ("in a chunk's extension", post(_TE, SIZE + b";\r\n" + BODY + b"0\r\n\r\n" + HIDDEN)),
    ("behind a bad chunk", post(_TE, b"zz\r\n\r\n" + HIDDEN)),
)  # fmt: skip

# Whole requests before the hidden one: it comes before the answer and is not served, whatever it
# is, because nobody who waits for answers sends it so.
_BEHIND: tuple[tuple[str, bytes], ...] = (
    ("behind a whole one", post(_CL, BODY + HIDDEN)),
    ("behind the last chunk", post(_TE, CHUNKED + HIDDEN)),
    ("behind the announced end", post(_CL + b"Connection: close\r\n", BODY + HIDDEN)),
    ("behind it with empty lines", post(_CL, BODY + b"\r\n\r\n" + HIDDEN)),
    ("behind an upgrade", post(_CL + _OFFER, BODY + HIDDEN)),
    ("behind an upgrade with chunks", post(_TE + _OFFER, CHUNKED + HIDDEN)),
    ("garbage behind a whole one", post(_CL, BODY + b"\x80\xff\x00")),
    ("half a request behind a whole one", post(_CL, BODY + HIDDEN[:30])),
)

_SERVED: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("a length", (post(_CL, BODY),)),
    ("a length with leading zeros", (post(b"Content-Length: 000" + LENGTH + b"\r\n", BODY),)),
    ("a length with spaces around", (post(b"Content-Length:  \t" + LENGTH + b" \r\n", BODY),)),
    ("one chunk", (post(_TE, CHUNKED),)),
    ("a coding in capitals", (post(_TE.upper(), CHUNKED),)),
    ("a size in capitals", (post(_TE, SIZE.upper() + CHUNKED[len(SIZE) :]),)),
    ("a size with leading zeros", (post(_TE, b"000" + CHUNKED),)),
    ("an extension", (post(_TE, SIZE + b";a=b" + CHUNKED[len(SIZE) :]),)),
    ("a quoted extension", (post(_TE, SIZE + b';a="b;c"' + CHUNKED[len(SIZE) :]),)),
    ("a last chunk of many zeros", (post(_TE, SIZE + b"\r\n" + BODY + b"\r\n0000\r\n\r\n"),)),
    ("a byte a chunk", (post(_TE, b"".join(b"1\r\n%c\r\n" % b for b in BODY) + b"0\r\n\r\n"),)),
    ("a byte at a time", tuple(b"%c" % b for b in post(_CL, BODY))),
    ("chunks a byte at a time", tuple(b"%c" % b for b in post(_TE, CHUNKED))),
    ("an offer of HTTP/2", (post(_CL + _OFFER, BODY),)),
    ("an offer of HTTP/2, the body later", (post(_CL + _OFFER), BODY)),
    ("an offer of HTTP/2 a byte at a time", tuple(b"%c" % b for b in post(_CL + _OFFER, BODY))),
    ("an offer of HTTP/2 with chunks", (post(_TE + _OFFER, CHUNKED),)),
    ("a promise to wait", (post(_CL + b"Expect: 100-continue\r\n"), BODY)),
)


def _refused(kind: str, rows: Iterable[tuple[str, bytes]], why: str) -> tuple[Case, ...]:
    return tuple(Case(f"{kind}: {name}", (data,), REFUSED, why) for name, data in rows)


def _named(values: Iterable[bytes]) -> Iterable[tuple[str, bytes]]:
    return ((repr(value[:40])[1:], value) for value in values)


def _chunk_sizes() -> Iterable[tuple[str, bytes]]:
    return ((n, post(_TE, size + BODY + b"\r\n0\r\n\r\n")) for n, size in _named(_SIZES))


def _gets_with_bodies() -> tuple[Case, ...]:
    """A GET may have a body; it must be read as one, not as the next request."""
    get = b"GET /health HTTP/1.1\r\n" + HOST + JSON
    length = _HIDDEN_CL + b"\r\n"
    upgrade = get + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" + HIDDEN
    why = "what is in a body is no request"
    return (
        Case("GET with a length", (get + length + HIDDEN,), SERVED, why),
        Case("GET with a length, later", (get + length, HIDDEN), SERVED, why),
        Case("GET with chunks", (get + _TE + b"\r\n" + _IN_A_CHUNK,), SERVED, why),
        Case("GET with an upgrade", (upgrade,), SERVED,
             "behind an offer that was not taken nothing is read"),
        Case("refused, with a body", (get.replace(b"localhost", b"evil.com") + length + HIDDEN,),
             (421,), why),
    )  # fmt: skip


CASES: tuple[Case, ...] = (
    *_refused(
        "coding",
        ((n, post(b"Transfer-Encoding: " + v + b"\r\n", CHUNKED)) for n, v in _named(_CODINGS)),
        "chunked is the only coding, and it stands alone",
    ),
    *_refused(
        "coding line",
        ((n, post(lines, CHUNKED)) for n, lines in _named(_CODING_NAMES)),
        "a name that some take for Transfer-Encoding",
    ),
    *_refused(
        "codings", ((n, post(lines, CHUNKED)) for n, lines in _CODING_LINES), "chunked stands once"
    ),
    *_refused(
        "length",
        ((n, post(b"Content-Length: " + v + b"\r\n", BODY)) for n, v in _named(_LENGTHS)),
        "a length is decimal digits that fit",
    ),
    *_refused(
        "lengths", ((n, post(lines, BODY)) for n, lines in _LENGTH_LINES), "one length, one reading"
    ),
    *_refused("both", ((n, post(lines, CHUNKED)) for n, lines in _BOTH), "RFC 9112 6.3: smuggling"),
    *_refused("chunk size", _chunk_sizes(), "a size is hexadecimal digits that fit"),
    *_refused(
        "chunk end",
        ((n, post(_TE, SIZE + b"\r\n" + BODY + end)) for n, end in _ENDS),
        "a chunk ends in CR LF, a body in an empty last chunk",
    ),
    *_refused("hiding", _HIDING, "the hidden request is nobody's"),
    *(
        Case(f"behind: {name}", (data,), SERVED, "the first is whole; nothing else is served", 1)
        for name, data in _BEHIND
    ),
    *_gets_with_bodies(),
    *(Case(f"honest: {name}", pieces, SERVED, "one reading only", 1) for name, pieces in _SERVED),
)
