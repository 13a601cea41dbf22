"""``bodhi aliases validate`` finds what would keep an alias from serving, and says where."""

from pathlib import Path

import pytest

from tests.support.command_line import GOOD, Machine, Run, bodhi

FINDING_KEYS = {"file", "line", "pointer", "code", "reason", "remedy"}


def test_an_alias_that_serves_has_no_finding(machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD + "request_params:\n  temperature: 0.5\n")
    ended = bodhi("aliases", "validate")
    assert (ended.code, ended.out, ended.err) == (0, "1 checked, no problem.\n", "")
    assert bodhi("aliases", "validate", "tiny:chat", "--json").json == {
        "checked": 1,
        "findings": [],
    }


@pytest.mark.parametrize(
    ("text", "line", "code", "exit_code"),
    [
        (GOOD + "context_params:\n  n_ctx: -7\n", 5, "alias_file_invalid", 65),
        (GOOD + "context_params:\n  n_ctxx: 7\n", 5, "alias_file_invalid", 65),
        (GOOD + "chat_template: lama3\n", 4, "parameter_invalid", 65),
        (GOOD + "request_policy:\n  top_p: enforce\n", 5, "alias_file_invalid", 65),
        (GOOD + "context_params:\n  n_ctx: 64\n  n_parallel: 8\n", 5, "parameter_invalid", 65),
        (GOOD.replace("tiny.Q8_0", "other"), 3, "model_file_missing", 66),
        ("alias: tiny:chat\nrepo: us/tiny\n", 1, "alias_file_invalid", 65),
        ("alias: tiny:chat\nalias: twice\n", 2, "alias_file_invalid", 65),
    ],
)
def test_a_finding_names_file_line_reason_and_class(
    here: Run, machine: Machine, tiny_model: Path, text: str, line: int, code: str, exit_code: int
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", text)
    ended = here("aliases", "validate", "--json")
    assert ended.code == exit_code
    (finding,) = ended.json["findings"]
    assert set(finding) == FINDING_KEYS
    assert (finding["file"], finding["line"], finding["code"]) == ("tiny--chat.yaml", line, code)


def test_the_remedy_stands_under_its_finding(here: Run, machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD + "context_params:\n  n_ctxx: 7\n")
    assert here("aliases", "validate").out.splitlines() == [
        "tiny--chat.yaml, line 5: n_ctxx is not a parameter of context_params.",
        "  Did you mean n_ctx?",
    ]


def test_several_things_wrong_with_one_file_are_all_told(here: Run, machine: Machine) -> None:
    machine.alias("tiny--chat", GOOD + "chat_template: lama3\n")
    ended = here("aliases", "validate", "--json")
    codes = {finding["code"] for finding in ended.json["findings"]}
    assert codes == {"model_file_missing", "parameter_invalid"}
    # They do not agree on an exit code; what all have in common is that the input is wrong.
    assert ended.code == 65


def test_two_files_of_one_alias_are_named_together(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    (machine.home / "aliases" / "tiny--chat.yml").write_text(GOOD)
    ended = here("aliases", "validate")
    assert ended.code == 73
    assert "tiny--chat.yaml and tiny--chat.yml" in ended.out


def test_a_link_that_leads_nowhere_is_a_finding(here: Run, machine: Machine) -> None:
    machine.alias("good", "").unlink()
    (machine.home / "aliases" / "gone.yaml").symlink_to("nowhere")
    ended = here("aliases", "validate")
    assert ended.code == 73
    assert ended.out.startswith("gone.yaml: It is a link to a file that is missing.")


def test_a_file_anywhere_is_read_as_if_it_were_in_the_store(
    here: Run, machine: Machine, tiny_model: Path, tmp_path: Path
) -> None:
    machine.model(tiny_model)
    draft = tmp_path / "tiny--chat.yaml"
    draft.write_text(GOOD)
    assert here("aliases", "validate", str(draft)).code == 0
    draft.rename(tmp_path / "other.yaml")
    ended = here("aliases", "validate", str(tmp_path / "other.yaml"))
    assert ended.code == 65
    assert "belongs into tiny--chat" in ended.out


def test_a_file_that_is_not_there_is_a_finding_and_an_unknown_name_an_error(
    here: Run,
    machine: Machine,
) -> None:
    missing = here("aliases", "validate", "nowhere.yaml")
    assert (missing.code, missing.out) == (65, "nowhere.yaml: There is no such file.\n")
    assert here("aliases", "validate", "nobody").code == 66


def test_validating_changes_no_file(here: Run, machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    path = machine.alias("tiny--chat", GOOD + "chat_template: lama3 # so\n")
    before = path.read_bytes(), path.stat().st_mtime_ns
    here("aliases", "validate")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
