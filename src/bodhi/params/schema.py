"""The registry as JSON Schema (draft 7, which editors of YAML know best). Pure.

The schema takes what ``check`` and ``spelling`` take. It cannot say that one parameter is not to be
given twice under two names, that an enforced one needs a value, that a clamp's ends are in order,
and what the flags of a list mean.
"""

import re
from typing import Any

from bodhi.params.parameter import Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS, SPELLINGS
from bodhi.params.values import Json, JsonObject

_NULL: JsonObject = {"type": "null"}


def definitions() -> JsonObject:
    """One definition a row, under :func:`definition_name`."""
    return {definition_name(row): row_schema(row) for row in PARAMETERS.values()}


def definition_name(row: Parameter) -> str:
    """``request_params.seed``: a key may be in both sections."""
    return f"{row.section.value}.{row.key}"


def row_schema(row: Parameter) -> JsonObject:
    """What a file may hold as the value of ``row``; null is as if it were not there."""
    schema: JsonObject = {"title": row.label, "description": _description(row)}
    default = row.engine_default if row.bodhi_default is None else row.bodhi_default
    if default is not None:
        schema["default"] = default
    return schema | {"anyOf": [*_values(row), _NULL]}


def context_schema() -> JsonObject:
    """``context_params``: a mapping, or a list of flags."""
    flags: JsonObject = {
        "type": "array",
        "items": {"type": ["string", "number", "boolean"]},
        "description": "Flags such as --ctx-size 4096.",
    }
    return {"anyOf": [_mapping(Section.CONTEXT), flags, _NULL]}


def request_schema() -> JsonObject:
    """``request_params``: a mapping."""
    return {"anyOf": [_mapping(Section.REQUEST), _NULL]}


def policy_schema() -> JsonObject:
    """``request_policy``: default, enforce or clamp, by request parameter."""
    rows = [row for row in PARAMETERS.values() if row.section is Section.REQUEST]
    patterns: JsonObject = {_pattern(row, negated=False): _modes(row) for row in rows}
    mapping: JsonObject = {
        "type": "object",
        "properties": {row.key: True for row in rows},
        "patternProperties": patterns,
        "additionalProperties": False,
    }
    return {"anyOf": [mapping, _NULL]}


def _mapping(section: Section) -> JsonObject:
    rows = [row for row in PARAMETERS.values() if row.section is section]
    properties: JsonObject = {row.key: _reference(row) for row in rows}
    patterns: JsonObject = {_pattern(row, negated=False): _reference(row) for row in rows}
    patterns |= {_pattern(row, negated=True): _reference(row) for row in rows if row.negations}
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
    }


def _reference(row: Parameter) -> JsonObject:
    return {"$ref": f"#/definitions/{definition_name(row)}"}


def _pattern(row: Parameter, *, negated: bool) -> str:
    """Every spelling, with dashes or underscores, as ``registry.normalise_spelling`` reads it."""
    names = [name for name, hit in SPELLINGS[row.section].items() if hit == (row, negated)]
    return f"^-*({'|'.join(name.replace('_', '[-_]') for name in names)})$"


def _modes(row: Parameter) -> JsonObject:
    modes: list[Json] = [{"enum": ["default", "enforce"]}]
    if row.kind in (Kind.INTEGER, Kind.NUMBER):
        ends: JsonObject = {
            "type": "array",
            "items": {"anyOf": _values(row)},
            "minItems": 2,
            "maxItems": 2,
        }
        modes.append(
            {
                "type": "object",
                "properties": {"clamp": ends},
                "required": ["clamp"],
                "additionalProperties": False,
            }
        )
    return {"anyOf": modes}


def _description(row: Parameter) -> str:
    facts = [row.help]
    if row.unit:
        facts.append(f"In {row.unit}.")
    if row.flags:
        facts.append(f"llama-server: {row.flags[0]}.")
    return " ".join(facts)


def _values(row: Parameter) -> list[Json]:
    """The alternatives, null not among them."""
    match row.kind:
        case Kind.INTEGER | Kind.NUMBER:
            return _number(row)
        case Kind.BOOLEAN:
            return [{"type": "boolean"}]
        case Kind.CHOICE:
            return _choice(row)
        case Kind.TEXT:
            return [_sized("string", None, "Length", row.longest)]
        case Kind.TEXTS:
            text = _sized("string", 1, "Length", row.longest)
            items = _sized("array", row.low, "Items", row.high)
            return [text, items | {"items": text}]
        case Kind.NUMBERS:
            items = _sized("array", None, "Items", row.longest)
            return [items | {"items": _range(row, "number")}]
        case Kind.OBJECT:
            return [_sized("object", None, "Properties", row.high)]


def _number(row: Parameter) -> list[Json]:
    schemas: list[Json] = [_range(row, "integer" if row.kind is Kind.INTEGER else "number")]
    schemas += [{"const": one.value, "description": one.meaning} for one in row.specials]
    return [*schemas, {"enum": list(row.words)}] if row.words else schemas


def _range(row: Parameter, kind: str) -> JsonObject:
    number: Any = int if row.kind is Kind.INTEGER else float
    ends = {"minimum": row.low, "maximum": row.high}
    return {"type": kind} | {name: number(end) for name, end in ends.items() if end is not None}


def _choice(row: Parameter) -> list[Json]:
    """The words as they are, so that editors offer them, and in any letter case."""
    any_case = "|".join(
        "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else re.escape(c) for c in choice)
        for choice in row.choices
    )
    schemas: list[Json] = [
        {"enum": list(row.choices)},
        {"type": "string", "pattern": f"^({any_case})$"},
    ]
    return [*schemas, {"type": "boolean"}] if {"on", "off"} <= set(row.choices) else schemas


def _sized(kind: str, least: float | None, what: str, most: float | None) -> JsonObject:
    schema: JsonObject = {"type": kind}
    if least:
        schema[f"min{what}"] = int(least)
    if most is not None:
        schema[f"max{what}"] = int(most)
    return schema
