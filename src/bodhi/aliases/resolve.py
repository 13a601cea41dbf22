"""From the ``model`` field of a request to one recipe, with the reasons for every step. Pure.

The order: the exact name of a downloaded model, the exact name of a user alias, then the
shorthand ``owner/repo`` where it means one model only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Protocol

from bodhi.aliases.model import Alias, AliasSource, Problem, StoredAlias
from bodhi.errors import (
    AliasBroken,
    AliasFileInvalid,
    AliasNotFound,
    ModelFileMissing,
    NameAmbiguous,
    VersionNotFound,
)
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFile

_VERSION = re.compile(r"@(\d+)$")
_MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that resolution looked at, and what it found, in words for people."""

    looked_at: str
    found: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A name, resolved. ``name`` is what replies carry; a model alias has no ``version`` and no
    ``uid``.

    ``model`` is None where a remote answers, which the alias names: see ``Alias.remote``.
    """

    name: str
    source: AliasSource
    alias: Alias
    model: ModelFile | None
    version: int | None = None
    etag: str | None = None
    uid: str | None = None
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        """``name@version``, as replies carry it in ``x-bodhi-alias``."""
        return self.name if self.version is None else f"{self.name}@{self.version}"


class Aliases(Protocol):
    """What resolution asks of the alias store."""

    def get(self, name: str) -> StoredAlias | None: ...

    def all(self) -> Iterable[StoredAlias]: ...

    def recipe_at(self, stored: StoredAlias, number: int) -> tuple[Alias, str]: ...


def resolve(
    name: str, aliases: Aliases, catalogue: Catalogue, steps: list[Step] | None = None
) -> Resolution:
    """Resolve ``name`` or raise AliasNotFound, AliasBroken, ModelFileMissing or NameAmbiguous.

    ``steps``, where given, is filled as resolution goes, and tells how far it came if it raises.
    """
    steps = [] if steps is None else steps
    if model := catalogue.by_id(name):
        steps.append(Step("downloaded models", f"{model.id}, file {model.filename}"))
        if aliases.get(name):
            steps.append(Step("user aliases", "one has the same name; the model wins"))
        return _model_alias(model, steps)
    steps.append(Step("downloaded models", "no model has this name"))
    base, wanted = split_version(name)
    if stored := aliases.get(base):
        if wanted is not None and (wanted != stored.version or stored.alias is None):
            return _version(base, stored, wanted, aliases, catalogue, steps)
        return _user_alias(stored, catalogue, steps)
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


def _version(
    name: str,
    stored: StoredAlias,
    wanted: int,
    aliases: Aliases,
    catalogue: Catalogue,
    steps: list[Step],
) -> Resolution:
    """An earlier content of the alias under its ``name`` of now; also where the file is broken."""
    try:
        alias, etag = aliases.recipe_at(stored, wanted)
    except (VersionNotFound, AliasFileInvalid):
        steps.append(Step("user aliases", f"{name}, and version {wanted} of it is not kept"))
        raise AliasNotFound(
            f"{name} has no version {wanted}; it is at version {stored.version}.",
            pointer="/model",
        ) from None
    steps.append(Step("user aliases", f"{name}, version {wanted}, an earlier one"))
    return _with_model(stored, replace(alias, name=name), wanted, etag, catalogue, steps)


def _user_alias(stored: StoredAlias, catalogue: Catalogue, steps: list[Step]) -> Resolution:
    alias, problem = stored.alias, stored.problem
    if alias is None:
        assert problem is not None  # noqa: S101 - without a reading there is a reason
        steps.append(Step("user aliases", f"{stored.stem}, and its file cannot be used"))
        raise file_unusable(problem)
    found = f"{alias.name}, version {stored.version}"
    if problem:
        found += f"; its file cannot be used now ({problem}), the last good one serves"
    steps.append(Step("user aliases", found))
    return _with_model(stored, alias, stored.version, stored.etag, catalogue, steps)


def _with_model(
    stored: StoredAlias,
    alias: Alias,
    version: int,
    etag: str,
    catalogue: Catalogue,
    steps: list[Step],
) -> Resolution:
    model = None
    if alias.remote is None:
        model = find_model(alias, catalogue)
        place = f"snapshot {model.snapshot}" if model.snapshot else "an added folder"
        steps.append(Step("model file", f"{model.repo}, {model.filename}, {place}"))
    else:
        steps.append(Step("remotes", f"{alias.remote}, its model {alias.filename}"))
    return Resolution(
        alias.name,
        AliasSource.USER,
        alias,
        model,
        version,
        etag,
        stored.uid,
        tuple(steps),
    )


def file_unusable(problem: Problem, *, last_good: Alias | None = None) -> AliasBroken:
    """The error of an alias whose file cannot be used now; ``last_good`` serves until it can."""
    until = " Until then the recipe that was read last serves." if last_good else ""
    return AliasBroken(
        f"The alias file cannot be used: {problem}.",
        pointer="/model",
        remedy=f"Correct the file; it is read again as soon as it is saved.{until}",
    )


def find_model(alias: Alias, catalogue: Catalogue) -> ModelFile:
    """The model file an alias names, or ModelFileMissing with expected path and remedy."""
    model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
    if model is None:
        expected = catalogue.expected_place(alias.repo, alias.filename, alias.snapshot)
        hint = catalogue.download_hint(alias.repo, alias.filename, alias.snapshot)
        raise ModelFileMissing(
            f"The model file of {alias.name} is not here; in the hub cache it would be {expected}.",
            pointer="/model",
            remedy=f"Nothing downloads by itself. To download it: {hint}",
            to_type=hint,
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
    near = _nearest(name, names)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "GET /v1/models lists every name."
    raise AliasNotFound("No alias or model has this name.", pointer="/model", remedy=remedy)


def _nearest(name: str, names: list[str]) -> list[str]:
    """What may have been meant. This is asked for every request that names nothing: of many
    names only those that begin most alike are compared, in milliseconds and not in tenths."""
    length = 2
    while len(names) > _MOST_COMPARED and length < len(name):
        length += 1
        alike = [other for other in names if other.startswith(name[:length])]
        names = alike or names[:_MOST_COMPARED]
    return get_close_matches(name, names[:_MOST_COMPARED], n=3)
