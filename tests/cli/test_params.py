"""``bodhi params``: what can be set, how far, and what is recommended."""

import json
from pathlib import Path

import pytest

from bodhi.aliases.schema import alias_schema
from bodhi.params.registry import PARAMETERS
from tests.support.command_line import Machine, Run


def test_all_parameters_are_listed_with_range_and_default(here: Run) -> None:
    ended = here("params", "list")
    header, *rows = ended.out.splitlines()
    assert header.split() == ["KEY", "GROUP", "RANGE", "DEFAULT"]
    assert [row.split()[0] for row in rows] == list(PARAMETERS)
    assert "a number from 0 to 2  " in rows[0]
    assert rows[0].endswith("0.8 (engine default)")
    listed = here("params", "list", "--json").json["parameters"]
    assert [one["key"] for one in listed] == list(PARAMETERS)


@pytest.mark.parametrize("name", ["n_ctx", "ctx-size", "--ctx-size", "c", "context_params.n_ctx"])
def test_one_is_shown_under_any_of_its_names(here: Run, name: str) -> None:
    shown = here("params", "show", "--json", "--", name).json
    assert shown["key"] == "n_ctx"
    assert shown["low"]["value"] == 32


def test_a_seed_is_the_requests_unless_the_context_is_named(here: Run) -> None:
    assert here("params", "show", "seed", "--json").json["section"] == "request_params"
    named = here("params", "show", "context_params.seed", "--json").json
    assert named["key"] == "n_seed"


def test_what_is_shown_has_its_sources_and_reasons(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    shown = here("params", "show", "n_ctx", "--model", "us/tiny").out
    assert shown.startswith("How many tokens prompt and answer may have together")
    assert "upper bound   2,048: trained context\n" in shown
    assert "default       2048 (bodhi default)\n" in shown
    assert "special       0: the context that the model was trained with\n" in shown
    shown = here("params", "show", "temperature").out
    assert "recommended   0.2 to 0.8 (OpenAI API reference, chat completions)\n" in shown
    assert "not taken     The embedded engine" in here("params", "show", "device").out


def test_a_name_that_is_none_is_refused_with_the_nearest(here: Run) -> None:
    ended = here("params", "show", "temprature")
    assert ended.code != 0
    assert "Did you mean temperature?" in ended.err
    assert here("params", "show", "repo").code != 0
    assert here("params", "list", "--model", "nobody").code != 0


def test_the_schema_is_printed_for_editors(here: Run) -> None:
    assert json.loads(here("params", "schema").out) == alias_schema()


def test_an_alias_names_a_schema_only_where_asked(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    create = ("aliases", "create", "a", "--from", "us/tiny", "--dry-run")
    plain = here(*create).out
    assert "schema" not in plain
    asked = here(*create, "--schema", "../alias.schema.json").out
    assert asked == f"# yaml-language-server: $schema=../alias.schema.json\n{plain}"
    assert here(*create, "--schema", "a\nrepo: evil/evil").code == 2
