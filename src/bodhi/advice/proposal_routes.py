"""``/api/v1/models/{id}/recipe``: what an alias of this model file could be."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.advice.proposal import Proposal, propose
from bodhi.advice.shown import RecommendationShown, show_recommendation
from bodhi.aliases.entry import model_by_id
from bodhi.aliases.filenames import clash_key, stem_for
from bodhi.aliases.store import AliasStore
from bodhi.errors import ModelFileMissing, ParameterInvalid
from bodhi.http.control import refusals
from bodhi.model_files.live import LiveCatalogue


class ProposedRecipe(BaseModel):
    """A recipe as `POST /api/v1/aliases` takes it."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[
        str, Field(description="No alias has it yet.", examples=["llama-3.2-1b-instruct:q8_0"])
    ]
    repo: str
    filename: str
    context_params: dict[str, JsonValue]
    request_params: Annotated[dict[str, JsonValue], Field(examples=[{"temperature": 0.6}])]


class RecipeProposal(BaseModel):
    """A recipe for a model file, and why each value is in it."""

    model_config = ConfigDict(frozen=True)

    recipe: ProposedRecipe
    reasons: Annotated[
        list[RecommendationShown],
        Field(description="One for each value of the recipe: who recommends it, what applies now."),
    ]


def proposal_routes(store: AliasStore, models: LiveCatalogue, cores: int) -> APIRouter:
    """The route over one home; ``cores`` is what -1 threads means here."""
    router = APIRouter(tags=["advice"])

    @router.get(
        "/models/{id:path}/recipe",
        summary="Propose an alias for a model file",
        responses=refusals(ModelFileMissing, ParameterInvalid),
    )
    async def propose_recipe(
        model_id: Annotated[
            str,
            Path(
                alias="id",
                max_length=512,
                description="As `GET /api/v1/models/{id}` takes it.",
                examples=["bartowski~Llama-3.2-1B-Instruct-GGUF~Q8_0"],
            ),
        ],
    ) -> RecipeProposal:
        """A name that is free, and every recommended value that does not apply anyway.

        Nothing is made: send the recipe to `POST /api/v1/aliases` for that.
        """
        model = model_by_id(model_id, await models.recent())
        taken = {clash_key(stored.stem) for stored in store.all()}
        proposal = await asyncio.to_thread(
            propose, model, cores, lambda name: clash_key(stem_for(name)) not in taken
        )
        return _show(proposal)

    return router


def _show(proposal: Proposal) -> RecipeProposal:
    alias = proposal.alias
    return RecipeProposal(
        recipe=ProposedRecipe(
            name=alias.name,
            repo=alias.repo,
            filename=alias.filename,
            context_params=dict(alias.context_params),
            request_params=dict(alias.request_params),
        ),
        reasons=[show_recommendation(one) for one in proposal.reasons],
    )
