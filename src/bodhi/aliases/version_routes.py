"""``/api/v1/aliases/{id}/versions`` and ``/api/v1/pins``: what was, and what is on top."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from bodhi.aliases.draft_view import DraftView
from bodhi.aliases.drafts_shown import (
    DifferenceShown,
    PinItem,
    PinList,
    RestoreSent,
    VersionDetail,
    VersionList,
)
from bodhi.aliases.entry import all_entries, model_by_alias_id
from bodhi.aliases.listing import Listing
from bodhi.aliases.model import StoredAlias
from bodhi.aliases.pins import Pins, pin_key
from bodhi.aliases.shown import AliasDetail
from bodhi.aliases.store import AliasStore
from bodhi.aliases.versions import How
from bodhi.aliases.yaml12 import decode
from bodhi.errors import (
    AliasBroken,
    AliasChanged,
    AliasFileInvalid,
    AliasNotFound,
    InvalidInput,
    NameTaken,
    PreconditionMissing,
    StorageFailed,
    VersionNotFound,
)
from bodhi.http.conditional import IfMatch, respond
from bodhi.http.control import refusals
from bodhi.http.etag import based_on
from bodhi.model_files.live import LiveCatalogue

_Id = Annotated[str, Path(alias="id", description="The alias's URL id.")]
_Number = Annotated[int, Path(alias="version", ge=1, le=10**9, description="From 1.")]
_MISSING = refusals(InvalidInput, AliasNotFound, VersionNotFound, StorageFailed)


def version_routes(
    store: AliasStore, view: DraftView, listing: Listing, models: LiveCatalogue
) -> APIRouter:
    """The routes over the versions of ``store``."""
    router = APIRouter(tags=["versions"])
    router.include_router(_reading(store, view))
    router.include_router(_restoring(store, view, listing, models))
    return router


def _reading(store: AliasStore, view: DraftView) -> APIRouter:
    router = APIRouter()

    @router.get("/aliases/{id}/versions", summary="List versions", responses=_MISSING)
    async def list_versions(alias_id: _Id) -> VersionList:
        """What is kept of the alias's contents, the newest first: what came how, when and why."""

        def work() -> VersionList:
            stored = view.stored(alias_id)
            items = [view.version_item(one, stored) for one in store.versions(alias_id)]
            return VersionList(total=len(items), versions=items)

        return await asyncio.to_thread(work)

    @router.get("/aliases/{id}/versions/{version}", summary="Show a version", responses=_MISSING)
    async def show_version(alias_id: _Id, version: _Number) -> VersionDetail:
        """One content of the alias, as its file was."""
        return await asyncio.to_thread(view.version, alias_id, version)

    @router.get("/aliases/{id}/diff", summary="Compare versions", responses=_MISSING)
    async def compare_versions(
        alias_id: _Id,
        a: Annotated[int, Query(ge=1, le=10**9, description="The version before.")],
        b: Annotated[int, Query(ge=1, le=10**9, description="The version after.")],
    ) -> DifferenceShown:
        """One version against another, field by field and line by line."""
        return await asyncio.to_thread(view.versions_between, alias_id, a, b)

    return router


def _restoring(
    store: AliasStore, view: DraftView, listing: Listing, models: LiveCatalogue
) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/aliases/{id}/versions/{version}/restore",
        summary="Restore a version",
        response_model=AliasDetail,
        responses=_MISSING
        | refusals(AliasFileInvalid, AliasBroken, NameTaken, AliasChanged, PreconditionMissing),
    )
    async def restore_version(
        alias_id: _Id, version: _Number, asked: RestoreSent, if_match: IfMatch = None
    ) -> Response:
        """The alias gets that content again, as a new version; nothing of its history is lost."""
        etags = based_on(if_match)

        def work() -> StoredAlias:
            return _restore(store, view.stored(alias_id), version, etags, asked.note)

        stored = await asyncio.to_thread(work)
        answer = await listing.tried(stored.stem, await models.recent())
        return respond(answer.parts, answer.etag)

    return router


def _restore(
    store: AliasStore,
    stored: StoredAlias,
    number: int,
    etags: tuple[str, ...] | None,
    note: str | None,
) -> StoredAlias:
    _, text = store.version(stored, number)
    # The store looks again, under its lock, at the one etag that it is given.
    wanted = None if etags is None else stored.etag if stored.etag in etags else etags[0]
    return store.save(stored.stem, decode(text), if_etag=wanted, how=How.RESTORE, note=note)


def pin_routes(store: AliasStore, pins: Pins, models: LiveCatalogue) -> APIRouter:
    """The routes over ``pins``."""
    router = APIRouter(tags=["pins"])

    @router.get("/pins", summary="List pins", responses=refusals(StorageFailed))
    async def list_pins() -> PinList:
        """Every alias and model that is pinned and here, the first pin first."""
        catalogue = await models.recent()

        def work() -> PinList:
            ids = {pin_key(entry): entry.id for entry in all_entries(store, catalogue)}
            times = pins.all()
            items = [PinItem(id=ids[k], pinned_at=at) for k, at in times.items() if k in ids]
            return PinList(total=len(items), pins=items)

        return await asyncio.to_thread(work)

    router.include_router(_pinning(store, pins, models))
    return router


def _pinning(store: AliasStore, pins: Pins, models: LiveCatalogue) -> APIRouter:
    router = APIRouter()

    async def key_of(alias_id: str) -> str:
        if stored := store.by_stem(alias_id):
            return stored.uid
        if model_by_alias_id(alias_id, await models.recent()):
            return alias_id
        raise AliasNotFound("No alias or model has this id.", remedy="GET /api/v1/aliases has all.")

    @router.put(
        "/pins/{id}",
        summary="Pin an alias",
        status_code=204,
        responses=refusals(AliasNotFound, StorageFailed),
    )
    async def pin_alias(alias_id: _Id) -> None:
        """It is pinned from now on, also under another name. Pinning twice is pinning once."""
        await asyncio.to_thread(pins.add, await key_of(alias_id))

    @router.delete(
        "/pins/{id}",
        summary="Unpin an alias",
        status_code=204,
        responses=refusals(AliasNotFound, StorageFailed),
    )
    async def unpin_alias(alias_id: _Id) -> None:
        """It is pinned no more, if it was."""
        await asyncio.to_thread(pins.remove, await key_of(alias_id))

    return router
