"""Edits one parameter in ``context_params`` that a file holds as a list of flags. Pure.

``- "--n-keep 24"``, ``- --n-keep=24`` and the two items ``--n-keep``, ``24`` each stay in the form
they have; a parameter that is not there yet is added as one item.
"""

import re
from collections.abc import Iterable

from bodhi.aliases.surgery import set_value, unset
from bodhi.aliases.yaml12 import Sequence, load, same_value, value_of
from bodhi.errors import AliasFileInvalid, ParameterInvalid
from bodhi.params.parameter import Section
from bodhi.params.registry import SPELLINGS, normalise_spelling
from bodhi.params.spelling import read_context_params
from bodhi.params.values import Json

_LIST = "context_params"
# A letter follows the dashes of a flag, so that -1 is the value of the flag before it.
FLAG = re.compile(r"(--?[A-Za-z][\w-]*)(?:([ =])(.*))?", re.DOTALL)


def edit_flag(text: str, node: Sequence, key: str, value: Json) -> str:
    """``text`` with the parameter ``key`` (a registry key) set, or removed where value is None.

    ``node`` is the list in ``text``. Raises AliasFileInvalid if the list cannot hold the value,
    ParameterInvalid if it is not one for this parameter.
    """
    items = texts(map(value_of, node.items))
    first, behind = _span(items, key)
    if value is None:
        for index in range(behind - 1, first - 1, -1):
            text = unset(text, (_LIST, index))
        return text
    wanted = read_context_params({key: value}).get(key)
    text = _write(text, items, first, behind, key, value)
    changed = load(text)
    flags = changed[_LIST] if isinstance(changed, dict) else None
    try:
        if isinstance(flags, list) and same_value(_value_in(flags, key), wanted):
            return text
    except ParameterInvalid:
        pass
    raise AliasFileInvalid(
        f"{key} cannot be changed in a list of flags.",
        pointer=f"/{_LIST}/{key}",
        remedy="Write context_params as a mapping.",
    )


def texts(items: Iterable[object]) -> list[str]:
    """The items of a list of flags; what is no text is no flag."""
    return [item if isinstance(item, str) else "" for item in items]


def spans(items: list[str]) -> list[tuple[int, int]]:
    """Each flag with the items behind it that are no flags: where it starts, and where it ends."""
    starts = [index for index, item in enumerate(items) if FLAG.fullmatch(item)]
    return list(zip(starts, [*starts[1:], len(items)], strict=True))


def row_of(flag: str) -> tuple[str | None, bool]:
    """The registry key that an item of a list spells, and whether it is spelled negated."""
    match = FLAG.fullmatch(flag)
    name = normalise_spelling(match[1]) if match else ""
    row, negated = SPELLINGS[Section.CONTEXT].get(name, (None, False))
    return row.key if row else None, negated


def _span(items: list[str], key: str) -> tuple[int, int]:
    """The items that the flag for ``key`` and its value take; behind the last if there is none."""
    found = (span for span in spans(items) if row_of(items[span[0]])[0] == key)
    return next(found, (len(items), len(items)))


def _value_in(flags: list[Json], key: str) -> Json:
    """What the list says of ``key``, also where another flag of it is wrong or none of ours."""
    try:
        return read_context_params(flags).get(key)
    except ParameterInvalid:
        first, behind = _span(texts(flags), key)
        return read_context_params(flags[first:behind]).get(key)


def _write(text: str, items: list[str], first: int, behind: int, key: str, value: Json) -> str:
    if first == len(items):
        return set_value(text, (_LIST, first), f"--{key.replace('_', '-')} {_word(value)}")
    match = FLAG.fullmatch(items[first])
    assert match is not None  # noqa: S101 - _span found it by this pattern
    if row_of(items[first])[1] and isinstance(value, bool):
        value = not value
    if behind - first > 1:
        for index in range(behind - 1, first + 1, -1):
            text = unset(text, (_LIST, index))
        return set_value(text, (_LIST, first + 1), _word(value))
    return set_value(text, (_LIST, first), f"{match[1]}{match[2] or ' '}{_word(value)}")


def _word(value: Json) -> str:
    """A value as a flag has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_word, value))
    return str(value)
