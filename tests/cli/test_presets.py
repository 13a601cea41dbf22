"""``bodhi presets``."""

from pathlib import Path

import pytest

from tests.support.command_line import GOOD, Machine, Run


@pytest.fixture
def home(machine: Machine, tiny_model: Path) -> Machine:
    machine.model(tiny_model)
    return machine


def test_presets_are_listed_and_shown(here: Run, machine: Machine) -> None:
    header, first, *_ = here("presets", "list").out.splitlines()
    assert header.split() == ["NAME", "SOURCE", "TITLE", "ABOUT"]
    assert first.split()[:3] == ["chat", "built-in", "Chat"]
    assert "request_params.temperature  0.2" in here("presets", "show", "coding").out
    names = [preset["name"] for preset in here("presets", "list", "--json").json["presets"]]
    assert here("presets", "show", names[0], "--json").json["name"] == names[0]
    missing = here("presets", "show", "nothing")
    assert (missing.code, "bodhi presets list" in missing.err) == (66, True)


def test_a_preset_is_copied_with_provenance_and_comments_stay(here: Run, home: Machine) -> None:
    path = home.alias("tiny--chat", GOOD + "request_params:\n  temperature: 1.0 # wild\n")
    ended = here("presets", "apply", "fast", "tiny:chat")
    assert (ended.code, "+preset: fast" in ended.out) == (0, True)
    assert "temperature: 1.0 # wild" in path.read_text()
    assert "preset         Fast\n" in here("aliases", "show", "tiny:chat").out
    here("aliases", "set", "tiny:chat", "max_tokens=64")
    shown = here("aliases", "show", "tiny:chat", "--json").json
    assert shown["preset"] == "Custom (from Fast)"
    assert here("presets", "apply", "fast", "tiny:chat").code == 0
    assert "so already" in here("presets", "apply", "fast", "tiny:chat").err


def test_a_preset_of_ones_own_is_saved_and_applied(here: Run, home: Machine) -> None:
    home.alias("tiny--chat", GOOD + "request_params: {top_k: 3}\n")
    home.alias("other", GOOD.replace("tiny:chat", "other"))
    ended = here("presets", "save", "mine", "tiny:chat", "--title", "Mine", "--about", "Mine.")
    assert ended.code == 0
    assert here("presets", "apply", "mine", "other").code == 0
    assert here("aliases", "show", "other", "--json").json["preset"] == "Mine"
    (home.home / "presets" / "torn.yaml").write_text("[")
    assert "torn.yaml" in here("presets", "list").err


def test_a_broken_alias_takes_no_preset(here: Run, machine: Machine) -> None:
    machine.alias("torn", "alias: [\n")
    assert here("presets", "apply", "chat", "torn").code == 73
    assert here("presets", "save", "mine", "torn").code == 73


def test_who_names_a_preset_wrongly_is_told_the_nearest_or_what_is_wrong_with_its_file(
    here: Run, machine: Machine
) -> None:
    assert "Did you mean coding?" in here("presets", "show", "codign").err
    assert "bodhi presets list" in here("presets", "show", "zzz").err
    folder = machine.home / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("title: Mine\nrequest_params: {temprature: 1}\n")
    ended = here("presets", "show", "mine")
    assert "mine.yaml: temprature is not a parameter of request_params." in ended.err
    assert ended.code != 0
