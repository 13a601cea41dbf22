"""Puts an example to every body and answer in the OpenAPI description of the control plane.

An example is that of its type, from the code, or from ``examples.json``: answers of a real server,
by type, with no more of a list than shows what is in it. What FastAPI leaves out of an example
because it is null is put back, so that each is what could be sent or answered.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from bodhi import errors
from bodhi.errors import BodhiError

_JSON = "application/json"
_SCHEMAS = "#/components/schemas/"
_CODE = re.compile(r"`(\w+)`")
# One line of the drawn tree: a class, perhaps its status, and what it says in words.
_DRAWN = re.compile(r"[├└]── (\w+) +(?:\d{3})? *(.*?)(?: \(exit \d+\))?$", re.MULTILINE)


def _refusal(error: type[BodhiError]) -> dict[str, Any]:
    """What a refusal of this kind could look like."""
    words = _words().get(error.__name__) or error.code.replace("_", " ")
    return {
        "error": {
            "message": f"{words[0].upper()}{words[1:]}.",
            "type": error.type,
            "param": None,
            "code": error.code,
            "pointer": None,
            "remedy": None,
        }
    }


def add_examples(description: dict[str, Any]) -> None:
    """To every body and answer that has none."""
    schemas = description["components"]["schemas"]
    for name, example in _recorded().items():
        if name in schemas:
            schemas[name].setdefault("examples", [example])
    for content in _contents(description):
        described = content.get(_JSON, {})
        if not described.keys() & {"example", "examples"}:
            example = _example(described.get("schema", {}), schemas)
            if example is not None:
                described["example"] = example


def _contents(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Media type -> description, of every body and every answer; refusals have theirs already."""
    for operations in description["paths"].values():
        for operation in operations.values():
            yield operation.get("requestBody", {}).get("content", {})
            for answer in operation["responses"].values():
                content = answer.get("content", {})
                (schema, *_) = [one.get("schema", {}) for one in content.values()] or [{}]
                if schema.get("$ref") == f"{_SCHEMAS}RefusalEnvelope":
                    examples = _refusals(answer["description"])
                    # Also where an answer that is none would be a stream, as FastAPI has it.
                    content = answer["content"] = {_JSON: {"schema": schema, "examples": examples}}
                yield content


def _refusals(description: str) -> dict[str, Any]:
    """Those that a description names by code, and where it names none, a defect of ours."""
    kinds = [_kinds()[code] for code in _CODE.findall(description)] or [BodhiError]
    return {kind.code: {"value": _refusal(kind)} for kind in kinds}


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """That of the type, or of the first of several; None where it has none."""
    for one in (schema, *schema.get("anyOf", ())):
        named = schemas.get(one.get("$ref", "").removeprefix(_SCHEMAS), one)
        if examples := named.get("examples"):
            return _whole(examples[0], named, schemas)
    return None


def _whole(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """``value`` with null in each place that must be there and is not."""
    schema = schemas.get(schema.get("$ref", "").removeprefix(_SCHEMAS), schema)
    if isinstance(value, list):
        return [_whole(one, schema.get("items", {}), schemas) for one in value]
    if not isinstance(value, dict):
        return value
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _whole(value, choice, schemas)
    known = schema.get("properties", {})
    missing = dict.fromkeys(name for name in schema.get("required", ()) if name not in value)
    others = schema.get("additionalProperties")
    beside = others if isinstance(others, dict) else {}
    found = {name: _whole(one, known.get(name, beside), schemas) for name, one in value.items()}
    return {**found, **missing}


@cache
def _kinds() -> dict[str, type[BodhiError]]:
    """Code -> error; of several with one code the first, which is the least special."""
    found: dict[str, type[BodhiError]] = {}
    waiting: list[type[BodhiError]] = [BodhiError]
    for kind in waiting:
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found


@cache
def _recorded() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(files(__package__).joinpath("examples.json").read_bytes())
    return found


@cache
def _words() -> dict[str, str]:
    return {name: words.strip() for name, words in _DRAWN.findall(errors.__doc__ or "")}
