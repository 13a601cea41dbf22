"""``bodhi pull``: downloads from the Hugging Face hub, because somebody asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import note, size, write, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from bodhi.cli.progress import Progress
    from bodhi.model_files.download import Pulled


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
    template: Annotated[
        bool,
        typer.Option("--template", help="Only the repository's chat template, and no model."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download a model into the Hugging Face cache.

    A download that was cut off goes on where it stopped, when the command is run again. Size and
    hash are checked before the file can be seen. A token is taken from $HF_TOKEN, or from where
    the hub's own tools keep it; $HF_ENDPOINT names another hub.
    """
    from bodhi.cli.local import load_settings
    from bodhi.cli.progress import Progress
    from bodhi.errors import InvalidInput

    if template and revision is not None:
        raise InvalidInput("A chat template is taken from main, and from no other revision.")
    progress = Progress()
    cache = load_settings().hub_cache
    try:
        pulled = _pulled(name, cache, progress, revision=revision, template=template)
    finally:
        progress.end()
    if as_json:
        keys = ("repo", "commit", "size_bytes", "fetched")
        paths = [str(path) for path in pulled.paths]
        write_json({key: getattr(pulled, key) for key in keys} | {"paths": paths})
        return
    write(str(pulled.paths[0]))
    what = f"{pulled.repo}, {size(pulled.size_bytes)}, commit {pulled.commit[:7]}"
    note(f"Downloaded {what}." if pulled.fetched else f"Already here: {what}.")


def _pulled(
    name: str, cache: Path, progress: Progress, *, revision: str | None, template: bool
) -> Pulled:
    from bodhi.chat_templates.repository import (
        MAX_CONFIG_BYTES,
        holds_template,
        read_repository_template,
    )
    from bodhi.model_files.download import pull as download
    from bodhi.model_files.download import pull_beside
    from bodhi.model_files.hub_client import hub_from_environment

    hub = hub_from_environment()
    if not template:
        return download(name, hub, cache, progress, revision=revision)
    pulled = pull_beside(name, holds_template, hub, cache, progress, max_bytes=MAX_CONFIG_BYTES)
    read_repository_template(name, cache)  # says so where there is none among the files
    return pulled
