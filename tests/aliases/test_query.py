"""The search language: what each term finds, and what is refused with the nearest word."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases.query import FIELDS, Facts, Now, parse_query
from bodhi.errors import InvalidInput
from bodhi.params.values import Json

HOUR, DAY = 3600.0, 86400.0


def facts(
    values: dict[str, Json] | None = None, *, pinned: bool = False, **labels: str | tuple[str, ...]
) -> Facts:
    known = {"name": "llama3:instruct", "family": "Llama", "source": "user", "state": "published"}
    given_ = {key: (one,) if isinstance(one, str) else one for key, one in (known | labels).items()}
    every = {name: given_.get(name, ()) for name in FIELDS}
    lower = {name: tuple(one.lower() for one in ones) for name, ones in every.items()}
    text = " ".join(one for ones in lower.values() for one in ones)
    numbers = {"size": 4.0 * (1 << 30), "version": 3.0, "modified": 1000 * DAY}
    return Facts("uid", every, lower, text, values or {}, numbers, pinned)


def now(*, used: float | None = None, in_flight: int = 0) -> Now:
    """A thousand days and two after the epoch; ``used`` is how many seconds ago."""
    at = 1002 * DAY
    return Now(at, lambda _: None if used is None else at - used, lambda _: in_flight)


def finds(typed: str, one: Facts | None = None, when: Now | None = None) -> bool:
    return parse_query(typed).matches(one or facts(), when or now())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", True),
        ("   ", True),
        ("LLAMA instr", True),
        ("llama coder", False),
        ("llama3:ins", True),
        ('"llama3:instruct llama"', True),
        ('"instruct  llama"', False),
        ("-coder", True),
        ("-llama", False),
        ("--coder", False),
        ("-", False),
        ("family:llama", True),
        ("FAMILY:LLA", True),
        ('family:"lla"', True),
        ("source:user", True),
        ("source:model", False),
        ("-source:model", True),
        ("state:published", True),
        ("state:error", False),
        ("repo:x", False),
        ("family:", True),
        ("repo:", False),
        ("size>=4g", True),
        ("size>4g", False),
        ("size<5g", True),
        ("version=3", True),
        ("modified<3d", True),
        ("modified>1d modified<=2d", True),
        ("modified<1d", False),
    ],
)
def test_words_fields_and_numbers(typed: str, expected: bool) -> None:
    assert finds(typed) is expected


@pytest.mark.parametrize(
    ("typed", "key", "value", "expected"),
    [
        ("temp>0.7", "temperature", 0.8, True),
        ("temp>0.7", "temperature", 0.7, False),
        ("temp>=0.7", "temperature", 0.7, True),
        ("temperature=0", "temperature", 0, True),
        ("temp<=0", "temperature", 0.1, False),
        ("ctx>=8k", "n_ctx", 8192, True),
        ("ctx>=8k", "n_ctx", 8000, False),
        ("ctx-size>=8K", "n_ctx", 8192, True),
        ("n_ctx<1m", "n_ctx", 8192, True),
        ("temp>-1", "temperature", 0, True),
        ("temp>0", "temperature", None, False),
        ("temp<5", "seed", 1, False),
        ("-temp<5", "seed", 1, True),
        ("seed<5", "seed", True, False),
        ("mlock=true", "mlock", True, True),
        ("mlock=true", "mlock", False, False),
        ("cache-type-k=Q8_0", "cache_type_k", "q8_0", True),
        ("set:temp", "temperature", 0, True),
        ("set:temp", "seed", 0, False),
        ("set:top_p", "top_p", None, True),
    ],
)
def test_parameters_under_every_name(typed: str, key: str, value: Json, expected: bool) -> None:
    assert finds(typed, facts({key: value})) is expected


def test_a_tag_is_found_whole() -> None:
    tagged = facts(tag=("Work", "code"))
    assert finds("tag:work tag:CODE", tagged)
    assert not finds("tag:wor", tagged)
    assert finds("wor", tagged)


def test_pinned_is_a_word_of_its_own_and_text_in_quotes() -> None:
    assert finds("pinned", facts(pinned=True))
    assert finds("is:pinned -pinned", facts(pinned=False)) is False
    assert not finds("pinned", facts(name="pinned"))
    assert finds('"pinned"', facts(name="pinned"))


def test_use_is_asked_of_the_moment() -> None:
    assert finds("used<7d used>1h", when=now(used=2 * HOUR))
    assert not finds("used<7d", when=now(used=8 * DAY))
    assert not finds("used<7d", when=now())
    assert not finds("used>7d", when=now())
    assert finds("-used<7d", when=now())
    assert finds("active", when=now(used=23 * HOUR))
    assert not finds("active", when=now(used=25 * HOUR))
    assert finds("active-now", when=now(in_flight=1))
    assert not finds("is:active-now", when=now(used=0.0))


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("temprature>0.7", "temperature"),
        ("fmily:llama", "family"),
        ("state:eror", "error"),
        ("source:usr", "user"),
        ("set:temperatur", "temperature"),
        ("usd<7d", "used"),
        ("is:pined", "pinned"),
        ("temp>warm", None),
        ("temp>1h", None),
        ("used<7", None),
        ("used<7k", None),
        ("used=7d", None),
        ("nonsense>1", None),
        ("set:zzz", None),
        ("temp>", None),
        ("size>=", None),
    ],
)
def test_a_term_that_means_nothing_is_refused_with_the_nearest(
    typed: str, nearest: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_query(f"llama {typed} coder")
    assert typed in refused.value.message
    assert refused.value.pointer == "/q"
    expected = (
        "In double quotes it would be text." if nearest is None else f"Did you mean {nearest}?"
    )
    assert refused.value.remedy == expected


@pytest.mark.parametrize("typed", ["x" * 1001, "a " * 65])
def test_endless_searches_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_query(typed)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_search_or_a_refusal(typed: str) -> None:
    with suppress(InvalidInput):
        assert finds(typed) in (True, False)


@given(st.lists(st.sampled_from(["llama", "family:llama", "temp>1", "-coder", "pinned"])))
def test_terms_are_joined_by_and(terms: list[str]) -> None:
    one = facts({"temperature": 1.5})
    assert finds(" ".join(terms), one) is all(finds(term, one) for term in terms)


@given(st.text(alphabet=st.characters(blacklist_characters='"'), min_size=1, max_size=40))
def test_what_stands_in_quotes_is_text(typed: str) -> None:
    assert finds(f'"{typed}"', facts(name=typed))
