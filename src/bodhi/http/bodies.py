"""Bodies of the control plane: of a bearable size, and JSON as the standard has it.

The framework would read what never ends, and take NaN for a number.
"""

import asyncio

import orjson

from bodhi.errors import BodhiError, BodyTooLarge, InvalidInput
from bodhi.http.asgi import App, Message, Receive, Scope, Send, send_error

MAX_BYTES = 8 << 20
# What is larger is parsed in a thread, because others wait meanwhile.
_SMALL = 64 << 10
_WRITING = ("POST", "PUT", "PATCH", "DELETE")


class Bodies:
    """ASGI application before ``app``, which gets the body in one piece."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WRITING:
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(receive)
            if body:
                await _check(body)
        except BodhiError as error:
            await send_error(send, error)
            return
        except ConnectionResetError:  # nobody is there to be answered
            return
        first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return first.pop() if first else await receive()

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise BodyTooLarge(f"The body is larger than {MAX_BYTES >> 20} MiB.")
        more = message.get("more_body", False)
    return b"".join(parts)


async def _check(body: bytes) -> None:
    try:
        if len(body) <= _SMALL:
            orjson.loads(body)
        else:
            await asyncio.to_thread(orjson.loads, body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"The body is no JSON that can be read, from line {error.lineno}, column {error.colno}."
        ) from None
