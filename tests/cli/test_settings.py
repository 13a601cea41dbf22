"""``bodhi settings``: every setting with its value, and who said so."""

import pytest

from bodhi.settings import Settings
from tests.support.command_line import Ended, Machine, Run, bodhi


def rows(ended: Ended) -> dict[str, tuple[object, str]]:
    return {row["name"]: (row["value"], row["source"]) for row in ended.json["settings"]}


def test_every_setting_is_listed_with_its_meaning(machine: Machine) -> None:
    ended = bodhi("settings", "--json")
    shown = ended.json["settings"]
    assert [row["name"] for row in shown] == list(Settings.model_fields)
    assert {frozenset(row) for row in shown} == {frozenset(("name", "value", "source", "help"))}
    assert all(row["help"] for row in shown)


def test_each_value_says_where_it_comes_from(
    here: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.home.mkdir()
    (machine.home / "settings.yaml").write_text("max_engines: 2\nport: 7\nhost: ::1\n")
    monkeypatch.setenv("BODHI_PORT", "8")
    shown = rows(here("settings", "--host", "localhost", "--json"))
    assert shown["max_engines"] == (2, "settings.yaml")
    assert shown["port"] == (8, "BODHI_PORT")
    assert shown["host"] == ("localhost", "command line")
    assert shown["max_queue"] == (128, "default")
    assert shown["home"] == (str(machine.home), "BODHI_HOME")
    assert shown["hub_cache"] == (str(machine.hub), "HF_HOME")


def test_a_secret_is_masked_wherever_it_comes_from(
    here: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows(here("settings", "--json"))["api_key"] == (None, "default")
    monkeypatch.setenv("BODHI_API_KEY", "sesame")
    for options in ([], ["--json"]):
        ended = here("settings", *options)
        assert "sesame" not in ended.out + ended.err
        assert "********" in ended.out


def test_a_setting_that_cannot_be_used_is_named(here: Run, machine: Machine) -> None:
    machine.home.mkdir()
    (machine.home / "settings.yaml").write_text("prot: 7\n")
    ended = here("settings")
    assert ended.code == 78
    assert "The setting prot cannot be used" in ended.err
