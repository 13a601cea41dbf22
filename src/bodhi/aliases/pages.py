"""Lists in order, page by page, with groups and counts. Pure.

A cursor holds the place of the last row in the order, not its number: aliases that come and go
between two pages neither repeat nor hide others.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import orjson

from bodhi.aliases.query import FIELDS, Facts, Now, Query, parameter_named, parse_query, short_name
from bodhi.errors import InvalidInput
from bodhi.params.values import Json

Value: TypeAlias = str | float | None
Rank: TypeAlias = tuple[str | float | None, ...]

GROUPS = ("family", "source", "state", "repo", "quant", "template", "tag", "size_label")
_NUMBERS = ("size", "modified", "version")
COLUMNS = (*FIELDS, *_NUMBERS, "used", "pinned")
_MOST_TERMS = 8
_ROWS_IN_A_PART = 64
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """One alias: where it stands if nothing else decides, its facts, and what is shown of it."""

    place: tuple[bool, str, str]
    facts: Facts
    json: bytes


@dataclass(frozen=True, slots=True)
class Term:
    """One column to sort by."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """``total``, ``groups`` and ``facets`` are of everything that matches, on whatever page."""

    total: int
    rows: Sequence[Row]
    next_cursor: str | None
    groups: Mapping[str | None, int] | None = None
    facets: Mapping[str, Mapping[str, int]] | None = None


def parse_sort(text: str) -> tuple[Term, ...]:
    """``family,-size,temp``. Raises InvalidInput for what is no column."""
    terms = []
    for part in text.split(",") if text else ():
        name = short_name(part.removeprefix("-"))
        column = name if name in COLUMNS else parameter_named(name)
        if column is None:
            raise InvalidInput(
                "This is nothing to sort by.",
                pointer="/sort",
                remedy=f"There are {', '.join(COLUMNS)}, and every parameter.",
            )
        terms.append(Term(column, part.startswith("-")))
    if len(terms) > _MOST_TERMS:
        raise InvalidInput(f"At most {_MOST_TERMS} columns can be sorted by.", pointer="/sort")
    return tuple(terms)


def parse_facets(text: str) -> tuple[str, ...]:
    """``family,source``: what is counted. Raises InvalidInput."""
    names = tuple(dict.fromkeys(map(short_name, text.split(",")))) if text else ()
    if not set(names) <= set(GROUPS):
        raise InvalidInput(
            "This cannot be counted.", pointer="/facets", remedy=f"There are {', '.join(GROUPS)}."
        )
    return names


@dataclass(frozen=True, slots=True)
class Order:
    """How rows follow one another: by group, by columns, then by name. ``mark`` tells searches
    apart, so that the cursor of one is refused by another."""

    terms: tuple[Term, ...]
    group: str | None
    mark: str

    def sorted(self, rows: Iterable[Row], now: Now) -> list[Row]:
        """The rows in order; what has no value in a column comes last in it."""
        # Numbers of rows are moved and not rows: each column is read once, in one go.
        found = sorted(rows, key=_place)
        order = list(range(len(found)))
        for term in reversed(self._all_terms()):
            values = values_of(found, term.column, now)
            if len(set(values)) > 1:
                order = _by_value(order, values, descending=term.descending)
        return [found[number] for number in order]

    def cut(
        self, rows: list[Row], cursor: str | None, limit: int | None, now: Now
    ) -> tuple[list[Row], str | None]:
        """The rows that follow the cursor, and the next one. Raises InvalidInput for a cursor of
        another search."""
        start = 0 if cursor is None else self._behind(self._read(cursor), rows, now)
        stop = len(rows) if limit is None else start + limit
        shown = rows[start:stop]
        return shown, self._cursor(shown[-1], now) if shown and stop < len(rows) else None

    def _all_terms(self) -> tuple[Term, ...]:
        return self.terms if self.group is None else (Term(self.group), *self.terms)

    def _rank(self, row: Row, now: Now) -> list[Value]:
        return [value_of(row.facts, term.column, now) for term in self._all_terms()]

    def _cursor(self, row: Row, now: Now) -> str:
        data = orjson.dumps([self.mark, self._rank(row, now), row.place])
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[list[Value], tuple[bool, str, str]]:
        try:
            padded = cursor.encode() + b"=" * (-len(cursor) % 4)
            mark, rank, (is_model, name, alias_id) = orjson.loads(
                base64.b64decode(padded, altchars=b"-_", validate=True)
            )
            place = bool(is_model), str(name), str(alias_id)
            if mark == self.mark and len(rank) == len(self._all_terms()):
                return rank, place
        except (ValueError, TypeError):
            pass
        raise InvalidInput(
            "This cursor is not one of this search.",
            pointer="/cursor",
            remedy="Begin again without a cursor.",
        )

    def _behind(
        self, last: tuple[list[Value], tuple[bool, str, str]], rows: list[Row], now: Now
    ) -> int:
        """How many rows do not come behind ``last``."""
        low, high = 0, len(rows)
        while low < high:
            middle = (low + high) // 2
            if self._follows(rows[middle], last, now):
                high = middle
            else:
                low = middle + 1
        return low

    def _follows(self, row: Row, last: tuple[list[Value], tuple[bool, str, str]], now: Now) -> bool:
        rank, place = last
        for term, ours, theirs in zip(self._all_terms(), self._rank(row, now), rank, strict=True):
            if ours == theirs:
                continue
            if ours is None or theirs is None:
                return ours is None
            if isinstance(ours, str) is not isinstance(theirs, str):
                return isinstance(ours, str)
            return (ours < theirs) is term.descending  # type: ignore[operator]
        return row.place > place


@dataclass(frozen=True, slots=True)
class Search:
    """A list that was asked for: what matches, in which order, which part of it."""

    query: Query
    order: Order
    facets: tuple[str, ...] | None
    cursor: str | None
    limit: int | None

    def run(self, rows: Iterable[Row], now: Now) -> Page:
        """The page. Raises InvalidInput for a cursor of another search."""
        found = list(rows)
        # A term at a time: what one leaves out is not asked of the next.
        for test in self.query.tests:
            found = [row for row in found if test(row.facts, now)]
        found = self.order.sorted(found, now)
        shown, following = self.order.cut(found, self.cursor, self.limit, now)
        group = self.order.group
        return Page(
            len(found),
            shown,
            following,
            None if group is None else groups(found, group),
            None if self.facets is None else facets(found, self.facets),
        )


def search_for(
    query: str = "",
    sort: str = "",
    group: str | None = None,
    facets: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Search:
    """What the words mean. Raises InvalidInput."""
    by = None if group is None else short_name(group)
    if by is not None and by not in GROUPS:
        raise InvalidInput(
            "This is nothing to group by.",
            pointer="/group",
            remedy=f"There are {', '.join(GROUPS)}.",
        )
    mark = hashlib.blake2b(orjson.dumps([query, sort, by]), digest_size=6).hexdigest()
    counted = None if facets is None else parse_facets(facets)
    order = Order(parse_sort(sort), by, mark)
    return Search(parse_query(query), order, counted, cursor, limit)


def value_of(facts: Facts, column: str, now: Now) -> Value:
    """What a column sorts by."""
    if labels := facts.labels.get(column):
        return natural(labels[0])
    if column in _NUMBERS:
        return facts.numbers.get(column)
    if column == "used":
        return now.last_used(facts.key)
    if column == "pinned":
        return float(facts.is_pinned)
    return _sorts_as(facts.values.get(column))


def _sorts_as(value: Json) -> Value:
    if isinstance(value, (bool, int, float)):
        return float(value)
    return natural(value) if isinstance(value, str) else None


def values_of(rows: Iterable[Row], column: str, now: Now) -> list[Value]:
    """``value_of`` for each row; the columns that every row has are read in one go."""
    if column in FIELDS:
        labels = [row.facts.labels[column] for row in rows]
        return [natural(label[0]) if label else None for label in labels]
    if column in _NUMBERS:
        return [row.facts.numbers.get(column) for row in rows]
    if column in COLUMNS or column in GROUPS:
        return [value_of(row.facts, column, now) for row in rows]
    return [_sorts_as(row.facts.values.get(column)) for row in rows]


def _by_value(order: list[int], values: list[Value], *, descending: bool) -> list[int]:
    """Numbers of values by these; equal ones stay in order, and those without value come last."""
    if None not in values:
        return sorted(order, key=values.__getitem__, reverse=descending)  # type: ignore[arg-type]
    known = [number for number in order if values[number] is not None]
    known.sort(key=values.__getitem__, reverse=descending)  # type: ignore[arg-type]
    return known + [number for number in order if values[number] is None]


@lru_cache(maxsize=1 << 16)
def natural(text: str) -> str:
    """A key that sorts ``7B`` before ``13B``, and by case only what is equal otherwise."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(20), text.casefold()) + "\0" + text


