"""One running house for each file of tests that needs an ordinary one."""

from collections.abc import Iterator

import pytest

from tests.threats.house import House, make_place, running_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house as it stands after installation: no keys, nothing allowed beyond loopback."""
    with running_house(make_place(tmp_path_factory.mktemp("house"))) as running:
        yield running
