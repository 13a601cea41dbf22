"""The import law holds for src, and each of its checks can fail."""

import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from tests.contract import layers
from tests.contract.project import Module, imports, module, modules


@pytest.mark.parametrize(
    "check",
    [
        layers.unknown_rooms,
        layers.upward_imports,
        layers.circles,
        layers.web_in_domains,
        layers.engine_library_leaks,
        layers.impurities,
    ],
    ids=lambda check: check.__name__,
)
def test_the_source_keeps_the_import_law(check: Callable[[Sequence[Module]], list[str]]) -> None:
    assert check(modules("src")) == []


def planted(**sources: str) -> list[Module]:
    """Modules by dotted name with ``__`` for the dot."""
    named = {name.replace("__", "."): source for name, source in sources.items()}
    return [
        module(f"bodhi.{n}", s, f"src/bodhi/{n.replace('.', '/')}.py") for n, s in named.items()
    ]


def test_a_room_nobody_drew_is_found() -> None:
    assert layers.unknown_rooms(planted(attic__box="")) == ["attic"]


@pytest.mark.parametrize(
    "line",
    [
        "from bodhi.aliases import model",
        "import bodhi.aliases.model",
        "from ..aliases.model import Alias",
        "def f():\n    from bodhi.aliases.model import Alias",
    ],
)
def test_an_import_upwards_is_found_in_every_spelling(line: str) -> None:
    tree = planted(aliases__model="", engine__start=line)
    assert len(layers.upward_imports(tree)) == 1


def test_an_import_between_neighbours_is_found() -> None:
    assert layers.upward_imports(planted(usage__a="", engine__b="import bodhi.usage.a"))


def test_imports_downwards_are_fine() -> None:
    tree = planted(aliases__model="", gateway__routes="from bodhi.aliases.model import Alias")
    assert layers.upward_imports(tree) == []


def test_only_routes_and_the_gateway_may_import_http() -> None:
    http_user = "from bodhi.http import errors"
    assert layers.upward_imports(planted(http__errors="", usage__routes=http_user)) == []
    assert layers.upward_imports(planted(http__errors="", gateway__relay=http_user)) == []
    assert layers.upward_imports(planted(http__errors="", usage__totals=http_user)) != []


def test_a_circle_is_found_even_when_an_import_hides_in_a_function() -> None:
    tree = planted(
        engine__a="import bodhi.engine.b",
        engine__b="import bodhi.engine.c",
        engine__c="def f():\n    from bodhi.engine.a import x",
        engine__d="import bodhi.engine.a",
    )
    assert layers.circles(tree) == ["bodhi.engine.a <-> bodhi.engine.b <-> bodhi.engine.c"]


def test_a_domain_that_knows_the_web_is_found() -> None:
    tree = planted(aliases__store="from starlette.requests import Request", aliases__routes="")
    assert layers.web_in_domains(tree) == [
        "src/bodhi/aliases/store.py:1: imports starlette.requests"
    ]


def test_a_way_from_the_gateway_to_the_engine_library_is_found() -> None:
    direct = planted(gateway__relay="def f():\n    import xllamacpp")
    through = planted(
        engine__worker="import xllamacpp", engine__start="from bodhi.engine import worker"
    )
    assert len(layers.engine_library_leaks(direct)) == 1
    assert len(layers.engine_library_leaks(through)) == 1


@pytest.mark.parametrize("source", ["import os", "from pathlib import Path", "open('x')"])
def test_input_or_output_in_params_is_found(source: str) -> None:
    assert layers.impurities(planted(params__bounds=source))


def test_a_module_that_says_it_is_pure_is_held_to_it() -> None:
    source = '"""Names of files. Pure."""\nimport time\n'
    assert layers.impurities(planted(aliases__names=source))
    assert not layers.impurities(planted(aliases__names=source.replace(" Pure.", "")))


def test_the_gateway_process_never_loads_the_engine_library() -> None:
    """The same law at run time: import everything but the engine's own process."""
    known = {m.name: m for m in modules("src")}
    starts_something = {"bodhi.__main__"}
    names = [
        m.name
        for m in known.values()
        if m.name not in starts_something
        and layers.ENGINE_LIBRARY not in {t.split(".")[0] for t, _ in imports(m, known)}
    ]
    code = f"import importlib, sys\nfor n in {names!r}: importlib.import_module(n)\n"
    code += f"sys.exit({layers.ENGINE_LIBRARY!r} in sys.modules)"
    command = [sys.executable, "-c", code]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, "\n".join(child.stderr.splitlines()[-6:])
