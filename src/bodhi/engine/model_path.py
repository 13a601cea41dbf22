"""The model file, looked at once more before a process is started on it, and after the load."""

from pathlib import Path

from bodhi.engine.contract import EngineSpec
from bodhi.errors import ModelFileChanged, ModelFileMissing
from bodhi.files import file_identity


def require_file(path: Path) -> None:
    """Raises ModelFileMissing. An engine would wait forever at a named pipe."""
    if not path.is_file():
        raise _missing(path)


def require_unchanged(spec: EngineSpec) -> None:
    """Raises ModelFileChanged where a part is no longer what ``spec`` was made for.

    Settings, memory and template were chosen for what stood in the header then, and the load key
    says that this engine has just that. Raises ModelFileMissing where a part has gone.
    """
    for path, identity in spec.files:
        try:
            now = file_identity(path.stat())
        except OSError:
            raise _missing(path) from None
        if now != identity:
            raise ModelFileChanged(
                f"The model file {path.name} was replaced since it was looked at.",
                remedy="Ask again once it is complete.",
            )


def _missing(path: Path) -> ModelFileMissing:
    return ModelFileMissing(
        f"The model file {path.name} is not on disk.",
        remedy="Download it again, or choose another file in the alias.",
    )
