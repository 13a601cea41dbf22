"""Sends each request to its plane by the first part of its path."""

from enum import Enum, auto

from bodhi.http.asgi import JSON_TYPE, App, Receive, Scope, Send, send_whole

# Where the page signs in and out, and asks whether it must.
SESSION_PATH = "/api/v1/session"


class Plane(Enum):
    """Whose a path is."""

    DATA = auto()
    CONTROL = auto()
    HEALTH = auto()
    PAGE = auto()


def plane_of(path: str) -> Plane:
    """``/v1`` is the data plane, ``/api`` the control plane; ``/health`` says that we are up.

    Every other path is the page's.
    """
    if path.startswith("/v1/") or path == "/v1":
        return Plane.DATA
    if path.startswith("/api/") or path == "/api":
        return Plane.CONTROL
    return Plane.HEALTH if path == "/health" else Plane.PAGE


def needs_no_key(path: str) -> bool:
    """Only what tells nothing: that the server is up, and the files of the page."""
    return plane_of(path) in (Plane.HEALTH, Plane.PAGE)


class Front:
    """ASGI application that hands each request to the plane whose path it is."""

    def __init__(self, data_plane: App, control_plane: App, page: App) -> None:
        self._planes = {
            Plane.DATA: data_plane,
            Plane.CONTROL: control_plane,
            Plane.HEALTH: _answer_health,
            Plane.PAGE: page,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._planes[plane_of(scope["path"])](scope, receive, send)


async def _answer_health(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send_whole(send, 200, [JSON_TYPE], b'{"status":"ok"}')
