"""``/api/v1/aliases``: making, changing and deleting user aliases."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Response

from bodhi.aliases.listing import Listing
from bodhi.aliases.model import StoredAlias
from bodhi.aliases.sent import CloneSent, EditsSent, NewNameSent, SourceSent, by_path
from bodhi.aliases.shown import AliasDetail
from bodhi.aliases.trash_shown import TrashedShown, show_trashed
from bodhi.aliases.writing import Writing
from bodhi.errors import (
    AliasBroken,
    AliasChanged,
    AliasFileInvalid,
    AliasNotEditable,
    AliasNotFound,
    BodyTooLarge,
    InvalidInput,
    NameTaken,
    PreconditionMissing,
    StorageFailed,
)
from bodhi.http.conditional import IfMatch, respond
from bodhi.http.control import refusals
from bodhi.http.etag import based_on
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue

Result = TypeVar("Result")

_Id = Annotated[str, Path(alias="id", description="The URL id, as the list has it.")]
_CREATING = refusals(AliasFileInvalid, NameTaken, BodyTooLarge, StorageFailed)
_CHANGING = refusals(
    *(InvalidInput, AliasNotFound, AliasNotEditable, AliasChanged),
    *(BodyTooLarge, PreconditionMissing, StorageFailed),
)


class Desk:
    """Makes one change after another, so that waiting for the disk takes one thread at most."""

    def __init__(self, writing: Writing, listing: Listing, models: LiveCatalogue) -> None:
        self._writing = writing
        self._listing = listing
        self._models = models
        self._turn = asyncio.Lock()

    async def do(self, change: Callable[[Writing, Catalogue], Result]) -> Result:
        """What ``change`` returns or raises."""
        catalogue = await self._models.recent()
        async with self._turn:
            return await asyncio.to_thread(change, self._writing, catalogue)

    async def show(self, stored: StoredAlias, *, is_new: bool = False) -> Response:
        """The alias as it is now."""
        catalogue = await self._models.recent()
        answer = await self._listing.tried(stored.stem, catalogue)
        if not is_new:
            return respond(answer.parts, answer.etag)
        place = f"/api/v1/aliases/{stored.stem}"
        return respond(answer.parts, answer.etag, status=201, location=place)


def alias_write_routes(desk: Desk) -> APIRouter:
    """The routes that change what the desk's listing reads."""
    router = APIRouter(tags=["aliases"])
    router.include_router(_making(desk))
    router.include_router(_editing(desk))
    router.include_router(_moving(desk))
    return router


def _making(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/aliases",
        summary="Create an alias",
        status_code=201,
        response_model=AliasDetail,
        responses=_CREATING,
    )
    async def create_alias(asked: SourceSent) -> Response:
        """A new user alias, which need not be able to serve: its state says so."""
        stored = await desk.do(lambda writing, _: writing.create(asked.source))
        return await desk.show(stored, is_new=True)

    @router.post(
        "/aliases/{id}/clone",
        summary="Clone an alias",
        status_code=201,
        response_model=AliasDetail,
        responses=_CREATING | refusals(AliasNotFound, AliasBroken),
    )
    async def clone_alias(alias_id: _Id, asked: CloneSent) -> Response:
        """A user alias from another, comments and all, or from a model."""
        edits = by_path(asked.edits)
        stored = await desk.do(
            lambda writing, catalogue: writing.clone(alias_id, asked.name, edits, catalogue)
        )
        return await desk.show(stored, is_new=True)

    return router


def _editing(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.put(
        "/aliases/{id}",
        summary="Replace an alias",
        response_model=AliasDetail,
        responses=_CHANGING,
    )
    async def replace_alias(alias_id: _Id, asked: SourceSent, if_match: IfMatch = None) -> Response:
        """The same alias with another content.

        A recipe is edited into the file: its comments stay, and keys that Bodhi does not know. A
        text takes the file's place as it is.
        """
        etags = based_on(if_match)
        stored = await desk.do(
            lambda writing, catalogue: writing.replace(alias_id, asked.source, etags, catalogue)
        )
        return await desk.show(stored)

    @router.patch(
        "/aliases/{id}",
        summary="Change an alias",
        response_model=AliasDetail,
        responses=_CHANGING,
    )
    async def edit_alias(alias_id: _Id, asked: EditsSent, if_match: IfMatch = None) -> Response:
        """Set or remove single values; every other byte of the file stays."""
        etags, edits = based_on(if_match), by_path(asked.edits)
        stored = await desk.do(
            lambda writing, catalogue: writing.edit(alias_id, edits, etags, catalogue)
        )
        return await desk.show(stored)

    return router


def _moving(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/aliases/{id}/rename",
        summary="Rename an alias",
        response_model=AliasDetail,
        responses=_CHANGING,
    )
    async def rename_alias(alias_id: _Id, asked: NewNameSent, if_match: IfMatch = None) -> Response:
        """The same alias under another name, with its history; mostly its id changes, too."""
        etags = based_on(if_match)
        stored = await desk.do(
            lambda writing, catalogue: writing.rename(alias_id, asked.name, etags, catalogue)
        )
        return await desk.show(stored)

    @router.delete(
        "/aliases/{id}",
        summary="Delete an alias",
        responses=_CHANGING,
    )
    async def delete_alias(alias_id: _Id, if_match: IfMatch = None) -> TrashedShown:
        """Move the alias to the trash, from where it can be restored for 30 days."""
        etags = based_on(if_match)
        trashed = await desk.do(
            lambda writing, catalogue: writing.delete(alias_id, etags, catalogue)
        )
        return await asyncio.to_thread(show_trashed, trashed)

    return router
