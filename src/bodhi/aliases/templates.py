"""Chat templates by the names that people use: an id, a repository, a file, an alias or a model."""

from collections.abc import Iterator
from dataclasses import replace

from bodhi.aliases.model import Alias
from bodhi.aliases.resolve import Aliases, Resolution, resolve
from bodhi.aliases.view import View
from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.found import FoundTemplate, ListedTemplate
from bodhi.chat_templates.own import own_templates
from bodhi.chat_templates.sources import (
    FILE_PREFIX,
    NO_TEMPLATES,
    TemplateChoice,
    TemplatePlaces,
    choose_template,
    origin_of,
)
from bodhi.errors import AliasNotFound, NotFound, TemplateMissing
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.model import ModelFacts, ModelFile


class TemplateBook:
    """Both, over aliases and models as they are when asked."""

    def __init__(self, aliases: Aliases, models: LiveCatalogue, places: TemplatePlaces) -> None:
        self._aliases = aliases
        self._models = models
        self._places = places

    async def find(self, name: str, instead: str | None = None) -> FoundTemplate:
        """As ``find_template``."""
        catalogue = await self._models.recent()
        return find_template(name, self._aliases, catalogue, self._places, instead=instead)

    async def all(self) -> list[ListedTemplate]:
        """As ``list_templates``."""
        return list(list_templates(await self._models.recent(), self._places))


def template_of(alias: Alias, model: ModelFile | None, places: TemplatePlaces) -> TemplateChoice:
    """The template of a recipe whose model file is this. Raises as ``choose_template`` does."""
    named = model.facts.named_templates if model and model.facts else NO_TEMPLATES
    return choose_template(alias.chat_template, places, named)


def find_template(
    name: str,
    aliases: Aliases,
    catalogue: Catalogue,
    places: TemplatePlaces,
    *,
    instead: str | None = None,
) -> FoundTemplate:
    """The template that ``name`` means: an alias or model uses it, or it is called so itself.

    Aliases and models come first, because their tokens are known. ``instead`` is what the alias or
    model is to use in place of its own, written as under ``chat_template``. Raises what resolving
    and choosing raise, and TemplateMissing where a model file holds none.
    """
    try:
        found = resolve(name, aliases, catalogue)
    except NotFound as not_an_alias:
        if instead is not None or origin_of(name) not in {"builtin", "repository", "file"}:
            raise _unknown(name, not_an_alias) from None
        choice = choose_template(name, places)
        return FoundTemplate(choice.text or "", choice.origin, choice.shown)
    if instead is not None:
        found = replace(found, alias=replace(found.alias, chat_template=instead))
    return used_template(found, places)


def used_template(found: Resolution, places: TemplatePlaces) -> FoundTemplate:
    """The template that a resolved recipe uses, as ``template_in_use``."""
    return template_in_use(found.alias, found.model, places)


def template_in_use(alias: Alias, model: ModelFile | None, places: TemplatePlaces) -> FoundTemplate:
    """The template of a recipe whose model file is this, with the tokens of the model.

    Raises as ``choose_template`` does, and TemplateMissing where the model file holds none.
    """
    facts = model.facts if model else None
    choice = template_of(alias, model, places)
    text = choice.text or (facts.chat_template if facts else None)
    if text is None:
        raise TemplateMissing(
            f"The model file of {alias.name} holds no chat template.",
            pointer="/chat_template",
            remedy=f"Choose one of {', '.join(BUILTIN)}, or a repository as owner/name.",
        )
    holder = choice.shown
    if choice.origin == "embedded" and model:
        holder = model.id if choice.named is None else f"{model.id}, {choice.named}"
    bos, eos = tokens_of(facts)
    return FoundTemplate(text, choice.origin, holder, bos, eos, stop_words(alias))


def stems_with(declared: str, view: View) -> list[str]:
    """The URL ids of the user aliases whose files say so under ``chat_template``."""
    return [
        stem
        for stem, stored in view.by_stem.items()
        if stored.alias is not None and stored.alias.chat_template == declared
    ]


def stop_words(alias: Alias) -> tuple[str, ...]:
    """The stop words that an alias sets itself."""
    stop = alias.request_params.get("stop")
    words = [stop] if isinstance(stop, str) else stop if isinstance(stop, list) else []
    return tuple(map(str, words))


def tokens_of(facts: ModelFacts | None) -> tuple[str, str]:
    """How a model's sequences begin and end, empty where its file does not say."""
    return (facts.bos_token or "", facts.eos_token or "") if facts else ("", "")


def list_templates(catalogue: Catalogue, places: TemplatePlaces) -> Iterator[ListedTemplate]:
    """The built-in ones, the user's own files, then each model's own."""
    for one in BUILTIN.values():
        yield ListedTemplate(one.id, "builtin", one.text, one.families, one.special_tokens)
    for own in own_templates(places.own):
        yield ListedTemplate(f"{FILE_PREFIX}{own.name}", "file", own.text, problem=own.problem)
    for model in catalogue.rows:
        facts = model.facts
        if facts is not None and facts.chat_template:
            yield ListedTemplate(
                model.id, "embedded", facts.chat_template, named=facts.named_templates
            )


def _unknown(name: str, error: NotFound) -> NotFound:
    if not isinstance(error, AliasNotFound):
        return error
    return TemplateMissing(
        f"{name!r} is no chat template, no alias and no model.",
        pointer="/name",
        remedy=f"Built-in templates: {', '.join(BUILTIN)}. A file of yours is file:NAME.",
    )
