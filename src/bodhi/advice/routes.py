"""``/api/v1/rules``, ``/presets`` and ``/advice``: what could be better about an alias."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathPart

from bodhi.advice.recommend import recommend
from bodhi.advice.shown import (
    Advice,
    PresetFile,
    PresetList,
    PresetSent,
    PresetShown,
    RuleList,
    show_preset,
    show_recommendation,
    show_rule,
)
from bodhi.aliases.presets import (
    delete_preset,
    find_preset,
    import_preset,
    put_preset,
    read_presets,
)
from bodhi.aliases.resolve import resolve
from bodhi.aliases.store import AliasStore
from bodhi.errors import (
    AliasFileInvalid,
    AliasNotFound,
    InvalidInput,
    NameInvalid,
    NameTaken,
    ParameterInvalid,
    PresetNotFound,
    StorageFailed,
)
from bodhi.http.control import refusals
from bodhi.model_files.live import LiveCatalogue
from bodhi.params.findings import RULES

_Name = Annotated[
    str,
    Query(
        description="What a request would say as model.",
        min_length=1,
        max_length=512,
        examples=["llama3:instruct"],
    ),
]

_DryRun = Annotated[bool, Query(description="Tell what it would become, and save nothing.")]
_Preset = Annotated[str, PathPart(min_length=1, max_length=64, examples=["my-coding"])]


def advice_routes(store: AliasStore, models: LiveCatalogue, home: Path, cores: int) -> APIRouter:
    """The routes over one home; ``cores`` is what -1 threads means here."""
    router = APIRouter(tags=["advice"])

    @router.get("/rules", summary="List the rules of findings")
    async def list_rules() -> RuleList:
        """The rules as data: a page evaluates them while a person types."""
        return RuleList(rules=[show_rule(rule) for rule in RULES])

    @router.get("/presets", summary="List presets")
    async def list_presets() -> PresetList:
        """Values for an intent, to be copied into aliases."""
        presets, problems = await asyncio.to_thread(read_presets, home)
        return PresetList(
            presets=[show_preset(preset) for preset in presets],
            problems=[f"{problem}." for problem in problems],
        )

    _add_one_preset(router, home)
    _add_import(router, home)

    @router.get(
        "/advice", summary="Recommend values", responses=refusals(AliasNotFound, InvalidInput)
    )
    async def advise(model: _Name) -> Advice:
        """Recommended values, each with who published it, beside what applies now."""
        found = resolve(model, store, await models.recent())
        if found.model is None:
            return Advice(alias=found.label, recommendations=[])
        advice = await asyncio.to_thread(recommend, found.alias, found.model, cores)
        return Advice(
            alias=found.label, recommendations=[show_recommendation(one) for one in advice]
        )

    return router


def _add_one_preset(router: APIRouter, home: Path) -> None:
    @router.get("/presets/{name}", summary="Show a preset", responses=refusals(PresetNotFound))
    async def get_preset(name: _Preset) -> PresetShown:
        """Everything that it sets."""
        presets, _ = await asyncio.to_thread(read_presets, home)
        return show_preset(find_preset(name, presets))

    @router.put(
        "/presets/{name}",
        summary="Save a preset",
        responses=refusals(
            *(NameInvalid, NameTaken, AliasFileInvalid, ParameterInvalid, StorageFailed)
        ),
    )
    async def save_preset(name: _Preset, sent: PresetSent) -> PresetShown:
        """Make or replace one's own preset. Those that come along stay as they are.

        Aliases that were made from it keep the values that they were given.
        """
        sections = sent.model_dump(exclude={"title", "about"})
        saved = await asyncio.to_thread(put_preset, home, name, sent.title, sent.about, sections)
        return show_preset(saved)

    @router.delete(
        "/presets/{name}",
        summary="Delete a preset",
        status_code=204,
        responses=refusals(NameInvalid, NameTaken, PresetNotFound, StorageFailed),
    )
    async def remove_preset(name: _Preset) -> None:
        """Delete one's own preset. Aliases that were made from it keep its values."""
        await asyncio.to_thread(delete_preset, home, name)


def _add_import(router: APIRouter, home: Path) -> None:
    @router.post(
        "/presets/import",
        summary="Import a preset",
        responses=refusals(
            *(InvalidInput, NameInvalid, NameTaken, AliasFileInvalid, ParameterInvalid),
            StorageFailed,
        ),
    )
    async def take_preset(sent: PresetFile, dry_run: _DryRun = False) -> PresetShown:
        """Save a file that was exported, comments and all. What is wrong with it is told
        by line or by field.

        A dry run says what it would become, and writes nothing.
        """
        taken = await asyncio.to_thread(
            import_preset,
            home,
            sent.name,
            sent.source_text,
            replaces=sent.replace,
            is_trial=dry_run,
        )
        return show_preset(taken)
