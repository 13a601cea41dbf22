"""``/api/v1/models/{id}``: one model file, its siblings on this machine, and who uses it."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path

from bodhi.aliases.entry import entry_of_stored, model_alias_id, model_by_id
from bodhi.aliases.resolve import Aliases, resolve
from bodhi.errors import BodhiError, ModelFileMissing
from bodhi.gateway.foretell import engine_spec_of, from_header
from bodhi.http.control import refusals
from bodhi.model_files.fit import Room
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.model import ModelFile
from bodhi.model_files.shown import ModelChoice, ModelDetail, ModelFit, show_item

_Id = Annotated[
    str,
    Path(
        alias="id",
        max_length=512,
        description="`owner~repo~QUANT`, or `owner/repo:QUANT` as the list of models has it.",
        examples=["bartowski~Llama-3.2-1B-Instruct-GGUF~Q8_0"],
    ),
]


def model_detail_routes(
    aliases: Aliases, models: LiveCatalogue, *, cores: int, free_memory: Callable[[], int]
) -> APIRouter:
    """The route over aliases and models as they are when asked."""
    router = APIRouter(tags=["models"])

    @router.get(
        "/models/{id:path}", summary="Show a model file", responses=refusals(ModelFileMissing)
    )
    async def get_model(model_id: _Id) -> ModelDetail:
        """What its header says, whether it fits, its siblings, and the aliases that use it.

        Nothing is loaded, and no other server is asked: only files of this machine are told of.
        """
        catalogue = await models.recent()
        model = model_by_id(model_id, catalogue)
        shown = _Shown(aliases, catalogue, cores, free_memory)
        return await asyncio.to_thread(shown.detail, model)

    return router


class _Shown:
    """Makes the answer out of one catalogue."""

    def __init__(
        self, aliases: Aliases, catalogue: Catalogue, cores: int, free_memory: Callable[[], int]
    ) -> None:
        self._aliases = aliases
        self._catalogue = catalogue
        self._cores = cores
        # Once for all, so that siblings are held against the same.
        self._free = free_memory()

    def detail(self, model: ModelFile) -> ModelDetail:
        siblings = sorted(self._catalogue.by_repo(model.repo), key=lambda one: one.size_bytes)
        return ModelDetail(
            id=model_alias_id(model),
            model=show_item(model),
            fit=self._fit(model),
            quantizations=[self._choice(one) for one in siblings],
            used_by=sorted(self._used_by(model)),
        )

    def _choice(self, model: ModelFile) -> ModelChoice:
        return ModelChoice(
            id=model_alias_id(model),
            name=model.id,
            quantization=model.quantization,
            size_bytes=model.size_bytes,
            problem=model.problem,
            fit=self._fit(model),
        )

    def _fit(self, model: ModelFile) -> ModelFit | None:
        try:
            spec, _ = engine_spec_of(resolve(model.id, self._aliases, self._catalogue), self._cores)
            found = from_header(spec, model, lambda: self._free)
        except BodhiError:  # what cannot be loaded needs no memory; its problem says why
            return None
        room = max(found.fit.rooms, key=_need)
        return ModelFit(
            verdict=found.fit.verdict.value,
            words=found.words,
            needs_bytes=room.needs,
            free_bytes=room.free,
        )

    def _used_by(self, model: ModelFile) -> list[str]:
        entries = (entry_of_stored(stored, self._catalogue) for stored in self._aliases.all())
        return [entry.name for entry in entries if entry.model and entry.model.id == model.id]


def _need(room: Room) -> int:
    return room.needs
