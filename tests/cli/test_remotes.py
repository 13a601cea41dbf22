"""Remotes on the command line: named in the settings, used by aliases like any repository."""

import pytest

from tests.support.command_line import Ended, Machine, Run

SETTINGS = """\
remotes:
  office:
    url: https://models.example/v1
    api_key_env: OFFICE_KEY
"""
FAR = "alias: far\nrepo: remote:office\nfilename: meta-llama/Llama-3.3-70B\n"


@pytest.fixture
def office(machine: Machine) -> Machine:
    (machine.home / "aliases").mkdir(parents=True)
    (machine.home / "settings.yaml").write_text(SETTINGS)
    return machine


@pytest.fixture
def far(office: Machine) -> Machine:
    (office.home / "aliases" / "far.yaml").write_text(FAR)
    return office


def create(here: Run, repo: str, *options: str) -> Ended:
    model = "meta-llama/Llama-3.3-70B"
    return here("aliases", "create", "far", "--repo", repo, "--file", model, *options)


def test_an_alias_of_a_remote_is_made_like_any_other(here: Run, office: Machine) -> None:
    assert create(here, "remote:office").code == 0
    assert (office.home / "aliases" / "far.yaml").read_text() == FAR
    assert here("aliases", "validate").code == 0


def test_it_is_listed_shown_and_resolved_without_a_model_file(here: Run, far: Machine) -> None:
    (listed,) = here("aliases", "list", "--json").json["aliases"]
    assert (listed["repo"], listed["state"], listed["problem"]) == ("remote:office", "ok", None)
    assert here("aliases", "show", "far", "--json").json["filename"] == "meta-llama/Llama-3.3-70B"
    resolved = here("aliases", "resolve", "far", "--json").json
    assert resolved["path"] is None
    assert resolved["steps"][-1] == {
        "looked_at": "remotes",
        "found": "office, its model meta-llama/Llama-3.3-70B",
    }
    assert here("aliases", "resolve", "far").out.endswith("meta-llama/Llama-3.3-70B\n")


@pytest.mark.parametrize(
    ("repo", "options", "code", "says"),
    [
        ("remote:nobody", (), 66, "The settings name no remote nobody."),
        ("remote:", (), 65, "repo must be owner/name, or remote: and the remote's name."),
        ("remote:a/b", (), 65, "repo must be owner/name, or remote: and the remote's name."),
        ("remote:office", ("--snapshot", "main"), 65, "snapshot must be left out"),
        ("remote:office", ("--template", "llama3"), 65, "chat_template is set there"),
        ("remote:office", ("--set", "n_ctx=512"), 65, "n_ctx is set there"),
    ],
)
def test_what_a_remote_cannot_have_is_refused_and_nothing_is_written(
    repo: str, options: tuple[str, ...], code: int, says: str, here: Run, office: Machine
) -> None:
    ended = create(here, repo, *options)
    assert ended.code == code
    assert says in ended.err
    assert list((office.home / "aliases").glob("*.yaml")) == []


def test_an_alias_whose_remote_is_gone_from_the_settings_is_found(here: Run, far: Machine) -> None:
    (far.home / "settings.yaml").unlink()
    ended = here("aliases", "validate", "--json")
    assert ended.code == 66
    assert [finding["code"] for finding in ended.json["findings"]] == ["remote_not_found"]


def test_the_settings_show_remotes_and_name_the_variable_of_the_key(
    here: Run, office: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_KEY", "sesame")
    shown = {row["name"]: row for row in here("settings", "--json").json["settings"]}["remotes"]
    assert shown["value"] == {
        "office": {"url": "https://models.example/v1", "api_key_env": "OFFICE_KEY", "slots": 8}
    }
    plain = here("settings").out
    assert "office" in plain
    assert "sesame" not in plain


@pytest.mark.parametrize(
    ("remotes", "setting"),
    [
        ("{office: {url: 'ftp://x/v1'}}", "remotes.office.url"),
        ("{office: {url: 'https://me:sesame@x/v1'}}", "remotes.office.url"),
        ("{office: {url: 'https://x/v1?key=sesame'}}", "remotes.office.url"),
        ("{office: {url: 'https://x', api_key_env: 'sesame-1'}}", "remotes.office.api_key_env"),
        ("{office: {url: 'https://x', api_key: sesame}}", "remotes.office.api_key"),
        ("{office: {url: 'https://x', slots: 0}}", "remotes.office.slots"),
        ("{office: {}}", "remotes.office.url"),
        ("{'a/b': {url: 'https://x'}}", "remotes.a/b"),
    ],
)
def test_a_remote_that_cannot_be_is_refused_by_its_setting_and_without_its_value(
    remotes: str, setting: str, here: Run, machine: Machine
) -> None:
    machine.home.mkdir()
    (machine.home / "settings.yaml").write_text(f"remotes: {remotes}\n")
    ended = here("settings")
    assert ended.code == 78
    assert f"The setting {setting}" in ended.err
    assert "BODHI_REMOTES in the environment" in ended.err
    assert "sesame" not in ended.err
