"""Finds what serves a name right now; what was built for a name is remembered while it holds."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from bodhi.aliases.model import AliasSource
from bodhi.aliases.resolve import Resolution, resolve, split_version
from bodhi.aliases.store import AliasStore
from bodhi.aliases.templates import template_of
from bodhi.aliases.view import View
from bodhi.chat_templates.sources import CHANGEABLE, TemplateChoice, TemplatePlaces
from bodhi.engine.contract import Remote
from bodhi.errors import AliasNotFound, BodhiError, ModelFileMissing
from bodhi.gateway.models import Name
from bodhi.gateway.serving import NO_REMOTES, Serving, build_serving
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue

# Names asked for are the callers' choice; what is remembered about them must end somewhere.
_MOST_REMEMBERED = 4096

# A name that was just looked for in vain does not make the disk be read again at once.
_RESCAN_AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class _Built:
    """A serving, and the chat template that it holds for as long as nothing else is chosen."""

    serving: Serving
    template: TemplateChoice


class LiveServings:
    """``find`` is called for every request and costs a few comparisons when warm."""

    def __init__(
        self,
        aliases: AliasStore,
        catalogue: LiveCatalogue,
        *,
        places: TemplatePlaces,
        cores: int,
        remotes: Mapping[str, Remote] = NO_REMOTES,
    ) -> None:
        self._aliases = aliases
        self._catalogue = catalogue
        self._places = places
        self._cores = cores
        self._remotes = remotes
        self._built: dict[str, _Built] = {}
        self._built_view: View | None = None
        self._built_catalogue: Catalogue | None = None

    async def find(self, name: str) -> Serving:
        """What serves ``name``; looks at the disk again before saying that nothing does."""
        base, version = split_version(name)
        if version is not None and name not in self._built:
            await asyncio.to_thread(self._read_version, base, version)
        try:
            return self._find(name)
        except (AliasNotFound, ModelFileMissing):
            before = self._catalogue.now
            if await self._catalogue.refresh(_RESCAN_AFTER_S) is before:
                raise
            return self._find(name)

    async def look_again(self) -> None:
        """Model files were seen to change: what is found from now on is what is there."""
        await self._catalogue.refresh()

    def _read_version(self, name: str, version: int) -> None:
        """Have the store remember an earlier content, which is in a file of its own."""
        if stored := self._aliases.get(name):
            with suppress(BodhiError):
                self._aliases.recipe_at(stored, version)

    def resolve(self, name: str) -> Resolution:
        """The resolution alone, with its steps."""
        return resolve(name, self._aliases, self._catalogue.now)

    def serve(self, resolution: Resolution) -> Serving:
        """What serves a recipe that is found elsewhere; nothing of it is remembered."""
        template = template_of(resolution.alias, resolution.model, self._places)
        return build_serving(resolution, template, cores=self._cores, remotes=self._remotes)

    async def names(self) -> list[Name]:
        """Every name that can be served now, user aliases first."""
        catalogue = await self._catalogue.refresh(_RESCAN_AFTER_S)
        names: list[Name] = []
        for stored in self._aliases.all():
            alias = stored.alias
            if alias is None:
                continue
            model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
            if alias.remote in self._remotes or (model is not None and model.problem is None):
                names.append((alias.name, AliasSource.USER, stored.modified_at))
        usable = (row for row in catalogue.rows if row.problem is None)
        return names + [(row.id, AliasSource.MODEL, row.modified_at) for row in usable]

    def _find(self, name: str) -> Serving:
        self._forget_what_changed()
        built = self._built.get(name)
        if built is not None and self._holds(built):
            return built.serving
        resolution = self.resolve(name)
        template = template_of(resolution.alias, resolution.model, self._places)
        serving = build_serving(resolution, template, cores=self._cores, remotes=self._remotes)
        if len(self._built) >= _MOST_REMEMBERED:
            self._built.clear()
        self._built[name] = _Built(serving, template)
        return serving

    def _forget_what_changed(self) -> None:
        """Aliases and models are shown by objects that never change: others mean other servings."""
        view, catalogue = self._aliases.view, self._catalogue.now
        if view is not self._built_view or catalogue is not self._built_catalogue:
            self._built.clear()
            self._built_view, self._built_catalogue = view, catalogue

    def _holds(self, built: _Built) -> bool:
        """Templates of repositories, and the user's own, are in files that nobody watches."""
        if built.template.origin not in CHANGEABLE:
            return True
        found = built.serving.resolution
        return template_of(found.alias, found.model, self._places) == built.template
