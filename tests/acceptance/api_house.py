"""The house that made-up requests are sent to, and the hub that its downloads come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.holding_hub import holding_hub
from tests.threats.house import FILE, REPO, House, make_place, running_house


@contextmanager
def house_as_described(folder: Path, **settings: Any) -> Iterator[House]:
    """A running house with an alias of the name that the description's examples have.

    Meanwhile this process, and the one that makes the requests up, download from the hub.
    """
    place = make_place(folder)
    text = f"alias: llama3:instruct\nrepo: {REPO}\nfilename: {FILE}\n"
    (place[0] / "aliases" / "llama3--instruct.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, holding_hub() as address:
        patch.setenv("HF_ENDPOINT", address)
        patch.delenv("HF_HUB_OFFLINE", raising=False)
        with running_house(place, **settings) as running:
            yield running
