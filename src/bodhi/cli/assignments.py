"""What is typed as ``key=value``, routed by the registry to its place in a recipe. Pure."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bodhi.errors import ParameterInvalid
from bodhi.params.check import check_value
from bodhi.params.parameter import Kind, Parameter, Section
from bodhi.params.refused import refuse_known
from bodhi.params.registry import SPELLINGS, find, normalise_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bodhi.aliases.surgery import Path as ValuePath
    from bodhi.params.values import Json, JsonObject

# The keys of a recipe that are no parameters. ``alias`` is not among them: it is renamed instead.
FIELDS = ("repo", "filename", "snapshot", "chat_template")


def split_assignment(text: str) -> tuple[str, str]:
    """``temperature=0.2`` -> (``temperature``, ``0.2``). Raises ParameterInvalid without ``=``."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterInvalid(
            "A parameter and its value are wanted.", remedy="Write it like temperature=0.2."
        )
    return name.strip(), value.strip()


def read_assignments(texts: Iterable[str]) -> dict[ValuePath, Json]:
    """Path in a recipe -> checked value, in the order given.

    Raises ParameterInvalid for what is no assignment, is no parameter, is out of range, or
    stands there twice.
    """
    edits: dict[ValuePath, Json] = {}
    for text in texts:
        name, value = split_assignment(text)
        path, row, negated = _place_of(name)
        _refuse_twice(path, edits)
        checked = value if row is None else read_value(row, value, name)
        edits[path] = not checked if negated else checked
    return edits


def read_names(names: Iterable[str]) -> dict[ValuePath, Json]:
    """The same for names alone: each path with None, which removes what stands there."""
    return {_place_of(name)[0]: None for name in names}


def read_policies(
    enforce: Iterable[str], default: Iterable[str], clamp: Iterable[str]
) -> dict[ValuePath, Json]:
    """The paths and values under ``request_policy``; None where a parameter is a default again.

    Bounds are checked where the whole file is. Raises ParameterInvalid.
    """
    edits: dict[ValuePath, Json] = {}

    def put(name: str, mode: Json) -> None:
        row, _ = find(name, Section.REQUEST, f"/request_policy/{name}")
        path: ValuePath = ("request_policy", row.key)
        _refuse_twice(path, edits)
        edits[path] = mode

    for name in enforce:
        put(name, "enforce")
    for name in default:
        put(name, None)
    for text in clamp:
        name, bounds = split_assignment(text)
        put(name, {"clamp": _read_bounds(name, bounds)})
    return edits


def read_value(row: Parameter, text: str, name: str) -> Json:
    """The value that ``text`` stands for, checked; raises ParameterInvalid, pointing at ``name``.

    Numbers, booleans, lists and objects are read as JSON; a text on its own needs no quotes.
    """
    return check_value(row, _parse(row.kind, text), f"/{name}")


def parameter_named(name: str) -> Parameter:
    """The parameter of this name, or of this key after its section and a dot."""
    _, row, _ = _place_of(name)
    if row is None:
        raise ParameterInvalid(
            f"{name} is no parameter, but a field of the alias itself.", pointer=f"/{name}"
        )
    return row


def section_of(edits: dict[ValuePath, Json], section: str) -> JsonObject:
    """Those of ``edits`` that lie in one section, by key."""
    return {str(path[1]): value for path, value in edits.items() if path[0] == section}


def _parse(kind: Kind, text: str) -> Json:
    if kind is Kind.TEXT or (kind is Kind.TEXTS and not text.startswith("[")):
        return text
    if kind is Kind.NUMBERS and not text.startswith("["):
        text = f"[{text}]"
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value


def _read_bounds(name: str, text: str) -> Json:
    try:
        bounds: Json = [json.loads(bound) for bound in text.split(",")]
    except ValueError:
        bounds = None
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise ParameterInvalid(
            f"The clamp of {name} wants its two ends.", remedy=f"Write it like {name}=0.1,0.9."
        )
    return bounds


def _place_of(name: str) -> tuple[ValuePath, Parameter | None, bool]:
    """Where ``name`` belongs, its row (None for a field), and whether it is spelled negated.

    ``seed`` is a parameter of requests and a spelling of an engine's ``n_seed``: the request's
    wins. ``context_params.seed`` says which is meant.
    """
    if name in FIELDS:
        return (name,), None, False
    section, dot, key = name.partition(".")
    if dot and section in (Section.CONTEXT, Section.REQUEST):
        row, negated = find(key, Section(section), f"/{section}/{key}")
        return (row.section.value, row.key), row, negated
    for known in (SPELLINGS[Section.REQUEST], SPELLINGS[Section.CONTEXT]):
        if hit := known.get(normalise_spelling(name)):
            row, negated = hit
            return (row.section.value, row.key), row, negated
    refuse_known(normalise_spelling(name), name, f"/{name}")
    names = [*FIELDS, *SPELLINGS[Section.REQUEST], *SPELLINGS[Section.CONTEXT]]
    near = get_close_matches(normalise_spelling(name), names, n=1)
    remedy = f"Did you mean {near[0]}?" if near else "Correct its name."
    raise ParameterInvalid(f"{name} is not a parameter.", pointer=f"/{name}", remedy=remedy)


def _refuse_twice(path: ValuePath, edits: dict[ValuePath, Json]) -> None:
    if path in edits:
        raise ParameterInvalid(
            f"{path[-1]} is given twice.", pointer=f"/{path[-1]}", remedy="Keep one of them."
        )
