"""The description of the control plane shows every body and answer by a true example."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tools import make_openapi


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(make_openapi.schema())


def contents(schema: Any) -> Iterator[tuple[str, str, Any]]:
    """Which body or answer of which operation, in which media type, and how it is described."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            sides = {"body": operation.get("requestBody", {}), **operation["responses"]}
            for side, described in sides.items():
                for media_type, content in described.get("content", {}).items():
                    yield f"{method} {path} {side}", media_type, content


def untrue(schema: Any) -> list[str]:
    """Bodies and answers without an example, or with one that its own schema does not allow."""
    wrong: list[str] = []
    validators: dict[str, Any] = {}  # of which the most are for refusals
    for where, media_type, content in contents(schema):
        examples = [one["value"] for one in content.get("examples", {}).values()]
        examples += [content["example"]] if "example" in content else []
        if not examples:
            wrong.append(f"{where} has no example")
        if media_type != "application/json":
            continue
        root = {**content.get("schema", {}), "components": schema["components"]}
        name = str(content.get("schema"))
        allowed = validators.get(name) or Draft202012Validator(root)
        validators[name] = allowed
        wrong += [
            f"{where}: {list(error.path)}: {error.message}"
            for example in examples
            for error in allowed.iter_errors(example)
        ]
    return wrong


def test_every_body_and_every_answer_has_a_true_example(schema: Any) -> None:
    assert untrue(schema) == []
    sides = {where.rpartition(" ")[2] for where, _, _ in contents(schema)}
    assert {"body", "200", "201", "202", "400", "404", "409", "412", "428", "507"} <= sides


def test_one_that_is_missing_or_wrong_would_be_found(schema: Any) -> None:
    for side, spoil in (("body", dict.clear), ("200", dict.clear), ("404", dict.clear)):
        spoiled = copy.deepcopy(schema)
        described = next(
            content
            for where, media_type, content in contents(spoiled)
            if where.endswith(f" {side}") and media_type == "application/json"
        )
        spoil(described)
        assert len(untrue(spoiled)) == 1
    spoiled = copy.deepcopy(schema)
    listed = spoiled["paths"]["/api/v1/aliases"]["get"]["responses"]["200"]["content"]
    listed["application/json"]["example"]["total"] = "many"
    assert len(untrue(spoiled)) == 1


def test_an_example_says_nothing_of_this_machine(schema: Any) -> None:
    text = json.dumps([content for _, _, content in contents(schema)])
    for word in ("/root", "/work", "/home/", "pytest"):
        assert word not in text, word
