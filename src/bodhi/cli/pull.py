"""``bodhi pull``: downloads a model from the Hugging Face hub, because somebody asked for it."""

from typing import Annotated

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import note, size, write, write_json


def pull(
    name: Annotated[
        str,
        typer.Argument(
            metavar="OWNER/REPO[:QUANT|FILE]",
            help="Repository, and which of its models: a quantization or a file name.",
        ),
    ],
    revision: Annotated[
        str | None,
        typer.Option("--revision", metavar="REV", help="Branch, tag or commit; else main."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download a model into the Hugging Face cache.

    A download that was cut off goes on where it stopped, when the command is run again. Size and
    hash are checked before the file can be seen. A token is taken from $HF_TOKEN, or from where
    the hub's own tools keep it; $HF_ENDPOINT names another hub.
    """
    from bodhi.cli.local import load_settings
    from bodhi.cli.progress import Progress
    from bodhi.model_files.download import pull as download
    from bodhi.model_files.hub_client import hub_from_environment

    progress = Progress()
    cache = load_settings().hub_cache
    try:
        pulled = download(name, hub_from_environment(), cache, progress, revision=revision)
    finally:
        progress.end()
    if as_json:
        write_json(
            {
                "repo": pulled.repo,
                "commit": pulled.commit,
                "paths": [str(path) for path in pulled.paths],
                "size_bytes": pulled.size_bytes,
                "fetched": list(pulled.fetched),
            }
        )
        return
    write(str(pulled.paths[0]))
    what = f"{pulled.repo}, {size(pulled.size_bytes)}, commit {pulled.commit[:7]}"
    note(f"Downloaded {what}." if pulled.fetched else f"Already here: {what}.")