def groups(rows: Iterable[Row], name: str) -> dict[str | None, int]:
    """How many rows have each value, in the order of rows that are sorted by it.

    Of several values the first counts, under which the row is shown.
    """
    counted: Counter[str | None] = Counter()
    for labels, count in Counter([row.facts.labels[name] for row in rows]).items():
        counted[_first(labels)] += count
    return dict(counted)


def facets(rows: Sequence[Row], names: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many rows have each value of each name, the most frequent first."""
    of_each = [row.facts.labels for row in rows]
    return {name: _counted(Counter([labels[name] for labels in of_each])) for name in names}


def _counted(of: Counter[tuple[str, ...]]) -> dict[str, int]:
    """Of sets of labels, which are fewer than rows: how often each label is there."""
    counted: Counter[str] = Counter()
    for labels, count in of.items():
        for label in labels:
            counted[label] += count
    return dict(counted.most_common())


def _first(labels: tuple[str, ...]) -> str | None:
    return labels[0] if labels else None


def _place(row: Row) -> tuple[bool, str, str]:
    return row.place


def joined(page: Page) -> Iterator[bytes]:
    """The page as an ``AliasList``, in parts of which none is large."""
    yield b'{"total":%d,"aliases":[' % page.total
    for start in range(0, len(page.rows), _ROWS_IN_A_PART):
        if start:
            yield b","
        yield b",".join([row.json for row in page.rows[start : start + _ROWS_IN_A_PART]])
    facets = page.facets
    rest = {
        "next_cursor": page.next_cursor,
        "groups": None if page.groups is None else _counts(page.groups),
        "facets": None if facets is None else {name: _counts(facets[name]) for name in facets},
    }
    yield b"]," + orjson.dumps(rest)[1:]


def _counts(counted: Mapping[str | None, int] | Mapping[str, int]) -> list[dict[str, object]]:
    return [{"value": value, "count": count} for value, count in counted.items()]
