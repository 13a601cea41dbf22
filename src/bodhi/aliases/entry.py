"""One entry a name: user aliases and models in one list, each with the model file it finds. Pure.

``bodhi aliases`` and the control plane both list and show entries.
"""

from dataclasses import dataclass

from bodhi.aliases.model import Alias, AliasSource, Problem, StoredAlias
from bodhi.aliases.resolve import Aliases, Resolution
from bodhi.errors import ModelFileMissing
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFile


@dataclass(frozen=True, slots=True)
class Entry:
    """A user alias or a model, with the model file it finds now.

    ``broken`` is why the alias's file cannot be used; ``alias`` may still be its last good
    reading. ``modified_at`` is in seconds since the epoch. ``etag`` changes with the alias file
    of a user alias and with the content of a model. ``uid`` is a user alias's; it outlives renames.
    """

    id: str
    name: str
    source: AliasSource
    alias: Alias | None
    model: ModelFile | None
    modified_at: float
    etag: str
    version: int | None = None
    broken: Problem | None = None
    uid: str | None = None


def all_entries(aliases: Aliases, catalogue: Catalogue) -> list[Entry]:
    """User aliases by name, then models by name."""
    stored = [entry_of_stored(stored, catalogue) for stored in aliases.all()]
    models = [entry_of_model(model) for model in catalogue.rows]
    return sorted(stored, key=lambda entry: entry.name) + models


def entry_of_stored(stored: StoredAlias, catalogue: Catalogue) -> Entry:
    """The entry of a user alias, whatever is wrong with it; without a reading its stem names it."""
    alias = stored.alias
    return Entry(
        stored.stem,
        alias.name if alias else stored.stem,
        AliasSource.USER,
        alias,
        catalogue.find(alias.repo, alias.filename, alias.snapshot) if alias else None,
        stored.modified_at,
        stored.etag,
        stored.version,
        stored.problem,
        stored.uid,
    )


def entry_of_model(model: ModelFile) -> Entry:
    """The entry that every model file has by itself."""
    alias = Alias(name=model.id, repo=model.repo, filename=model.filename, snapshot=model.snapshot)
    source, etag = AliasSource.MODEL, model.identity
    return Entry(model_alias_id(model), model.id, source, alias, model, model.modified_at, etag)


def entry_of(found: Resolution, aliases: Aliases, catalogue: Catalogue) -> Entry:
    """The entry of a name that resolves."""
    stored = aliases.get(found.name) if found.source is AliasSource.USER else None
    if stored is None and found.model is not None:
        return entry_of_model(found.model)
    assert stored is not None  # noqa: S101 - what has no model file is a user alias
    return entry_of_stored(stored, catalogue)


def model_alias_id(model: ModelFile) -> str:
    """``owner~repo~QUANT``, the URL id of a model alias.

    Neither owners nor repositories nor names of aliases may have a ``~``, so no two names share
    an id.
    """
    return f"{model.repo.replace('/', '~')}~{model.quantization}"


def model_by_alias_id(wanted: str, catalogue: Catalogue) -> ModelFile | None:
    """The model whose :func:`model_alias_id` this is."""
    owner, _, rest = wanted.partition("~")
    repo, _, word = rest.partition("~")
    return catalogue.by_id(f"{owner}/{repo}:{word}")


def model_by_id(wanted: str, catalogue: Catalogue) -> ModelFile:
    """The model with this URL id or, as the list has it, of this name. Raises ModelFileMissing."""
    found = catalogue.by_id(wanted) if "/" in wanted else model_by_alias_id(wanted, catalogue)
    if found is None:
        raise ModelFileMissing(
            "No model on this machine has this id.", remedy="GET /api/v1/models lists them."
        )
    return found
