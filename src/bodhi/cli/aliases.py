"""``bodhi aliases``: the recipes on this machine, in their files; no server is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli import changing, creating, editing, explaining, linting, trying
from bodhi.cli.completion import complete_alias
from bodhi.cli.local import checker, load_settings, open_aliases, scan_models
from bodhi.cli.options import AliasName, AsJson
from bodhi.cli.output import clean, note, table, write, write_json
from bodhi.errors import AliasBroken

if TYPE_CHECKING:
    from bodhi.aliases.store import AliasStore
    from bodhi.cli.validate import Finding, Validator
    from bodhi.params.values import Json

app = typer.Typer(help="List, show, check, make and change aliases.", no_args_is_help=True)


@app.command("list")
def list_aliases(as_json: AsJson = False) -> None:
    """List user aliases and models.

    Every model on this machine can be asked for by its own name. STATE says what keeps an
    alias from serving: its file is broken, its model file is missing or unusable.
    """
    from bodhi.aliases.entry import all_entries
    from bodhi.cli.entries import cells, to_json

    settings = load_settings()
    entries = all_entries(open_aliases(settings), scan_models(settings))
    if as_json:
        write_json({"aliases": [to_json(entry) for entry in entries]})
    elif entries:
        header = ("NAME", "SOURCE", "REPOSITORY", "FILE", "STATE")
        write(table(header, [cells(entry) for entry in entries]))
    else:
        note("There is no alias and no model yet.")


@app.command("show")
def show_alias(name: AliasName, as_json: AsJson = False) -> None:
    """Show one recipe: model file, chat template and parameters."""
    from bodhi.aliases.entry import entry_of, entry_of_stored
    from bodhi.aliases.preset import provenance
    from bodhi.aliases.presets import read_presets
    from bodhi.aliases.resolve import resolve
    from bodhi.cli.entries import describe, problem_of, recipe_json, to_json

    settings = load_settings()
    store, catalogue = open_aliases(settings), scan_models(settings)
    # A recipe can be shown although its model file is not here, where resolving would stop.
    stored = None if catalogue.by_id(name) else store.get(name) or store.by_stem(name)
    if stored is None:
        entry = entry_of(resolve(name, store, catalogue), store, catalogue)
    else:
        entry = entry_of_stored(stored, catalogue)
    if entry.alias is None:
        raise AliasBroken(
            f"The alias file cannot be used: {problem_of(entry)}.",
            remedy=f"bodhi aliases validate {entry.name} says more.",
        )
    preset = provenance(entry.alias, read_presets(settings.home)[0])
    if as_json:
        write_json(to_json(entry) | recipe_json(entry.alias) | {"preset": preset})
    else:
        write(describe(entry, entry.alias, preset))


@app.command("resolve")
def resolve_name(name: AliasName, as_json: AsJson = False) -> None:
    """Say step by step which model file a name stands for."""
    from bodhi.aliases.entry import entry_of
    from bodhi.aliases.resolve import resolve
    from bodhi.cli.entries import to_json

    settings = load_settings()
    store, catalogue = open_aliases(settings), scan_models(settings)
    found = resolve(name, store, catalogue)
    path = str(found.model.path) if found.model else None
    if as_json:
        steps: list[Json] = [
            {"looked_at": step.looked_at, "found": step.found} for step in found.steps
        ]
        entry = entry_of(found, store, catalogue)
        write_json(to_json(entry) | {"steps": steps, "path": path})
        return
    for number, step in enumerate(found.steps, start=1):
        write(clean(f"{number}. {step.looked_at}: {step.found}"))
    if path is not None:
        write(clean(path))


@app.command("validate")
def validate_aliases(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|FILE",
            help="One alias, or a file anywhere; without it, every alias.",
            autocompletion=complete_alias,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report what would keep aliases from serving.

    Nothing is loaded or changed. Exits with 0 where nothing was found.
    """
    from bodhi.cli.validate import Validator, exit_code

    settings = load_settings()
    store = open_aliases(settings)
    validator = Validator(scan_models(settings), checker(settings), store.folder)
    checked = _check(target, store, validator)
    findings = [finding for found in checked for finding in found]
    if as_json:
        report = [finding.to_json() for finding in findings]
        write_json({"checked": len(checked), "findings": report})
    else:
        write(
            "\n".join(finding.text() for finding in findings)
            or f"{len(checked)} checked, no problem."
        )
    raise typer.Exit(exit_code(findings))


def _check(target: str | None, store: AliasStore, validator: Validator) -> list[list[Finding]]:
    """The findings of everything that ``target`` names, one list an alias."""
    from bodhi.aliases.resolve import resolve
    from bodhi.cli.validate import Finding

    if target is None:
        return [validator.check_stored(stored) for stored in store.all()]
    if stored := store.get(target) or store.by_stem(target):
        return [validator.check_stored(stored)]
    path = Path(target)
    if path.is_file() or path.suffix in (".yaml", ".yml"):
        return [validator.check_file(path)]
    alias = resolve(target, store, validator.catalogue).alias
    return [[Finding(target, error) for error in validator.check_alias(alias)]]


app.command("try")(trying.try_alias)
app.command("explain")(explaining.explain_alias)
app.command("lint")(linting.lint_aliases)
app.command("create")(creating.create_alias)
app.command("clone")(creating.clone_alias)
app.command("set")(changing.set_parameters)
app.command("unset")(changing.unset_parameters)
app.command("edit")(editing.edit_alias)
app.command("rename")(changing.rename_alias)
app.command("delete")(changing.delete_alias)
