"""Small parts with a stated place: sizes, module docstrings, names. Each check can fail."""

import ast
from collections.abc import Iterable
from pathlib import PurePath

from tests.contract.project import Module, module, modules

FILE_LINES = 400
FUNCTION_LINES = 40
GRAB_BAGS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
EVERYWHERE = ("src", "tests", "tools", "benchmarks")
PRODUCT = ("src", "tools")


def long_files(among: Iterable[Module]) -> list[str]:
    lengths = {m.path: len(m.source.splitlines()) for m in among}
    return [f"{path}: {n} lines" for path, n in lengths.items() if n > FILE_LINES]


def long_functions(among: Iterable[Module]) -> list[str]:
    """Functions of more lines than allowed, their docstring not counted."""
    found = []
    for m in among:
        for node in ast.walk(m.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if ast.get_docstring(node) is not None:
                    text = node.body[0]
                    lines -= (text.end_lineno or text.lineno) - text.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(f"{m.path}:{node.lineno}: {node.name} has {lines} lines")
    return found


def without_docstring(among: Iterable[Module]) -> list[str]:
    """Modules with code that do not say in their first line what they are for."""
    return [m.path for m in among if m.tree.body and not m.docstring]


def grab_bags(among: Iterable[Module]) -> list[str]:
    return [m.path for m in among if GRAB_BAGS.intersection(PurePath(m.path).with_suffix("").parts)]


def test_no_file_is_longer_than_400_lines() -> None:
    assert long_files(modules(*EVERYWHERE)) == []


def test_a_long_file_would_be_found() -> None:
    assert long_files([module("m", "x = 1\n" * 400)]) == []
    assert long_files([module("m", "x = 1\n" * 401)]) == ["planted.py: 401 lines"]


def test_no_function_is_longer_than_40_lines() -> None:
    assert long_functions(modules(*PRODUCT)) == []


def test_a_long_function_would_be_found_wherever_it_hides() -> None:
    def source(lines: int) -> str:
        return "class C:\n  async def f(self):\n    '''One\n    two.'''\n" + "    x = 1\n" * lines

    assert long_functions([module("m", source(39))]) == []
    assert long_functions([module("m", source(40))]) == ["planted.py:2: f has 41 lines"]


def test_every_module_says_what_it_is_for() -> None:
    assert without_docstring(modules(*EVERYWHERE)) == []


def test_a_module_without_docstring_would_be_found() -> None:
    assert without_docstring([module("m", "x = 1")]) == ["planted.py"]
    assert without_docstring([module("m", "")]) == []


def test_nothing_is_called_utils() -> None:
    assert grab_bags(modules(*EVERYWHERE)) == []


def test_a_grab_bag_would_be_found() -> None:
    assert grab_bags([module("m", "", "src/bodhi/utils/x.py"), module("n", "", "src/helpers.py")])
