"""Where the shared test data lies; tests that need it skip, with the reason, where it is absent."""

import os
from pathlib import Path

import pytest

VARIABLE = "BODHI_SHARED_FIXTURES"
BESIDE_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "fixtures"


def shared_fixtures() -> Path:
    """The folder of published cases: ``$BODHI_SHARED_FIXTURES``, or beside the repository."""
    folder = Path(os.environ.get(VARIABLE) or BESIDE_THE_REPOSITORY)
    if not folder.is_dir():
        pytest.skip(f"the shared fixtures are not on this machine (set {VARIABLE} to their folder)")
    return folder
