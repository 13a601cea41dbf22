"""Lets texts and switches through unchecked, so that commands which need no pydantic load none.

Typer checks every value, that of ``--help`` included, through a pydantic adapter that it builds
on first use. Importing that takes three times as long as the rest of a completion.
"""

from typing import Any

import typer

_PLAIN = (str, bool, list[str])


class _AsItIs:
    """Stands where Typer's adapter would."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        del ctx
        return () if value is None and param.multiple else value


def let_plain_values_through(command: Any, above: typer.Context | None = None) -> None:
    """Do so for ``command``, which stands below ``above``, and for every command below it.

    Typer has no public name for this. Should a later version call it otherwise, its own check
    simply happens again: nothing but the time it takes depends on this.
    """
    context = typer.Context(command, parent=above, **command.context_settings)
    for parameter in command.get_params(context):
        descriptor = getattr(parameter, "type_descriptor", None)
        if getattr(descriptor, "annotation", None) in _PLAIN:
            parameter._runtime_param = _AsItIs()
    for below in getattr(command, "commands", {}).values():
        let_plain_values_through(below, context)
