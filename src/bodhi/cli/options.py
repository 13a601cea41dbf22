"""The options and arguments that several commands share."""

from typing import Annotated

import typer

from bodhi.cli.completion import complete_alias, complete_assignment

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

AliasName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="An alias or a model.", autocompletion=complete_alias),
]

UserAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="A user alias.", autocompletion=complete_alias)
]

NewName = Annotated[str, typer.Argument(metavar="NEW", help="The name that it gets.")]

Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Give a parameter a value; may be given again.",
        autocompletion=complete_assignment,
    ),
]

ServerAddress = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="ADDRESS",
        help="Where the server answers; else $BODHI_SERVER, else as the settings say.",
    ),
]
