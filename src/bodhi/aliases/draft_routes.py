"""``/api/v1/drafts``: changes, saved as they are made and published when they are right."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import orjson
from fastapi import APIRouter, Response
from fastapi import Path as PathPart

from bodhi.aliases.draft_view import DraftView
from bodhi.aliases.drafts import Draft, Drafts
from bodhi.aliases.drafts_shown import (
    DifferenceShown,
    DraftDetail,
    DraftList,
    DraftSent,
    PublishSent,
    TextSent,
)
from bodhi.aliases.entry import entry_of_model, model_by_alias_id
from bodhi.aliases.listing import Listing
from bodhi.aliases.model import StoredAlias
from bodhi.aliases.preset import edits_to_apply
from bodhi.aliases.presets import find_preset, read_presets
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.sent import EditsSent, by_path
from bodhi.aliases.shown import AliasDetail
from bodhi.aliases.store import AliasStore
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.writing import text_of, with_keys
from bodhi.aliases.yaml12 import encode
from bodhi.chat_templates.trials import UNTRIED, AskTrial, TemplateTrials
from bodhi.errors import (
    AliasChanged,
    AliasFileInvalid,
    AliasNotFound,
    BodyTooLarge,
    Conflict,
    DraftChanged,
    DraftNotFound,
    NameTaken,
    PreconditionMissing,
    PresetNotFound,
    StorageFailed,
)
from bodhi.http.conditional import IfMatch, respond
from bodhi.http.control import refusals
from bodhi.http.errors import error_object
from bodhi.http.etag import based_on
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue

_Id = Annotated[str, PathPart(alias="id", description="The draft's id.")]
_CHANGING = refusals(
    *(AliasFileInvalid, DraftNotFound, DraftChanged, BodyTooLarge),
    *(PreconditionMissing, StorageFailed),
)
# Of fields that a publish made others: the alias's uid, and their JSON pointers.
Published = Callable[[str, list[str]], None]


class Desk:
    """What the routes do, in threads. ``published`` is told of every publish.

    ``trials`` are of the drafts' chat templates, ``home`` is where presets are.
    """

    def __init__(
        self,
        store: AliasStore,
        drafts: Drafts,
        view: DraftView,
        models: LiveCatalogue,
        home: Path,
        published: Published | None = None,
        trials: TemplateTrials = UNTRIED,
    ) -> None:
        self.store = store
        self.drafts = drafts
        self.view = view
        self.models = models
        self.home = home
        self.published = published
        self.trials = trials

    async def show(
        self, make: Callable[[Catalogue], tuple[Draft, bool] | Draft], *, is_begun: bool = False
    ) -> Response:
        """What ``make`` returns, with everything that an editor shows beside it."""
        catalogue = await self.models.recent()

        made = await asyncio.to_thread(make, catalogue)
        draft, is_new = made if isinstance(made, tuple) else (made, False)

        def shown(ask: AskTrial) -> bytes:
            return self.view.detail(draft, catalogue, ask).model_dump_json().encode()

        body = await self.trials.show(shown)
        place = f"/api/v1/drafts/{draft.id}" if is_begun else None
        return respond([body], draft.etag, status=201 if is_new else 200, location=place)

    def begin(self, asked: DraftSent, catalogue: Catalogue) -> tuple[Draft, bool]:
        """Raises AliasNotFound, AliasFileInvalid, PresetNotFound, Conflict, StorageFailed."""
        text, stored = self._beginning(asked, catalogue)
        if asked.preset is None:
            return self.drafts.begin(text, stored)
        draft, is_new = self.drafts.begin(self._with_preset(text, asked.preset), stored)
        if not is_new:
            raise Conflict("The alias has a draft already.", remedy="Change or discard that one.")
        return draft, is_new

    def _beginning(self, asked: DraftSent, catalogue: Catalogue) -> tuple[str, StoredAlias | None]:
        """The text, and whose it is."""
        if asked.alias_id is None:
            source = asked.recipe.to_alias() if asked.recipe else str(asked.source_text)
            return text_of(source), None
        if model := model_by_alias_id(asked.alias_id, catalogue):
            alias = entry_of_model(model).alias
            assert alias is not None  # noqa: S101 - a model is an alias by itself
            return write_alias(alias), None
        text, _ = self.store.text_of(asked.alias_id)
        return text, self.store.by_stem(asked.alias_id)

    def _with_preset(self, text: str, name: str) -> str:
        presets, problems = read_presets(self.home)
        preset = find_preset(name, presets, problems)
        return edit_text(text, edits_to_apply(preset, read_recipe(encode(text)), presets))

    def edit(self, draft_id: str, asked: EditsSent, etags: tuple[str, ...] | None) -> Draft:
        """Raises what ``Drafts.save`` does, and AliasFileInvalid for a text without values."""
        draft = self.drafts.get(draft_id)
        text = edit_text(draft.text, with_keys(by_path(asked.edits)))
        return self.drafts.save(draft_id, text, etags=(draft.etag,) if etags is None else etags)

    def publish(
        self, draft_id: str, asked: PublishSent, etags: tuple[str, ...] | None
    ) -> StoredAlias:
        """Raises what ``Drafts.publish`` does."""
        draft = self.drafts.get(draft_id)
        fields = self.view.difference(draft).changes
        stored = self.drafts.publish(draft_id, etags=etags, note=asked.note, over=asked.over)
        if self.published is not None:
            self.published(stored.uid, ["/" + "/".join(change.path) for change in fields])
        return stored


def draft_routes(desk: Desk, listing: Listing) -> APIRouter:
    """The routes over one desk; what was published is shown by ``listing``."""
    router = APIRouter(tags=["drafts"])
    router.include_router(_reading(desk))
    router.include_router(_changing(desk))
    router.include_router(_discarding(desk))
    router.include_router(_publishing(desk, listing))
    return router


def _reading(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("/drafts", summary="List drafts")
    async def list_drafts() -> DraftList:
        """Every draft, the one that was changed last first."""

        def work() -> DraftList:
            items = [desk.view.item(draft) for draft in desk.drafts.all()]
            return DraftList(total=len(items), drafts=items)

        return await asyncio.to_thread(work)

    @router.get(
        "/drafts/{id}",
        summary="Show a draft",
        response_model=DraftDetail,
        responses=refusals(DraftNotFound),
    )
    async def show_draft(draft_id: _Id) -> Response:
        """The draft's text, what is wrong with it, what its values come to, and what it changes."""
        return await desk.show(lambda _: desk.drafts.get(draft_id))

    @router.get("/drafts/{id}/diff", summary="Compare a draft", responses=refusals(DraftNotFound))
    async def compare_draft(draft_id: _Id) -> DifferenceShown:
        """The draft against its alias as that is now, field by field and line by line."""
        return await asyncio.to_thread(lambda: desk.view.difference(desk.drafts.get(draft_id)))

    return router


