"""Flags of llama.cpp that have gone, in alias files that hold a list of them; rewritten. Pure.

The meaning stays: what the reader made of the list before, it makes of it after. A list that could
not be read because of a flag that has gone can be read then.
"""

import re
from dataclasses import dataclass

from bodhi.aliases.surgery import set_value
from bodhi.aliases.yaml12 import load
from bodhi.errors import BodhiError
from bodhi.params.refused import GONE
from bodhi.params.registry import normalise_spelling
from bodhi.params.spelling import load_mode_of, read_context_params
from bodhi.params.values import Json

_SECTION = "context_params"
# Names that were written for the same thing and are no flag of llama-server.
_RENAMED = {
    "--n-keep": "--keep",
    "--n-ctx": "--ctx-size",
    "--n-parallel": "--parallel",
    "--n-threads": "--threads",
    "--n-threads-batch": "--threads-batch",
    "--n-batch": "--batch-size",
    "--n-ubatch": "--ubatch-size",
    "--n-seed": "--seed",
}
_LOAD_FLAGS = {"mlock", "use_mlock", "no_mmap", "mmap", "use_mmap"}
_FLAG = re.compile(r"(--?[A-Za-z][\w-]*)(?:([ =])(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What was changed, in words, and the file's text with it."""

    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Flag:
    """One flag of the list: its name and the items that it takes."""

    name: str
    items: list[Json]

    @property
    def has_value(self) -> bool:
        match = _FLAG.fullmatch(str(self.items[0]))
        return len(self.items) > 1 or (match is not None and match[2] is not None)


def rewrite_flags(text: str) -> Rewrite:
    """``text`` with old flags replaced; as it was where it has none.

    Raises AliasFileInvalid for a text that is no YAML, or whose list cannot be changed in place.
    """
    document = load(text)
    flags = document.get(_SECTION) if isinstance(document, dict) else None
    if not isinstance(flags, list):
        return Rewrite(text, ())
    changes: list[str] = []
    items: list[Json] = []
    for flag in _split(flags):
        items += _rewritten(flag, changes)
    items = _with_load_mode(items, changes)
    if not changes:
        return Rewrite(text, ())
    return Rewrite(set_value(text, (_SECTION,), items), tuple(changes))


def _split(items: list[Json]) -> list[_Flag]:
    """A negative number is the value of the flag before it."""
    flags: list[_Flag] = []
    for item in items:
        match = _FLAG.fullmatch(item) if isinstance(item, str) else None
        if match is not None:
            flags.append(_Flag(match[1], [item]))
        elif flags:
            flags[-1].items.append(item)
        else:
            flags.append(_Flag("", [item]))
    return flags


def _rewritten(flag: _Flag, changes: list[str]) -> list[Json]:
    first, *rest = flag.items
    if normalise_spelling(flag.name) in GONE:
        changes.append(f"{flag.name} is gone, and did nothing without a draft model")
        return []
    if new := _RENAMED.get(flag.name):
        changes.append(f"{flag.name} is now {new}")
        return [new + str(first)[len(flag.name) :], *rest]
    if normalise_spelling(flag.name) in ("fa", "flash_attn") and not flag.has_value:
        changes.append(f"{flag.name} now takes a value: on")
        return [f"{flag.name} on"]
    return flag.items


def _with_load_mode(items: list[Json], changes: list[str]) -> list[Json]:
    flags = _split(items)
    old = [flag for flag in flags if normalise_spelling(flag.name) in _LOAD_FLAGS]
    if not old:
        return items
    try:
        mode = load_mode_of(read_context_params([item for flag in old for item in flag.items]))
    except BodhiError:  # which is told when the file is checked
        return items
    changes.append(f"{' and '.join(flag.name for flag in old)}: now --load-mode {mode}")
    kept: list[Json] = []
    for flag in flags:
        if flag is old[0]:
            kept.append(f"--load-mode {mode}")
        elif flag not in old:
            kept += flag.items
    return kept
