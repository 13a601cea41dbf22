"""The options and arguments that several commands share."""

from typing import Annotated

import typer

from bodhi.cli.completion import complete_alias

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

AliasName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="An alias or a model.", autocompletion=complete_alias),
]

ServerAddress = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="ADDRESS",
        help="Where the server answers; else $BODHI_SERVER, else as the settings say.",
    ),
]
