"""``/api/v1/aliases`` and ``/api/v1/resolve``: reading aliases, model aliases among them."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from bodhi.aliases.listing import Listing
from bodhi.aliases.pages import search_for
from bodhi.aliases.sent import ListQuery
from bodhi.aliases.shown import AliasDetail, AliasList, TraceShown
from bodhi.errors import AliasNotFound, InvalidInput
from bodhi.http.conditional import UNCHANGED, IfNoneMatch, respond
from bodhi.http.control import refusals
from bodhi.model_files.live import LiveCatalogue


def alias_routes(listing: Listing, models: LiveCatalogue) -> APIRouter:
    """The routes over one listing."""
    router = APIRouter(tags=["aliases"])
    router.include_router(_reading(listing, models))
    router.include_router(_resolving(listing, models))
    return router


def _reading(listing: Listing, models: LiveCatalogue) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/aliases",
        summary="List aliases",
        response_model=AliasList,
        responses=UNCHANGED | refusals(InvalidInput),
    )
    async def list_aliases(
        asked: Annotated[ListQuery, Query()], if_none_match: IfNoneMatch = None
    ) -> Response:
        """Every user alias by name, then every model under its own name; or what is searched for.

        An alias in the state error would not serve now; its error says why and what to do. Whoever
        comes back with next_cursor gets the following page of the same search.
        """
        given = asked.model_dump(exclude_none=True)
        make = partial(listing.page, search_for(**given)) if given else listing.all
        answer = await asyncio.to_thread(make, await models.recent())
        return respond(answer.parts, answer.etag, if_none_match)

    @router.get(
        "/aliases/{id}",
        summary="Show an alias",
        response_model=AliasDetail,
        responses=UNCHANGED | refusals(AliasNotFound),
    )
    async def show_alias(
        id: Annotated[str, Path(description="The URL id, as the list has it.")],  # noqa: A002
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """One alias with its file, how its name is resolved, and the value of every parameter."""
        catalogue = await models.recent()
        answer = await listing.tried(id, catalogue)
        return respond(answer.parts, answer.etag, if_none_match)

    return router


def _resolving(listing: Listing, models: LiveCatalogue) -> APIRouter:
    router = APIRouter()

    @router.get("/resolve", summary="Resolve a name", responses=refusals(InvalidInput))
    async def resolve_name(
        model: Annotated[
            str,
            Query(
                description="What a request would say as model.",
                min_length=1,
                max_length=512,
                examples=["llama3:instruct"],
            ),
        ],
    ) -> TraceShown:
        """Step by step, which alias and which model file a request would get.

        A name that leads nowhere is answered too: error says why.
        """
        catalogue = await models.recent()
        return await asyncio.to_thread(listing.resolve, model, catalogue)

    return router
