"""Which loads share an engine."""

from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.load_key import load_key
from bodhi.params.values import Json

_NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
_LEAVES = st.one_of(st.none(), st.booleans(), _NUMBERS, st.text(st.characters(), max_size=8))
_VALUES: st.SearchStrategy[Json] = st.one_of(_LEAVES, st.lists(_NUMBERS, max_size=3))
_OPTIONS = st.dictionaries(st.text(max_size=4), _VALUES, max_size=4)
_TEMPLATES = st.one_of(st.none(), st.text(st.characters(), max_size=4))
_INPUTS = st.tuples(st.text(st.characters(), max_size=4), _OPTIONS, _TEMPLATES)


def _kinds(value: Json) -> object:
    """Python's own equality, except that true is not 1."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, list):
        return [_kinds(item) for item in value]
    return value


def _same(one: tuple[str, dict[str, Json], str | None], other: object) -> bool:
    def comparable(inputs: tuple[str, dict[str, Json], str | None]) -> object:
        identity, options, template = inputs
        return identity, {key: _kinds(value) for key, value in options.items()}, template

    return isinstance(other, tuple) and comparable(one) == comparable(other)


@given(_INPUTS, _INPUTS)
def test_two_loads_share_a_key_only_if_they_are_the_same(
    one: tuple[str, dict[str, Json], str | None], other: tuple[str, dict[str, Json], str | None]
) -> None:
    assert (load_key(*one) == load_key(*other)) == _same(one, other)


@given(_OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_options_does_not_matter(options: dict[str, Json], random: object) -> None:
    items = list(options.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert load_key("a", dict(items), None) == load_key("a", options, None)


def test_equal_numbers_are_one_load() -> None:
    assert load_key("a", {"n": 10_000}, None) == load_key("a", {"n": 10_000.0}, None)
    assert load_key("a", {"n": [1, 2.0]}, None) == load_key("a", {"n": [1.0, 2]}, None)


def test_true_is_not_one_and_no_template_is_not_an_empty_one() -> None:
    assert load_key("a", {"n": True}, None) != load_key("a", {"n": 1}, None)
    assert load_key("a", {}, None) != load_key("a", {}, "")


def test_separate_surrogates_are_not_the_character_they_would_make_up() -> None:
    assert load_key("a", {}, "\ud800\udc00") != load_key("a", {}, "\U00010000")