def _changing(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/drafts",
        summary="Begin a draft",
        status_code=201,
        response_model=DraftDetail,
        responses=refusals(AliasFileInvalid, AliasNotFound, PresetNotFound, Conflict)
        | refusals(BodyTooLarge, StorageFailed)
        | {200: {"model": DraftDetail, "description": "The alias has this draft already."}},
    )
    async def begin_draft(asked: DraftSent) -> Response:
        """A draft of an alias, or of one that is to be. An alias has one draft at most."""
        return await desk.show(lambda catalogue: desk.begin(asked, catalogue), is_begun=True)

    @router.put(
        "/drafts/{id}",
        summary="Replace a draft's text",
        response_model=DraftDetail,
        responses=_CHANGING,
    )
    async def replace_draft(draft_id: _Id, asked: TextSent, if_match: IfMatch = None) -> Response:
        """Any text is kept, also one that cannot be read yet; errors say where and why."""
        etags = based_on(if_match)
        return await desk.show(lambda _: desk.drafts.save(draft_id, asked.source_text, etags=etags))

    @router.patch(
        "/drafts/{id}",
        summary="Change a draft",
        response_model=DraftDetail,
        responses=_CHANGING,
    )
    async def edit_draft(draft_id: _Id, asked: EditsSent, if_match: IfMatch = None) -> Response:
        """Set or remove single values; every other byte of the text stays."""
        etags = based_on(if_match)
        return await desk.show(lambda _: desk.edit(draft_id, asked, etags))

    return router


def _discarding(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.delete(
        "/drafts/{id}",
        summary="Discard a draft",
        status_code=204,
        responses=refusals(DraftNotFound, DraftChanged, PreconditionMissing, StorageFailed),
    )
    async def discard_draft(draft_id: _Id, if_match: IfMatch = None) -> None:
        """The draft is gone; its alias stays as it is."""
        etags = based_on(if_match)
        await asyncio.to_thread(lambda: desk.drafts.delete(draft_id, etags=etags))

    return router


def _publishing(desk: Desk, listing: Listing) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/drafts/{id}/publish",
        summary="Publish a draft",
        response_model=AliasDetail,
        responses=_CHANGING | refusals(NameTaken, AliasChanged),
    )
    async def publish_draft(
        draft_id: _Id, asked: PublishSent, if_match: IfMatch = None
    ) -> Response:
        """The draft's text becomes the alias's, or a new alias; then the draft is gone.

        Where the alias has changed since the draft was begun, nothing is written: the refusal has
        the difference, and ``over`` takes the alias's etag that may be written over.
        """
        etags = based_on(if_match)
        try:
            stored = await asyncio.to_thread(lambda: desk.publish(draft_id, asked, etags))
        except AliasChanged as error:
            found = await asyncio.to_thread(lambda: desk.view.difference(desk.drafts.get(draft_id)))
            body = {**error_object(error), "difference": found.model_dump(mode="json")}
            return Response(orjson.dumps(body), error.status, media_type="application/json")
        catalogue = await desk.models.recent()
        answer = await listing.tried(stored.stem, catalogue)
        return respond(answer.parts, answer.etag)

    return router
