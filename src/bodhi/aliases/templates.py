"""Chat templates by the names that people use: an id, a repository, an alias or a model."""

from collections.abc import Iterator
from pathlib import Path

from bodhi.aliases.resolve import Aliases, resolve
from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.found import FoundTemplate, ListedTemplate
from bodhi.chat_templates.sources import choose_template, origin_of
from bodhi.errors import AliasNotFound, NotFound, TemplateMissing
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.model import ModelFacts


class TemplateBook:
    """Both, over aliases and models as they are when asked."""

    def __init__(self, aliases: Aliases, models: LiveCatalogue, hub_cache: Path) -> None:
        self._aliases = aliases
        self._models = models
        self._hub_cache = hub_cache

    async def find(self, name: str) -> FoundTemplate:
        """As ``find_template``."""
        catalogue = await self._models.recent()
        return find_template(name, self._aliases, catalogue, hub_cache=self._hub_cache)

    async def all(self) -> list[ListedTemplate]:
        """As ``list_templates``."""
        return list(list_templates(await self._models.recent()))


def find_template(
    name: str, aliases: Aliases, catalogue: Catalogue, *, hub_cache: Path
) -> FoundTemplate:
    """The template that ``name`` means: an alias or model uses it, or it is called so itself.

    Aliases and models come first, because their tokens are known. Raises what resolving raises,
    and TemplateMissing where a model file holds none.
    """
    try:
        found = resolve(name, aliases, catalogue)
    except NotFound as not_an_alias:
        if origin_of(name) not in {"builtin", "repository"}:
            raise _unknown(name, not_an_alias) from None
        choice = choose_template(name, hub_cache=hub_cache)
        return FoundTemplate(choice.text or "", choice.origin, choice.name)
    facts = found.model.facts if found.model else None
    choice = choose_template(found.alias.chat_template, hub_cache=hub_cache)
    text = choice.text or (facts.chat_template if facts else None)
    if text is None:
        raise TemplateMissing(
            f"The model file of {name} holds no chat template.",
            pointer="/chat_template",
            remedy=f"Choose one of {', '.join(BUILTIN)}, or a repository as owner/name.",
        )
    holder = choice.name or (found.model.id if found.model else None)
    bos, eos = tokens_of(facts)
    stop = found.alias.request_params.get("stop")
    words = [stop] if isinstance(stop, str) else stop if isinstance(stop, list) else []
    return FoundTemplate(text, choice.origin, holder, bos, eos, tuple(map(str, words)))


def tokens_of(facts: ModelFacts | None) -> tuple[str, str]:
    """How a model's sequences begin and end, empty where its file does not say."""
    return (facts.bos_token or "", facts.eos_token or "") if facts else ("", "")


def list_templates(catalogue: Catalogue) -> Iterator[ListedTemplate]:
    """The built-in ones, then each model's own."""
    for one in BUILTIN.values():
        yield ListedTemplate(one.id, "builtin", one.text, one.families, one.special_tokens)
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
        remedy=f"Built-in templates: {', '.join(BUILTIN)}.",
    )
