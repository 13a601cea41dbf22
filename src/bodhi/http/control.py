"""The control plane's FastAPI application: routers of the domains, errors in the one envelope."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bodhi import __version__
from bodhi.errors import (
    AccessRefused,
    BodhiError,
    InvalidInput,
    KeyMissing,
    MethodNotAllowed,
    RouteNotFound,
)
from bodhi.http.bodies import Bodies
from bodhi.http.errors import as_bodhi_error, error_body
from bodhi.http.examples import add_examples

Responses = dict[int | str, dict[str, Any]]


class Refusal(BaseModel):
    """Why a request was refused."""

    message: Annotated[str, Field(description="The fact, then the remedy.")]
    type: str
    param: Annotated[str | None, Field(description="The pointer, as OpenAI writes it.")]
    code: Annotated[str, Field(examples=["model_not_found"])]
    pointer: Annotated[str | None, Field(description="JSON pointer to what is at fault.")]
    remedy: str | None
    to_type: Annotated[str | None, Field(description="The remedy's line for the shell.")] = None
    line: Annotated[int | None, Field(description="In a template or file, from 1.")] = None
    column: Annotated[int | None, Field(description="In a template, from 1.")] = None


class RefusalEnvelope(BaseModel):
    """What every refusal looks like, whatever its status."""

    error: Refusal


def refusals(*errors: type[BodhiError]) -> Responses:
    """The OpenAPI description of what a route may raise beside what every route may."""
    by_status: dict[int, list[type[BodhiError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {status: _described(kinds) for status, kinds in by_status.items()}


def _described(kinds: list[type[BodhiError]]) -> dict[str, Any]:
    codes = dict.fromkeys(error.code for error in kinds)
    return {"model": RefusalEnvelope, "description": ", ".join(f"`{code}`" for code in codes)}


class _Control(FastAPI):
    """Its description has an example of everything."""

    def openapi(self) -> dict[str, Any]:
        is_new = self.openapi_schema is None
        described = super().openapi()
        if is_new:
            add_examples(described)
        return described


def control_app(routers: Iterable[APIRouter]) -> FastAPI:
    """``/api/v1`` with its OpenAPI description at ``/api/v1/openapi.json``."""
    app = _Control(
        title="Bodhi",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # What the page's generated types are called; without it, method and path are in the name.
        generate_unique_id_function=lambda route: route.name,
        responses=refusals(KeyMissing, AccessRefused)
        | {"default": {"model": RefusalEnvelope, "description": "Any other refusal."}},
    )
    for router in routers:
        app.include_router(router, prefix="/api/v1")
    app.add_middleware(Bodies)
    app.add_exception_handler(Exception, _answer)
    for kind in (BodhiError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    del request
    ours = _translate(error)
    headers = {} if ours.retry_after_s is None else {"retry-after": str(ours.retry_after_s)}
    return Response(
        error_body(ours), status_code=ours.status, headers=headers, media_type="application/json"
    )


def _translate(error: Exception) -> BodhiError:
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        pointer = "/" + "/".join(str(part) for part in first["loc"][1:])
        return InvalidInput(f"{first['msg']}.", pointer=pointer)
    if isinstance(error, HTTPException):
        if error.status_code == 405:
            return MethodNotAllowed("This address does not take this method.")
        if error.status_code == 400:
            return InvalidInput("The body is no JSON that can be read.")
        return RouteNotFound("There is no such address here.")
    return as_bodhi_error(error)
