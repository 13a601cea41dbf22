"""Why an alias would not serve now, found without starting an engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bodhi.aliases.entry import Entry
from bodhi.aliases.model import Alias, AliasSource
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.resolve import file_unusable, find_model
from bodhi.aliases.templates import template_in_use, template_of
from bodhi.aliases.unknown_keys import unknown_keys
from bodhi.chat_templates.sources import TemplatePlaces, choose_template, origin_of
from bodhi.chat_templates.trials import AskTrial
from bodhi.engine.contract import Remote
from bodhi.engine.options import check_supported
from bodhi.engine.remote import check_recipe, find_remote
from bodhi.errors import BodhiError, ModelFileUnusable
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFile
from bodhi.params.engine_options import engine_options
from bodhi.params.findings import Finding, find
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Checker:
    """What must be known of this machine. ``cores`` is what -1 threads means here.

    ``check_engine`` refuses the options that the engine in use does not take; ``remotes`` are
    those of the settings; ``free_memory`` is asked for bytes only where it matters.
    """

    places: TemplatePlaces
    cores: int
    check_engine: Callable[[Mapping[str, Json]], None] = check_supported
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    free_memory: Callable[[], int] | None = None

    def errors(self, alias: Alias, catalogue: Catalogue) -> Iterator[BodhiError]:
        """Every reason why ``alias`` would not serve with the models of ``catalogue``."""
        checks = (self._check_model, self._check_template, self._check_params)
        for check in (self._check_remote,) if alias.remote else checks:
            try:
                check(alias, catalogue)
            except BodhiError as error:
                yield error

    def error_of(self, entry: Entry, catalogue: Catalogue) -> BodhiError | None:
        """What ``entry`` is to be marked with, if with anything: the state of every alias."""
        if entry.broken is not None:
            return file_unusable(entry.broken, last_good=entry.alias)
        if entry.source is AliasSource.MODEL and entry.model is not None:
            return None if entry.model.problem is None else _unusable(entry.model)
        return next(self.errors(entry.alias, catalogue), None) if entry.alias else None

    def findings(self, entry: Entry, ask: AskTrial | None = None) -> list[Finding]:
        """What is odd about an alias; nothing where it would not serve, which is said otherwise."""
        return [] if entry.alias is None else self.findings_of(entry.alias, entry.model, ask)

    def findings_of(
        self, alias: Alias, model: ModelFile | None, ask: AskTrial | None = None
    ) -> list[Finding]:
        """What is odd about an alias whose model file is this one.

        Of its chat template only where ``ask`` is there to tell what a trial shows.
        """
        found = self._odd_values(alias, model)
        return found if ask is None else [*found, *self._odd_template(alias, model, ask)]

    def _odd_template(
        self, alias: Alias, model: ModelFile | None, ask: AskTrial
    ) -> Sequence[Finding]:
        if alias.remote:
            return ()
        try:
            trial = ask(template_in_use(alias, model, self.places))
        except BodhiError:  # it is among the errors, or the model is for no chat
            return ()
        return () if trial is None else trial.told

    def _odd_values(self, alias: Alias, model: ModelFile | None) -> list[Finding]:
        found = unknown_keys(alias)
        if not alias.context_params and not alias.request_params:
            return found
        machine: dict[str, Json] = {"cores": self.cores}
        if self.free_memory is not None and not _ON_MEMORY.isdisjoint(alias.context_params):
            machine["free_memory_bytes"] = self.free_memory()
        with suppress(BodhiError):
            recipe = recipe_of(alias, model, self.cores)
            found += find(recipe, model=_facts(model), machine=machine)
        return found

    def template_missing(self, declared: str | None) -> BodhiError | None:
        """Why the template that an alias declares cannot be used; it comes and goes on disk.

        What the model file has is not asked: it stays as it is.
        """
        if origin_of(declared) == "embedded":
            return None
        try:
            choose_template(declared, self.places)
        except BodhiError as error:
            return error
        return None

    def _check_remote(self, alias: Alias, _: Catalogue) -> None:
        remote = find_remote(alias.remote or "", self.remotes)
        check_recipe(remote, alias.context_params, alias.chat_template)

    def _check_model(self, alias: Alias, catalogue: Catalogue) -> None:
        model = find_model(alias, catalogue)
        if model.problem is not None:
            raise _unusable(model)

    def _check_template(self, alias: Alias, catalogue: Catalogue) -> None:
        model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
        # Of a model file that is not here, nothing can be said.
        if model is not None or origin_of(alias.chat_template) != "embedded":
            template_of(alias, model, self.places)

    def _check_params(self, alias: Alias, catalogue: Catalogue) -> None:
        model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
        trained = model.facts.context_length if model and model.facts else None
        options = engine_options(alias.context_params, trained_context=trained, cores=self.cores)
        self.check_engine(options.reload)


# The parameters that are found odd by how much memory is free.
_ON_MEMORY = frozenset(("mlock", "no_mmap"))


def _facts(model: ModelFile | None) -> dict[str, Json]:
    """What rules may know of a model."""
    if model is None:
        return {}
    facts = model.facts
    return {
        "size_bytes": model.size_bytes,
        "context_length": facts.context_length if facts else None,
        "eos_token": facts.eos_token if facts else None,
        "is_embedding_model": facts is not None and facts.is_embedding_model,
    }


def anything_goes(options: Mapping[str, Json]) -> None:
    """The ``check_engine`` of an engine that says only when it starts what it takes."""
    del options


def _unusable(model: ModelFile) -> ModelFileUnusable:
    return ModelFileUnusable(f"{model.filename} cannot be loaded: {model.problem}")
