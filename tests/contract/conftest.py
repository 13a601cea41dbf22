"""What the contract tests parsed is not carried along by the tests after them."""

from collections.abc import Iterator

import pytest

from tests.contract.project import modules_below


@pytest.fixture(autouse=True, scope="module")
def nothing_parsed_is_kept(nothing_left_open: None) -> Iterator[None]:
    """The trees of all files are a million objects, which every collection would look through."""
    yield
    modules_below.cache_clear()
