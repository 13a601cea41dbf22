"""Orders and pages: pages put together are the list, whatever is sorted by and whatever comes."""

from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases.columns import COLUMNS, Row, Table, natural, value_of
from bodhi.aliases.pages import GROUPS, Page, joined, parse_sort, search_for
from bodhi.aliases.query import FIELDS, Facts, Now
from bodhi.aliases.shown import AliasList
from bodhi.errors import InvalidInput

LAST_USED = {"3": 10.0, "5": 900.0}
NOW = Now(1000.0, LAST_USED.get, lambda _: 0)


def row(
    number: int,
    family: str | None = None,
    size: float | None = None,
    temperature: float | str | None = None,
    tags: tuple[str, ...] = (),
) -> Row:
    labels = dict.fromkeys(FIELDS, ()) | {
        "name": (f"a{number}",),
        "family": (family,) if family else (),
        "tag": tags,
    }
    numbers = {} if size is None else {"size": size}
    values = {} if temperature is None else {"temperature": temperature}
    facts = Facts(str(number), labels, labels, f"a{number}", values, numbers)
    return Row((False, f"a{number:03}", f"a{number:03}"), facts, lambda: b'{"n":%d}' % number)


rows = st.lists(
    st.builds(
        row,
        st.integers(0, 200),
        st.sampled_from([None, "llama", "qwen2", "qwen10", "Llama"]),
        st.sampled_from([None, 1.0, 2.0, 1e12]),
        # Some parameters take words and numbers.
        st.sampled_from([None, 0.0, 0.7, 7.0, "auto", "All"]),
    ),
    max_size=30,
    unique_by=lambda one: one.place,
)
sorts = st.lists(
    st.sampled_from(
        ["name", "-name", "family", "-family", "-size", "temp", "-temp", "-used", "modified"]
    ),
    max_size=3,
).map(",".join)
grouping = st.sampled_from([None, "family", "tag"])


def numbers(page: Page) -> list[bytes]:
    return [one.json for one in page.rows]


def pages(
    given_rows: list[Row], sort: str, group: str | None, limit: int, *, gone: bool = False
) -> list[bytes]:
    """Everything, page by page; with ``gone``, each page's last row is deleted before the next."""
    shown: list[bytes] = []
    cursor, left = None, list(given_rows)
    while True:
        page = search_for(sort=sort, group=group, cursor=cursor, limit=limit).run(Table(left), NOW)
        shown += numbers(page)
        cursor = page.next_cursor
        if cursor is None:
            return shown
        if gone:
            left.remove(page.rows[-1])


@given(rows, sorts, grouping, st.integers(1, 7))
def test_pages_put_together_are_the_list(
    given_rows: list[Row], sort: str, group: str | None, limit: int
) -> None:
    whole = numbers(search_for(sort=sort, group=group).run(Table(given_rows), NOW))
    assert sorted(whole) == sorted(one.json for one in given_rows)
    assert pages(given_rows, sort, group, limit) == whole
    assert pages(given_rows, sort, group, limit, gone=True) == whole


@given(rows, sorts, grouping)
def test_the_order_is_that_of_sorting_by_one_column_after_the_other(
    given_rows: list[Row], sort: str, group: str | None
) -> None:
    expected = sorted(given_rows, key=lambda one: one.place)
    terms = [(term.column, term.descending) for term in reversed(parse_sort(sort))]
    for column, descending in [*terms, (group, False)] if group else terms:
        known = [one for one in expected if value_of(one.facts, column, NOW) is not None]
        unknown = [one for one in expected if one not in known]
        texts = {id(one): isinstance(value_of(one.facts, column, NOW), str) for one in known}
        known.sort(
            key=lambda one: (texts[id(one)], value_of(one.facts, column, NOW)),
            reverse=descending,
        )
        expected = known + unknown
    found = search_for(sort=sort, group=group).run(Table(given_rows), NOW)
    assert numbers(found) == [one.json for one in expected]


@given(rows, st.lists(st.tuples(st.sets(st.integers(0, 40)), rows), max_size=4), sorts, grouping)
def test_a_table_that_goes_on_from_another_orders_as_one_made_anew(
    given_rows: list[Row], changes: list[tuple[set[int], list[Row]]], sort: str, group: str | None
) -> None:
    search, left = search_for(sort=sort, group=group), list(given_rows)
    table = Table(left)
    search.run(table, NOW)
    for gone, come in changes:
        left = [one for number, one in enumerate(left) if number not in gone]
        left += [one for one in come if one.place not in {other.place for other in left}]
        table = Table(left, table)
        assert numbers(search.run(table, NOW)) == numbers(search.run(Table(left), NOW))


def test_the_pages_of_a_list_are_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> Now:
        return Now(1000.0, LAST_USED.get, lambda _: 0)

    some = [row(number, "qwen" if number % 2 else "llama") for number in range(6)]
    table = Table(some)
    first = search_for("a", sort="-family", limit=2).run(table, now())
    with monkeypatch.context() as nothing_is_sorted:
        nothing_is_sorted.setattr(Table, "ranks", None)
        rest = search_for("a", sort="-family", cursor=first.next_cursor).run(table, now())
    whole = search_for("a", sort="-family").run(Table(some), now())
    assert numbers(first) + numbers(rest) == numbers(whole)
    assert (first.total, rest.total) == (6, 6)
    for number in range(20):  # of many searches the last are kept
        search_for(f"a{number}").run(table, now())
    assert len(table.found) == 8


