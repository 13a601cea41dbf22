"""``/api/v1/rules``, ``/presets`` and ``/advice``: what could be better about an alias."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query

from bodhi.advice.recommend import recommend
from bodhi.advice.shown import (
    Advice,
    PresetList,
    RuleList,
    show_preset,
    show_recommendation,
    show_rule,
)
from bodhi.aliases.presets import read_presets
from bodhi.aliases.resolve import resolve
from bodhi.aliases.store import AliasStore
from bodhi.errors import AliasNotFound, InvalidInput
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
