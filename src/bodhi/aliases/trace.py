"""How a request's ``model`` is resolved, told in full: steps, winner, losers, findings. Pure."""

from dataclasses import dataclass
from itertools import count

from bodhi.aliases.entry import Entry, entry_of_model, entry_of_stored
from bodhi.aliases.model import AliasSource
from bodhi.aliases.resolve import Aliases, Resolution, Step, resolve, split_version
from bodhi.errors import BodhiError
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFile
from bodhi.params.findings import Edit, Finding
from bodhi.params.rules.rule import Severity


@dataclass(frozen=True, slots=True)
class Loser:
    """A candidate that could have been meant, and why it was not taken."""

    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What a request for ``request`` would get. ``error`` is why it would get nothing.

    ``matched`` is the alias that answers, also where its model file is then missing.
    """

    request: str
    steps: tuple[Step, ...]
    matched: Entry | None = None
    model: ModelFile | None = None
    losers: tuple[Loser, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: BodhiError | None = None


def trace(name: str, aliases: Aliases, catalogue: Catalogue) -> Trace:
    """Resolve ``name`` as a request would; never raises."""
    steps: list[Step] = []
    found: Resolution | None = None
    error: BodhiError | None = None
    try:
        found = resolve(name, aliases, catalogue, steps)
    except BodhiError as caught:
        error = caught
    matched = _matched(name, found, aliases, catalogue)
    return Trace(
        request=name,
        steps=tuple(steps),
        matched=matched,
        model=found.model if found else None,
        losers=tuple(_losers(name, matched, aliases, catalogue)),
        findings=(shadowing,) if (shadowing := shadowed_by_model(name, aliases, catalogue)) else (),
        error=error,
    )


def shadowed_by_model(name: str, aliases: Aliases, catalogue: Catalogue) -> Finding | None:
    """The finding of a user alias that no request reaches, because a model has its name."""
    model = catalogue.by_id(name)
    if model is None or aliases.get(name) is None:
        return None
    return Finding(
        "shadowed",
        Severity.WARNING,
        f"The model {model.id} has the same name and wins; rename the alias to reach it.",
        fix="Rename the alias",
        patch=(Edit(("alias",), _free_name(name, aliases, catalogue)),),
    )


def _free_name(name: str, aliases: Aliases, catalogue: Catalogue) -> str:
    """The name with the first number behind it that is nobody's."""
    names = (f"{name}-{number}" for number in count(2))
    return next(n for n in names if catalogue.by_id(n) is None and aliases.get(n) is None)


def _matched(
    name: str, found: Resolution | None, aliases: Aliases, catalogue: Catalogue
) -> Entry | None:
    if found is not None and found.model is not None and found.source is AliasSource.MODEL:
        return entry_of_model(found.model)
    # A user alias that cannot serve is still the one that was meant.
    stored = aliases.get(split_version(name)[0])
    return entry_of_stored(stored, catalogue) if stored else None


def _losers(
    name: str, matched: Entry | None, aliases: Aliases, catalogue: Catalogue
) -> list[Loser]:
    if matched is None:
        return [
            Loser(entry_of_model(row), "the name does not say which model of the repository")
            for row in catalogue.by_repo(name)
        ]
    if matched.source is AliasSource.MODEL and (stored := aliases.get(name)):
        reason = "a downloaded model has the same name, and models come first"
        return [Loser(entry_of_stored(stored, catalogue), reason)]
    if matched.source is AliasSource.USER:
        reason = "an alias of exactly this name comes before the shorthand for a repository"
        return [Loser(entry_of_model(row), reason) for row in catalogue.by_repo(matched.name)]
    return []
