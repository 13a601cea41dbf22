"""The whole of ``/v1``, on one screen: plain ASGI, because this is the hot path."""

from typing import Protocol

import orjson

from bodhi.access.grant import Grant, grant_of
from bodhi.errors import (
    BodhiError,
    BodyTooLarge,
    MethodNotAllowed,
    ModelFileChanged,
    RouteNotFound,
)
from bodhi.gateway.body import Request, read_request
from bodhi.gateway.dialects import CHAT, COMPLETIONS, EMBEDDINGS, Dialect
from bodhi.gateway.leaving import CallerLeft, cancelled_when_caller_leaves
from bodhi.gateway.meter import Measure, Meter
from bodhi.gateway.models import model_list, model_object
from bodhi.gateway.prepare import prepare
from bodhi.gateway.recent import RecentRequests
from bodhi.gateway.relay import Call, Relay
from bodhi.gateway.serving import Serving
from bodhi.http.asgi import JSON_TYPE, Receive, Scope, Send, send_error, send_whole
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

    async def look_again(self) -> None: ...

    async def names(self) -> list[tuple[str, str, float]]: ...


class Gateway:
    """The ASGI application of the data plane."""

    def __init__(
        self,
        servings: Servings,
        relay: Relay,
        max_body_bytes: int,
        recent: RecentRequests | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._servings = servings
        self._meter = meter or Meter()
        self._recent = recent or RecentRequests()
        self._relay = relay
        self._max_body = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = [(b"x-request-id", next(self._meter.ids))]
        try:
            await self._route(scope, receive, send, headers)
        except CallerLeft:
            return
        except Exception as error:
            await send_error(send, as_bodhi_error(error), *headers)

    async def _route(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        path, method, grant = scope["path"], scope["method"], grant_of(scope)
        if dialect := POST_ROUTES.get(path):
            _require(method, "POST")
            with self._meter.measure(headers[0][1], path) as measure:
                raw = await self._read_body(receive)
                with cancelled_when_caller_leaves(scope):
                    await self._answer(raw, dialect, grant, send, headers, measure)
        elif path == _MODELS or path.startswith(_MODELS + "/"):
            _require(method, "GET")
            name = path.removeprefix(_MODELS).removeprefix("/")
            await self._models(name, grant, send, headers)
        else:
            raise RouteNotFound("There is no such address here.")

    async def _answer(
        self,
        raw: bytes,
        dialect: Dialect,
        grant: Grant,
        send: Send,
        headers: Headers,
        measure: Measure,
    ) -> None:
        request = read_request(raw, dialect.fields)
        try:
            await self._serve(request, dialect, grant, send, headers, measure)
        except ModelFileChanged:
            # The recipe was made for the bytes of before; those of now may need another one.
            await self._servings.look_again()
            await self._serve(request, dialect, grant, send, headers, measure)

    async def _serve(
        self,
        request: Request,
        dialect: Dialect,
        grant: Grant,
        send: Send,
        headers: Headers,
        measure: Measure,
    ) -> None:
        serving = await self._find(request.model, grant)
        measure.resolved(serving, grant.key_id)
        prepared = prepare(request, serving, dialect)
        measure.asked(prepared.asked.params, request.params.get("user"))
        self._recent.remember(headers[0][1], serving, dialect, prepared)
        headers = headers + prepared.headers
        call = Call(
            *(dialect, serving, prepared.body, request.stream, headers, measure),
            wants_usage=request.wants_usage,
        )
        await self._relay.run(call, send)

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
                raise CallerLeft
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max_body:
                raise BodyTooLarge(
                    f"The body is larger than {self._max_body // 1048576} MiB.",
                    remedy="The setting max_body_mib raises this limit.",
                )
            if not message.get("more_body"):
                return b"".join(parts)


def _require(method: str, wanted: str) -> None:
    if method != wanted:
        raise MethodNotAllowed(f"This address takes {wanted}, not {method}.")
