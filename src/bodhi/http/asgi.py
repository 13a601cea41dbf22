"""The few words of ASGI that both planes and the guard speak."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bodhi.errors import BodhiError
from bodhi.http.errors import Header, Headers, error_body, error_headers

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# In the scope: takes a callable that is called once if the caller leaves before being answered.
ON_LEAVE = "bodhi.on_leave"
# In the scope: takes nothing, and ends the connection as it is.
HANG_UP = "bodhi.hang_up"

JSON_TYPE = (b"content-type", b"application/json")
# On every answer, the refusals of a connection included: what is sent is what it says it is, no
# page elsewhere may embed it or hold on to its window, and nobody learns where a link was clicked.
EVERYWHERE: Headers = [
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


async def send_whole(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """An answer in one piece, its length in front."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def send_error(send: Send, error: BodhiError, *headers: Header) -> None:
    """A refusal in the one envelope."""
    await send_whole(send, error.status, [*error_headers(error), *headers], error_body(error))
