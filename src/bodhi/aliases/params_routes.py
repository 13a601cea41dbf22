"""``/api/v1/params``: what can be set, how far, and what is recommended; and as a schema."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query, Response

from bodhi.aliases.params_shown import ParameterList, show_parameter
from bodhi.errors import AliasNotFound, ModelFileMissing
from bodhi.http.conditional import UNCHANGED, IfNoneMatch, respond
from bodhi.http.control import Responses, refusals
from bodhi.params.bounds import Circumstances
from bodhi.params.described import describe

# How it begins.
_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Bodhi alias",
    "type": "object",
    "required": ["alias", "repo", "filename"],
}
_SHOWN: Responses = {200: {"content": {"application/json": {"example": _SCHEMA}}}}
Know: TypeAlias = Callable[[str | None], Awaitable[Circumstances]]


def params_routes(know: Know, alias_schema: Callable[[], str]) -> APIRouter:
    """``know`` tells what is known of this machine, and of a model or alias by name."""
    router = APIRouter(tags=["parameters"])

    @router.get(
        "/params",
        summary="List parameters",
        response_model=ParameterList,
        responses=UNCHANGED | refusals(AliasNotFound, ModelFileMissing),
    )
    async def list_parameters(
        model: Annotated[
            str | None,
            Query(
                description="A model or an alias, which bounds and defaults then belong to.",
                min_length=1,
                max_length=512,
                examples=["llama3:instruct"],
            ),
        ] = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Every parameter, with bounds and their reasons, default, and recommendations."""
        shown = [show_parameter(one) for one in describe(await know(model))]
        body = ParameterList(parameters=shown).model_dump_json().encode()
        return respond([body], _etag(body), if_none_match)

    @router.get(
        "/params/schema",
        summary="The schema of alias files",
        responses=_SHOWN | UNCHANGED,
    )
    async def show_alias_schema(if_none_match: IfNoneMatch = None) -> Response:
        """JSON Schema (draft 7) of an alias file, for editors: completion and checks."""
        body = alias_schema().encode()
        return respond([body], _etag(body), if_none_match)

    return router


def _etag(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
