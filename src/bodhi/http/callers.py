"""Finds out who asks: the one place that takes a key or a session out of a request's headers.

A key is sent on purpose. A cookie comes along whoever's page made the browser ask, and cookies are
shared by every port of a host; so a session counts for our own page alone, and a write by it needs
proof of that twice: our own Origin, and a header that no page elsewhere can send unasked.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from bodhi.access.door import Door, Holder
from bodhi.access.sessions import COOKIE, SECURE_COOKIE, Session, Sessions
from bodhi.errors import InvalidInput, KeyMissing, OriginRefused

# The headers that decide, every value of each: two of a kind are two opinions.
ByName: TypeAlias = Mapping[bytes, list[bytes]]
Who: TypeAlias = Holder | Session

# Where in the ASGI scope the guard leaves who asks, and what makes sessions.
WHO = "bodhi.who"
SESSIONS = "bodhi.sessions"

WRITING = ("POST", "PUT", "PATCH", "DELETE")
PROOF_HEADER = b"x-bodhi-csrf"
LOOKED_AT = (b"authorization", b"x-api-key", b"cookie", b"origin", b"sec-fetch-site", PROOF_HEADER)
# What a browser says of a request that our own page made, or a person who typed the address.
_OWN_SITES = ([b"same-origin"], [b"none"])


class Callers:
    """Knows who holds which key, and who signed in."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.sessions = Sessions(door)

    def find(self, headers: ByName, *, host: str, method: str) -> Who | None:
        """Who asks; None where nothing was sent that says so, or a session that is over.

        Raises KeyMissing for a key that nobody knows, InvalidInput for two opinions, and
        OriginRefused for a write by a session that our own page may not have made.
        """
        if (key := _key_in(headers)) is not None:
            holder = self._door.admit(key.decode("utf-8", "surrogateescape"))
            if holder is None:
                raise unknown_key()
            return holder
        if not _may_be_our_page(headers, host):
            return None
        text = _session_in(headers)
        session = None if text is None else self.sessions.find(text)
        if session is not None and method in WRITING:
            _check_proof(headers)
        return session


def unknown_key() -> KeyMissing:
    """The refusal of who showed nothing that opens this address."""
    return KeyMissing(
        "A key is needed, and none or an unknown one was sent.",
        remedy="Send it as Authorization: Bearer KEY.",
    )


def is_own(origin: bytes, host: str) -> bool:
    """Whether this Origin is that of the page that was loaded from ``host``."""
    return origin.lower() in (f"http://{host}".encode(), f"https://{host}".encode())


def _key_in(headers: ByName) -> bytes | None:
    given = {_bearer(value) for value in headers.get(b"authorization", ())}
    given |= set(headers.get(b"x-api-key", ()))
    if len(given) > 1:
        raise InvalidInput("Two different keys were sent.")
    return given.pop() if given else None


def _bearer(value: bytes) -> bytes:
    scheme, _, key = value.partition(b" ")
    return key.strip() if scheme.lower() == b"bearer" else value


def _may_be_our_page(headers: ByName, host: str) -> bool:
    """Browsers tell where a read comes from in one of two headers; programs in none."""
    site = headers.get(b"sec-fetch-site")
    origins = headers.get(b"origin", ())
    return (site is None or site in _OWN_SITES) and all(is_own(one, host) for one in origins)


def _check_proof(headers: ByName) -> None:
    if not headers.get(b"origin") or PROOF_HEADER not in headers:
        raise OriginRefused(
            "A change by a session must come from the server's own page.",
            remedy="Programs send a key as Authorization: Bearer KEY.",
        )


def _session_in(headers: ByName) -> str | None:
    """What the cookie says. Only the server of an encrypted address can set the secure one."""
    pairs = [pair for value in headers.get(b"cookie", ()) for pair in value.split(b";")]
    for name in (SECURE_COOKIE, COOKIE):
        values = set(_values(pairs, name.encode()))
        if len(values) > 1:
            raise InvalidInput("Two different sessions were sent.")
        if values:
            return values.pop().decode("latin-1")
    return None


def _values(pairs: Iterable[bytes], name: bytes) -> Iterable[bytes]:
    for pair in pairs:
        called, separator, value = pair.strip().partition(b"=")
        if called == name and separator:
            yield value
