"""``bodhi advise``."""

from pathlib import Path

from tests.support.command_line import Machine, Run

ALIAS = "alias: r1\nrepo: us/DeepSeek-R1-GGUF\nfilename: r1.Q8_0.gguf\n"


def test_recommendations_come_with_source_and_a_command(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model, "r1.Q8_0.gguf", "us/DeepSeek-R1-GGUF")
    machine.alias("r1", ALIAS)
    ended = here("advise", "r1")
    header, first, second = ended.out.splitlines()
    assert header.split() == ["PARAMETER", "NOW", "RECOMMENDED", "SOURCE"]
    assert first.split()[0] == "temperature"
    assert "0.8 (engine default)" in first
    assert "README of deepseek-ai/DeepSeek-R1" in first
    assert "the same" in second
    assert ended.err.strip() == "bodhi aliases set r1 temperature=0.6"
    assert here("aliases", "set", "r1", "temperature=0.6").code == 0
    assert "applies already" in here("advise", "r1").err
    told = here("advise", "us/DeepSeek-R1-GGUF", "--json").json
    assert [one["followed"] for one in told["recommendations"]] == [False, True]
    assert "clone us/DeepSeek-R1-GGUF:Q8_0 NEW --set" in here("advise", "us/DeepSeek-R1-GGUF").err


def test_of_a_model_that_nobody_speaks_of_nothing_is_made_up(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    ended = here("advise", "us/tiny")
    assert (ended.code, ended.out) == (0, "")
    assert "Nobody recommends" in ended.err
