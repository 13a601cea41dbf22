"""Nothing in the repository names a package index or a folder of somebody's machine."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.contract.project import ROOT, files

INDEX = re.compile(rb"https?://[^/\s]*(?:pypi|pythonhosted|npmjs)", re.IGNORECASE)
# A folder at the root of somebody's machine, not the middle of a longer path or address. Nobody is
# called "me": tests and examples may use that.
MACHINE = re.compile(rb"(?<![\w.$}~*/-])/(?:work|root|(?:home|Users)/(?!me/)\w+)/", re.ASCII)


def places(pattern: re.Pattern[bytes], contents: Mapping[str, bytes]) -> list[str]:
    return [
        f"{name}:{number}: {match[0]!r}"
        for name, content in contents.items()
        for number, line in enumerate(content.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def texts(paths: Iterable[Path]) -> dict[str, bytes]:
    """Contents by name; what holds a zero byte is no text (a model, a picture)."""
    contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}
    return {name: content for name, content in contents.items() if b"\0" not in content[:8192]}


TEXTS = texts(files())


def test_no_file_names_a_package_index() -> None:
    assert places(INDEX, TEXTS) == []


def test_no_file_names_a_folder_of_a_developers_machine() -> None:
    assert places(MACHINE, TEXTS) == []


@pytest.mark.parametrize("host", ["pypi.org", "files.pythonhosted.org", "registry.npmjs.org"])
def test_an_index_would_be_found(host: str) -> None:
    planted = f"one\nsee https:{'//'}{host}/simple"
    assert len(places(INDEX, {"a.lock": planted.encode()})) == 1


@pytest.mark.parametrize("folder", ["work", "root", "home/ann", "Users/ann"])
def test_a_folder_of_a_machine_would_be_found(folder: str) -> None:
    assert len(places(MACHINE, {"a.py": f'open("{"/"}{folder}/x")'.encode()})) == 1


@pytest.mark.parametrize(
    "harmless", ["src/work/x", "example.org/home/ann/x", "$HOME/work/x", "/home/me/x"]
)
def test_longer_paths_are_left_alone(harmless: str) -> None:
    assert places(MACHINE, {"a.md": harmless.encode()}) == []
