"""Reads a request body once: JSON, the model's name, content fields apart from parameters. Pure.

What an engine would answer with a 500 (a message without role, tools of the wrong shape) is
refused here with the field that is wrong. Fields are an allow-list: those of no meaning here are
dropped, and named in a response header.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import orjson

from bodhi.errors import InvalidInput, ParameterInvalid
from bodhi.gateway.content import Check
from bodhi.params.values import Json, JsonObject

# Engines recurse where we do not.
_DEEPEST = 100


@dataclass(slots=True)  # not frozen, because making one is on every request's way
class Request:
    """A body, taken apart: ``content`` goes to the engine as it is, ``params`` are merged."""

    model: str
    stream: bool
    content: JsonObject
    params: JsonObject
    wants_usage: bool


def parse_json(raw: bytes) -> JsonObject:
    """The body as an object; InvalidInput where it is not one.

    orjson refuses NaN, infinities, numbers beyond a double, invalid UTF-8 and lone surrogates.
    """
    try:
        parsed = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"The body is not JSON: line {error.lineno}, column {error.colno}."
        ) from error
    if not isinstance(parsed, dict):
        raise InvalidInput("The body must be a JSON object.")
    # So few brackets cannot nest deeper: true of most bodies, and quickly told.
    if raw.count(b"{") + raw.count(b"[") > _DEEPEST:
        _check_depth(parsed)
    return parsed


def _check_depth(outermost: JsonObject) -> None:
    """Level by level: whoever recursed could be made to run out of stack."""
    level: list[Json] = [outermost]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else cast("list[Json]", outer))
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise InvalidInput(f"The body nests deeper than {_DEEPEST} levels.")


def read_request(raw: bytes, fields: Mapping[str, Check]) -> Request:
    """Take a body apart. ``fields`` maps the content fields of this route to their checks, first
    the one that no request can do without.

    Raises InvalidInput or ParameterInvalid, each with the pointer of the field.
    """
    body = parse_json(raw)
    model = body.pop("model", None)
    if not isinstance(model, str) or not model:
        raise ParameterInvalid(
            "model must name an alias.", pointer="/model", remedy="GET /v1/models lists them."
        )
    stream = _flag(body, "stream")
    options = body.pop("stream_options", None)
    if options is not None and not isinstance(options, dict):
        raise ParameterInvalid("stream_options must be an object.", pointer="/stream_options")
    content: JsonObject = {}
    needed = next(iter(fields))
    # The few that are there, of the many that there may be.
    for name in dict.fromkeys((needed, *body)):
        if name not in fields:
            continue
        value: Json = body.pop(name, None)
        if value is None and name != needed:
            continue
        checked = fields[name](value, f"/{name}")
        if checked is not None:
            content[name] = checked
    return Request(model, stream, content, body, bool(options and options.get("include_usage")))


def _flag(body: JsonObject, name: str) -> bool:
    value = body.pop(name, None)
    if value is not None and not isinstance(value, bool):
        raise ParameterInvalid(f"{name} must be true or false.", pointer=f"/{name}")
    return bool(value)
