"""What is different between two contents of an alias: field by field, and line by line. Pure."""

import difflib
from dataclasses import dataclass

from bodhi.aliases.model import Alias
from bodhi.aliases.reader import SECTIONS, TEXTS
from bodhi.params.values import Json

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field. None is a field that is not set."""

    path: Path
    before: Json
    after: Json


def changes(before: Alias | None, after: Alias) -> list[Change]:
    """Every field that differs; all that ``after`` sets where there was no alias before."""
    old: dict[Path, Json] = {} if before is None else fields_of(before)
    new = fields_of(after)
    return [
        Change(path, old.get(path), new.get(path))
        for path in {**old, **new}
        if not _same(old.get(path), new.get(path))
    ]


def fields_of(alias: Alias) -> dict[Path, Json]:
    """Path -> value of everything that is set, parameters one by one."""
    name = {"alias": alias.name}
    texts = {key: name.get(key) or getattr(alias, key, None) for key in TEXTS}
    plain: dict[str, Json] = {
        **texts,
        "description": alias.description,
        "tags": list(alias.tags) or None,
        **alias.extra,
    }
    fields: dict[Path, Json] = {(key,): value for key, value in plain.items() if value is not None}
    for section in SECTIONS:
        fields |= {(section, key): value for key, value in getattr(alias, section).items()}
    return fields


def text_difference(before: str, after: str, *, names: tuple[str, str]) -> str:
    """A unified difference with three lines around each change; empty where nothing differs."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _same(one: Json, other: Json) -> bool:
    """``1`` is not ``true``; ``1`` is ``1.0``."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)
