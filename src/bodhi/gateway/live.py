"""Finds what serves a name right now; what was built for a name is remembered while it holds."""

from pathlib import Path

from bodhi.aliases.model import AliasSource
from bodhi.aliases.resolve import Aliases, Resolution, resolve
from bodhi.chat_templates.sources import TemplateChoice, choose_template
from bodhi.errors import AliasNotFound, ModelFileMissing
from bodhi.gateway.models import Name
from bodhi.gateway.serving import Serving, build_serving
from bodhi.model_files.live import LiveCatalogue

# Names asked for are the callers' choice; what is remembered about them must end somewhere.
_MOST_REMEMBERED = 4096

# A name that was just looked for in vain does not make the disk be read again at once.
_RESCAN_AFTER_S = 1.0


class LiveServings:
    """``find`` is called for every request and costs a few dictionary look-ups when warm."""

    def __init__(
        self,
        aliases: Aliases,
        catalogue: LiveCatalogue,
        *,
        hub_cache: Path,
        cores: int,
    ) -> None:
        self._aliases = aliases
        self._catalogue = catalogue
        self._hub_cache = hub_cache
        self._cores = cores
        self._built: dict[str, tuple[tuple[object, ...], Serving]] = {}

    async def find(self, name: str) -> Serving:
        """What serves ``name``; looks at the disk again before saying that nothing does."""
        try:
            return self._find(name)
        except (AliasNotFound, ModelFileMissing):
            before = self._catalogue.now
            if await self._catalogue.refresh(_RESCAN_AFTER_S) is before:
                raise
            return self._find(name)

    def resolve(self, name: str) -> Resolution:
        """The resolution alone, with its steps."""
        return resolve(name, self._aliases, self._catalogue.now)

    async def names(self) -> list[Name]:
        """Every name that can be served now, user aliases first."""
        catalogue = await self._catalogue.refresh(_RESCAN_AFTER_S)
        names: list[Name] = []
        for stored in self._aliases.all():
            alias = stored.alias
            if alias is None:
                continue
            model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
            if model is not None and model.problem is None:
                names.append((alias.name, AliasSource.USER, stored.modified_at))
        usable = (row for row in catalogue.rows if row.problem is None)
        return names + [(row.id, AliasSource.MODEL, row.modified_at) for row in usable]

    def _find(self, name: str) -> Serving:
        resolution = self.resolve(name)
        template = choose_template(resolution.alias.chat_template, hub_cache=self._hub_cache)
        key = _key(resolution, template)
        remembered = self._built.get(name)
        if remembered is not None and remembered[0] == key:
            return remembered[1]
        serving = build_serving(resolution, template, cores=self._cores)
        if len(self._built) >= _MOST_REMEMBERED:
            self._built.clear()
        self._built[name] = key, serving
        return serving


def _key(resolution: Resolution, template: TemplateChoice) -> tuple[object, ...]:
    """Everything that decides a serving; equal keys, equal servings."""
    model = resolution.model
    return resolution.etag, resolution.label, model.identity, model.path, template.text
