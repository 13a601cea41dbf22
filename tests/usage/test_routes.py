"""Usage over HTTP and on the command line: what was asked of a real server, told as figures."""

import csv
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bodhi.usage.shown import AliasUsageList, UsageFigures, UsageSummary
from tests.aliases.served import Served, refusal, serving
from tests.support.command_line import bodhi
from tests.support.server import wait_until

_FIGURES = list(UsageFigures.model_fields)
_ASKED = {"model": "tiny", "prompt": "the", "max_tokens": 3, "ignore_eos": True, "user": "ann"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    """A server of which ``tiny`` was asked three times, and nothing that there is once."""
    with serving(tmp_path_factory.mktemp("usage"), tiny_model) as running:
        for body in (_ASKED, _ASKED, _ASKED | {"temperature": -1}, _ASKED | {"model": "gone"}):
            running.client.post("/v1/completions", json=body)
        assert wait_until(lambda: told(running, "summary")["figures"]["requests"] == 4, 20, 0.1)
        yield running


def told(served: Served, what: str) -> dict[str, Any]:
    answer = served.ask("GET", f"/usage/{what}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_summary_counts_each_request_by_its_end(served: Served) -> None:
    TypeAdapter(UsageSummary).validate_json(served.ask("GET", "/usage/summary").content)
    summary = told(served, "summary")
    figures = summary["figures"]
    assert (figures["finished"], figures["refused"], figures["success"]) == (2, 2, 1.0)
    assert figures["completion_tokens"] == 6
    assert {one["source"]: one["figures"]["requests"] for one in summary["sources"]} == {
        "user": 3,
        "none": 1,
    }
    assert summary["recording"] == {"trouble": None, "lost": 0}


def test_an_alias_has_its_figures_its_points_and_what_callers_changed(served: Served) -> None:
    TypeAdapter(AliasUsageList).validate_json(served.ask("GET", "/usage/aliases").content)
    (alias,) = told(served, "aliases")["aliases"]
    assert (alias["id"], alias["figures"]["requests"], alias["in_flight"]) == ("tiny", 3, 0)
    detail = told(served, "aliases/tiny?every=day")
    assert sum(point["figures"]["requests"] for point in detail["points"]) == 3
    assert [one["field"] for one in told(served, "adjustments")["adjustments"]] == [
        one["field"] for one in detail["adjustments"]
    ]
    assert told(served, "models")["models"][0]["figures"]["requests"] == 3
    assert sum(one["figures"]["requests"] for one in told(served, "templates")["templates"]) == 4


def test_a_table_for_spreadsheets_has_the_rows_of_the_answer(served: Served) -> None:
    answer = served.ask("GET", "/usage/aliases?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(StringIO(answer.text))
    assert header == ["id", "uid", "alias", "source", *_FIGURES, "in_flight", "last_used"]
    (alias,) = told(served, "aliases")["aliases"]
    figures = alias.pop("figures")
    expected = {**alias, **figures}
    assert row == ["" if expected[name] is None else str(expected[name]) for name in header]
    tables = ("summary", "series", "aliases/tiny", "models", "templates", "adjustments")
    for what in (*tables, "experiments", "keys"):
        text = served.ask("GET", f"/usage/{what}?format=csv").text
        assert len({len(line) for line in csv.reader(StringIO(text))}) == 1


def test_who_was_asked_for_is_kept_as_a_hash_alone(served: Served) -> None:
    files = [path for path in (served.home / "state").rglob("*") if path.is_file()]
    assert b"/v1/completions" in b"".join(path.read_bytes() for path in files)
    assert not any(b'"ann"' in path.read_bytes() for path in files)
    assert not any(b"ann/v1" in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("summary?from=nan", 400, "invalid_request"),
        ("summary?from=20&to=10", 400, "invalid_request"),
        ("series?every=minute&from=0", 400, "invalid_request"),
        ("series?every=week", 400, "invalid_request"),
        ("series?by=prompt", 400, "invalid_request"),
        ("aliases?format=xlsx", 400, "invalid_request"),
        ("aliases/nobody", 404, "model_not_found"),
    ],
)
def test_what_cannot_be_told_is_refused(served: Served, what: str, status: int, code: str) -> None:
    assert refusal(served.ask("GET", f"/usage/{what}"))[:2] == (status, code)


def test_the_command_line_tells_the_same(served: Served) -> None:
    where = ("--server", served.server.address)
    header, row = bodhi("usage", *where).out.splitlines()
    assert header.split() == [
        *("ALIAS", "REQUESTS", "SUCCESS", "LEFT", "TOKENS", "IN", "OUT"),
        *("FIRST", "TOKEN", "TOKENS/S"),
    ]
    assert row.split()[:5] == ["tiny", "3", "100.0", "%", "0"]
    began = int(time.time())
    answer = bodhi("usage", "--by", "model", "--since", "12h", "--json", *where).json
    assert answer["models"] == told(served, "models")["models"]
    assert 0 <= answer["start"] - (began - 12 * 3600) // 60 * 60 <= 120
    wrong = bodhi("usage", "--since", "a week", *where)
    assert wrong.code == 2
    assert "write it like 30m, 12h or 7d" in wrong.err
