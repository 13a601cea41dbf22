"""From what is to be tried to what serves it, by the way that a request goes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bodhi.aliases.drafts import Drafts
from bodhi.aliases.model import Alias, AliasSource
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.resolve import Resolution, find_model
from bodhi.aliases.sent import EditSent, by_path
from bodhi.aliases.store import AliasStore
from bodhi.aliases.surgery import Path as ValuePath
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.aliases.writing import with_keys
from bodhi.aliases.yaml12 import encode
from bodhi.errors import BodhiError, ParameterInvalid
from bodhi.gateway.live import LiveServings
from bodhi.gateway.serving import Serving
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.params.values import Json
from bodhi.trial.sent import Tried

# A model's name cannot stand in an alias file, where its recipe is edited.
_STAND_IN = "tried"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that is tried. ``load_key_changed``: the saved alias needs another engine; None
    where no alias of this name serves. ``uid`` is that of the saved alias, if there is one.
    """

    serving: Serving
    uid: str | None
    load_key_changed: bool | None


class Recipes:
    """Makes candidates of what callers send."""

    def __init__(
        self, store: AliasStore, drafts: Drafts, models: LiveCatalogue, servings: LiveServings
    ) -> None:
        self._store = store
        self._drafts = drafts
        self._models = models
        self._servings = servings

    async def candidate(self, tried: Tried) -> Candidate:
        """Raises whatever resolving, reading and serving such an alias raises."""
        catalogue = await self._models.recent()
        if tried.alias is not None and not tried.edits:
            serving = await self._servings.find(tried.alias)
            return Candidate(serving, serving.resolution.uid, load_key_changed=False)
        resolution = await asyncio.to_thread(self._resolution, tried, catalogue)
        serving = self._servings.serve(resolution)
        return Candidate(serving, resolution.uid, await self._is_other_engine(serving))

    def _resolution(self, tried: Tried, catalogue: Catalogue) -> Resolution:
        edits = with_keys(by_path(_checked(tried.edits)))
        if tried.alias is not None:
            found = self._servings.resolve(tried.alias)
            alias = with_edits(found.alias, edits)
            model = None if alias.remote is not None else find_model(alias, catalogue)
            # Not the version that is saved: that one has another content.
            return replace(found, alias=alias, model=model, version=None, etag=None, steps=())
        draft = None if tried.draft_id is None else self._drafts.get(tried.draft_id)
        if draft is not None:
            alias = _read(draft.text)
        elif tried.recipe is not None:
            alias = _read(write_alias(tried.recipe.to_alias()))
        else:
            alias = _read(tried.source_text or "")
        alias = with_edits(alias, edits) if edits else alias
        model = None if alias.remote is not None else find_model(alias, catalogue)
        # A draft that changes the name is still its alias's.
        uid = self._uid(alias.name) if draft is None else draft.uid
        return Resolution(alias.name, AliasSource.USER, alias, model, uid=uid)

    def _uid(self, name: str) -> str | None:
        saved = self._store.get(name)
        return None if saved is None else saved.uid

    async def _is_other_engine(self, serving: Serving) -> bool | None:
        try:
            saved = await self._servings.find(serving.resolution.name)
        except BodhiError:
            return None
        return saved.spec.load_key != serving.spec.load_key


def with_edits(alias: Alias, edits: Mapping[ValuePath, Json]) -> Alias:
    """``alias`` as it would be read after these edits of its file."""
    text = write_alias(replace(alias, name=_STAND_IN))
    return replace(_read(edit_text(text, edits)), name=alias.name)


def _checked(edits: list[EditSent]) -> list[EditSent]:
    for index, edit in enumerate(edits):
        if edit.path[0] == "alias":
            raise ParameterInvalid(
                "The name is no part of what is tried.", pointer=f"/edits/{index}/path"
            )
    return edits


def _read(text: str) -> Alias:
    return read_recipe(encode(text))
