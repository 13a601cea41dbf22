"""``bodhi aliases create`` and ``clone``: what is written, and that nothing else ever is."""

from pathlib import Path

import pytest

from tests.support.command_line import GOOD, Machine, Run, bodhi

FROM_MODEL = f"""\
alias: tiny:new
repo: us/tiny
filename: tiny.Q8_0.gguf
chat_template: llama3
snapshot: {"a" * 40}
context_params:
  n_ctx: 512
request_params:
  temperature: 0.5
"""
OPTIONS = ("--template", "llama3", "--set", "ctx-size=512", "--set", "temp=0.5")


@pytest.fixture
def with_model(machine: Machine, tiny_model: Path) -> Machine:
    machine.model(tiny_model)
    return machine


def files(machine: Machine) -> dict[str, str]:
    return {path.name: path.read_text() for path in (machine.home / "aliases").glob("*")}


def test_an_alias_is_made_of_a_model_and_serves(with_model: Machine) -> None:
    ended = bodhi("aliases", "create", "tiny:new", "--from", "us/tiny", *OPTIONS)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("tiny:new is created: ")
    assert files(with_model) == {"tiny--new.yaml": FROM_MODEL}
    assert bodhi("aliases", "validate").code == 0


def test_an_alias_is_made_of_a_repository_and_a_file(here: Run, with_model: Machine) -> None:
    where = ("--repo", "us/tiny", "--file", "tiny.Q8_0.gguf")
    made = here("aliases", "create", "tiny:chat", *where, "--json").json
    assert (made["name"], made["state"], made["version"]) == ("tiny:chat", "ok", 1)
    assert files(with_model) == {"tiny--chat.yaml": GOOD}


def test_a_dry_run_prints_the_file_and_writes_none(here: Run, with_model: Machine) -> None:
    command = ("aliases", "create", "tiny:new", "--from", "us/tiny:q8_0", *OPTIONS, "--dry-run")
    assert here(*command).out == FROM_MODEL
    assert here(*command, "--json").json == {"file": "tiny--new.yaml", "text": FROM_MODEL}
    assert files(with_model) == {}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("tiny:chat", "--from", "us/tiny"), 73, "bodhi aliases set tiny:chat KEY=VALUE"),
        (("tiny--chat", "--from", "us/tiny"), 73, "There is an alias tiny--chat already."),
        (("us/tiny:Q8_0", "--from", "us/tiny"), 73, "the name of a model"),
        (("a b", "--from", "us/tiny"), 65, "cannot be the name of an alias"),
        (("new", "--from", "us/nothing"), 66, "No alias or model has this name."),
        (("new", "--from", "us/tiny", "--set", "n_ctx=-5"), 65, "n_ctx must be"),
        (("new", "--from", "us/tiny", "--template", "lama3"), 65, "llama3"),
        (("new", "--repo", "us/gone", "--file", "a.gguf"), 66, "bodhi pull us/gone:a.gguf"),
        (("new", "--repo", "us/tiny"), 2, "--from"),
        (("new", "--repo", "../tiny", "--file", "a.gguf"), 65, "repo must be"),
    ],
)
def test_what_would_not_serve_is_refused_and_nothing_is_written(
    here: Run, with_model: Machine, arguments: tuple[str, ...], code: int, said: str
) -> None:
    with_model.alias("tiny--chat", GOOD)
    ended = here("aliases", "create", *arguments)
    assert ended.code == code
    assert said in ended.err
    assert files(with_model) == {"tiny--chat.yaml": GOOD}


def test_a_clone_keeps_the_text_but_for_its_name_and_what_is_set(
    here: Run, with_model: Machine
) -> None:
    text = "# mine\n" + GOOD + "request_params:\n  temp: 0.70 # warm\n  top_k: 5\n"
    with_model.alias("tiny--chat", text)
    assert here("aliases", "clone", "tiny:chat", "tiny:two", "--set", "top_k=9").code == 0
    wanted = text.replace("tiny:chat", "tiny:two").replace("top_k: 5", "top_k: 9")
    assert files(with_model) == {"tiny--chat.yaml": text, "tiny--two.yaml": wanted}


def test_a_model_is_cloned_into_an_alias(here: Run, with_model: Machine) -> None:
    made = here("aliases", "clone", "us/tiny", "mine", "--json").json
    assert (made["source"], made["snapshot"]) == ("user", "a" * 40)


def test_a_clone_never_takes_the_place_of_another(here: Run, with_model: Machine) -> None:
    with_model.alias("tiny--chat", GOOD)
    other = GOOD.replace("tiny:chat", "other")
    with_model.alias("other", other)
    assert here("aliases", "clone", "tiny:chat", "other").code == 73
    assert files(with_model) == {"tiny--chat.yaml": GOOD, "other.yaml": other}
