"""The same thousands of requests as without keys, at a server that asks for one.

In a file of its own, so that both can be tried at the same time.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.api_house import house_as_described
from tests.acceptance.api_tried import TEXT, tried_and_as_described
from tests.threats.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_as_described(tmp_path, api_key=TEXT) as running:
        yield running


@pytest.mark.timeout(600)
def test_no_request_of_thousands_is_answered_otherwise_than_described_with_keys(
    house: House, tmp_path: Path
) -> None:
    found = tried_and_as_described(house, tmp_path, 44, 2_500)
    assert found.never_well == set(), found.answered
    assert found.share(404) < 0.2


@pytest.mark.soak
def test_no_request_of_very_many_is_answered_otherwise_than_described_with_keys(
    house: House, tmp_path: Path
) -> None:
    tried_and_as_described(house, tmp_path, 220, 10_000)
