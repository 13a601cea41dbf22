"""Sends each request to its plane by the first part of its path."""

from collections.abc import Awaitable
from enum import StrEnum, auto

from bodhi.http.asgi import JSON_TYPE, App, Receive, Scope, Send, send_whole

# Where the page signs in and out, and asks whether it must.
SESSION_PATH = "/api/v1/session"


class Plane(StrEnum):
    """Whose a path is."""

    DATA = auto()
    CONTROL = auto()
    HEALTH = auto()
    PAGE = auto()


# Each by a name of its own, because looking one up in its class is slow.
_DATA, _CONTROL, _HEALTH, _PAGE = Plane


def plane_of(path: str) -> Plane:
    """``/v1`` is the data plane, ``/api`` the control plane; ``/health`` says that we are up.

    Every other path is the page's.
    """
    if path.startswith("/v1/") or path == "/v1":
        return _DATA
    if path.startswith("/api/") or path == "/api":
        return _CONTROL
    return _HEALTH if path == "/health" else _PAGE


def needs_no_key(path: str) -> bool:
    """Only what tells nothing: that the server is up, and the files of the page."""
    return plane_of(path) in (_HEALTH, _PAGE)


class Front:
    """ASGI application that hands each request to the plane whose path it is."""

    def __init__(self, data_plane: App, control_plane: App, page: App) -> None:
        self._planes = {
            _DATA: data_plane,
            _CONTROL: control_plane,
            _HEALTH: _answer_health,
            _PAGE: page,
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._planes[plane_of(scope["path"])](scope, receive, send)


async def _answer_health(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send_whole(send, 200, [JSON_TYPE], b'{"status":"ok"}')
