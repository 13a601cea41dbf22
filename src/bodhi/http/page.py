"""Serves the built page: its files, and its HTML at every address that is nobody else's.

The page is made of files that hold no secret, so it needs no key; what it then asks of ``/api``
and ``/v1`` does. Nothing that it is made of may come from elsewhere, and nothing may frame it.
"""

import asyncio
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import orjson

from bodhi import __version__
from bodhi.errors import MethodNotAllowed, RouteNotFound
from bodhi.http.asgi import JSON_TYPE, Receive, Scope, Send, send_error
from bodhi.http.errors import Headers
from bodhi.http.etag import is_known, quoted
from bodhi.http.page_files import HASHED, Built, PageFile, read_built, stamp_of

# Stands in the HTML wherever the nonce of the answer belongs.
NONCE_MARK = b"__CSP_NONCE__"

_FOR_GOOD = b"public, max-age=31536000, immutable"  # a year, which browsers take for ever
_VARY_ACCEPT = (b"vary", b"accept")
_NOT_BUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Bodhi</title>
<h1>Bodhi is running, without its page</h1>
<p>The page is not built here. In a checkout of the source, <code>make page</code> builds it; then
load this address again. An installed package brings it along.</p>
<p>Programs do not need it: they find OpenAI's API at <code>/v1</code> and everything else at
<a href="/api/v1/openapi.json"><code>/api/v1</code></a>.</p>
</html>
"""


def policy(nonce: str | None = None) -> bytes:
    """The Content-Security-Policy of the page; ``nonce`` lets its style elements pass."""
    style = "'self'" if nonce is None else f"'self' 'nonce-{nonce}'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ).encode()


class Page:
    """ASGI application over the folder that the page is built into, which may be empty.

    A new build is noticed when somebody loads the page.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: Built | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        path: str = scope["path"]
        asked = _Asked.read(scope)
        built = self._built
        if built is None or path not in built.files:
            built = self._built = await asyncio.to_thread(self._read)
        file = built.files.get(path) if built is not None else None
        if asked.method not in ("GET", "HEAD"):
            known = file is not None or path == "/"
            await send_error(send, _not_taken() if known else _nowhere())
        elif file is not None:
            await _send_file(send, file, asked)
        elif built is not None and asked.takes_html and not path.startswith(HASHED):
            await _send_html(send, built.index, asked)
        elif path == "/":
            await _send_directions(send, asked)
        else:
            await send_error(send, _nowhere(), _VARY_ACCEPT)

    def _read(self) -> Built | None:
        if self._built is not None and self._built.stamp == stamp_of(self._folder):
            return self._built
        return read_built(self._folder)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What decides the form of an answer."""

    method: str
    takes_html: bool
    encodings: frozenset[str]
    if_none_match: str | None

    @classmethod
    def read(cls, scope: Scope) -> Self:
        lines: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            lines.setdefault(name, []).append(value.decode("latin-1"))
        known = lines.get(b"if-none-match")
        return cls(
            scope["method"],
            "text/html" in _taken(lines.get(b"accept", [])),
            _taken(lines.get(b"accept-encoding", [])),
            ",".join(known) if known else None,
        )


def _taken(lines: list[str]) -> frozenset[str]:
    """The names in an ``Accept`` header; one of weight 0 is refused by it (RFC 9110, 12.4.2)."""
    names = set()
    for one in ",".join(lines).lower().split(","):
        name, _, parameters = one.partition(";")
        if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameters):
            names.add(name.strip())
    return frozenset(names)


async def _send_file(send: Send, file: PageFile, asked: _Asked) -> None:
    body, etag = file.body, file.etag
    headers: Headers = [
        (b"content-type", file.media_type.encode()),
        (b"cache-control", _FOR_GOOD if file.is_immutable else b"no-cache"),
        (b"content-security-policy", policy()),
    ]
    if file.encoded:
        headers.append((b"vary", b"accept-encoding"))
    for encoding, packed in file.encoded:
        if encoding in asked.encodings:
            body, etag = packed, f"{etag}-{encoding}"
            headers.append((b"content-encoding", encoding.encode()))
            break
    headers.append((b"etag", quoted(etag).encode()))
    if is_known(etag, asked.if_none_match):
        left_out = (b"content-type", b"content-encoding")
        headers = [header for header in headers if header[0] not in left_out]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    else:
        await _send(send, headers, body, asked)


async def _send_html(send: Send, html: bytes, asked: _Asked) -> None:
    """Never from a cache without asking: the nonce is of this one answer."""
    nonce = secrets.token_urlsafe(16)
    headers: Headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"content-security-policy", policy(nonce)),
        _VARY_ACCEPT,
    ]
    await _send(send, headers, html.replace(NONCE_MARK, nonce.encode()), asked)


async def _send_directions(send: Send, asked: _Asked) -> None:
    """Where everything is: for programs as JSON, for people as long as there is no page."""
    if asked.takes_html:
        await _send_html(send, _NOT_BUILT, asked)
        return
    where = {"bodhi": __version__, "openai": "/v1", "api": "/api/v1/openapi.json"}
    await _send(send, [JSON_TYPE, _VARY_ACCEPT], orjson.dumps(where), asked)


async def _send(send: Send, headers: Headers, body: bytes, asked: _Asked) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if asked.method == "HEAD" else body})


def _nowhere() -> RouteNotFound:
    return RouteNotFound(
        "There is no such address here.", remedy="OpenAI's API is at /v1, everything else at /api."
    )


def _not_taken() -> MethodNotAllowed:
    return MethodNotAllowed("This address takes GET.")
