"""The control plane's FastAPI application: routers of the domains, errors in the one envelope."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bodhi import __version__
from bodhi.errors import BodhiError, InvalidInput, MethodNotAllowed, RouteNotFound
from bodhi.http.errors import as_bodhi_error, error_body


def control_app(routers: Iterable[APIRouter]) -> FastAPI:
    """``/api/v1`` with its OpenAPI description at ``/api/v1/openapi.json``."""
    app = FastAPI(
        title="Bodhi",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for router in routers:
        app.include_router(router, prefix="/api/v1")
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
        return RouteNotFound("There is no such address here.")
    return as_bodhi_error(error)
