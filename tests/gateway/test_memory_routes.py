"""What the control plane foretells of memory: for models, aliases, and values that are tried."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bodhi.aliases.home import prepare_home
from bodhi.aliases.store import AliasStore
from bodhi.engine.dry_run import DryRuns
from bodhi.gateway.memory_routes import memory_routes
from bodhi.http.control import control_app
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from tests.support import sparse_models
from tests.support.sparse_gguf import write_sparse_model

MIB = 1 << 20
NAME = "us/llama:Q8_0"
ALIAS = """
alias: long
repo: us/llama
filename: m-Q8_0.gguf
context_params:
  n_ctx: 65536
"""


def client(tmp_path: Path, *, free_bytes: int = 4096 * MIB, asks: bool = True) -> TestClient:
    folder = tmp_path / "models"
    place = folder / "us" / "llama"
    if not place.exists():
        place.mkdir(parents=True)
        write_sparse_model(place / "m-Q8_0.gguf", sparse_models.llama())
        (place / "torn-Q4_0.gguf").write_bytes(b"GGUF")
        prepare_home(tmp_path / "home")
        (tmp_path / "home" / "aliases" / "long.yaml").write_text(ALIAS, encoding="utf-8")
    store = AliasStore(tmp_path / "home")
    store.load_all()
    routes = memory_routes(
        store,
        LiveCatalogue(ModelIndex(tmp_path / "hub", (folder,))),
        cores=1,
        free_memory=lambda: free_bytes,
        dry_runs=DryRuns() if asks else None,
    )
    return TestClient(control_app([routes]), base_url="http://localhost")


def ask(client: TestClient, **query: str | int | bool) -> Any:
    answer = client.get("/api/v1/memory", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def part(found: Any, name: str) -> int:
    return sum(one["bytes"] // MIB for one in found["parts"] if one["name"] == name)


def test_a_model_is_foretold_from_its_header_with_bodhis_defaults(tmp_path: Path) -> None:
    found = ask(client(tmp_path), model=NAME)
    assert (found["source"], found["exact"], found["context"]) == ("header", True, 8192)
    assert (part(found, "weights"), part(found, "kv_cache")) == (864, 256)
    assert found["total_bytes"] == sum(one["bytes"] for one in found["parts"])
    assert found["words"] == (
        "fits · needs 1.2 of 4.0 GiB, with a context of 8,192 tokens, estimated from the header"
    )


def test_values_that_are_tried_are_laid_over_those_of_the_alias(tmp_path: Path) -> None:
    at = client(tmp_path)
    assert part(ask(at, model="long"), "kv_cache") == 2048
    tried = ask(at, model="long", cache_type_k="q8_0", cache_type_v="q8_0")
    assert part(tried, "kv_cache") == 1088
    assert part(ask(at, model="long", n_ctx=1024), "kv_cache") == 32


@pytest.mark.parametrize(
    ("free_mib", "verdict"), [(4096, "fits"), (1300, "tight"), (100, "does not fit")]
)
def test_it_is_compared_with_what_is_free(tmp_path: Path, free_mib: int, verdict: str) -> None:
    found = ask(client(tmp_path, free_bytes=free_mib * MIB), model=NAME)
    assert found["verdict"] == verdict
    assert found["rooms"] == [
        {"device": None, "needs_bytes": found["total_bytes"], "free_bytes": free_mib * MIB}
    ]


def test_the_engine_is_asked_where_that_is_wanted(tmp_path: Path) -> None:
    found = ask(client(tmp_path), model=NAME, ask_engine=True)
    assert (found["source"], part(found, "weights"), part(found, "kv_cache")) == (
        "engine",
        864,
        256,
    )
    without = ask(client(tmp_path, asks=False), model=NAME, ask_engine=True)
    assert without["source"] == "header"


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ({"model": "us/none"}, 404, "/model"),
        ({"model": "us/llama:Q4_0"}, 422, "/model"),
        ({"model": NAME, "n_ctx": -5}, 400, "/n_ctx"),
        ({"model": NAME, "cache_type_k": "q9"}, 400, "/cache_type_k"),
        ({"model": NAME, "n_ctx": "many"}, 400, "/n_ctx"),
        ({}, 400, "/model"),
    ],
)
def test_what_cannot_be_foretold_is_refused(
    tmp_path: Path, query: dict[str, str], status: int, pointer: str
) -> None:
    answer = client(tmp_path).get("/api/v1/memory", params=query)
    assert (answer.status_code, answer.json()["error"]["pointer"]) == (status, pointer)
