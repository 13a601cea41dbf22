"""``bodhi aliases create`` and ``clone``: a new alias from words, a model or another alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.options import AliasName, AsJson, Assignments, NewName
from bodhi.cli.output import clean, clean_text, write, write_json

if TYPE_CHECKING:
    from bodhi.aliases.model import Alias, StoredAlias
    from bodhi.aliases.surgery import Path as ValuePath
    from bodhi.cli.workbench import Workbench
    from bodhi.params.values import Json


_Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name, as requests give it.")]
_Repo = Annotated[
    str | None, typer.Option("--repo", metavar="OWNER/NAME", help="Repository of the model.")
]
_File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="Model file in the repository.")
]
_Snapshot = Annotated[
    str | None, typer.Option("--snapshot", metavar="HASH|REF", help="Snapshot of the file.")
]
_Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="NAME",
        help="Chat template: a built-in name or a repository; else the one in the model file.",
    ),
]
_Model = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="MODEL",
        help="Take repository, file and snapshot from a model, as bodhi models list names it.",
    ),
]
_Schema = Annotated[
    str | None,
    typer.Option(
        "--schema",
        metavar="PATH|URL",
        help="Have editors check the file by this schema (bodhi params schema): a first line "
        "tells them.",
    ),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the file and write nothing.")]


def create_alias(  # noqa: PLR0913, PLR0917 - one for each thing that a recipe names
    name: _Name,
    repo: _Repo = None,
    file: _File = None,
    snapshot: _Snapshot = None,
    template: _Template = None,
    settings: Assignments = None,
    model: _Model = None,
    schema: _Schema = None,
    dry_run: _DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make an alias.

    It is checked as bodhi aliases validate does, and written only if it would serve.
    """
    if model is None and (repo is None or file is None):
        raise typer.BadParameter("give either --from or both --repo and --file")
    from bodhi.aliases.writer import write_alias
    from bodhi.cli.assignments import read_assignments
    from bodhi.cli.workbench import open_workbench

    edits = read_assignments(settings or ())
    given = {"repo": repo, "filename": file, "snapshot": snapshot, "chat_template": template}
    edits |= {(key,): text for key, text in given.items() if text is not None}
    bench = open_workbench()
    stem = bench.require_free(name)
    text = _modeline(schema) + write_alias(_recipe(name, model, edits, bench))
    bench.check(text, stem)
    if not dry_run:
        _say_created(bench, bench.store.create(text), as_json)
    elif as_json:
        write_json({"file": f"{stem}.yaml", "text": text})
    else:
        write(clean_text(text), end="")


def _modeline(schema: str | None) -> str:
    """The comment by which yaml-language-server finds the schema of a file."""
    if schema is None:
        return ""
    if not schema.isprintable() or not schema or " " in schema:
        raise typer.BadParameter("--schema takes one path or address without spaces")
    return f"# yaml-language-server: $schema={schema}\n"


def clone_alias(
    name: AliasName,
    new_name: NewName,
    settings: Assignments = None,
    as_json: AsJson = False,
) -> None:
    """Copy an alias, comments and all, or make one of a model."""
    from bodhi.cli.assignments import read_assignments
    from bodhi.cli.workbench import open_workbench

    edits = read_assignments(settings or ())
    bench = open_workbench()
    _say_created(bench, bench.clone(name, new_name, edits), as_json)


def _recipe(name: str, model: str | None, edits: dict[ValuePath, Json], bench: Workbench) -> Alias:
    from bodhi.aliases.model import Alias
    from bodhi.cli.assignments import section_of
    from bodhi.cli.local import find_model

    found = None if model is None else find_model(model, bench.validator.catalogue)

    def field(key: str) -> str | None:
        text = edits.get((key,), getattr(found, key, None))
        return None if text is None else str(text)

    return Alias(
        name=name,
        repo=field("repo") or "",
        filename=field("filename") or "",
        snapshot=field("snapshot"),
        chat_template=field("chat_template"),
        context_params=section_of(edits, "context_params"),
        request_params=section_of(edits, "request_params"),
    )


def _say_created(bench: Workbench, stored: StoredAlias, as_json: bool) -> None:
    if as_json:
        write_json(bench.show(stored))
    else:
        name = stored.alias.name if stored.alias else stored.stem
        write(clean(f"{name} is created: {bench.store.folder / stored.stem}.yaml"))
