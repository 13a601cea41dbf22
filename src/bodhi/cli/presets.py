"""``bodhi presets``: values for an intent, copied into aliases; no server is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.local import load_settings
from bodhi.cli.options import AsJson, UserAlias
from bodhi.cli.output import clean, fields, note, table, write, write_json

if TYPE_CHECKING:
    from bodhi.aliases.preset import Preset
    from bodhi.params.values import JsonObject

app = typer.Typer(help="Values for an intent, to be copied into aliases.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(metavar="PRESET", help="As bodhi presets list shows it.")]


@app.command("list")
def list_presets(as_json: AsJson = False) -> None:
    """List the presets that come along, and your own in the home's folder presets."""
    from bodhi.aliases.presets import read_presets

    presets, problems = read_presets(load_settings().home)
    if as_json:
        shown = [_to_json(preset) for preset in presets]
        write_json({"presets": shown, "problems": list(map(str, problems))})
        return
    rows = [(p.name, "own" if p.is_own else "built-in", p.title, p.about) for p in presets]
    write(table(("NAME", "SOURCE", "TITLE", "ABOUT"), rows))
    for problem in problems:
        note(f"{problem}.")


@app.command("show")
def show_preset(name: _Name, as_json: AsJson = False) -> None:
    """Show what a preset sets."""
    from bodhi.aliases.presets import find_preset, read_presets

    preset = find_preset(name, *read_presets(load_settings().home))
    if as_json:
        write_json(_to_json(preset))
        return
    values = {f"{path[0]}.{path[1]}": str(value) for path, value in preset.values.items()}
    head: list[tuple[str, str | None]] = [("title", preset.title), ("about", preset.about or None)]
    write(fields([*head, *values.items()]))


@app.command("apply")
def apply_preset(name: _Name, alias: UserAlias, as_json: AsJson = False) -> None:
    """Copy a preset's values into an alias, and show what changed in its file.

    What another preset put there goes, unless it was changed since. Later changes of the preset
    do not reach the alias.
    """
    from bodhi.aliases.preset import edits_to_apply
    from bodhi.aliases.presets import find_preset, read_presets
    from bodhi.cli.workbench import difference, open_workbench
    from bodhi.errors import AliasBroken

    presets, problems = read_presets(load_settings().home)
    preset = find_preset(name, presets, problems)
    bench = open_workbench()
    stored = bench.find(alias)
    if stored.alias is None:
        raise AliasBroken(
            "The alias file cannot be used.", remedy="bodhi aliases validate says why."
        )
    change = bench.change(stored, edits_to_apply(preset, stored.alias, presets))
    if as_json:
        write_json(bench.show(change.stored))
    elif change.before == change.after:
        note("Nothing changes; it is so already.")
    else:
        write(difference(change.before, change.after, change.stored.stem))


@app.command("save")
def save_preset(
    name: Annotated[str, typer.Argument(metavar="PRESET", help="The name that it gets.")],
    alias: UserAlias,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What people read.")] = "",
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="When to take it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a preset of your own from what an alias sets."""
    from bodhi.aliases import presets
    from bodhi.cli.workbench import open_workbench
    from bodhi.errors import AliasBroken

    stored = open_workbench().find(alias)
    if stored.alias is None:
        raise AliasBroken(
            "The alias file cannot be used.", remedy="bodhi aliases validate says why."
        )
    saved = presets.save_preset(load_settings().home, name, title or name, about, stored.alias)
    if as_json:
        write_json(_to_json(saved))
    else:
        write(clean(f"{name} is saved. bodhi presets apply {name} ALIAS copies it."))


def _to_json(preset: Preset) -> JsonObject:
    return {
        "name": preset.name,
        "title": preset.title,
        "about": preset.about,
        "source": "own" if preset.is_own else "built-in",
        "context_params": dict(preset.context_params),
        "request_params": dict(preset.request_params),
        "request_policy": dict(preset.request_policy),
    }
