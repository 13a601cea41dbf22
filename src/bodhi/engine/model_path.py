"""The model file, looked at once more before a process is started on it."""

from pathlib import Path

from bodhi.errors import ModelFileMissing


def require_file(path: Path) -> None:
    """Raises ModelFileMissing. An engine would wait forever at a named pipe."""
    if not path.is_file():
        raise ModelFileMissing(
            f"The model file {path.name} is not on disk.",
            remedy="Download it again, or choose another file in the alias.",
        )
