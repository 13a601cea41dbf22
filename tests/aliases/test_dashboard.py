"""What the dashboard and the list tell of aliases that are drafted, pinned, tried and used."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bodhi.aliases.dashboard import Dashboard
from tests.aliases.samples import write_file
from tests.aliases.served import MODEL_ID, RECIPE, Served, serving
from tests.support.server import wait_until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("dashboard"), tiny_model) as running:
        yield running


def dashboard(served: Served) -> dict[str, Any]:
    answer = served.ask("GET", "/dashboard")
    assert answer.status_code == 200, answer.text
    TypeAdapter(Dashboard).validate_json(answer.content, strict=True)
    told: dict[str, Any] = answer.json()
    return told


def latest(served: Served) -> list[str]:
    """The alias that the dashboard says was used last; nothing before one is written."""
    return [one["id"] for one in dashboard(served)["recent"][:1]]


def listed(served: Served, **query: object) -> list[dict[str, Any]]:
    answer = served.client.get("/api/v1/aliases", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["aliases"]
    return rows


def use(served: Served, model: str) -> None:
    """One short answer."""
    body = {"model": model, "prompt": "a", "max_tokens": 1}
    answer = served.client.post("/v1/completions", json=body)
    assert answer.status_code == 200, answer.text


def test_drafts_are_counted_with_those_of_aliases_that_are_still_to_be(served: Served) -> None:
    before = dashboard(served)["attention"]["drafts"]
    made = served.new()
    drafts = [
        served.ask("POST", "/drafts", begun).json()["id"]
        for begun in ({"alias_id": made["id"]}, {"recipe": {"name": served.new_name(), **RECIPE}})
    ]
    assert dashboard(served)["attention"]["drafts"] == before + 2
    assert served.ask("DELETE", f"/drafts/{drafts[0]}", etag="*").status_code == 204
    assert dashboard(served)["attention"]["drafts"] == before + 1


def test_an_alias_with_a_draft_is_modified_in_the_list_and_names_it(served: Served) -> None:
    made = served.new()
    draft = served.ask("POST", "/drafts", {"alias_id": made["id"]}).json()
    found = {one["id"]: one for one in listed(served, q="state:modified")}
    assert found[made["id"]]["draft"] == draft["id"]
    assert served.ask("DELETE", f"/drafts/{draft['id']}", etag="*").status_code == 204
    assert made["id"] not in [one["id"] for one in listed(served, q="state:modified")]


def test_what_was_used_is_found_and_sorted_by_its_last_use(served: Served) -> None:
    first, second, unused = (served.new() for _ in range(3))
    use(served, first["name"])
    use(served, MODEL_ID.replace("~", ":").replace(":", "/", 1))
    use(served, second["name"])
    used = [one["id"] for one in listed(served, q="used<1d", sort="-used")]
    assert used[:3] == [second["id"], MODEL_ID, first["id"]]
    assert unused["id"] not in used
    assert [one["id"] for one in listed(served, q="used<1d", sort="used")] == used[::-1]


def test_the_dashboard_tells_what_was_used_last_once_it_is_written(served: Served) -> None:
    made, began = served.new(), time.time()
    use(served, made["name"])
    use(served, made["name"])
    assert wait_until(lambda: latest(served) == [made["id"]], 20, 0.1)
    told = dashboard(served)
    assert told["recent"][0]["last_used"] >= began
    assert told["recent"][0]["in_flight"] == told["active_now"] == 0
    assert told["active_24h"] >= 1
    assert told["usage_trouble"] is None
    assert told["total"] == told["user"] + told["model"] == len(listed(served))


def test_what_is_broken_or_without_its_model_wants_attention(served: Served) -> None:
    before = dashboard(served)["attention"]
    served.new(filename="absent.gguf")
    write_file(served.home, "no-yaml", "alias: [")
    assert wait_until(lambda: dashboard(served)["attention"]["broken"] == before["broken"] + 1, 20)
    after = dashboard(served)["attention"]
    assert after["missing_models"] == before["missing_models"] + 1
    assert after["unusable_models"] == before["unusable_models"]
