"""Lists in order, page by page, with groups and counts. Pure.

A cursor holds the place of the last row in the order, not its number: aliases that come and go
between two pages neither repeat nor hide others.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from bodhi.aliases.columns import COLUMNS, Row, Table, Value, sorts_as, value_of
from bodhi.aliases.query import Now, Query, parameter_named, parse_query, short_name
from bodhi.errors import InvalidInput

GROUPS = ("family", "source", "state", "repo", "quant", "template", "tag", "size_label")
_MOST_TERMS = 8
_ROWS_IN_A_PART = 64


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

    def sorted(self, table: Table, rows: list[int], now: Now) -> list[int]:
        """Numbers of rows, ascending, in order; what has no value in a column is last in it."""
        keys = [0] * len(rows)
        for term in self._all_terms():
            ranks = table.ranks(term.column, now)
            keys = ranks.add_to(keys, rows, descending=term.descending)
        return [rows[at] for at in sorted(range(len(rows)), key=keys.__getitem__)]

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
            return (sorts_as(ours) < sorts_as(theirs)) is term.descending
        return row.place > place


@dataclass(frozen=True, slots=True)
class Search:
    """A list that was asked for: what matches, in which order, which part of it."""

    query: Query
    order: Order
    facets: tuple[str, ...] | None
    cursor: str | None
    limit: int | None

    def run(self, table: Table, now: Now) -> Page:
        """The page. Raises InvalidInput for a cursor of another search."""
        found = table.found.get(self.order.mark)
        if found is None:
            found = self._find(table, now)
            if not now.was_asked:
                table.remember(self.order.mark, found)
        rows = [table.rows[row] for row in found]
        shown, following = self.order.cut(rows, self.cursor, self.limit, now)
        group, counted = self.order.group, self.facets
        return Page(
            len(found),
            shown,
            following,
            None if group is None else groups(table, found, group),
            None if counted is None else {name: facets(table, found, name) for name in counted},
        )

    def _find(self, table: Table, now: Now) -> list[int]:
        """The numbers of the rows that match, in order."""
        found, facts = list(range(len(table.rows))), table.facts
        # A term at a time: what one leaves out is not asked of the next.
        for test in self.query.tests:
            found = [row for row in found if test(facts[row], now)]
        return self.order.sorted(table, found, now)


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
    mark = hashlib.blake2b(orjson.dumps([query, sort, by]), digest_size=16).hexdigest()
    counted = None if facets is None else parse_facets(facets)
    order = Order(parse_sort(sort), by, mark)
    return Search(parse_query(query), order, counted, cursor, limit)


def groups(table: Table, rows: Iterable[int], name: str) -> dict[str | None, int]:
    """How many rows have each value, in the order of rows that are sorted by it.

    Of several values the first counts, under which the row is shown.
    """
    counted: Counter[str | None] = Counter()
    for labels, count in Counter(map(table.labels(name).__getitem__, rows)).items():
        counted[labels[0] if labels else None] += count
    return dict(counted)


def facets(table: Table, rows: Iterable[int], name: str) -> dict[str, int]:
    """How many rows have each value, the most frequent first."""
    counted: Counter[str] = Counter()
    # Sets of labels are fewer than rows.
    for labels, count in Counter(map(table.labels(name).__getitem__, rows)).items():
        for label in labels:
            counted[label] += count
    return dict(counted.most_common())


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
