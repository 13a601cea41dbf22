"""Request lines and methods that HTTP/1.1 does not know, and other protocols on our port."""

from tests.threats.corpus.case import BODY, CHAT, HOST, JSON, LENGTH, REFUSED, SERVED, Case

_LINES: tuple[tuple[bytes, str], ...] = (
    (b"GET /health", "no version"),
    (b"GET /health HTTP", "half a version"),
    (b"GET /health HTTP/", "half a version"),
    (b"GET /health HTTP/1", "half a version"),
    (b"GET /health HTTP/1.", "half a version"),
    (b"GET /health HTTP/1.1.1", "too much version"),
    (b"GET /health HTTP/0.9", "a version that has no headers"),
    (b"GET /health HTTP/1.2", "a version that does not exist"),
    (b"GET /health HTTP/1.9", "a version that does not exist"),
    (b"GET /health HTTP/2.0", "a version with other framing"),
    (b"GET /health HTTP/2", "a version with other framing"),
    (b"GET /health HTTP/3.0", "a version with other framing"),
    (b"GET /health HTTP/9.9", "a version that does not exist"),
    (b"GET /health HTTP/11.1", "a version that does not exist"),
    (b"GET /health HTTP/1.10", "a version that does not exist"),
    (b"GET /health HTTP/01.1", "a version written otherwise"),
    (b"GET /health HTTP/1.+1", "a version written otherwise"),
    (b"GET /health HTTP/-1.1", "a version written otherwise"),
    (b"GET /health http/1.1", "the name of the protocol has capitals"),
    (b"GET /health HtTP/1.1", "the name of the protocol has capitals"),
    (b"GET /health HTTPS/1.1", "another protocol"),
    (b"GET /health ICE/1.0", "another protocol"),
    (b"GET /health XTTP/1.1", "another protocol"),
    (b"GET /health HTTP 1.1", "a space for the slash"),
    (b"GET /health HTTP/1,1", "a comma for the dot"),
    (b"GET\t/health\tHTTP/1.1", "tabs for spaces"),
    (b"GET\x0b/health HTTP/1.1", "a vertical tab for a space"),
    (b"GET\xa0/health HTTP/1.1", "another space for a space"),
    (b" GET /health HTTP/1.1", "a space in front"),
    (b"\tGET /health HTTP/1.1", "a tab in front"),
    (b"\0GET /health HTTP/1.1", "a NUL in front"),
    (b"\xef\xbb\xbfGET /health HTTP/1.1", "a byte order mark in front"),
    (b"GET", "nothing but a method"),
    (b"GET ", "nothing but a method"),
    (b"/health", "no method"),
    (b"/health HTTP/1.1", "no method"),
    (b"HTTP/1.1 200 OK", "an answer instead of a request"),
    (b"HTTP/1.1 GET /health", "the parts in another order"),
    (b"get /health HTTP/1.1", "methods have capitals"),
    (b"Get /health HTTP/1.1", "methods have capitals"),
    (b"GE T /health HTTP/1.1", "a space in the method"),
    (b"GE\0T /health HTTP/1.1", "a NUL in the method"),
    (b"G\xc3\x8bT /health HTTP/1.1", "a letter that methods have not"),
    (b"GETT /health HTTP/1.1", "no such method"),
    (b"FOO /health HTTP/1.1", "no such method"),
    (b"EVIL /health HTTP/1.1", "no such method"),
    (b"A" * 5000 + b" /health HTTP/1.1", "no such method, and long"),
    (b"CONNECT evil.com:443 HTTP/1.1", "we are no proxy"),
    (b"CONNECT localhost:22 HTTP/1.1", "we are no proxy"),
    (b"CONNECT http://evil.com/ HTTP/1.1", "we are no proxy"),
    (b"OPTIONS * HTTP/1.1", "the whole server is no resource"),
)

_PROTOCOLS: tuple[tuple[str, bytes], ...] = (
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("TLS", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\x5a" * 64),
    ("SSH", b"SSH-2.0-OpenSSH_9.6\r\n"),
    ("SMTP", b"EHLO evil.com\r\nMAIL FROM:<a@b>\r\n"),
    ("FTP", b"USER anonymous\r\n"),
    ("Redis", b"*1\r\n$4\r\nPING\r\n"),
    ("memcached", b"\x80\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
    ("PostgreSQL", b"\x00\x00\x00\x08\x04\xd2\x16\x2f"),
    ("SMB", b"\x00\x00\x00\x54\xffSMBr\x00\x00\x00\x00"),
    ("SOCKS 4", b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00"),
    ("SOCKS 5", b"\x05\x01\x00"),
    ("PROXY v1", b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET /health HTTP/1.1\r\n\r\n"),
    ("PROXY v2", b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + b"\x7f\x00\x00\x01" * 3),
    ("MQTT", b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"),
    ("high bytes", bytes(range(128, 256))),
    ("all bytes", bytes(range(256))),
    ("NULs", b"\0" * 64),
    ("a JSON object", BODY + b"\r\n\r\n"),
    ("an RTSP request", b"DESCRIBE rtsp://localhost/x RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
    ("an ICY request", b"GET /x ICE/1.0\r\n\r\n"),
)

# Real methods that the chat route does not take: no engine may be asked.
_METHODS = (
    "GET PUT DELETE PATCH TRACE OPTIONS COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK "
    "BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE "
    "UNSUBSCRIBE PURGE MKCALENDAR LINK UNLINK SOURCE QUERY"
).split()


def _with_method(method: str) -> Case:
    lines = HOST + JSON + b"Content-Length: " + LENGTH + b"\r\n\r\n"
    request = CHAT.replace(b"POST", method.encode(), 1) + lines + BODY
    return Case(f"method {method}", (request,), (400, 405), "the route takes POST")


CASES: tuple[Case, ...] = (
    *(
        Case(f"{line[:48]!r}", (line + b"\r\n" + HOST + b"\r\n",), REFUSED, why)
        for line, why in _LINES
    ),
    *(Case(name, (data,), REFUSED, "another protocol") for name, data in _PROTOCOLS),
    *(_with_method(method) for method in _METHODS),
    Case("empty lines in front", (b"\r\n\r\nGET /health HTTP/1.1\r\n" + HOST + b"\r\n",), SERVED,
         "RFC 9112 2.2 asks for this patience"),
    Case("RTSP/1.0", (b"GET /health RTSP/1.0\r\n" + HOST + b"\r\n",), SERVED,
         "the parser takes it for HTTP/1.0, and so it is served"),
    Case("HTTP/1.0", (b"GET /health HTTP/1.0\r\n" + HOST + b"\r\n",), SERVED, "old, and plain"),
)  # fmt: skip
