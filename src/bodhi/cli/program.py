"""The program ``bodhi``: its nouns, its global options, and how every command ends."""

import sys
import traceback
from dataclasses import dataclass
from typing import Annotated

import typer
from typer.main import get_command

from bodhi import __version__
from bodhi.cli import (
    advise,
    aliases,
    chat,
    doctor,
    engines,
    explaining,
    keys,
    models,
    params,
    presets,
    pull,
    serve,
    settings,
    templates,
    usage,
    version,
)
from bodhi.cli.completion import join_names_with_colons
from bodhi.cli.other_words import Verbs
from bodhi.cli.output import prepare_streams, print_error, write
from bodhi.cli.plain_values import let_plain_values_through
from bodhi.errors import BodhiError

app = typer.Typer(
    name="bodhi",
    cls=Verbs,
    help="Serve local language models by alias: a named recipe behind one OpenAI-compatible API.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve.serve)
app.command("chat")(chat.chat)
app.add_typer(aliases.app, name="aliases", cls=Verbs)
app.command("advise")(advise.advise)
app.add_typer(presets.app, name="presets", cls=Verbs)
app.add_typer(models.app, name="models", cls=Verbs)
app.add_typer(params.app, name="params", cls=Verbs)
app.add_typer(templates.app, name="templates", cls=Verbs)
app.command("pull")(pull.pull)
app.add_typer(engines.app, name="engines", cls=Verbs)
app.add_typer(explaining.requests, name="requests", cls=Verbs)
app.add_typer(keys.app, name="keys", cls=Verbs)
app.command("usage")(usage.usage)
app.command("settings")(settings.show_settings)
app.command("doctor")(doctor.doctor)
app.command("version")(version.version)


@dataclass(slots=True)
class Options:
    """What was asked for before the noun."""

    debug: bool = False


def run() -> None:
    """Run the command in ``sys.argv``; ends the process, with the exit code of the error's class.

    Usage errors end with 2, Ctrl-C with 130, a closed pipe with 141, defects of ours with 70.
    """
    options = Options()
    prepare_streams()
    join_names_with_colons()
    command = get_command(app)
    let_plain_values_through(command)
    try:
        command.main(prog_name="bodhi", obj=options)
    except Exception as error:
        if options.debug:
            traceback.print_exc()
        print_error(_as_bodhi_error(error))
        sys.exit(_as_bodhi_error(error).exit_code)


def _as_bodhi_error(error: Exception) -> BodhiError:
    if isinstance(error, BodhiError):
        return error
    return BodhiError(
        f"Bodhi failed on a defect of its own ({type(error).__name__}).",
        remedy="bodhi --debug, followed by the same command, shows where.",
    )


def _print_version(wanted: bool) -> None:
    if wanted:
        write(f"bodhi {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error arose.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    ctx.obj.debug = debug
