"""The import law as pure checks over parsed modules; each returns what breaks it.

Rooms and ranks are those of docs/code-map.md. A room may import rooms of a lower rank. The two
ends are looser: foundations (rank 0) may use one another, and so may the rooms that compose
everything (rank 6). ``http`` may also be used by what speaks to the web: every ``routes.py``, and
the gateway, which answers in OpenAI's dialect. Nowhere may modules import each other in a circle.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from tests.contract.project import Module, imports

RANKS: Mapping[str, int] = {
    **dict.fromkeys(("errors", "settings", "events", "files", "machine", "log"), 0),
    **dict.fromkeys(("params", "store", "jobs"), 1),
    **dict.fromkeys(("model_files", "chat_templates", "engine", "usage", "access"), 2),
    "aliases": 3,
    **dict.fromkeys(("gateway", "advice"), 4),
    "trial": 5,
    **dict.fromkeys(("app", "control_plane", "cli", "http", "demo", "__main__"), 6),
}
LOOSE_RANKS = {0, 6}
DOMAINS = {room for room, rank in RANKS.items() if 1 <= rank <= 3}
WEB_FRAMEWORKS = {"fastapi", "starlette", "uvicorn", "httptools"}
ENGINE_LIBRARY = "xllamacpp"

# All that `params` may import beside itself and the errors.
PURE_LIBRARIES = {
    "abc", "bisect", "collections", "copy", "dataclasses", "decimal", "difflib", "enum",
    "fractions", "functools", "hashlib", "heapq", "itertools", "json", "math", "numbers",
    "operator", "re", "string", "textwrap", "types", "typing", "unicodedata",
}  # fmt: skip
# What no module may import that calls itself pure: files, sockets, processes, clocks, chance.
IMPURE_LIBRARIES = {
    "aiofiles", "asyncio", "http", "httptools", "io", "multiprocessing", "os", "psutil", "random",
    "secrets", "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading",
    "time", "urllib", "uuid", "watchfiles", *WEB_FRAMEWORKS,
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}


def room(name: str) -> str | None:
    """``bodhi.engine.contract`` lies in the room ``engine``; ``bodhi`` itself in none."""
    parts = name.split(".")
    return parts[1] if parts[0] == "bodhi" and len(parts) > 1 else None


def unknown_rooms(modules: Iterable[Module]) -> list[str]:
    found = {r for m in modules if (r := room(m.name)) is not None}
    return sorted(found - RANKS.keys())


def upward_imports(modules: Iterable[Module]) -> list[str]:
    """Imports of a room that is not below one's own, save through the door to ``http``."""
    known = {m.name: m for m in modules}
    found = []
    for source in known.values():
        own = room(source.name)
        if own is None:
            continue
        for target, line in imports(source, known):
            other = room(target)
            if other is None or other == own or other not in RANKS:
                continue
            loose = RANKS[own] == RANKS[other] and RANKS[own] in LOOSE_RANKS
            door = other == "http" and (own == "gateway" or source.path.endswith("routes.py"))
            if RANKS[other] >= RANKS[own] and not loose and not door:
                found.append(f"{source.path}:{line}: {own} imports {other}")
    return found


def circles(modules: Iterable[Module]) -> list[str]:
    """Every group of modules that reach one another (strongly connected, by reachability)."""
    known = {m.name: m for m in modules}
    edges = {n: {t for t, _ in imports(m, known) if t in known} - {n} for n, m in known.items()}
    reach = {name: _reachable(name, edges) for name in known}
    groups = {
        frozenset({name, *(other for other in reach[name] if name in reach[other])})
        for name in known
        if name in reach[name]
    }
    return sorted(" <-> ".join(sorted(group)) for group in groups)


def _reachable(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(edges[name])
    return seen


def web_in_domains(modules: Iterable[Module]) -> list[str]:
    """Domain modules other than ``routes.py`` that know a web framework."""
    known = {m.name: m for m in modules}
    return [
        f"{m.path}:{line}: imports {target}"
        for m in known.values()
        if room(m.name) in DOMAINS and not m.path.endswith("routes.py")
        for target, line in imports(m, known)
        if target.split(".")[0] in WEB_FRAMEWORKS
    ]


def engine_library_leaks(modules: Iterable[Module]) -> list[str]:
    """Ways for the gateway's process to load the engine library.

    Only modules of ``engine`` may import it, and nobody may import those: they are started with
    ``python -m`` in a process of their own.
    """
    known = {m.name: m for m in modules}
    workers = {
        m.name
        for m in known.values()
        if any(target.split(".")[0] == ENGINE_LIBRARY for target, _ in imports(m, known))
    }
    found = [f"{known[w].path}: imports {ENGINE_LIBRARY}" for w in workers if room(w) != "engine"]
    found += [
        f"{m.path}:{line}: imports {target}, which imports {ENGINE_LIBRARY}"
        for m in known.values()
        if m.name not in workers
        for target, line in imports(m, known)
        if target in workers
    ]
    return sorted(found)


def impurities(modules: Iterable[Module]) -> list[str]:
    """Imports and calls by which a pure module could touch a file, a socket or a clock.

    Pure is all of ``params``, and every module whose docstring says "Pure." or "Pure:".
    """
    known = {m.name: m for m in modules}
    found = []
    for m in known.values():
        if room(m.name) == "params":
            may_not = _not_for_params
        elif re.search(r"\bPure[.:]", m.docstring):
            may_not = _not_for_the_pure
        else:
            continue
        found += [f"{m.path}:{line}: imports {t}" for t, line in imports(m, known) if may_not(t)]
        found += [f"{m.path}:{line}: calls {name}()" for name, line in _impure_calls(m.tree)]
    return found


def _not_for_params(target: str) -> bool:
    ours = target == "bodhi.errors" or room(target) == "params"
    return not ours and target.split(".", maxsplit=1)[0] not in PURE_LIBRARIES


def _not_for_the_pure(target: str) -> bool:
    return target.split(".", maxsplit=1)[0] in IMPURE_LIBRARIES


def _impure_calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in IMPURE_CALLS:
            yield call.func.id, call.lineno
