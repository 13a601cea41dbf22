"""Old flags are rewritten with their meaning kept, and everything else of the file stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.advice.old_flags import rewrite_flags
from bodhi.aliases.reader import read_recipe
from bodhi.errors import AliasFileInvalid

HEAD = "# mine\nalias: a\nrepo: us/tiny\nfilename: tiny.gguf\ncontext_params:\n"


def file(*flags: str) -> str:
    return HEAD + "".join(f"  - {flag}\n" for flag in flags)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--n-keep 24"], ["--keep 24"]),
        (["--n-keep=24"], ["--keep=24"]),
        (["--n-keep", "'24'"], ["--keep", "'24'"]),
        (["-fa"], ["-fa on"]),
        (["--flash-attn", "--keep 1"], ["--flash-attn on", "--keep 1"]),
        (["--mlock"], ["--load-mode mmap+mlock"]),
        (["--no-mmap"], ["--load-mode none"]),
        (["--mlock", "--keep 1", "--no-mmap"], ["--load-mode mlock", "--keep 1"]),
        (["--keep 1", "--draft-max 16", "--draft-min", "'1'"], ["--keep 1"]),
        (["--n-ctx 512", "--n-parallel 2"], ["--ctx-size 512", "--parallel 2"]),
    ],
)
def test_each_old_flag_becomes_the_one_of_today(before: list[str], after: list[str]) -> None:
    rewrite = rewrite_flags(file(*before))
    assert rewrite.text == file(*after)
    assert rewrite.changes
    assert rewrite_flags(rewrite.text).changes == (), "what was rewritten is new"


@pytest.mark.parametrize(
    "text",
    [
        file("--keep 24", "-fa on", "--flash-attn=off", "--threads", "'-1'"),
        HEAD + "  n_keep: 24\n  mlock: true\n",
        "alias: a\nrepo: us/tiny\nfilename: tiny.gguf\n",
        file("1", "[x]"),
    ],
)
def test_what_has_no_old_flag_stays_byte_for_byte(text: str) -> None:
    rewrite = rewrite_flags(text)
    assert (rewrite.text, rewrite.changes) == (text, ())


def test_comments_and_other_lines_stay() -> None:
    text = HEAD + "  - --n-keep 24 # of the system prompt\n  - --ctx-size 512   # enough\n"
    assert rewrite_flags(text).text == text.replace("--n-keep", "--keep")


def test_a_file_that_a_flag_made_unreadable_can_be_read_then() -> None:
    text = file("--draft-max 16", "--keep 3")
    with pytest.raises(AliasFileInvalid, match="--draft-max cannot be set"):
        read_recipe(text.encode())
    assert read_recipe(rewrite_flags(text).text.encode()).context_params == {"n_keep": 3}


def test_a_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(AliasFileInvalid):
        rewrite_flags("alias: [")


_FLAGS = st.sampled_from(
    ["--n-keep 24", "--n-keep=3", "-fa", "--flash-attn off", "--mlock", "--no-mmap", "--mmap",
     "--ctx-size 512", "--n-threads -1", "--no-kv-unified", "--n-seed 7", "--rope-scaling yarn"]
)  # fmt: skip


@given(st.lists(_FLAGS, max_size=6))
def test_whatever_could_be_read_means_the_same_afterwards(flags: list[str]) -> None:
    text = file(*flags) if flags else HEAD
    try:
        before = read_recipe(text.encode())
    except AliasFileInvalid:  # one flag twice
        return
    after = read_recipe(rewrite_flags(text).text.encode())
    assert dict(after.context_params) == {
        key: value
        for key, value in before.context_params.items()
        # What --mmap says is what saying nothing says.
        if not (key in ("mlock", "no_mmap") and value is False)
    }
