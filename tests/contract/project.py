"""What the contract tests look at: the files of this repository and its Python modules."""

import ast
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", "__pycache__", "node_modules", "dist", "build", ".hypothesis"}


@dataclass(frozen=True)
class Module:
    """One Python file. ``name`` is dotted, ``path`` relative to the root."""

    name: str
    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """Parsed where somebody looks at it, and then once."""
        return ast.parse(self.source)

    @cached_property
    def import_lines(self) -> list[ast.Import | ast.ImportFrom]:
        """Every import, wherever it stands."""
        return [n for n in ast.walk(self.tree) if isinstance(n, ast.Import | ast.ImportFrom)]

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""


def module(name: str, source: str, path: str = "planted.py") -> Module:
    """A module that is not on disk: how a check is shown a defect."""
    return Module(name, path, source)


@cache
def files() -> tuple[Path, ...]:
    """Every file that git tracks or would track; without git, every file that is not a product."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(_walk())
    paths = (ROOT / os.fsdecode(name) for name in listing.split(b"\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            f
            for f in folders
            if f not in _NOT_OURS
            if not f.startswith(".venv") and not f.endswith(("_cache", ".egg-info"))
        )
        yield from (Path(folder, name) for name in sorted(names))


def modules(*tops: str) -> tuple[Module, ...]:
    """The Python modules below these top folders (``src``, ``tests``, ``tools``)."""
    return tuple(one for top in tops for one in modules_below(top))


@cache
def modules_below(top: str) -> tuple[Module, ...]:
    """Those of one folder. What was parsed is kept until the cache is cleared."""
    found = []
    for path in files():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py" and relative.parts[0] == top:
            dotted = relative.with_suffix("").parts
            dotted = dotted[1:] if dotted[0] == "src" else dotted
            dotted = dotted[:-1] if dotted[-1] == "__init__" else dotted
            source = path.read_text(encoding="utf-8")
            found.append(Module(".".join(dotted), str(relative), source))
    return tuple(found)


def imports(of: Module, known: Mapping[str, Module]) -> Iterator[tuple[str, int]]:
    """Every module that ``of`` imports anywhere in its text, with the line. Names in ``known``
    are resolved to the module itself: ``from bodhi import errors`` means ``bodhi.errors``.
    """
    is_package = of.path.endswith("__init__.py")
    for node in of.import_lines:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        else:
            base = node.module or ""
            if node.level:
                up = node.level - 1 if is_package else node.level
                package = of.name.split(".")[: len(of.name.split(".")) - up]
                base = ".".join([*package, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield (full if full in known else base), node.lineno
