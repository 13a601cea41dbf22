"""Each test of the contract runs with every kind of engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.engine.runtime_dir import RuntimeDir
from tests.engine.contract.kinds import EVERY_KIND, KINDS, MISBEHAVING, Kind, Misbehaving
from tests.engine.contract.place import Place


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"], scope="session")
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """The two loops tell of a child's end in their own order."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    """A launcher of good engines that are processes of ours."""
    chosen: Kind = request.param
    return chosen


@pytest.fixture
def place(kind: Kind, tiny_model: Path, runtime_dir: Path, tmp_path: Path) -> Place:
    return Place(kind, tiny_model, runtime_dir, tmp_path)


@pytest.fixture(params=EVERY_KIND, ids=str)
def any_place(
    request: pytest.FixtureRequest, tiny_model: Path, runtime_dir: Path, tmp_path: Path
) -> Place:
    """The same with every kind of engine, a remote among them."""
    return Place(request.param, tiny_model, runtime_dir, tmp_path)


@pytest.fixture(params=MISBEHAVING, ids=str)
def misbehaving(request: pytest.FixtureRequest) -> Misbehaving:
    """A launcher of engines with a fault."""
    chosen: Misbehaving = request.param
    return chosen


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    folder = RuntimeDir()
    yield folder.path()
    folder.remove()
