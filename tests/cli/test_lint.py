"""``bodhi aliases lint``: what is reported, what is mended, and what is left alone."""

from pathlib import Path

import pytest

from tests.support.command_line import GOOD, Machine, Run
from tests.support.fake_llama_server import write_fake_llama_server
from tests.support.tiny_gguf import write_tiny_gguf

ODD = (
    GOOD
    + """\
# tuned on a Sunday
context_params:
  - --n-keep 24
  - --mlock
  - --kv-unified
request_params:
  temperature: 0.7 # warm
  top_p: 0.9
"""
)


# Of this one there is nothing to say: it shows tools, and ends a turn as a sequence ends.
WHOLE = (
    "{% if tools %}{{ tools | tojson }}{% endif %}"
    "{% for m in messages %}[{{ m.role }}] {{ m.content }}</s>{% endfor %}"
)


@pytest.fixture
def home(machine: Machine, tmp_path: Path) -> Machine:
    model = tmp_path / "whole.gguf"
    write_tiny_gguf(model, chat_template=WHOLE)
    machine.model(model)
    return machine


def test_a_sound_alias_has_nothing_to_report(here: Run, home: Machine) -> None:
    home.alias("tiny--chat", GOOD)
    ended = here("aliases", "lint")
    assert (ended.code, ended.out) == (0, "1 checked, nothing found.\n")


def test_findings_and_old_flags_are_reported_and_nothing_is_written(
    here: Run, home: Machine
) -> None:
    path = home.alias("tiny--chat", ODD)
    ended = here("aliases", "lint", "tiny:chat")
    assert ended.code == 1
    assert "old flag: --n-keep is now --keep" in ended.out
    assert "warning: Temperature and top_p both narrow the choice" in ended.out
    assert "[temperature_with_top_p]\n  Unset Top-p\n" in ended.out
    assert "--fix mends" in ended.err
    assert path.read_text() == ODD
    report = here("aliases", "lint", "--json").json
    assert report["checked"] == 1
    (alias,) = report["aliases"]
    assert {found["code"] for found in alias["findings"]} == {
        "temperature_with_top_p", "unified_alone",
    }  # fmt: skip
    assert alias["findings"][0]["patch"] == [{"path": ["request_params", "top_p"], "value": None}]


def test_fix_mends_what_changes_nothing_and_leaves_the_rest_to_people(
    here: Run, home: Machine
) -> None:
    path = home.alias("tiny--chat", ODD)
    ended = here("aliases", "lint", "--fix")
    assert ended.code == 1, "temperature and top_p are a person's choice"
    assert path.read_text() == ODD.replace(
        "  - --n-keep 24\n  - --mlock\n  - --kv-unified\n",
        "  - --keep 24\n  - --load-mode mmap+mlock\n",
    )
    assert "fixed: Unset Shared context (unified_alone)" in ended.out


def test_the_remedy_of_one_finding_is_applied_where_it_is_asked_for(
    here: Run, home: Machine
) -> None:
    path = home.alias("tiny--chat", ODD)
    ended = here("aliases", "lint", "--apply", "temperature_with_top_p")
    assert ended.code == 0
    assert "top_p" not in path.read_text()
    assert "temperature: 0.7 # warm" in path.read_text()
    assert here("aliases", "lint").code == 0


def test_a_file_that_an_old_flag_breaks_is_mended(here: Run, home: Machine) -> None:
    path = home.alias("tiny--chat", GOOD + "context_params: [--draft-max 16, --keep 3]\n")
    ended = here("aliases", "lint", "tiny--chat")
    assert ended.code == 1
    assert "--draft-max is gone" in ended.out
    assert here("aliases", "lint", "--fix").code == 0
    assert path.read_text() == GOOD + "context_params: [--keep 3]\n"


def test_a_file_that_nothing_mends_is_reported_and_stays(here: Run, home: Machine) -> None:
    path = home.alias("torn", "alias: [\n")
    ended = here("aliases", "lint", "--fix")
    assert ended.code == 1
    assert "torn: error:" in ended.out
    assert path.read_text() == "alias: [\n"


