"""Routes about recipes that are not saved, and about many aliases at once."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query

from bodhi.aliases.batch import Batch, Outcome, Undo, tagged, untagged
from bodhi.aliases.batch_sent import ApplyPreset, BatchItemSent, BatchSent, ChangeTags, Delete
from bodhi.aliases.check import Checker
from bodhi.aliases.listing import Listing
from bodhi.aliases.many_show import show_batch, show_comparison, show_validation
from bodhi.aliases.many_shown import BatchShown, Comparison, ValidationShown
from bodhi.aliases.preset import edits_to_apply
from bodhi.aliases.presets import find_preset, read_presets
from bodhi.aliases.sent import ValidateSent, by_path
from bodhi.aliases.store import AliasStore
from bodhi.aliases.validation import validate
from bodhi.aliases.write_routes import Desk
from bodhi.aliases.writing import Writing, with_keys
from bodhi.errors import AliasNotFound, BodhiError, BodyTooLarge, InvalidInput, PresetNotFound
from bodhi.http.control import refusals
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue

_Change = Callable[[str, str | None], Outcome]


def many_routes(
    desk: Desk,
    store: AliasStore,
    checker: Checker,
    listing: Listing,
    models: LiveCatalogue,
    home: Path,
) -> APIRouter:
    """``home`` is where presets are. A batch queues at ``desk`` with the other changes."""
    router = APIRouter(tags=["aliases"])
    router.include_router(_looking(store, checker, listing, models))
    router.include_router(_batch(store, desk, home))
    return router


def _looking(
    store: AliasStore, checker: Checker, listing: Listing, models: LiveCatalogue
) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/aliases/validate",
        summary="Validate a recipe",
        responses=refusals(InvalidInput, BodyTooLarge),
    )
    async def validate_recipe(asked: ValidateSent) -> ValidationShown:
        """Everything that would keep a recipe from being saved or from serving; nothing is saved.

        It comes back in its other form, too: as text if it was sent as fields, and as fields.
        """
        catalogue = await models.recent()
        look = partial(validate, asked.source, asked.id, store, checker, catalogue)
        return await listing.trials.show(lambda ask: show_validation(look(ask)))

    @router.get(
        "/compare",
        summary="Compare aliases",
        responses=refusals(AliasNotFound, InvalidInput),
    )
    async def compare_aliases(
        ids: Annotated[
            list[str],
            Query(alias="id", description="Two to four URL ids.", min_length=2, max_length=4),
        ],
    ) -> Comparison:
        """What aliases are made of, and what each parameter comes to, side by side."""
        catalogue = await models.recent()
        return await listing.trials.show(
            lambda ask: show_comparison(*listing.beside_one_another(ids, catalogue, ask))
        )

    return router


def _batch(store: AliasStore, desk: Desk, home: Path) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/aliases/batch",
        summary="Change many aliases",
        responses=refusals(InvalidInput, PresetNotFound, BodyTooLarge),
    )
    async def change_aliases(
        asked: BatchSent,
        dry_run: Annotated[bool, Query(description="Change nothing; say what would be.")] = False,
    ) -> BatchShown:
        """Make one change in each alias, wholly or not at all; one that is refused says why.

        The answer says how all of it is undone, as one batch.
        """
        batch = Batch(store, dry_run=dry_run)
        change = await asyncio.to_thread(_change_of, asked, batch, home)
        steps = [partial(_changed, change, item) for item in asked.items]
        steps += [
            partial(_undone, batch, Undo(one.id, one.etag, one.source_text, one.trash_id))
            for one in asked.undo
        ]
        # One turn for each, so that others who save come in between.
        outcomes = [await desk.do(step) for step in steps]
        return show_batch(outcomes, dry_run=dry_run)

    return router


def _change_of(asked: BatchSent, batch: Batch, home: Path) -> _Change:
    """What is done to each alias. Raises PresetNotFound."""
    change = asked.change
    if change is None or isinstance(change, Delete):
        return batch.delete
    if isinstance(change, ApplyPreset):
        presets = read_presets(home)[0]
        preset = find_preset(change.preset, presets)
        return partial(batch.edit, edits_of=lambda alias: edits_to_apply(preset, alias, presets))
    if isinstance(change, ChangeTags):
        make = tagged if change.action == "tag" else untagged
        return partial(batch.edit, edits_of=make(change.tags))
    edits = with_keys(by_path(change.edits))
    return partial(batch.edit, edits_of=lambda _: edits)


def _changed(
    change: _Change, item: BatchItemSent, writing: Writing, catalogue: Catalogue
) -> Outcome:
    try:
        writing.check_editable(item.id, catalogue)
        return change(item.id, None if item.etag == "*" else item.etag)
    except BodhiError as error:
        return Outcome(item.id, error)


def _undone(batch: Batch, undo: Undo, writing: Writing, catalogue: Catalogue) -> Outcome:
    del writing, catalogue
    try:
        return batch.undo(undo)
    except BodhiError as error:
        return Outcome(undo.alias_id, error)
