"""What would become of a recipe that is not saved: its errors, its findings, its values."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bodhi.aliases.check import Checker
from bodhi.aliases.filenames import clash_key, stem_for
from bodhi.aliases.loose import read_loosely
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import line_of
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.store import AliasStore
from bodhi.aliases.writer import write_alias
from bodhi.aliases.yaml12 import decode, encode, parse
from bodhi.chat_templates.trials import AskTrial
from bodhi.errors import AliasFileInvalid, BodhiError, NameInvalid, NameTaken
from bodhi.model_files.index import Catalogue
from bodhi.params.explain import Explained, explain
from bodhi.params.findings import Finding


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and on which line of the file, from 1."""

    error: BodhiError
    line: int | None


@dataclass(frozen=True, slots=True)
class Validation:
    """``text`` is the file, ``alias`` what it says, as far as it can be read."""

    text: str
    alias: Alias | None
    stem: str | None
    problems: Sequence[Problem]
    findings: Sequence[Finding] = ()
    effective: Sequence[Explained] = ()


def validate(
    source: Alias | str,
    alias_id: str | None,
    store: AliasStore,
    checker: Checker,
    catalogue: Catalogue,
    ask: AskTrial | None = None,
) -> Validation:
    """Everything about ``source`` as a new alias, or as the next content of ``alias_id``.

    ``ask`` tells what a trial of its chat template shows.
    """
    text = source if isinstance(source, str) else ""
    try:
        text = write_alias(source) if isinstance(source, Alias) else text
        data = encode(text)
    except AliasFileInvalid as error:
        return Validation(text, None, None, [Problem(error, error.line)])
    read = read_loosely(data)
    problems = [Problem(error, error.line) for error in read.errors]
    if (alias := read.sound) is None:
        return Validation(text, read.alias, None, problems)
    found = [*name_errors(alias, alias_id, store), *checker.errors(alias, catalogue)]
    if found:
        root = parse(decode(data))
        problems += [Problem(one, line_of(root, pointer_in_file(one))) for one in found]
    model = catalogue.find(alias.repo, alias.filename, alias.snapshot)
    effective: list[Explained] = []
    with suppress(BodhiError):  # which is among the problems
        effective = explain(recipe_of(alias, model, checker.cores))
    findings = checker.findings_of(alias, model, ask)
    return Validation(text, read.alias, _stem(alias), problems, findings, effective)


def pointer_in_file(error: BodhiError) -> str | None:
    """Errors of resolution point at the request's ``model``; in a file that is its file's name."""
    return "/filename" if error.pointer == "/model" else error.pointer


def name_errors(alias: Alias, alias_id: str | None, store: AliasStore) -> Iterator[BodhiError]:
    """Why ``alias`` could not have its name, as the next content of ``alias_id`` or as new."""
    try:
        stem = stem_for(alias.name)
    except NameInvalid as error:
        yield error
        return
    key = clash_key(stem)
    if any(clash_key(other) == key for other in store.view.by_stem if other != alias_id):
        yield NameTaken(
            f"Another alias has {stem}.yaml.",
            pointer="/alias",
            remedy="Choose another name.",
        )


def _stem(alias: Alias) -> str | None:
    try:
        return stem_for(alias.name)
    except NameInvalid:
        return None
