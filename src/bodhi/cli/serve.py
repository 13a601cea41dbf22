"""``bodhi serve``: reads the settings and hands over to the composition root."""

from typing import Annotated

import typer


def serve(
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="HOST", help="Listen here, not where the settings say."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="0 picks a free one."),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve the small model that comes with Bodhi.")
    ] = False,
) -> None:
    """Start the server.

    Ctrl-C stops it once running answers have finished; a second one stops it at once.
    """
    from bodhi import app
    from bodhi.cli.local import load_settings

    app.serve(load_settings(host=host, port=port), demo_wanted=demo)
