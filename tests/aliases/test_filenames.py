"""The names of aliases and of their files."""

import os
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases.filenames import check_name, clash_key, stem_for
from bodhi.errors import NameInvalid

names = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/+@-]{0,127}\Z")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("llama3:instruct", "llama3--instruct"),
        ("a/b", "a--b"),
        ("x.Q8_0+v@beta", "x.Q8_0+v@beta"),
        ("7", "7"),
        ("consul", "consul"),
        ("my-con", "my-con"),
        ("a" * 128, "a" * 128),
    ],
)
def test_a_name_gives_its_stem(name: str, stem: str) -> None:
    assert stem_for(name) == stem


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            ".hidden",
            "-x",
            "_x",
            "a..b",
            "../x",
            "a/../b",
            "/abs",
            "a//b",
            "a/",
            "a:",
        ),
        *("a::b", "a:/b", "a b", "a\\b", "a\nb", "a\0", "é", "a%2f", "a@3", "a:b@12", "a" * 129),
        *("a\n", "CON", "con", "nul.txt", "Com1", "LPT9.x", "aux", "name."),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_its_rule(name: str) -> None:
    with pytest.raises(NameInvalid, match="a name ") as caught:
        stem_for(name)
    assert caught.value.pointer == "/alias"
    assert caught.value.remedy


@pytest.mark.threat("T12")
@given(names)
def test_a_stem_never_leaves_its_folder(name: str) -> None:
    try:
        stem = stem_for(name)
    except NameInvalid:
        return
    path = os.path.normpath(f"/folder/{stem}.yaml")
    assert path == f"/folder/{stem}.yaml"
    assert not stem.startswith(".")
    assert len(f".{stem}.yaml.0123456789ab.tmp") <= 255


@given(st.text(alphabet=string.printable, max_size=12))
def test_only_names_of_the_grammar_are_names(name: str) -> None:
    try:
        check_name(name)
    except NameInvalid:
        return
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/+@-]*", name)
    assert ".." not in name


@pytest.mark.threat("T12")
@given(names, names)
def test_stems_differ_or_the_names_clash_openly(left: str, right: str) -> None:
    # Two names share a file only where they differ in nothing but ":" and "/" and "--".
    try:
        same = clash_key(stem_for(left)) == clash_key(stem_for(right))
    except NameInvalid:
        return
    plain = [re.sub("[:/]", "--", name).lower() for name in (left, right)]
    assert same == (plain[0] == plain[1])
