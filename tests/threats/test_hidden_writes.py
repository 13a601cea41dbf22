"""What no request can write: a field that nobody named, a setting of whoever runs the server."""

import copy
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from bodhi.settings import Settings
from tests.threats.house import House
from tests.threats.wire import ask, head

_OPENAPI = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def described(house: House) -> Any:
    return orjson.loads(ask(house.port, head("GET", _OPENAPI)).body)


def bodies(described: Any) -> Iterator[tuple[str, Any]]:
    """Every schema that a request's body is held against, with its name."""
    schemas, seen = described["components"]["schemas"], set()
    todo = [
        name
        for methods in described["paths"].values()
        for operation in methods.values()
        for name in _named(operation.get("requestBody", {}))
    ]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += _named(schemas[name])
            yield name, schemas[name]


def _named(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [str(part["$ref"]).rpartition("/")[2]] if "$ref" in part else []
        return own + [name for value in part.values() for name in _named(value)]
    return [name for value in part for name in _named(value)] if isinstance(part, list) else []


def careless(described: Any) -> list[str]:
    """Bodies that would take a field which nobody named."""
    return [
        name
        for name, schema in bodies(described)
        if "properties" in schema and schema.get("additionalProperties") is not False
    ]


def settable(described: Any) -> list[str]:
    """Ways to change a setting: an address that writes settings, or a body that names one."""
    found = [
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
        if "settings" in path and method != "get"
    ]
    names = set(Settings.model_fields)
    for name, schema in bodies(described):
        found += [f"{name}.{field}" for field in names & set(schema.get("properties", {}))]
    return sorted(found)


@pytest.mark.threat("T37")
def test_a_field_that_nobody_named_is_refused_in_every_body(described: Any) -> None:
    assert len(list(bodies(described))) > 8
    assert careless(described) == []


@pytest.mark.threat("T38")
def test_no_request_changes_a_setting(described: Any, house: House) -> None:
    assert settable(described) == []
    before = orjson.loads(ask(house.port, head("GET", "/api/v1/settings")).body)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        body = b'{"require_key":false}'
        lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        assert ask(house.port, head(method, "/api/v1/settings", lines) + body).status == 405
    assert orjson.loads(ask(house.port, head("GET", "/api/v1/settings")).body) == before


@pytest.mark.threat("T38")
def test_settings_are_shown_and_secrets_are_not(house: House) -> None:
    shown = orjson.loads(ask(house.port, head("GET", "/api/v1/settings")).body)["settings"]
    assert [one["name"] for one in shown] == list(Settings.model_fields)
    assert all(one["help"] for one in shown)


@pytest.mark.planted("T37")
def test_a_body_that_takes_anything_would_be_found(described: Any) -> None:
    changed = copy.deepcopy(described)
    del changed["components"]["schemas"]["NewKey"]["additionalProperties"]
    assert careless(changed) == ["NewKey"]


@pytest.mark.planted("T38")
def test_a_setting_that_can_be_written_would_be_found(described: Any) -> None:
    changed = copy.deepcopy(described)
    changed["paths"]["/api/v1/settings"]["patch"] = {}
    changed["components"]["schemas"]["NewKey"]["properties"]["require_key"] = {}
    assert settable(changed) == ["NewKey.require_key", "PATCH /api/v1/settings"]
