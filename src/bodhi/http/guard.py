"""Stands before both planes: Host, Origin, body type and key, decided before any routing.

Loopback alone is no boundary: any web page can make the browser of the person at this machine
send requests here. The Host check stops pages that point their own name at us (DNS rebinding);
the Origin and body type checks stop pages that simply send.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable

from bodhi.access.door import Door
from bodhi.access.grant import EVERYTHING, GRANT, NOTHING
from bodhi.access.keys import KeyStore
from bodhi.access.sessions import Session
from bodhi.errors import (
    BodhiError,
    HostRefused,
    InvalidInput,
    MediaTypeRefused,
    OriginRefused,
    StartRefused,
)
from bodhi.http.asgi import HANG_UP, App, Message, Receive, Scope, Send, send_error, send_whole
from bodhi.http.callers import (
    LOOKED_AT,
    SESSIONS,
    WHO,
    WRITING,
    ByName,
    Callers,
    is_own,
    unknown_key,
)
from bodhi.http.errors import Headers
from bodhi.http.front import SESSION_PATH
from bodhi.http.presence import Presence

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_NAMES = frozenset({b"host", *LOOKED_AT, b"content-type", b"content-length", b"transfer-encoding"})
_JSON = [b"application/json"]
_PREFLIGHT_AGE_S = b"600"


def check_binding(host: str, *, has_key: bool, allowed_hosts: Iterable[str]) -> None:
    """Refuse to listen where others can reach us unless a key and host names are set."""
    if is_loopback(host) or (has_key and any(allowed_hosts)):
        return
    raise StartRefused(
        f"Listening on {host} lets other machines in; that needs a key and the host names in use.",
        remedy="Make a key with bodhi keys create and set BODHI_ALLOWED_HOSTS, or listen on "
        "127.0.0.1.",
    )


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI application that lets through only what may pass, and says in the scope what it may do.

    A key is asked for where ``require_key`` says so or ``api_key`` is set, but not at paths of
    which ``needs_no_key`` is true. Keys that clients send where none is needed are not looked at.
    Who signed in needs none either: see ``callers.py``.
    """

    def __init__(
        self,
        app: App,
        *,
        allowed_hosts: Iterable[str] = (),
        allowed_origins: Iterable[str] = (),
        api_key: str | None = None,
        keys: KeyStore | None = None,
        require_key: bool = False,
        needs_no_key: Callable[[str], bool] = ("/", "/health").__contains__,
    ) -> None:
        self._app = app
        names = "|".join(re.escape(name) for name in (*LOOPBACK_NAMES, *allowed_hosts))
        self._host = re.compile(rf"(?:{names})(?::\d{{1,5}})?", re.IGNORECASE)
        self._origins = frozenset(allowed_origins)
        asks_for_keys = require_key or api_key is not None
        self._callers = Callers(Door(api_key, keys)) if asks_for_keys else None
        self._presence = Presence(self._callers.sessions.confirm) if self._callers else None
        self._needs_no_key = needs_no_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            origin = self._check(scope)
        except BodhiError as error:
            await send_error(send, error)
            return
        # Where nobody signs in, one call less is on every request's way.
        answer = self._app if self._presence is None else self._answer
        if origin is None:
            await answer(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await _answer_preflight(send, origin)
        else:
            await answer(scope, receive, _with_origin(send, origin))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        who, hang_up = scope.get(WHO), scope.get(HANG_UP)
        if who is None or hang_up is None or self._presence is None:
            await self._app(scope, receive, send)
            return
        with self._presence.during(who, hang_up):
            await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> bytes | None:
        """Raise, or return the foreign origin that may read the answer."""
        headers = _looked_at(scope["headers"])
        host = self._check_host(headers)
        if not scope["path"].startswith("/") or not scope["path"].isprintable():
            # A router may overlook what is not printed, such as a newline at the end.
            raise InvalidInput("The request target must be a path of printable characters.")
        origin = self._check_origin(headers, host)
        if scope["method"] in WRITING:
            _check_body_type(headers)
        preflight = origin is not None and scope["method"] == "OPTIONS"
        if not preflight and not self._needs_no_key(scope["path"]):
            self._admit(scope, headers, host)
        return origin

    def _check_host(self, headers: ByName) -> str:
        hosts = headers.get(b"host", ())
        host = hosts[0].decode("latin-1") if len(hosts) == 1 else ""
        if not self._host.fullmatch(host):
            raise HostRefused(
                "The Host header is none of the names of this server.",
                remedy="The setting allowed_hosts adds one.",
            )
        return host.lower()

    def _check_origin(self, headers: ByName, host: str) -> bytes | None:
        origins = headers.get(b"origin", ())
        if not origins:
            return None
        if len(origins) == 1:
            if is_own(origins[0], host):
                return None
            if origins[0].decode("latin-1") in self._origins:
                return origins[0]
        raise OriginRefused(
            "A web page of another origin sent this.",
            remedy="The setting allowed_origins lets a page in.",
        )

    def _admit(self, scope: Scope, headers: ByName, host: str) -> None:
        """Leave in the scope who asks and what that opens, or raise."""
        if self._callers is None:
            scope[GRANT] = EVERYTHING
            return
        who = self._callers.find(headers, host=host, method=scope["method"])
        if who is not None:
            scope[WHO] = who
            scope[GRANT] = who.holder.grant if isinstance(who, Session) else who.grant
        if scope["path"] == SESSION_PATH:
            # Where one signs in, it is no error to be nobody yet.
            scope.setdefault(GRANT, NOTHING)
            scope[SESSIONS] = self._callers.sessions
            return
        if who is None:
            raise unknown_key()
        scope[GRANT].check_path(scope["path"])


def _looked_at(headers: Headers) -> ByName:
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in found:
            found[name].append(value)
        elif name in _NAMES:
            found[name] = [value]
    return found


def _check_body_type(headers: ByName) -> None:
    """A page may send forms and plain text anywhere without being asked; JSON it may not."""
    types = headers.get(b"content-type", [])
    if types == _JSON:
        return
    has_length = headers.get(b"content-length", [b"0"]) != [b"0"]
    has_body = has_length or b"transfer-encoding" in headers
    if not has_body and not types:
        return
    media_type = types[0].split(b";")[0].strip().lower() if len(types) == 1 else b""
    if media_type != b"application/json":
        raise MediaTypeRefused(
            "The body must be JSON.", remedy="Send the header Content-Type: application/json."
        )


async def _answer_preflight(send: Send, origin: bytes) -> None:
    headers = [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, x-api-key, if-match"),
        (b"access-control-max-age", _PREFLIGHT_AGE_S),
        (b"vary", b"origin"),
    ]
    await send_whole(send, 204, headers)


def _with_origin(send: Send, origin: bytes) -> Send:
    async def send_with_origin(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), (b"access-control-allow-origin", origin)]
            message = {**message, "headers": [*headers, (b"vary", b"origin")]}
        await send(message)

    return send_with_origin
