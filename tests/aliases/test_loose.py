"""A file that is not right is read as far as it goes, and every fault is named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases import loose
from bodhi.aliases.loose import Loose, read_loosely
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import read_recipe, read_root
from bodhi.aliases.yaml12 import Node
from bodhi.errors import AliasFileInvalid
from tests.aliases.samples import alias_text

GOOD = alias_text("a") + "context_params:\n  ctx-size: 512\nrequest_params:\n  temperature: 0.3\n"
FULL = GOOD + (
    "  stop: [a, b]\nrequest_policy:\n  temperature: {clamp: [0, 1]}\n"
    "tags: [x]\ndescription: about\nsnapshot: main\nnotes: [1]\n"
)


def reading(data: bytes) -> list[str]:
    """What the strict reader says: its one error, or nothing."""
    try:
        read_recipe(data)
    except AliasFileInvalid as error:
        return [error.message]
    return []


def places(read: Loose) -> list[tuple[str | None, int | None]]:
    return [(error.pointer, error.line) for error in read.errors]


def test_a_file_that_is_right_is_read_as_it_always_is() -> None:
    read = read_loosely(GOOD.encode())
    assert read.alias == read.sound == read_recipe(GOOD.encode())
    assert read.errors == []


def test_values_beyond_their_range_stay_and_the_rest_is_read_without_them() -> None:
    text = GOOD.replace("0.3", "2.5").replace("512", "-7") + "  top_k: many\n  seed: 4\n"
    read = read_loosely(text.encode())
    assert read.alias is not None
    assert read.alias.request_params == {"seed": 4, "temperature": 2.5, "top_k": "many"}
    assert read.alias.context_params == {"n_ctx": -7}
    assert read.sound is not None
    assert (read.sound.context_params, read.sound.request_params) == ({}, {"seed": 4})
    assert places(read) == [
        ("/context_params/ctx-size", 5),
        ("/request_params/temperature", 7),
        ("/request_params/top_k", 8),
    ]


def test_what_is_enforced_with_a_wrong_value_is_one_fault_and_without_any_is_another() -> None:
    wrong = GOOD.replace("0.3", "9") + "request_policy:\n  temperature: enforce\n"
    read = read_loosely(wrong.encode())
    assert [pointer for pointer, _ in places(read)] == ["/request_params/temperature"]
    assert read.alias is not None
    assert read.alias.request_policy == {"temperature": "enforce"}
    none = GOOD + "request_policy:\n  top_k: enforce\n  seed: {clamp: [3, 1]}\n"
    assert [pointer for pointer, _ in places(read_loosely(none.encode()))] == [
        "/request_policy/seed",
        "/request_policy/top_k",
    ]


def test_what_is_enforced_without_a_value_is_found_under_any_of_its_names() -> None:
    read = read_loosely((GOOD + "request_policy:\n  top-k: enforce\n").encode())
    assert [pointer for pointer, _ in places(read)] == ["/request_policy/top_k"]
    assert read.sound is not None
    assert read.alias is not None
    assert (read.sound.request_policy, read.alias.request_policy) == ({}, {"top_k": "enforce"})


def test_hundreds_of_faults_are_all_named_and_cost_a_few_readings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings: list[object] = []

    def counting(root: Node) -> Alias:
        readings.append(root)
        return read_root(root)

    monkeypatch.setattr(loose, "read_root", counting)
    unknown = "".join(f"  nobody-knows-{number}: 1\n" for number in range(300))
    text = GOOD.replace("0.3\n", "9\n") + unknown + "request_policy:\n  top_k: {clamp: [3, 1]}\n"
    read = read_loosely(text.encode())
    assert len(read.errors) == 302
    assert [line for _, line in places(read)] == [*range(7, 308), 309]
    assert read.alias is not None
    assert read.alias.request_params == {"temperature": 9}
    assert len(readings) <= 4


LISTED = GOOD.replace(
    "  ctx-size: 512\n",
    "  - --ctx-size 512\n  - --swift  # nobody knows it\n  - '9'\n  - --threads=no\n  - --n-keep\n"
    "  - '3'\n  - --speed=1\n",
)


def test_of_a_list_of_flags_those_that_nobody_knows_are_named_and_the_rest_is_read() -> None:
    read = read_loosely(LISTED.encode())
    assert read.alias is not None
    assert read.sound is not None
    assert read.alias.context_params == {"n_ctx": 512, "n_threads": "no", "n_keep": 3}
    assert (read.sound.context_params, read.sound.name) == ({"n_ctx": 512, "n_keep": 3}, "a")
    assert read.sound.request_params == {"temperature": 0.3}
    assert places(read) == [
        ("/context_params/1", 6),
        ("/context_params/3", 8),
        ("/context_params/6", 11),
    ]


def test_a_flag_that_is_there_twice_keeps_its_place_in_the_list() -> None:
    text = LISTED.replace("--threads=no", "--ctx-size 640")
    assert places(read_loosely(text.encode())) == [
        ("/context_params/1", 6),
        ("/context_params/6", 11),
        ("/context_params/3", 8),
    ]


@pytest.mark.parametrize("line", ["alias:", "alias: ''", "alias: a b", "alias: [x]"])
def test_a_name_that_is_none_is_a_fault_and_no_lock(line: str) -> None:
    read = read_loosely(GOOD.replace("alias: a", line).encode())
    assert read.alias is not None
    assert read.alias.name == ("a b" if line.endswith("a b") else "")
    assert read.sound is None
    assert places(read) == [("/alias", 1)]
    assert read.alias.request_params == {"temperature": 0.3}


def test_a_number_that_json_has_not_is_shown_as_it_is_written() -> None:
    read = read_loosely(GOOD.replace("0.3", ".nan").encode())
    assert read.alias is not None
    assert read.alias.request_params == {"temperature": ".nan"}


@pytest.mark.parametrize(
    "text", ["alias: [", "just words", "- a\n", "alias: a\nrequest_params: 3\n", "\0"]
)
def test_a_text_without_its_structure_is_only_its_error(text: str) -> None:
    read = read_loosely(text.encode())
    assert (read.alias, read.sound) == (None, None)
    assert read.errors


def test_bytes_that_are_no_text_are_an_error_too() -> None:
    assert read_loosely(b"alias: \xff\n").alias is None


@given(
    st.sampled_from([FULL, LISTED]), st.integers(0, len(FULL)), st.sampled_from("[]{}:#'\"\n -\t9e")
)
def test_whatever_is_damaged_its_first_fault_is_the_readers_own(
    text: str, at: int, character: str
) -> None:
    data = (text[:at] + character + text[at:]).encode()
    read = read_loosely(data)
    told = [error.message for error in read.errors][:1]
    assert told == reading(data)
    assert bool(told) or read.alias == read_recipe(data)
