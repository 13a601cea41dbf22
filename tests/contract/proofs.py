"""Which tests prove what is promised for a fault or threat, by the marks that they carry."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from tests.contract.project import Module

KINDS = {"fault": "F", "threat": "T"}
PAGE = "docs/explanation/reliability.md"
_ROW = re.compile(r"^\| ([FT]\d+) \|(.+)\|([^|]*)\|$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]+\]\((?:\.\./)*([^)]+)\)")


@dataclass
class Proof:
    """The test files that prove one promise, and those in which a planted defect is found."""

    proved_in: set[str] = field(default_factory=set)
    planted_in: set[str] = field(default_factory=set)

    @property
    def cell(self) -> str:
        """The last cell of its row on the page."""
        return ", ".join(
            f"[{PurePath(path).name}](../../{path})"
            for path in sorted(self.proved_in | self.planted_in)
        )


def proofs(among: Iterable[Module]) -> dict[str, Proof]:
    """Id -> its proof, by the marks ``fault``, ``threat`` and ``planted`` of these modules."""
    found: defaultdict[str, Proof] = defaultdict(Proof)
    for m in among:
        for kind, id_ in marks(m):
            proof = found[id_]
            (proof.planted_in if kind == "planted" else proof.proved_in).add(m.path)
    return dict(found)


def marks(m: Module) -> Iterator[tuple[str, str]]:
    """(name of the mark, id) of every mark in the module. Raises ValueError for a wrong one."""
    for node in ast.walk(m.tree):
        if not isinstance(node, ast.Attribute) or node.attr not in {*KINDS, "planted"}:
            continue
        if ast.unparse(node.value) == "pytest.mark":
            yield from ((node.attr, id_) for id_ in _ids(m, node, node.attr))


def _ids(m: Module, mark: ast.Attribute, kind: str) -> list[str]:
    calls = [n for n in ast.walk(m.tree) if isinstance(n, ast.Call) and n.func is mark]
    arguments = calls[0].args if calls else []
    ids = [str(a.value) if isinstance(a, ast.Constant) else "" for a in arguments]
    letter = KINDS.get(kind, "[FT]")
    if not ids or not all(re.fullmatch(rf"{letter}\d+", id_) for id_ in ids):
        raise ValueError(f"{m.path}:{mark.lineno}: {kind} needs ids such as F1 or T1 as literals")
    return ids


def rows(page: str) -> dict[str, tuple[str, set[str]]]:
    """Id -> what is promised, and the files named in its row."""
    return {
        id_: (promise.strip(), set(_LINK.findall(cell)))
        for id_, promise, cell in _ROW.findall(page)
    }


def contradictions(page: str, among: Iterable[Module]) -> list[str]:
    """Where page and marks say different things, and what would mend it."""
    shown, found = rows(page), proofs(among)
    wrong = [f"{id_} has marks and no row in {PAGE}" for id_ in sorted(found.keys() - shown.keys())]
    for id_, (_, files) in shown.items():
        proof = found.get(id_, Proof())
        if not proof.proved_in:
            wrong.append(f"{id_}: no test proves it")
        if not proof.planted_in:
            wrong.append(f"{id_}: no planted defect shows that the proof can fail")
        if files != proof.proved_in | proof.planted_in:
            wrong.append(f"{id_}: the last cell of its row should be: {proof.cell}")
    return wrong