def test_a_mistyped_key_is_found_and_renamed_on_demand(here: Run, home: Machine) -> None:
    path = home.alias("tiny--chat", GOOD + "request_parms: {top_k: 3}\nnotes: keep me\n")
    ended = here("aliases", "lint")
    assert "request_parms means nothing here; request_params would." in ended.out
    assert "notes" not in ended.out
    assert here("aliases", "lint", "--apply", "unknown_key").code == 0
    assert "request_params:" in path.read_text()
    assert "notes: keep me" in path.read_text()


def test_an_alias_under_a_models_name_is_told_and_never_renamed(here: Run, home: Machine) -> None:
    path = home.alias("us--tiny--Q8_0", GOOD.replace("tiny:chat", "us/tiny:Q8_0"))
    ended = here("aliases", "lint", "--fix", "--apply", "shadowed")
    assert ended.code == 1
    assert "has the same name and wins" in ended.out
    assert path.exists()


def test_what_another_build_would_break_is_told_by_parameter(
    here: Run, home: Machine, tmp_path: Path
) -> None:
    home.alias("tiny--chat", GOOD + "context_params: {cache_reuse: 64, n_ctx: 512}\n")
    program = write_fake_llama_server(tmp_path / "llama-server", is_old=True)
    ended = here("aliases", "lint", "--build", str(program), "--json")
    (alias,) = ended.json["aliases"]
    assert [(found["code"], found["params"]) for found in alias["findings"]] == [
        ("build", ["cache_reuse"])
    ]
    assert here("aliases", "lint").code == 0


def test_old_flags_go_from_an_alias_whose_model_is_not_here(here: Run, machine: Machine) -> None:
    """The flag that has gone made the whole file unreadable; the model is another matter."""
    flags = "context_params: [--draft-max 4, --n-keep 24]\n"
    path = machine.alias("tiny--chat", GOOD + flags)
    assert "lint --fix" in here("aliases", "validate").out
    ended = here("aliases", "lint", "--fix")
    assert "fixed: --n-keep is now --keep" in ended.out
    assert "--draft-max" not in path.read_text()
    assert "--keep 24" in path.read_text()
    assert "error" not in ended.out


def test_a_remedy_that_is_nowhere_to_apply_is_said(here: Run, home: Machine) -> None:
    home.alias("tiny--chat", GOOD)
    ended = here("aliases", "lint", "--apply", "temprature_high")
    assert ended.code == 1
    assert "temprature_high: no finding of this code could be mended here." in ended.err


def test_what_a_template_cannot_do_is_told_and_is_no_fault(here: Run, home: Machine) -> None:
    path = home.alias("tiny--chat", GOOD + "chat_template: llama2-legacy\n")
    ended = here("aliases", "lint", "--fix", "--json")
    assert ended.code == 0
    (alias,) = ended.json["aliases"]
    told = {found["code"]: found["severity"] for found in alias["findings"]}
    assert told == {"template-system": "info", "template-tools": "info"}
    assert "llama2-legacy" in path.read_text()


def test_a_turn_that_ends_otherwise_is_mended_only_on_demand(here: Run, home: Machine) -> None:
    text = WHOLE.replace("</s>", "<|end|>")
    path = home.alias("tiny--chat", GOOD + f"chat_template: '{text}'\n")
    ended = here("aliases", "lint", "--fix")
    assert "info: The chat template ends a turn with <|end|>" in ended.out
    assert "stop" not in path.read_text()
    assert here("aliases", "lint", "--apply", "template-end").code == 0
    assert "<|end|>" in path.read_text().partition("stop:")[2]
    assert "nothing found" in here("aliases", "lint").out


def test_a_template_that_makes_no_prompt_is_an_error_and_the_others_are_told(
    here: Run, home: Machine
) -> None:
    home.alias("bad", GOOD.replace("tiny:chat", "bad") + "chat_template: 'a {{ b c }}'\n")
    home.alias("tiny--chat", GOOD)
    ended = here("aliases", "lint")
    assert ended.code == 1
    (line,) = ended.out.splitlines()
    assert line.startswith("bad: error: The chat template has an error in line 1, column 8")
