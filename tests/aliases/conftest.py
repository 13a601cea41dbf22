"""Running servers, one of a kind for each file of tests that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aliases.served import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    """Without keys."""
    with serving(tmp_path_factory.mktemp("served"), tiny_model) as running:
        yield running


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    """With a key, which ``ask`` sends."""
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, tiny_model, key="sk-the-key-of-the-tests") as running:
        yield running
