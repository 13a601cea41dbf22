"""Sends each request to its plane by the first part of its path."""

import orjson

from bodhi import __version__
from bodhi.errors import RouteNotFound
from bodhi.http.asgi import JSON_TYPE, App, Receive, Scope, Send, send_error, send_whole


class Front:
    """``/v1`` is the data plane, ``/api`` the control plane; ``/health`` says that we are up."""

    def __init__(self, data_plane: App, control_plane: App) -> None:
        self._data_plane = data_plane
        self._control_plane = control_plane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith("/v1/"):
            await self._data_plane(scope, receive, send)
        elif path.startswith("/api/"):
            await self._control_plane(scope, receive, send)
        elif path == "/health":
            await send_whole(send, 200, [JSON_TYPE], b'{"status":"ok"}')
        elif path == "/":
            where = {"bodhi": __version__, "openai": "/v1", "api": "/api/v1/openapi.json"}
            await send_whole(send, 200, [JSON_TYPE], orjson.dumps(where))
        else:
            await send_error(send, RouteNotFound("There is no such address here."))
