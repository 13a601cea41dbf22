"""``bodhi version``: what is installed, without importing the engine."""

import platform

from bodhi import __version__
from bodhi.cli.options import AsJson
from bodhi.cli.output import fields, write, write_json


def version(as_json: AsJson = False) -> None:
    """Print the versions of Bodhi, of the engine and of Python."""
    versions = {
        "bodhi": __version__,
        "engine": f"xllamacpp {_installed('xllamacpp')}",
        "python": platform.python_version(),
    }
    if as_json:
        write_json(versions)
    else:
        write(fields(versions.items()))


def _installed(distribution: str) -> str:
    # Slow to import, and needed nowhere else.
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "(not installed)"
