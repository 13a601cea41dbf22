"""``bodhi aliases set``, ``unset``, ``rename`` and ``delete``: one value or one name at a time."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.completion import complete_assignment, complete_parameter
from bodhi.cli.options import AsJson, NewName, UserAlias
from bodhi.cli.output import clean, note, write, write_json
from bodhi.errors import InvalidInput

if TYPE_CHECKING:
    from bodhi.aliases.surgery import Path as ValuePath
    from bodhi.cli.workbench import Workbench
    from bodhi.params.values import Json


_Assignments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE",
        help="A parameter under any of its names, or repo, filename, snapshot, chat_template.",
        autocompletion=complete_assignment,
    ),
]
_Keys = Annotated[
    list[str],
    typer.Argument(
        metavar="KEY",
        help="A parameter under any of its names, or snapshot, chat_template.",
        autocompletion=complete_parameter,
    ),
]
_Enforced = Annotated[
    list[str] | None,
    typer.Option(
        "--enforce",
        metavar="KEY",
        help="The alias's value wins over the request's.",
        autocompletion=complete_parameter,
    ),
]
_Defaults = Annotated[
    list[str] | None,
    typer.Option(
        "--default",
        metavar="KEY",
        help="The request's value wins again.",
        autocompletion=complete_parameter,
    ),
]
_Clamps = Annotated[
    list[str] | None,
    typer.Option(
        "--clamp", metavar="KEY=LOW,HIGH", help="The request's value is kept within bounds."
    ),
]


def set_parameters(
    name: UserAlias,
    assignments: _Assignments = None,
    enforce: _Enforced = None,
    default: _Defaults = None,
    clamp: _Clamps = None,
    as_json: AsJson = False,
) -> None:
    """Change parameters of an alias, and show what changed in its file.

    Everything else in the file stays as it is, comments included.
    """
    from bodhi.cli.assignments import read_assignments, read_policies

    edits = read_assignments(assignments or ())
    edits |= read_policies(enforce or (), default or (), clamp or ())
    if not edits:
        raise typer.BadParameter("give KEY=VALUE, --enforce, --default or --clamp")
    from bodhi.cli.workbench import open_workbench

    _change(open_workbench(), name, edits, as_json)


def unset_parameters(name: UserAlias, keys: _Keys, as_json: AsJson = False) -> None:
    """Take parameters out of an alias, and show what changed in its file.

    A value that is enforced goes together with its policy.
    """
    from bodhi.cli.assignments import read_names
    from bodhi.cli.workbench import open_workbench

    edits = read_names(keys)
    bench = open_workbench()
    alias = bench.find(name).alias
    policy = {} if alias is None else alias.request_policy
    for path in list(edits):
        if path[0] == "request_params" and policy.get(str(path[1])) == "enforce":
            edits["request_policy", path[1]] = None
    _change(bench, name, edits, as_json)


def rename_alias(name: UserAlias, new_name: NewName, as_json: AsJson = False) -> None:
    """Give an alias another name; its history goes with it."""
    from bodhi.cli.workbench import open_workbench

    bench = open_workbench()
    stored = bench.find(name)
    bench.require_free(new_name, but=stored)
    renamed = bench.store.rename(stored.stem, new_name, if_etag=stored.etag or None)
    if as_json:
        write_json(bench.show(renamed))
    else:
        write(clean(f"{name} is now {new_name}."))


def delete_alias(
    name: UserAlias,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move an alias to the trash, and say how to get it back."""
    from bodhi.cli.asking import ask, can_ask
    from bodhi.cli.workbench import open_workbench

    bench = open_workbench()
    stored = bench.find(name)
    if not yes and not can_ask():
        raise InvalidInput("There is nobody to ask.", remedy="--yes deletes without asking.")
    if not yes and ask(f"Delete {stored.stem}? [y/N]").lower() not in ("y", "yes"):
        note("Nothing was deleted.")
        raise typer.Exit(1)
    kept = bench.store.delete(stored.stem, if_etag=stored.etag or None)
    if as_json:
        write_json({"deleted": stored.stem, "trash": str(kept.path)})
        return
    write(clean(f"{name} is deleted."))
    back = shlex.join(["mv", str(kept.path), str(bench.store.folder / kept.file)])
    note(f"To get it back: {back}")


def _change(bench: Workbench, name: str, edits: dict[ValuePath, Json], as_json: bool) -> None:
    from bodhi.cli.workbench import difference

    change = bench.change(bench.find(name), edits)
    if as_json:
        write_json(bench.show(change.stored))
    elif change.before == change.after:
        note("Nothing changes; it is so already.")
    else:
        write(difference(change.before, change.after, change.stored.stem))
