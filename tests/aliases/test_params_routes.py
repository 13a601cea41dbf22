"""What the control plane tells of parameters: typed, bounded by model and alias, with etags."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from bodhi.aliases.params_routes import params_routes
from bodhi.aliases.params_shown import ParameterList
from bodhi.errors import AliasNotFound
from bodhi.http.control import control_app
from bodhi.params.bounds import Circumstances
from bodhi.params.registry import PARAMETERS

LLAMA = Circumstances(
    trained_context=4096,
    layers=16,
    cores=4,
    sampling={"temp": 0.6},
    context_params={"n_ctx": 1024},
)
MACHINE = Circumstances(cores=4, unsupported={"device": "It has none."})


async def know(name: str | None) -> Circumstances:
    await asyncio.sleep(0)
    if name not in (None, "llama3:instruct"):
        raise AliasNotFound("No alias or model has this name.", pointer="/model")
    return LLAMA if name else MACHINE


@pytest.fixture
def client() -> TestClient:
    app = control_app([params_routes(know, lambda: '{"title": "x"}\n')])
    return TestClient(app, base_url="http://localhost")


def entries(client: TestClient, query: str = "") -> Mapping[str, Any]:
    """The answer by key."""
    answer = client.get(f"/api/v1/params{query}")
    assert answer.status_code == 200
    TypeAdapter(ParameterList).validate_json(answer.content, strict=True)
    return {one["key"]: one for one in answer.json()["parameters"]}


def test_every_parameter_is_told_with_all_that_a_control_needs(client: TestClient) -> None:
    found = entries(client)
    assert list(found) == list(PARAMETERS)
    temperature = found["temperature"]
    assert (temperature["low"]["value"], temperature["high"]["value"]) == (0.0, 2.0)
    assert temperature["high"]["is_limit"] is True
    assert (temperature["default"], temperature["default_layer"]) == (0.8, "engine default")
    assert temperature["recommended"]["source"]
    assert found["n_threads"]["high"] == {
        "value": 4,
        "reason": "cores of this machine",
        "is_limit": False,
    }
    assert found["device"]["unsupported"] == "It has none."


def test_a_model_brings_its_own_bounds_and_defaults(client: TestClient) -> None:
    found = entries(client, "?model=llama3:instruct")
    assert found["n_ctx"]["high"]["reason"] == "trained context"
    assert found["n_ctx"]["default"] == 4096
    assert found["max_tokens"]["high"]["value"] == 1024
    assert (found["temperature"]["default"], found["temperature"]["default_layer"]) == (
        0.6,
        "model file",
    )
    assert found["gpu_layers"]["high"]["value"] == 17


def test_an_unknown_name_is_refused_with_its_pointer(client: TestClient) -> None:
    answer = client.get("/api/v1/params?model=nobody")
    assert answer.status_code == 404
    assert answer.json()["error"]["pointer"] == "/model"


@pytest.mark.parametrize("path", ["/params", "/params?model=llama3:instruct", "/params/schema"])
def test_what_did_not_change_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(f"/api/v1{path}")
    again = client.get(f"/api/v1{path}", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert client.get(f"/api/v1{path}", headers={"if-none-match": '"other"'}).status_code == 200


def test_the_schema_is_sent_as_it_is(client: TestClient) -> None:
    assert json.loads(client.get("/api/v1/params/schema").content) == {"title": "x"}
