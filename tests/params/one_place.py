"""Finds ranges, defaults and choices of parameters that are written outside the rows.

A number is one of a parameter's where it stands beside the parameter's key: as its value in a
mapping, in the same call, tuple or comparison, or under its name. Choices are found as words in a
row.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from bodhi.params.parameter import Kind, Parameter
from bodhi.params.registry import PARAMETERS
from tests.contract.project import Module

# Too common to be anybody's.
_EVERYBODYS = {-1, 0, 1, 2}
_ENDS = re.compile(r"^(default|min|max|low|high)_|_(default|min|max|low|high)$")


def numbers_of(row: Parameter) -> set[float]:
    """Numbers that only the row should say."""
    if row.kind not in (Kind.INTEGER, Kind.NUMBER):
        return set()
    said = (row.low, row.high, row.engine_default, row.bodhi_default)
    return {
        value for value in said if isinstance(value, int | float) and not isinstance(value, bool)
    } - _EVERYBODYS


def twice(modules: Iterable[Module]) -> list[str]:
    """Everything in ``modules`` that a row says already."""
    return [fault for module in modules for fault in _in_module(module)]


def _in_module(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        place = f"{module.path}:{getattr(node, 'lineno', 0)}"
        for key, values in _beside(node):
            for number in sorted(numbers_of(PARAMETERS[key]) & set(values)):
                yield f"{place}: {number:g} of {key}"
        words = set(_words(node))
        for row in PARAMETERS.values():
            if len(row.choices) > 2 and set(row.choices) <= words:
                yield f"{place}: the choices of {row.key}"


def _words(node: ast.AST) -> list[str]:
    """Texts in a row."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return _strings(parts)
        case ast.Call(args=parts):
            return _strings(parts)
        case ast.Dict(keys=keys):
            return _strings(keys)
        case _:
            return []


def _beside(node: ast.AST) -> Iterator[tuple[str, list[float]]]:
    """Keys, and the numbers that stand with them."""
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from _pairs(_strings([key]), value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Call(args=parts):
            yield from _pairs(_strings(parts), *(p for p in parts if not _has_mapping(p)))
        case ast.Compare(left=left, comparators=others):
            names = [name for part in (left, *others) for name in _names(part)]
            yield from _pairs(names, left, *others)
        case ast.Assign(targets=targets, value=value):
            yield from _pairs([name for target in targets for name in _names(target)], value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _pairs(list(_names(target)), value)
        case ast.keyword(arg=str(name), value=value):
            yield from _pairs([name.lower()], value)


def _pairs(names: Iterable[str], *values: ast.AST) -> Iterator[tuple[str, list[float]]]:
    numbers = [number for value in values for number in _numbers(value)]
    for name in names:
        if name in PARAMETERS and numbers:
            yield name, numbers


def _has_mapping(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Dict) for one in ast.walk(node))


def _strings(nodes: Iterable[ast.expr | None]) -> list[str]:
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _names(node: ast.AST) -> Iterator[str]:
    """``_DEFAULT_N_CTX``, ``default_n_ctx`` and ``"n_ctx"`` all speak of ``n_ctx``."""
    for inner in ast.walk(node):
        text = getattr(inner, "id", None) or getattr(inner, "attr", None)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            text = inner.value
        if isinstance(text, str):
            yield _ENDS.sub("", text.lower().strip("_"))


def _numbers(node: ast.AST) -> Iterator[float]:
    for inner in ast.walk(node):
        value = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield value
