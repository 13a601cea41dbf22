"""Names that nobody knows, by the thousand: they leave nothing behind that grows with them."""

import gc
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2 as httpx
import pytest

from bodhi.gateway.live import LiveServings
from bodhi.gateway.meter import Measure
from bodhi.gateway.serving import Serving
from bodhi.params.values import JsonObject
from bodhi.usage.model import RequestRecord
from tests.support.server import wait_until
from tests.threats.house import House, make_place, running_house


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    with running_house(make_place(tmp_path)) as running:
        yield running


def asked(house: House, names: range) -> int:
    """Ask each of these names once; how many answers were not 404."""
    with httpx.Client(base_url=f"http://127.0.0.1:{house.port}", timeout=60) as client:
        answers = [client.post("/v1/chat/completions", json=_body(one)) for one in names]
    return sum(answer.status_code != 404 for answer in answers)


def _body(number: int) -> JsonObject:
    hello: JsonObject = {"role": "user", "content": "Hello!"}
    return {"model": f"nobody-{number:x}-{'y' * 200}", "messages": [hello], "user": str(number)}


def recorded(house: House) -> tuple[int, int]:
    """How many requests were recorded, and of how many subjects figures are kept."""
    path = f"file:{house.home}/state/usage.sqlite3?mode=ro"
    try:
        with closing(sqlite3.connect(path, uri=True)) as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("requests", "subjects")
            ]
    except sqlite3.Error:
        return 0, 0
    return counts[0], counts[1]


def grown(house: House, number: int) -> int:
    """How many more blocks of memory are in use after so many unknown names."""
    asked(house, range(500))
    assert wait_until(lambda: recorded(house)[0] == 500, 60)
    gc.collect()
    before = sys.getallocatedblocks()
    asked(house, range(500, 500 + number))
    assert wait_until(lambda: recorded(house)[0] == 500 + number, 60)
    gc.collect()
    return sys.getallocatedblocks() - before


def check(house: House, number: int) -> None:
    """What is promised, over so many names."""
    assert asked(house, range(number)) == 0
    assert wait_until(lambda: recorded(house)[0] == number, 60), recorded(house)
    assert recorded(house) == (number, 1)


@pytest.mark.threat("T32")
def test_names_that_nobody_knows_are_one_line_of_figures(fresh: House) -> None:
    check(fresh, 400)
    told = httpx.get(f"http://127.0.0.1:{fresh.port}/api/v1/usage/aliases", timeout=60).json()
    assert told["aliases"] == []


@pytest.mark.timeout(240)
@pytest.mark.threat("T32")
def test_memory_does_not_grow_with_them(fresh: House) -> None:
    assert grown(fresh, 1000) < 1000


@pytest.mark.planted("T32")
def test_a_series_for_each_name_would_be_found(fresh: House) -> None:
    record: Callable[[Measure, Any], RequestRecord] = Measure._record

    def by_name(measure: Measure, error: BaseException | None) -> RequestRecord:
        made = record(measure, error)
        return made._replace(uid=made.request_id, alias="other")

    with mock.patch.object(Measure, "_record", by_name), pytest.raises(AssertionError):
        check(fresh, 40)
    assert recorded(fresh)[1] == 40


@pytest.mark.timeout(240)
@pytest.mark.planted("T32")
def test_names_that_are_remembered_would_be_found(fresh: House) -> None:
    kept: dict[str, bytes] = {}
    find = LiveServings.find

    async def remembering(servings: LiveServings, name: str) -> Serving:
        kept.setdefault(name, os.urandom(16))
        return await find(servings, name)

    with mock.patch.object(LiveServings, "find", remembering):
        assert grown(fresh, 1000) >= 1000


@pytest.mark.soak
@pytest.mark.threat("T32")
def test_a_hundred_thousand_names_leave_as_little(fresh: House) -> None:
    assert grown(fresh, 100_000) < 10_000
    assert recorded(fresh) == (100_500, 1)