@pytest.mark.parametrize(
    ("query", "sort"), [("", "-used"), ("used<1h", ""), ("active", ""), ("active-now", "")]
)
def test_what_changes_by_itself_is_looked_for_again(query: str, sort: str) -> None:
    table, search = Table([row(3), row(5)]), search_for(query, sort=sort)
    after = Now(900_000.0, {"5": 899_990.0}.get, {"5": 1, "3": 0}.__getitem__)
    before = Now(10_000.0, {"3": 9_990.0}.get, {"3": 1, "5": 0}.__getitem__)
    assert numbers(search.run(table, before))[0] == b'{"n":3}'
    assert numbers(search.run(table, after))[0] == b'{"n":5}'


def test_values_that_no_row_has_any_more_are_forgotten_in_time() -> None:
    def version(number: int) -> list[Row]:
        return [row(1, "qwen", float(number)), row(2, "qwen", 7.5)]

    table, longest = Table(version(0)), 0
    for number in range(1, 100):
        table.ranks("size", NOW)
        table = Table(version(number), table)
        longest = max(longest, len(table.ranks("size", NOW).values))
    assert 3 <= longest <= 20


def test_a_cursor_that_counted_rows_would_be_found() -> None:
    """The property above sees what a number in place of a cursor would do."""
    given_rows = [row(number) for number in range(6)]
    left, shown, at = list(given_rows), [], 0
    while at < len(left):
        shown += left[at : at + 2]
        left.remove(left[at + 1])
        at += 2
    assert shown != given_rows


def test_columns_come_one_after_another_and_what_is_unknown_last() -> None:
    some = [
        row(1, "qwen2", 2.0),
        row(2, None, 3.0),
        row(3, "qwen10", 1.0),
        row(4, "qwen2", None),
        row(5, "qwen2", 9.0),
    ]

    def order(sort: str) -> str:
        return "".join(
            one.decode()[5] for one in numbers(search_for(sort=sort).run(Table(some), NOW))
        )

    assert order("family,size") == "15432"
    assert order("-family,-size") == "35142"
    assert order("size") == "31254"
    assert order("-used") == "53124"
    assert order("") == "12345"


def test_groups_stand_in_the_order_of_their_rows() -> None:
    some = [row(1, "qwen10"), row(2), row(3, "qwen2"), row(4, "qwen10")]
    page = search_for(group="family").run(Table(some), NOW)
    assert page.groups == {"qwen2": 1, "qwen10": 2, None: 1}
    assert numbers(page) == [b'{"n":3}', b'{"n":1}', b'{"n":4}', b'{"n":2}']


def test_facets_count_what_matches_on_all_pages() -> None:
    some = [row(1, "llama", tags=("x", "y")), row(2, "llama", tags=("y",)), row(3, "qwen")]
    page = search_for("a", facets="family,tag", limit=1).run(Table(some), NOW)
    assert page.facets == {"family": {"llama": 2, "qwen": 1}, "tag": {"y": 2, "x": 1}}
    assert (page.total, len(page.rows)) == (3, 1)
    assert search_for("a3", facets="family").run(Table(some), NOW).facets == {"family": {"qwen": 1}}


@pytest.mark.parametrize(
    "cursor", ["", "x", "====", "bm8", "é", "W10", "WzEsMl0", "WyIiLFtdLFswLCJhIiwiYiJdXQ"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        search_for(cursor=cursor).run(Table([row(1)]), NOW)
    assert refused.value.pointer == "/cursor"


@given(st.text(max_size=60))
def test_no_cursor_breaks_anything(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        search_for(sort="name", cursor=cursor).run(Table([row(1)]), NOW)


def test_the_cursor_of_another_search_is_refused() -> None:
    some = [row(number) for number in range(3)]
    cursor = search_for(sort="name", limit=1).run(Table(some), NOW).next_cursor
    others: list[dict[str, Any]] = [{"sort": "-name"}, {"query": "a"}, {"group": "family"}]
    for other in others:
        with pytest.raises(InvalidInput):
            search_for(**{"sort": "name", "cursor": cursor} | other).run(Table(some), NOW)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"sort": "nonsense"}, "/sort"),
        ({"sort": "name,"}, "/sort"),
        ({"sort": "name," * 9 + "name"}, "/sort"),
        ({"group": "name"}, "/group"),
        ({"group": ""}, "/group"),
        ({"facets": "name"}, "/facets"),
        ({"facets": "source,,"}, "/facets"),
    ],
)
def test_what_cannot_be_sorted_or_counted_by_is_refused(
    asked: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search_for(**asked)
    assert refused.value.pointer == pointer


def test_every_column_and_group_can_be_asked_for() -> None:
    some = [row(1, "llama", 1.0), row(2)]
    for column in (*COLUMNS, "n_ctx", "temp", "filename", "quantization", "modified_at"):
        assert search_for(sort=f"-{column}").run(Table(some), NOW).total == 2
    for group in GROUPS:
        assert sum((search_for(group=group).run(Table(some), NOW).groups or {}).values()) == 2


def test_numbers_in_names_count() -> None:
    assert natural("qwen2:7B") < natural("Qwen2:13b") < natural("qwen10:1b")
    assert all(one < other for one, other in pairwise(map(natural, ["A", "a", "B"])))


def test_a_page_is_joined_as_the_list_it_is() -> None:
    page = search_for(group="family", facets="tag").run(Table(row(n) for n in range(130)), NOW)
    parts = list(joined(page))
    assert max(map(len, parts)) < 1 << 16
    answer = orjson.loads(b"".join(parts))
    assert answer.keys() == AliasList.model_fields.keys()
    assert [one["n"] for one in answer["aliases"]] == list(range(130))
    assert answer["groups"] == [{"value": None, "count": 130}]
    assert (answer["facets"], answer["next_cursor"]) == ({"tag": []}, None)
