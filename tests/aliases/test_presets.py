"""Presets: data that serves and raises no finding, copied with a provenance that is true."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bodhi.aliases.many_show import show_recipe
from bodhi.aliases.model import Alias
from bodhi.aliases.preset import Preset, edits_to_apply, provenance
from bodhi.aliases.preset_rows import PRESETS
from bodhi.aliases.presets import find_preset, read_presets, save_preset
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.writer import edit_text, write_alias
from bodhi.errors import NameInvalid, NameTaken, PresetNotFound
from bodhi.params.explain import Recipe, explain
from bodhi.params.findings import find
from bodhi.params.spelling import read_context_params, read_request_params, read_request_policy
from bodhi.params.values import JsonObject

BY_NAME = {preset.name: preset for preset in PRESETS}
MODEL: JsonObject = {"context_length": 32_768, "size_bytes": 1 << 30, "eos_token": "</s>"}


def applied(alias: Alias, preset: Preset, presets: tuple[Preset, ...] = PRESETS) -> Alias:
    text = edit_text(write_alias(alias), edits_to_apply(preset, alias, presets))
    return read_recipe(text.encode())


@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
def test_a_preset_is_valid_serves_and_raises_no_finding(preset: Preset) -> None:
    assert read_context_params(dict(preset.context_params)) == preset.context_params
    assert read_request_params(dict(preset.request_params)) == preset.request_params
    assert read_request_policy(dict(preset.request_policy)) == preset.request_policy
    recipe = Recipe(
        context_params=preset.context_params,
        request_params=preset.request_params,
        request_policy=preset.request_policy,
        trained_context=32_768,
        cores=4,
    )
    assert explain(recipe)
    assert find(recipe, model=MODEL, machine={"cores": 4}) == []


def test_every_intent_has_one() -> None:
    titles = {preset.title for preset in PRESETS}
    assert titles >= {
        "Chat", "Coding", "Agent", "Reasoning", "RAG", "Long context", "Fast", "Small footprint",
        "Deterministic",
    }  # fmt: skip
    assert len(BY_NAME) == len(PRESETS)
    assert all(preset.about.endswith(".") and preset.values for preset in PRESETS)


@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
def test_what_was_copied_is_that_preset_until_a_value_of_it_is_changed(preset: Preset) -> None:
    alias = Alias("a", "us/tiny", "tiny.gguf", request_params={"stop": ["END"], "top_k": 9})
    assert provenance(alias, PRESETS) is None
    made = applied(alias, preset)
    assert provenance(made, PRESETS) == preset.title
    assert (show_recipe(alias).preset, show_recipe(made).preset) == (None, preset.name)
    assert (made.request_params["stop"], made.request_params["top_k"]) == (["END"], 9)
    changed = read_recipe(edit_text(write_alias(made), {next(iter(preset.values)): None}).encode())
    assert provenance(changed, PRESETS) == f"Custom (from {preset.title})"


def test_another_preset_takes_what_the_first_put_there_and_nothing_else() -> None:
    alias = applied(Alias("a", "us/tiny", "tiny.gguf"), BY_NAME["agent"])
    assert alias.context_params == {"n_ctx": 16_384, "cache_reuse": 256}
    mine = replace(alias, context_params={**alias.context_params, "n_ctx": 1024})
    chat = applied(mine, BY_NAME["chat"])
    assert chat.context_params == {"n_ctx": 1024}, "what was changed since is somebody's"
    assert provenance(chat, PRESETS) == "Chat"
    strict = applied(Alias("a", "us/tiny", "tiny.gguf"), BY_NAME["deterministic"])
    assert dict(applied(strict, BY_NAME["chat"]).request_policy) == {}


def test_of_a_preset_that_is_gone_its_name_is_left() -> None:
    alias = Alias("a", "us/tiny", "tiny.gguf", extra={"preset": "mine"})
    assert provenance(alias, PRESETS) == "Custom (from mine, which is gone)"
    odd = replace(alias, extra={"preset": 3})
    assert (provenance(odd, PRESETS), show_recipe(odd).preset) == (None, None)


def test_a_preset_of_ones_own_is_saved_read_and_found(tmp_path: Path) -> None:
    alias = Alias(
        "a", "us/tiny", "tiny.gguf", context_params={"n_ctx": 512},
        request_params={"seed": 7}, request_policy={"seed": "enforce"},
    )  # fmt: skip
    saved = save_preset(tmp_path, "mine", "Mine", "For Sundays.", alias)
    presets, problems = read_presets(tmp_path)
    assert problems == []
    assert find_preset("mine", presets) == saved
    assert (saved.title, saved.about, saved.is_own) == ("Mine", "For Sundays.", True)
    assert (saved.context_params, saved.request_policy) == ({"n_ctx": 512}, {"seed": "enforce"})
    with pytest.raises(NameTaken):
        save_preset(tmp_path, "mine", "", "", alias)
    with pytest.raises(PresetNotFound):
        find_preset("../mine", presets)


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "-a", "a-", "x" * 65, "chat/"])
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NameInvalid):
        save_preset(tmp_path, name, "", "", Alias("a", "us/tiny", "tiny.gguf"))
    assert not (tmp_path / "presets").exists()


@pytest.mark.parametrize(
    ("stem", "text", "says"),
    [
        ("chat", "request_params: {top_k: 1}\n", "comes with Bodhi"),
        ("torn", "request_params: [\n", ""),
        ("odd", "request_parms: {}\n", "request_parms means nothing"),
        ("far", "request_params: {temperature: 9}\n", "temperature must be"),
        ("list", "[]\n", "no mapping"),
        ("empty", "request_policy: {seed: enforce}\n", "enforced but has no value"),
        ("title", "title: 3\n", "title must be a text"),
    ],
)
def test_a_file_that_is_none_is_a_problem_and_harms_no_other(
    tmp_path: Path, stem: str, text: str, says: str
) -> None:
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / f"{stem}.yaml").write_text(text)
    (folder / "good.yaml").write_text("request_params: {top_k: 5}\n")
    presets, problems = read_presets(tmp_path)
    assert [preset.name for preset in presets if preset.is_own] == ["good"]
    assert find_preset("good", presets).title == "good"
    (problem,) = problems
    assert problem.file == f"{stem}.yaml"
    assert says in problem.reason


def test_a_pipe_among_the_files_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    os.mkfifo(tmp_path / "presets" / "pipe.yaml")
    assert [problem.file for problem in read_presets(tmp_path)[1]] == ["pipe.yaml"]
