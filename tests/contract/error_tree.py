"""Reads the tree that bodhi.errors draws in its docstring and compares it with the classes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bodhi.errors import BodhiError

_NODE = re.compile(r"^(?P<indent>[ │]*)(?:[├└]── )?(?P<name>[A-Z]\w+)(?: +(?P<status>\d{3}))?\b")


@dataclass(frozen=True)
class Drawn:
    """One line of the drawing: its parent and status as drawn (status None where left out)."""

    parent: str | None
    status: int | None


def drawn_tree(docstring: str) -> dict[str, Drawn]:
    """The drawing by class name, from the line ``BodhiError`` to the end."""
    found: dict[str, Drawn] = {}
    path: list[tuple[int, str]] = []
    lines = docstring.splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "BodhiError")
    for line in lines[start:]:
        if match := _NODE.match(line):
            depth = match.start("name")
            while path and path[-1][0] >= depth:
                path.pop()
            status = match["status"]
            found[match["name"]] = Drawn(
                path[-1][1] if path else None, int(status) if status else None
            )
            path.append((depth, match["name"]))
    return found


def family(base: type[BodhiError], module: str) -> list[type[BodhiError]]:
    """``base`` and every class below it that ``module``, a package, defines."""
    below = [cls for child in base.__subclasses__() for cls in family(child, module)]
    return [cls for cls in (base, *below) if cls.__module__.startswith(module)]


def differences(drawn: dict[str, Drawn], classes: Iterable[type[BodhiError]]) -> list[str]:
    """Where drawing and classes say different things, and classes whose status nobody chose."""
    by_name = {cls.__name__: cls for cls in classes}
    found = [f"{name} is drawn but no class" for name in drawn if name not in by_name]
    for name, cls in by_name.items():
        if name not in drawn:
            found.append(f"{name} is a class but not drawn")
            continue
        parent = drawn[name].parent
        if parent is not None and cls.__bases__[0].__name__ != parent:
            found.append(f"{name} is drawn under {parent}, its class is under {cls.__bases__[0]}")
        if drawn[name].status not in (None, cls.status):
            found.append(f"{name} is drawn with {drawn[name].status}, its class has {cls.status}")
        if name != "BodhiError" and not _has_a_chosen_status(cls):
            found.append(f"{name} has no status of its own or from a parent")
    return found


def _has_a_chosen_status(cls: type[BodhiError]) -> bool:
    return any("status" in vars(base) for base in cls.__mro__ if base is not BodhiError)
