"""One row of the corpus, and the honest pieces that hostile requests are made from."""

from dataclasses import dataclass

HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"
CHAT = b"POST /v1/chat/completions HTTP/1.1\r\n"

REFUSED = (400,)
MISDIRECTED = (421,)
NOWHERE = (404,)
SERVED = (200,)
# The connection ends without an answer.
CLOSED = ()


@dataclass(frozen=True)
class Case:
    """Bytes to send (each piece by itself), the statuses the first answer may have, and the reason.

    ``asks`` is how often an engine is asked because of it.
    """

    name: str
    pieces: tuple[bytes, ...]
    expect: tuple[int, ...]
    why: str
    asks: int = 0


def chat_body(text: str = "hi") -> bytes:
    """An honest body for the chat route."""
    return b'{"model":"honest","messages":[{"role":"user","content":"%b"}]}' % text.encode()


BODY = chat_body()
LENGTH = b"%d" % len(BODY)
SIZE = b"%x" % len(BODY)
CHUNKED = SIZE + b"\r\n" + BODY + b"\r\n0\r\n\r\n"


def post(lines: bytes, body: bytes = b"", *, kind: bytes = JSON) -> bytes:
    """A request to the chat route with these header lines (each with its end) and this body."""
    return CHAT + HOST + kind + lines + b"\r\n" + body


def post_whole(body: bytes, *, kind: bytes = JSON) -> bytes:
    """The same, its length announced as it is."""
    return post(b"Content-Length: %d\r\n" % len(body), body, kind=kind)


# What must never reach an engine: a second request hidden in or behind a first one.
HIDDEN = post_whole(chat_body("hidden"))
