"""``bodhi params``: what an alias can set, how far it may go, and what is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.completion import complete_parameter
from bodhi.cli.options import AsJson
from bodhi.cli.output import fields, table, write, write_json

if TYPE_CHECKING:
    from bodhi.params.bounds import Circumstances
    from bodhi.params.described import Described

app = typer.Typer(help="Show what aliases can set.", no_args_is_help=True)

_Of = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="A model or an alias: bounds and defaults are then those of its model.",
    ),
]


@app.command("list")
def list_parameters(model: _Of = None, as_json: AsJson = False) -> None:
    """List every parameter with its range and its default on this machine."""
    from bodhi.params.described import describe

    described = describe(_known(model))
    if as_json:
        from bodhi.aliases.params_shown import show_parameter

        shown = [show_parameter(one).model_dump(mode="json") for one in described]
        write_json({"parameters": shown})
        return
    from bodhi.params.words import default_words, range_words

    rows = [(d.row.key, d.row.group, range_words(d), default_words(d)) for d in described]
    write(table(("KEY", "GROUP", "RANGE", "DEFAULT"), rows))


@app.command("show")
def show_parameter(
    name: Annotated[
        str,
        typer.Argument(metavar="KEY", help="Any of its names.", autocompletion=complete_parameter),
    ],
    model: _Of = None,
    as_json: AsJson = False,
) -> None:
    """Show one parameter: what it does, how far it may go, and what is recommended."""
    from bodhi.cli.assignments import parameter_named
    from bodhi.params.described import describe

    row = parameter_named(name)
    (described,) = (one for one in describe(_known(model)) if one.row is row)
    if as_json:
        from bodhi.aliases.params_shown import show_parameter

        write_json(show_parameter(described).model_dump(mode="json"))
    else:
        write(f"{row.help}\n\n{fields(_about(described))}")


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of an alias file, for editors.

    An editor that knows yaml-language-server checks a file with it that begins with a line such as:
    # yaml-language-server: $schema=alias.schema.json
    """
    from bodhi.aliases.schema import alias_schema_text

    write(alias_schema_text(), end="")


def _known(name: str | None) -> Circumstances:
    from bodhi.aliases.circumstances import circumstances_of
    from bodhi.app import unsupported_parameters
    from bodhi.cli.local import load_settings, open_aliases, scan_models
    from bodhi.machine import cores

    settings = load_settings()
    return circumstances_of(
        name,
        open_aliases(settings),
        scan_models(settings),
        cores=cores(),
        unsupported=unsupported_parameters(settings),
    )


def _about(described: Described) -> list[tuple[str, str | None]]:
    from bodhi.params.words import (
        bound_words,
        default_words,
        impact_words,
        range_words,
        recommendation_words,
        special_words,
    )

    row = described.row
    return [
        ("key", row.key),
        ("label", row.label),
        ("section", row.section.value),
        ("group", row.group),
        ("other names", ", ".join((*row.spellings, *row.negations)) or None),
        ("flag", row.flags[0] if row.flags else None),
        ("range", range_words(described)),
        *((f"{which} bound", text) for which, text in bound_words(described)),
        *(("special", text) for text in special_words(row)),
        ("default", default_words(described)),
        *(("recommended", text) for text in recommendation_words(row)),
        ("decides", impact_words(row)),
        (
            "takes effect",
            "with the next request" if row.applies == "request" else "in a new engine",
        ),
        ("related", ", ".join(row.related) or None),
        ("not taken", described.bounds.unsupported),
    ]
