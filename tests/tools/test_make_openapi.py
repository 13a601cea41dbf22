"""The description of the control plane: written without a server, whole, and true to the routes."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from bodhi.aliases import shown
from bodhi.aliases.params_shown import ParameterList
from bodhi.model_files.shown import ModelList
from tests.contract.project import ROOT
from tools import make_openapi

_ROUTE = re.compile(r"@router\.(get|post|put|patch|delete)\(\s*\"(/[^\"]*)\"")


@pytest.fixture(scope="module")
def text() -> str:
    return make_openapi.schema()


@pytest.fixture(scope="module")
def schema(text: str) -> Any:
    return json.loads(text)


def operations(schema: Any) -> Iterator[tuple[str, str, Any]]:
    """Method, path and description of every operation."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_route_in_the_source_is_described(schema: Any) -> None:
    written = {
        (method, f"/api/v1{path.replace(':path', '')}")
        for file in (ROOT / "src" / "bodhi").glob("*/*routes.py")
        for method, path in _ROUTE.findall(file.read_text(encoding="utf-8"))
    }
    assert len(written) >= 5
    assert {(method, path) for method, path, _ in operations(schema)} == written


def is_refusal(answer: Any) -> bool:
    """A 422 is there only where it is one of ours; the framework's own has another shape."""
    return answer is None or str(answer).count("'#/components/schemas/RefusalEnvelope'") == 1


def undescribed(schema: Any) -> list[str]:
    """Operations without a summary, a short name or a description of their refusals."""
    return [
        f"{method} {path}"
        for method, path, operation in operations(schema)
        if not operation.get("summary")
        or not operation["operationId"].isidentifier()
        or not {"401", "403", "default"} <= set(operation["responses"])
        or not is_refusal(operation["responses"].get("422"))
    ]


def test_every_operation_says_what_it_does_and_how_it_refuses(schema: Any) -> None:
    assert undescribed(schema) == []


def test_an_operation_that_says_nothing_would_be_found() -> None:
    silent = {"operationId": "x", "responses": {"200": {}}}
    assert undescribed({"paths": {"/x": {"get": silent}}}) == ["get /x"]


def test_the_framework_s_own_refusal_would_be_found(schema: Any) -> None:
    _, _, told = next(iter(operations(schema)))
    own = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Other"}}}}
    found = {**told, "responses": {**told["responses"], "422": own}}
    assert undescribed({"paths": {"/x": {"get": found}}}) == ["get /x"]


@pytest.mark.parametrize(
    "kind", [shown.AliasList, shown.AliasDetail, shown.TraceShown, ModelList, ParameterList]
)
def test_examples_are_answers_that_could_be_given(schema: Any, kind: type[BaseModel]) -> None:
    (example,) = kind.model_json_schema()["examples"]
    read = TypeAdapter(kind).validate_json(json.dumps(example), strict=True)
    assert json.loads(read.model_dump_json()) == example
    # FastAPI leaves nulls out of what it describes.
    assert schema["components"]["schemas"][kind.__name__]["examples"] == [_without_nulls(example)]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def test_the_description_does_not_depend_on_the_machine(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.yaml").write_text("nonsense: [")
    monkeypatch.setenv("BODHI_HOME", str(home))
    monkeypatch.setenv("PYTHONHASHSEED", "4")
    file = tmp_path / "openapi.json"
    command = [sys.executable, "tools/make_openapi.py", str(file)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert file.read_text(encoding="utf-8") == text
    subprocess.run([*command, "--check"], cwd=ROOT, check=True)
    file.write_text(text + " ", encoding="utf-8")
    assert subprocess.run([*command, "--check"], cwd=ROOT, check=False).returncode == 1
