"""The rows of the list, and their columns as numbers, for searches to sort and count by. Pure.

Each column is read once, when a search first asks for it: the place of every row's value among all
values, and the labels that are counted. Ten thousand rows are then sorted by whole numbers that lie
in a row, and not by what thousands of objects hold.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bodhi.aliases.query import FIELDS, Facts, Now
from bodhi.params.values import Json

Value: TypeAlias = str | float | None
Labels: TypeAlias = tuple[str, ...]

NUMBERS = ("size", "modified", "version")
COLUMNS = (*FIELDS, *NUMBERS, "used", "pinned")
_DIGITS = re.compile(r"\d+")
# New rows whose values are put among those that are known: each goes through all of them.
_FEW = 8
_SEARCHES = 8


class Row:
    """One alias: where it stands if nothing else decides, its facts, and what is shown of it.

    ``show`` is asked once, when the row is first on a page: of ten thousand, few ever are.
    """

    __slots__ = ("_json", "_show", "facts", "place")

    def __init__(
        self, place: tuple[bool, str, str], facts: Facts, show: Callable[[], bytes]
    ) -> None:
        self.place = place
        self.facts = facts
        self._show: Callable[[], bytes] | None = show
        self._json = b""

    @property
    def json(self) -> bytes:
        """The row as an ``AliasItem``."""
        # Two threads may both ask for it and get the same; the text is there before the way goes.
        if show := self._show:
            self._json = show()
            self._show = None
        return self._json


class Ranks(NamedTuple):
    """For each row, the place of its value among ``values``, or their number where it has none.

    Every row's value is among ``values``; beside them may stand some that no row has any more.
    """

    of_rows: Sequence[int]
    values: Sequence[str | float]

    def add_to(self, keys: Iterable[int], rows: Iterable[int], *, descending: bool) -> list[int]:
        """The keys of rows so far, with this column behind; what is unknown is greatest always."""
        ranks, unknown = self.of_rows, len(self.values)
        base, last = unknown + 1, unknown - 1
        if not descending:
            return [key * base + ranks[row] for key, row in zip(keys, rows, strict=True)]
        return [
            key * base + (unknown if (rank := ranks[row]) == unknown else last - rank)
            for key, row in zip(keys, rows, strict=True)
        ]

    def moved(self, came_from: Iterable[int], new: Mapping[int, Value]) -> "Ranks":
        """The same column where rows went and few came: ``came_from`` is for each row the number it
        had, whatever it is for those in ``new``, which tells their values."""
        ranks, values = [self.of_rows[number] for number in came_from], list(self.values)
        for given in {value for value in new.values() if value is not None}:
            place = _place_of(given, values)
            if place == len(values) or values[place] != given:
                values.insert(place, given)
                ranks = [rank + (rank >= place) for rank in ranks]
        for row, value in new.items():
            ranks[row] = len(values) if value is None else _place_of(value, values)
        return Ranks(ranks, values)


class _Older(NamedTuple):
    """The columns of the table before, and where its rows are now; see ``Ranks.moved``."""

    ranks: Mapping[str, Ranks]
    came_from: Sequence[int]
    new: Sequence[int]


class Table:
    """Rows by their places, and their columns.

    Of a table ``before`` it, of which it has all rows but a few, it goes on with the columns that
    were asked for there. ``found`` is what the last searches found, by their marks: the pages of a
    list are one search.
    """

    def __init__(self, rows: Iterable[Row], before: "Table | None" = None) -> None:
        self.rows = sorted(rows, key=lambda row: row.place)
        self.facts = [row.facts for row in self.rows]
        self.found: dict[str, list[int]] = {}
        self._labels: dict[str, list[Labels]] = {}
        self._ranks: dict[str, Ranks] = {}
        self._older = self._after(before) if before and before.rows and before._ranks else None

    def _after(self, before: "Table") -> _Older | None:
        numbers = {row: number for number, row in enumerate(before.rows)}
        came_from = [numbers.get(row, -1) for row in self.rows]
        new = [row for row, number in enumerate(came_from) if number < 0]
        return _Older(before._ranks, came_from, new) if len(new) <= _FEW else None

    def remember(self, mark: str, found: list[int]) -> None:
        """What a search found that looked at nothing but the rows; the oldest is forgotten."""
        # Another dictionary, because searches run in several threads.
        last = list(self.found.items())[1 - _SEARCHES :]
        self.found = dict([*last, (mark, found)])

    def labels(self, name: str) -> list[Labels]:
        """What each row has in one of the columns with labels."""
        known = self._labels.get(name)
        if known is None:
            known = self._labels[name] = [facts.labels[name] for facts in self.facts]
        return known

    def ranks(self, column: str, now: Now) -> Ranks:
        """Of any column. When an alias was used last may change between two searches."""
        known = self._ranks.get(column)
        if known is None:
            known = self._moved(column, now) or _ranks(
                [value_of(facts, column, now) for facts in self.facts]
            )
            if column != "used":
                self._ranks[column] = known
        return known

    def _moved(self, column: str, now: Now) -> Ranks | None:
        if self._older is None or (known := self._older.ranks.get(column)) is None:
            return None
        # Values that no row has any more are left behind, but not for ever.
        if len(known.values) > len(self.rows) + _FEW:
            return None
        new = {row: value_of(self.facts[row], column, now) for row in self._older.new}
        return known.moved(self._older.came_from, new)


def _ranks(values: Sequence[Value]) -> Ranks:
    given = set(values)
    # In the order of ``sorts_as``; each kind by itself is sorted without a key.
    words = sorted(value for value in given if isinstance(value, str))
    numbers = sorted(value for value in given if isinstance(value, float))
    in_order: list[str | float] = [*numbers, *words]
    places: dict[Value, int] = {value: place for place, value in enumerate(in_order)}
    unknown = len(places)
    return Ranks([places.get(value, unknown) for value in values], in_order)


def _place_of(value: str | float, values: Sequence[str | float]) -> int:
    return bisect_left(values, sorts_as(value), key=sorts_as)


def sorts_as(value: str | float) -> tuple[bool, str | float]:
    """Numbers before words: some parameters take both."""
    return isinstance(value, str), value


def value_of(facts: Facts, column: str, now: Now) -> Value:
    """What a column sorts by."""
    if labels := facts.labels.get(column):
        return natural(labels[0])
    if column in NUMBERS:
        return facts.numbers.get(column)
    if column == "used":
        return now.last_used(facts.key)
    if column == "pinned":
        return float(facts.is_pinned)
    return _comparable(facts.values.get(column))


def _comparable(value: Json) -> Value:
    if isinstance(value, (bool, int, float)):
        return float(value)
    return natural(value) if isinstance(value, str) else None


@lru_cache(maxsize=1 << 16)
def natural(text: str) -> str:
    """A key that sorts ``7B`` before ``13B``, and by case only what is equal otherwise."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(20), text.casefold()) + "\0" + text
