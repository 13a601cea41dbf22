"""Searching, sorting, grouping and paging the list over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bodhi.aliases.shown import AliasList
from tests.aliases.served import MODEL_ID, RECIPE, Served, refusal, serving

ALIASES: list[dict[str, Any]] = [
    {"name": "chat:7b", "request_params": {"temperature": 0.9}, "tags": ["work"]},
    {"name": "chat:13b", "context_params": {"n_ctx": 8192}, "description": "For LONG texts."},
    {"name": "code", "request_params": {"temperature": 0.2}, "tags": ["work", "code"]},
    {"name": "gone", "filename": "absent.gguf"},
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("filled"), tiny_model) as running:
        for fields in ALIASES:
            answer = running.ask("POST", "/aliases", {"recipe": {**RECIPE, **fields}})
            assert answer.status_code == 201, answer.text
        yield running


def listed(served: Served, **query: object) -> dict[str, Any]:
    answer = served.client.get("/api/v1/aliases", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    TypeAdapter(AliasList).validate_json(answer.content, strict=True)
    found: dict[str, Any] = answer.json()
    return found


def ids(served: Served, **query: object) -> list[str]:
    return [one["id"] for one in listed(served, **query)["aliases"]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("temp>0.7", ["chat--7b"]),
        ("ctx>=8k", ["chat--13b"]),
        ("tag:work -tag:code", ["chat--7b"]),
        ("state:error", ["gone"]),
        ("source:model", [MODEL_ID]),
        ("long texts", ["chat--13b"]),
        ("chat family:llama source:user", ["chat--13b", "chat--7b"]),
        ("used>7d", []),
        ("modified<1d -source:model -chat -name:tiny", ["code", "gone"]),
        ("nothing has this", []),
    ],
)
def test_the_list_is_searched(filled: Served, q: str, expected: list[str]) -> None:
    assert ids(filled, q=q) == expected


def test_the_list_is_sorted_by_columns_and_parameters(filled: Served) -> None:
    assert ids(filled, q="source:user", sort="name")[:2] == ["chat--7b", "chat--13b"]
    assert ids(filled, q="source:user", sort="-temp,name") == [
        *("chat--7b", "code", "chat--13b", "gone", "tiny")
    ]


def test_pages_follow_one_another_and_count_all(filled: Served) -> None:
    whole = ids(filled, sort="-name")
    assert len(whole) == len(ALIASES) + 2
    shown: list[str] = []
    query: dict[str, object] = {"sort": "-name", "limit": 4}
    while True:
        page = listed(filled, **query)
        assert page["total"] == len(whole)
        shown += [one["id"] for one in page["aliases"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert shown == whole


def test_groups_and_facets_are_counted(filled: Served) -> None:
    found = listed(filled, group="state", facets="source,tag", limit=1)
    assert found["groups"] == [
        {"value": "error", "count": 1},
        {"value": "published", "count": 5},
    ]
    assert found["facets"] == {
        "source": [{"value": "user", "count": 5}, {"value": "model", "count": 1}],
        "tag": [{"value": "work", "count": 2}, {"value": "code", "count": 1}],
    }
    assert [one["id"] for one in found["aliases"]] == ["gone"]


def test_a_request_makes_an_alias_used_and_active(filled: Served) -> None:
    assert ids(filled, q="active") == []
    body = {"model": "code", "messages": [{"role": "user", "content": "x"}], "max_tokens": 1}
    assert filled.client.post("/v1/chat/completions", json=body).status_code == 200
    assert ids(filled, q="active used<1h") == ["code"]
    assert ids(filled, sort="-used")[0] == "code"


def test_without_a_query_the_whole_list_comes_and_304_after_it(filled: Served) -> None:
    answer = filled.ask("GET", "/aliases")
    assert answer.json()["total"] == len(answer.json()["aliases"]) == len(ALIASES) + 2
    known = {"if-none-match": answer.headers["etag"]}
    assert filled.ask("GET", "/aliases", headers=known).status_code == 304
    searched = filled.ask("GET", "/aliases?q=code")
    known = {"if-none-match": searched.headers["etag"]}
    assert filled.ask("GET", "/aliases?q=code", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("q=temprature%3E0.7", "/q"),
        ("q=state:eror", "/q"),
        ("q=" + "x" * 1001, "/q"),
        ("sort=nonsense", "/sort"),
        ("group=name", "/group"),
        ("facets=name", "/facets"),
        ("cursor=x", "/cursor"),
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=many", "/limit"),
        ("qq=code", "/qq"),
    ],
)
def test_what_means_nothing_is_refused(filled: Served, query: str, pointer: str) -> None:
    assert refusal(filled.ask("GET", f"/aliases?{query}")) == (400, "invalid_request", pointer)


def test_without_the_key_nothing_is_listed(locked: Served) -> None:
    answer = locked.client.get("/api/v1/aliases?q=tiny")
    assert refusal(answer)[:2] == (401, "invalid_api_key")
