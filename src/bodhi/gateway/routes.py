"""The whole of ``/v1``, on one screen: plain ASGI, because this is the hot path."""

import asyncio
import secrets
from typing import Protocol

import orjson

from bodhi.access.grant import Grant, grant_of
from bodhi.errors import BodhiError, BodyTooLarge, MethodNotAllowed, RouteNotFound
from bodhi.gateway.body import read_request
from bodhi.gateway.dialects import CHAT, COMPLETIONS, EMBEDDINGS, Dialect
from bodhi.gateway.models import model_list, model_object
from bodhi.gateway.prepare import prepare
from bodhi.gateway.recent import RecentRequests
from bodhi.gateway.relay import Call, Relay
from bodhi.gateway.serving import Serving
from bodhi.http.asgi import JSON_TYPE, ON_LEAVE, Receive, Scope, Send, send_error, send_whole
from bodhi.http.errors import Headers, as_bodhi_error

POST_ROUTES: dict[str, Dialect] = {
    "/v1/chat/completions": CHAT,
    "/v1/completions": COMPLETIONS,
    "/v1/embeddings": EMBEDDINGS,
}
_MODELS = "/v1/models"


class Servings(Protocol):
    """What the surface asks of the composition root: recipes by name."""

    async def find(self, name: str) -> Serving: ...

    async def names(self) -> list[tuple[str, str, float]]: ...


class Gateway:
    """The ASGI application of the data plane."""

    def __init__(
        self,
        servings: Servings,
        relay: Relay,
        max_body_bytes: int,
        recent: RecentRequests | None = None,
    ) -> None:
        self._servings = servings
        self._recent = recent or RecentRequests()
        self._relay = relay
        self._max_body = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(8).encode()
        headers: Headers = [(b"x-request-id", request_id)]
        try:
            await self._route(scope, receive, send, headers)
        except _CallerLeft:
            return
        except Exception as error:
            await send_error(send, as_bodhi_error(error), *headers)

    async def _route(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        path, method, grant = scope["path"], scope["method"], grant_of(scope)
        if dialect := POST_ROUTES.get(path):
            _require(method, "POST")
            raw = await self._read_body(receive)
            with _cancelled_when_caller_leaves(scope):
                await self._answer(raw, dialect, grant, send, headers)
        elif path == _MODELS or path.startswith(_MODELS + "/"):
            _require(method, "GET")
            name = path.removeprefix(_MODELS).removeprefix("/")
            await self._models(name, grant, send, headers)
        else:
            raise RouteNotFound("There is no such address here.")

    async def _answer(
        self, raw: bytes, dialect: Dialect, grant: Grant, send: Send, headers: Headers
    ) -> None:
        request = read_request(raw, dialect.fields)
        serving = await self._find(request.model, grant)
        prepared = prepare(request, serving, dialect)
        self._recent.remember(headers[0][1], serving, dialect, prepared)
        headers = headers + prepared.headers
        await self._relay.run(Call(dialect, serving, prepared.body, request.stream, headers), send)

    async def _find(self, name: str, grant: Grant) -> Serving:
        """Which other names there are is nothing that a key for some of them is told."""
        try:
            serving = await self._servings.find(name)
        except BodhiError:
            grant.check_alias(name, asked=name)
            raise
        grant.check_alias(serving.resolution.name, asked=name)
        return serving

    async def _models(self, name: str, grant: Grant, send: Send, headers: Headers) -> None:
        names = [entry for entry in await self._servings.names() if grant.allows(entry[0])]
        found = model_object(names, name) if name else model_list(names)
        await send_whole(send, 200, [JSON_TYPE, *headers], orjson.dumps(found))

    async def _read_body(self, receive: Receive) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _CallerLeft
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max_body:
                raise BodyTooLarge(
                    f"The body is larger than {self._max_body // 1048576} MiB.",
                    remedy="The setting max_body_mib raises this limit.",
                )
            if not message.get("more_body"):
                return b"".join(parts)


class _CallerLeft(Exception):
    """The caller closed the connection; nobody is there to answer to."""


class _cancelled_when_caller_leaves:  # noqa: N801 - reads as the statement it is
    """While the block runs, a caller's disconnect cancels it and becomes ``_CallerLeft``."""

    def __init__(self, scope: Scope) -> None:
        self._on_leave = scope[ON_LEAVE]
        self._is_left = False
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are inside one
        self._task = task
        self._on_leave(self._leave)

    def _leave(self) -> None:
        if not self._is_over:
            self._is_left = True
            self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._is_over = True
        if kind is asyncio.CancelledError and self._is_left and self._task.uncancel() == 0:
            raise _CallerLeft


def _require(method: str, wanted: str) -> None:
    if method != wanted:
        raise MethodNotAllowed(f"This address takes {wanted}, not {method}.")
