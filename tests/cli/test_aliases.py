"""``bodhi aliases list``, ``show`` and ``resolve`` on real files."""

from pathlib import Path

from tests.support.command_line import GOOD, Machine, Run, bodhi

ENTRY_KEYS = {
    "name",
    "source",
    "repo",
    "filename",
    "snapshot",
    "version",
    "state",
    "problem",
}
FULL = (
    GOOD
    + """\
chat_template: llama3
context_params:
  n_ctx: 1024
request_params:
  temperature: 0.7
request_policy:
  temperature: enforce
"""
)


def test_without_any_file_the_list_is_empty_and_a_remark_says_so(machine: Machine) -> None:
    ended = bodhi("aliases", "list")
    assert (ended.code, ended.out) == (0, "")
    assert "no alias and no model yet" in ended.err
    assert bodhi("aliases", "list", "--json").json == {"aliases": []}


def test_aliases_and_models_are_listed_with_what_is_wrong(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    machine.alias("lost", "alias: lost\nrepo: us/gone\nfilename: gone.Q4_K_M.gguf\n")
    machine.alias("torn", "alias: [\n")
    ended = here("aliases", "list")
    header, *rows = ended.out.splitlines()
    assert header.split() == ["NAME", "SOURCE", "REPOSITORY", "FILE", "STATE"]
    assert [row.split()[:2] for row in rows] == [
        ["lost", "user"],
        ["tiny:chat", "user"],
        ["torn", "user"],
        ["us/tiny:Q8_0", "model"],
    ]
    assert "missing: The model file is not here." in rows[0]
    assert rows[1].split() == ["tiny:chat", "user", "us/tiny", "tiny.Q8_0.gguf", "ok"]
    assert "broken: torn.yaml, line" in rows[2]


def test_every_entry_has_the_same_keys_in_json(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    machine.alias("torn", "alias: [\n")
    entries = here("aliases", "list", "--json").json["aliases"]
    assert [set(entry) for entry in entries] == [ENTRY_KEYS] * 3
    assert [entry["state"] for entry in entries] == ["ok", "broken", "ok"]
    assert entries[0]["version"] == 1


def test_a_recipe_is_shown_with_its_parameters(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", FULL)
    lines = here("aliases", "show", "tiny:chat").out.splitlines()
    assert "chat template  llama3" in lines
    assert lines[lines.index("context_params") + 1] == "  n_ctx  1024"
    assert lines[lines.index("request_params") + 1] == "  temperature  0.7"
    assert lines[lines.index("request_policy") + 1] == '  temperature  "enforce"'
    shown = here("aliases", "show", "tiny--chat", "--json").json
    recipe = {"chat_template", "context_params", "request_params", "request_policy", "preset"}
    assert set(shown) == ENTRY_KEYS | recipe
    assert shown["context_params"] == {"n_ctx": 1024}


def test_a_recipe_is_shown_although_its_model_file_is_missing(here: Run, machine: Machine) -> None:
    machine.alias("tiny--chat", FULL)
    ended = here("aliases", "show", "tiny:chat")
    assert ended.code == 0
    assert "missing" in ended.out


def test_a_model_is_an_alias_too(here: Run, machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    for name in ("us/tiny:q8_0", "us/tiny"):
        shown = here("aliases", "show", name, "--json").json
        assert (shown["name"], shown["source"]) == ("us/tiny:Q8_0", "model")


def test_a_broken_alias_is_refused_with_file_line_and_remedy(here: Run, machine: Machine) -> None:
    machine.alias("torn", "alias: torn\nrepo: [\n")
    ended = here("aliases", "show", "torn")
    assert ended.code == 73
    assert "torn.yaml, line" in ended.err
    assert "bodhi aliases validate torn" in ended.err


def test_resolve_tells_every_step_and_the_path(machine: Machine, tiny_model: Path) -> None:
    path = machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    lines = bodhi("aliases", "resolve", "tiny:chat").out.splitlines()
    assert lines[0] == "1. downloaded models: no model has this name"
    assert lines[1] == "2. user aliases: tiny:chat, version 1"
    assert lines[2].startswith("3. model file: us/tiny, tiny.Q8_0.gguf, snapshot aaaa")
    assert lines[3:] == [str(path)]
    found = bodhi("aliases", "resolve", "tiny:chat", "--json").json
    assert set(found) == ENTRY_KEYS | {"steps", "path"}
    assert found["path"] == str(path)
    assert [set(step) for step in found["steps"]] == [{"looked_at", "found"}] * 3


def test_an_unknown_name_is_not_found_and_the_nearest_is_named(here: Run, machine: Machine) -> None:
    machine.alias("tiny--chat", GOOD)
    ended = here("aliases", "resolve", "tiny:chap")
    assert ended.code == 66
    assert ended.err.splitlines()[1] == "Did you mean tiny:chat?"


def test_a_missing_model_file_says_where_it_would_be_and_how_to_get_it(
    here: Run, machine: Machine
) -> None:
    machine.alias("tiny--chat", GOOD)
    ended = here("aliases", "resolve", "tiny:chat")
    assert ended.code == 66
    message, remedy = ended.err.splitlines()
    assert "in the hub cache it would be models--us--tiny/snapshots/main/" in message
    assert "bodhi pull us/tiny:" in remedy


def test_a_hostile_file_name_is_shown_harmless(machine: Machine) -> None:
    machine.alias("evil\x1b[2J\u202etxt", "alias: [\n")
    ended = bodhi("aliases", "list")
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err
    assert bodhi("aliases", "list", "--json").out.isascii()
