"""A span of time is covered once by the sums that are taken for it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import InvalidInput
from bodhi.usage.span import DAY, HOUR, MINUTE, Piece, pieces, span_of

moments = st.floats(0, 4 * DAY, allow_nan=False)


@given(start=moments, length=st.floats(1, 30 * DAY))
def test_pieces_cover_the_span_once_with_buckets_that_fit(start: float, length: float) -> None:
    span = span_of(start, start + length)
    found = pieces(span)
    assert span.start <= start < span.start + MINUTE
    assert span.end - MINUTE < start + length <= span.end
    assert found[0].start == span.start
    assert found[-1].end == span.end
    for one, following in itertools.pairwise(found):
        assert one.end == following.start
    for piece in found:
        assert piece.start < piece.end
        assert piece.start % piece.length == piece.end % piece.length == 0
    assert len(found) <= 5


def test_a_span_that_hardly_ends_after_it_began_is_a_minute() -> None:
    assert pieces(span_of(0, 5e-324)) == [Piece(MINUTE, 0, MINUTE)]


def test_what_a_day_and_a_bit_is_made_of() -> None:
    assert pieces(span_of(DAY - HOUR - MINUTE, 2 * DAY + HOUR + MINUTE)) == [
        Piece(MINUTE, DAY - HOUR - MINUTE, DAY - HOUR),
        Piece(HOUR, DAY - HOUR, DAY),
        Piece(DAY, DAY, 2 * DAY),
        Piece(HOUR, 2 * DAY, 2 * DAY + HOUR),
        Piece(MINUTE, 2 * DAY + HOUR, 2 * DAY + HOUR + MINUTE),
    ]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5), (0, 1e15)])
def test_a_span_that_is_none_is_refused(start: float, end: float) -> None:
    with pytest.raises(InvalidInput):
        span_of(start, end)
