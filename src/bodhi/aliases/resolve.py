"""From the ``model`` field of a request to one recipe, with the reasons for every step. Pure.

The order: the exact name of a downloaded model, the exact name of a user alias, then the
shorthand ``owner/repo`` where it means one model only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from bodhi.aliases.model import Alias, AliasSource, StoredAlias
from bodhi.errors import AliasBroken, AliasNotFound, ModelFileMissing, NameAmbiguous
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFile

_VERSION = re.compile(r"@(\d+)$")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that resolution looked at, and what it found, in words for people."""

    looked_at: str
    found: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A name, resolved. ``name`` is what replies carry; ``version`` is None for a model alias."""

    name: str
    source: AliasSource
    alias: Alias
    model: ModelFile
    version: int | None = None
    etag: str | None = None
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        """``name@version``, as replies carry it in ``x-bodhi-alias``."""
        return self.name if self.version is None else f"{self.name}@{self.version}"


class Aliases(Protocol):
    """What resolution asks of the alias store."""

    def get(self, name: str) -> StoredAlias | None: ...

    def all(self) -> Iterable[StoredAlias]: ...


def resolve(name: str, aliases: Aliases, catalogue: Catalogue) -> Resolution:
    """Resolve ``name`` or raise AliasNotFound, AliasBroken, ModelFileMissing or NameAmbiguous."""
    steps: list[Step] = []
    if model := catalogue.by_id(name):
        steps.append(Step("downloaded models", f"{model.id}, file {model.filename}"))
        if aliases.get(name):
            steps.append(Step("user aliases", "one has the same name; the model wins"))
        return _model_alias(model, steps)
    steps.append(Step("downloaded models", "no model has this name"))
    base, wanted = split_version(name)
    if stored := aliases.get(base):
        return _user_alias(stored, wanted, catalogue, steps)
    steps.append(Step("user aliases", "no alias has this name"))
    return _model_alias(_shorthand(name, aliases, catalogue, steps), steps)


def split_version(name: str) -> tuple[str, int | None]:
    """``llama3:instruct@3`` -> (``llama3:instruct``, 3); without a version, None."""
    if match := _VERSION.search(name):
        return name[: match.start()], int(match[1])
    return name, None


def _model_alias(model: ModelFile, steps: list[Step]) -> Resolution:
    alias = Alias(name=model.id, repo=model.repo, filename=model.filename, snapshot=model.snapshot)
    return Resolution(model.id, AliasSource.MODEL, alias, model, steps=tuple(steps))


def _user_alias(
    stored: StoredAlias, wanted: int | None, catalogue: Catalogue, steps: list[Step]
) -> Resolution:
    alias = stored.alias
    if alias is None:
        raise AliasBroken(
            f"The alias file cannot be used: {stored.problem}.",
            pointer="/model",
            remedy="Correct the file; it is read again as soon as it is saved.",
        )
    if wanted not in (None, stored.version):
        raise AliasNotFound(
            f"{alias.name} has no version {wanted}; it is at version {stored.version}.",
            pointer="/model",
        )
    found = f"{alias.name}, version {stored.version}"
    if stored.problem:
        found += f"; its file cannot be used now ({stored.problem}), the last good one serves"
    steps.append(Step("user aliases", found))
    model = find_model(alias, catalogue)
    place = f"snapshot {model.snapshot}" if model.snapshot else "an added folder"
    steps.append(Step("model file", f"{model.repo}, {model.filename}, {place}"))
    return Resolution(
        alias.name, AliasSource.USER, alias, model, stored.version, stored.etag, tuple(steps)
    )


def find_model(alias: Alias, catalogue: Catalogue) -> ModelFile:
    """The model file an alias names, or ModelFileMissing with expected path and remedy."""
    model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
    if model is None:
        expected = catalogue.expected_path(alias.repo, alias.filename, alias.snapshot)
        hint = catalogue.download_hint(alias.repo, alias.filename, alias.snapshot)
        raise ModelFileMissing(
            f"The model file of {alias.name} is not here; it was expected at {expected}.",
            pointer="/model",
            remedy=f"Nothing downloads by itself. To download it: {hint}",
        )
    return model


def _shorthand(name: str, aliases: Aliases, catalogue: Catalogue, steps: list[Step]) -> ModelFile:
    rows = catalogue.by_repo(name)
    if len(rows) == 1:
        steps.append(Step("repositories", f"{name} has one model, {rows[0].id}"))
        return rows[0]
    if rows:
        raise NameAmbiguous(
            f"{name} has {len(rows)} models: {', '.join(row.id for row in rows)}.",
            pointer="/model",
            remedy="Write one of these names in full.",
        )
    names = [row.id for row in catalogue.rows]
    names += [stored.alias.name for stored in aliases.all() if stored.alias]
    near = get_close_matches(name, names, n=3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "GET /v1/models lists every name."
    raise AliasNotFound("No alias or model has this name.", pointer="/model", remedy=remedy)
