"""Packages: locked by hash, from no named place, and whatever is imported was asked for."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.contract.project import ROOT, Module, imports, module, modules
from tests.contract.test_docs import dependencies

LOCKS = [ROOT / f"requirements{kind}.lock" for kind in ("", "-dev", "-uv", "-node")]
PACKAGE_LOCKS = [ROOT / "web" / "package-lock.json", ROOT / "web/browser/package-lock.json"]


def faults(lock: str) -> list[str]:
    """Entries that are not exactly ``name==version [; marker]`` with one hash or more."""
    text = re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE)
    entry = re.compile(r"[a-z0-9.-]+==[\w.!+]+( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")
    entries = re.split(r"\n(?=\S)", text.strip())
    return [one.splitlines()[0] for one in entries if not entry.fullmatch(one)]


def pinned(lock: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_entry_is_pinned_by_hash_and_names_no_place(lock: Path) -> None:
    assert faults(lock.read_text()) == []


@pytest.mark.parametrize(
    "entry",
    ["a==1", "a>=1 \\\n    --hash=sha256:" + "0" * 64, "--index-url x", "a @ file:x"],
)
def test_an_entry_without_hash_or_with_a_place_would_be_found(entry: str) -> None:
    good = "b==2 ; os_name == 'nt' \\\n    --hash=sha256:" + "0" * 64
    assert faults(good) == []
    assert len(faults(f"{good}\n{entry}")) == 1


def package_faults(lock: Mapping[str, Any]) -> list[str]:
    """Packages of an npm lock without a hash, or with the address they came from."""
    packages = {name: one for name, one in lock["packages"].items() if name}
    return [
        name
        for name, one in packages.items()
        if "resolved" in one or not one.get("integrity", "").startswith("sha512-")
    ]


@pytest.mark.parametrize("lock", PACKAGE_LOCKS, ids=lambda lock: lock.parent.name)
def test_every_package_of_the_page_is_locked_by_hash_and_names_no_place(lock: Path) -> None:
    read = json.loads(lock.read_text(encoding="utf-8"))
    assert len(read["packages"]) > 1
    assert package_faults(read) == []


@pytest.mark.parametrize("fault", [{}, {"integrity": "sha512-x", "resolved": "x"}])
def test_a_package_without_hash_or_with_a_place_would_be_found(fault: dict[str, str]) -> None:
    planted = {"packages": {"": {}, "a": {"integrity": "sha512-x"}, "b": fault}}
    assert package_faults(planted) == ["b"]


def test_every_direct_dependency_is_locked() -> None:
    runtime, development = (pinned(lock) for lock in LOCKS[:2])
    assert dependencies("build", "dev") <= development.keys()
    assert runtime.keys() <= development.keys()


def test_tests_run_against_the_versions_that_are_shipped() -> None:
    runtime, development = (pinned(lock) for lock in LOCKS[:2])
    assert {n: v for n, v in runtime.items() if development[n] != v} == {}


def unasked(among: Iterable[Module], asked: set[str]) -> list[str]:
    """Imports of packages that only happen to be there because another one needs them."""
    ours = {"bodhi", "tests", "tools", *sys.stdlib_module_names}
    providers = packages_distributions()
    return [
        f"{m.path}:{line}: {target}"
        for m in among
        for target, line in imports(m, {})
        if (top := target.split(".")[0]) not in ours
        if asked.isdisjoint(name.lower().replace("_", "-") for name in providers.get(top, [top]))
    ]


def test_the_product_imports_only_what_it_asks_for() -> None:
    assert unasked(modules("src"), dependencies()) == []


def test_tests_and_tools_import_only_what_they_ask_for() -> None:
    training = (ROOT / "tools" / "demo_model" / "requirements.txt").read_text()
    asked = dependencies("build", "dev") | set(
        re.findall(r"^([a-z0-9-]+)==", training, re.MULTILINE)
    )
    assert unasked(modules("tests", "tools"), asked) == []


def test_an_import_that_nobody_asked_for_would_be_found() -> None:
    planted = [module("m", "import os, yaml\nfrom pydantic_core import core_schema")]
    assert unasked(planted, {"pyyaml"}) == ["planted.py:2: pydantic_core"]
