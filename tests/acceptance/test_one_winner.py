"""Of two that change the same content at the same moment over HTTP, exactly one wins."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx2 as httpx
import pytest

from tests.aliases.samples import alias_text, write_file
from tests.support.barrage import say
from tests.support.server import RunningServer, running_server

_PATH = "/api/v1/aliases/a"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    write_file(tmp_path / "home", "a", alias_text("a"))
    with running_server(tmp_path / "home", tmp_path / "hub") as running:
        yield running


def seed_of(alias: dict[str, object]) -> object:
    """The value that the pairs fight over."""
    found = alias["set"]
    assert isinstance(found, list)
    return next(one["value"] for one in found if one["key"] == "seed")


def pairs(server: RunningServer, count: int, *, careless: bool = False) -> Counter[str]:
    """How many pairs ended how; ``careless`` ones do not say what their change is based on."""
    start = Barrier(2)
    ended: Counter[str] = Counter()

    def change(client: httpx.Client, etag: str, seed: int) -> httpx.Response:
        edit = {"path": ["request_params", "seed"], "value": seed}
        headers = {"if-match": "*" if careless else f'"{etag}"'}
        start.wait()
        return client.patch(_PATH, json={"edits": [edit]}, headers=headers)

    with server.http() as one, server.http() as other, ThreadPoolExecutor(2) as pool:
        etag = one.get(_PATH).json()["etag"]
        for turn in range(count):
            seeds = (2 * turn + 1, 2 * turn + 2)
            answers = list(pool.map(change, (one, other), (etag, etag), seeds))
            won = [answer.json() for answer in answers if answer.status_code == 200]
            lost = [answer for answer in answers if answer.status_code == 412]
            ended[f"{len(won)} won, {len(lost)} refused"] += 1
            shown = one.get(_PATH).json()
            if shown["etag"] not in [alias["etag"] for alias in won]:
                ended["and the file is nobody's"] += 1
            if len(won) == 1 and seed_of(shown) != seed_of(won[0]):
                ended["and the winner's value is lost"] += 1
            etag = shown["etag"]
    return ended


def test_of_each_pair_one_wins_and_the_other_is_refused(server: RunningServer) -> None:
    assert pairs(server, 100) == {"1 won, 1 refused": 100}


@pytest.mark.soak
def test_of_each_of_ten_thousand_pairs_one_wins(server: RunningServer) -> None:
    ended = pairs(server, 10_000)
    say(f"10,000 pairs: {dict(ended)}")
    assert ended == {"1 won, 1 refused": 10_000}


def test_pairs_that_write_over_one_another_would_be_found(server: RunningServer) -> None:
    assert pairs(server, 5, careless=True)["2 won, 0 refused"] == 5
