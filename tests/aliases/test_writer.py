"""Changes by registry key, made where and how the file spells the parameter."""

from typing import Any

import pytest

from bodhi.aliases.reader import read_alias
from bodhi.aliases.surgery import Path
from bodhi.aliases.writer import edit_text
from bodhi.errors import AliasFileInvalid, ParameterInvalid
from bodhi.params.values import Json
from tests.aliases.samples import alias_text

LIST = ("context_params",)
N_CTX = ("context_params", "n_ctx")
SEED = ("context_params", "n_seed")


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("{ctx-size: 1024}", N_CTX, 4096, "{ctx-size: 4096}"),
        ("\n  ctx_size: 1024 # small", N_CTX, 4096, "\n  ctx_size: 4096 # small"),
        ("{n_keep: 1}", N_CTX, 4096, "{n_keep: 1, n_ctx: 4096}"),
        ("{ctx-size: 1024, n_keep: 1}", N_CTX, None, "{n_keep: 1}"),
        ('\n  - "--ctx-size 1024" # small', N_CTX, 4096, '\n  - "--ctx-size 4096" # small'),
        ("\n  - --ctx-size=1024", N_CTX, 4096, "\n  - --ctx-size=4096"),
        ("['-c', '1024', --mlock]", N_CTX, 4096, "['-c', '4096', --mlock]"),
        ("['--seed', '-1', --mlock]", SEED, 7, "['--seed', '7', --mlock]"),
        ("['--seed', '-1', --mlock]", SEED, None, "[--mlock]"),
        ("\n  - --mlock", N_CTX, 4096, "\n  - --mlock\n  - --n-ctx 4096"),
        ("[--mlock]", ("context_params", "mlock"), False, '["--mlock false"]'),
        ("[--n-keep 1]", ("context_params", "n_keep"), None, "[]"),
        ("[--n-keep 1]", N_CTX, None, "[--n-keep 1]"),
    ],
)
def test_a_parameter_is_changed_where_the_file_has_it(
    before: str, path: Path, value: Json, after: str
) -> None:
    text = alias_text(context_params=before)
    changed = edit_text(text, {path: value})
    assert changed == alias_text(context_params=after)
    params: Any = read_alias(changed.encode(), stem="a").context_params
    assert params.get(path[1]) == value


def test_tags_are_changed_item_by_item() -> None:
    text = alias_text(tags="\n  - code # mine\n  - fast")
    assert edit_text(text, {("tags",): ["code", "slow"]}) == text.replace("fast", "slow")
    assert edit_text(text, {("tags",): None}) == alias_text()


def test_a_whole_section_is_replaced_key_by_key() -> None:
    text = alias_text(request_params="\n  top_p: 0.5 # p\n  temperature: 1 # t\n  seed: 3")
    changed = edit_text(
        text, {("request_params",): {"temperature": 0.5, "top_p": 0.5, "max_tokens": 9}}
    )
    after = "\n  top_p: 0.5 # p\n  temperature: 0.5 # t\n  max_tokens: 9"
    assert changed == alias_text(request_params=after)
    assert edit_text(changed, {("request_params",): {}}) == alias_text(request_params="{}")
    assert edit_text(changed, {("request_params",): None}) == alias_text()


def test_a_section_of_flags_is_replaced_flag_by_flag() -> None:
    text = alias_text(context_params="\n  - --n-keep 1\n  - --ctx-size 1024 # small")
    changed = edit_text(text, {LIST: {"n_ctx": 4096}})
    assert changed == alias_text(context_params="\n  - --ctx-size 4096 # small")


def test_flags_that_nobody_knows_stay_byte_for_byte_beside_one_that_changes() -> None:
    text = alias_text(context_params="\n  - --swift  # why\n  - '9'\n  - --ctx-size 1024\n  - -x=1")
    assert edit_text(text, {N_CTX: 4096}) == text.replace("1024", "4096")
    assert edit_text(text, {N_CTX: None}) == text.replace("  - --ctx-size 1024\n", "")
    assert edit_text(text, {("context_params", "n_keep"): 3}) == text + "  - --n-keep 3\n"
    mapped = alias_text(context_params="\n  swift: [1, 2] # why\n  n_ctx: 1024")
    assert edit_text(mapped, {N_CTX: 4096}) == mapped.replace("1024", "4096")


def test_several_edits_are_made_together_or_not_at_all() -> None:
    edits: dict[Path, Json] = {("snapshot",): "0123", ("request_policy", "temperature"): "enforce"}
    changed = edit_text(alias_text(), edits)
    assert changed == alias_text(snapshot='"0123"', request_policy="\n  temperature: enforce")
    with pytest.raises(AliasFileInvalid):
        edit_text(alias_text(), {**edits, ("repo", "owner"): "x"})


def test_a_value_that_a_list_of_flags_cannot_hold_is_refused() -> None:
    text = alias_text(context_params="[--n-keep 1]")
    with pytest.raises(ParameterInvalid):
        edit_text(text, {N_CTX: "many"})
    with pytest.raises(ParameterInvalid):
        edit_text(text, {("context_params", "nonsense"): 1})
