"""``bodhi models``: what is on disk and what its headers say."""

import re
from pathlib import Path

import pytest

from tests.support.command_line import Machine, Run, bodhi
from tests.support.tiny_gguf import write_tiny_gguf

KEYS = {
    "id",
    "repo",
    "filename",
    "quantization",
    "snapshot",
    "snapshots",
    "refs",
    "size_bytes",
    "modified_at",
    "architecture",
    "context_length",
    "parameter_count",
    "problem",
}


def test_an_empty_cache_is_no_error(here: Run, machine: Machine) -> None:
    ended = here("models", "list")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("There is no model")
    assert here("models", "list", "--json").json == {"models": []}


def test_models_are_listed_with_size_context_and_problem(
    here: Run, machine: Machine, tiny_model: Path, tmp_path: Path
) -> None:
    machine.model(tiny_model)
    torn = tmp_path / "torn"
    torn.write_bytes(tiny_model.read_bytes()[:100])
    machine.model(torn, "torn.Q4_K_M.gguf", "us/torn")
    header, good, bad = here("models", "list").out.splitlines()
    assert header.split() == ["NAME", "QUANTIZATION", "SIZE", "CONTEXT", "PROBLEM"]
    assert good.split()[:2] == ["us/tiny:Q8_0", "Q8_0"]
    assert "2048" in good
    assert bad.split()[:2] == ["us/torn:Q4_K_M", "Q4_K_M"]
    rows = here("models", "list", "--json").json["models"]
    assert [set(row) for row in rows] == [KEYS, KEYS]
    assert [row["problem"] is None for row in rows] == [True, False]


def test_one_model_is_shown_with_its_facts(here: Run, machine: Machine, tiny_model: Path) -> None:
    path = machine.model(tiny_model)
    shown = here("models", "show", "us/tiny").out
    for line in ("name              us/tiny:Q8_0", "architecture      llama"):
        assert line in shown
    facts = here("models", "show", "us/tiny:q8_0", "--json").json
    assert set(facts) == KEYS | {"path", "facts", "memory"}
    assert facts["path"] == str(path)
    assert facts["facts"]["context_length"] == 2048


def test_one_model_is_shown_with_what_it_needs_of_the_memory(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    (line,) = [x for x in here("models", "show", "us/tiny").out.splitlines() if "memory" in x]
    assert re.fullmatch(
        r"memory +fits · needs 0\.0\d of [\d.]+ GiB, with a context of 2,048 tokens", line
    )
    memory = here("models", "show", "us/tiny", "--json").json["memory"]
    assert (memory["source"], memory["verdict"], memory["context"]) == ("engine", "fits", 2048)
    assert memory["compute_bytes"] > memory["kv_cache_bytes"] >= 0


def test_without_the_engine_the_memory_is_estimated_from_the_header(
    here: Run, machine: Machine, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.model(tiny_model)
    monkeypatch.setenv("BODHI_ENGINE", "binary")
    assert "tokens, estimated from the header" in here("models", "show", "us/tiny").out
    memory = here("models", "show", "us/tiny", "--json").json["memory"]
    assert memory["source"] == "header"
    assert memory["rooms"][0]["needs_bytes"] > 0


def test_a_model_that_cannot_be_loaded_needs_no_memory(
    here: Run, machine: Machine, tiny_model: Path, tmp_path: Path
) -> None:
    torn = tmp_path / "torn"
    torn.write_bytes(tiny_model.read_bytes()[:100_000])
    machine.model(torn)
    assert here("models", "show", "us/tiny", "--json").json["memory"] is None


def test_metadata_that_a_stranger_wrote_reaches_no_terminal(
    machine: Machine, tmp_path: Path
) -> None:
    source = tmp_path / "evil.gguf"
    evil = "evil\x1b[2J\u202e\r\nname  forged"
    write_tiny_gguf(source, name=evil, metadata={"general.license": "\x9b31m"})
    machine.model(source)
    shown = bodhi("models", "show", "us/tiny").out
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(shown)
    assert "title             evil[2Jname  forged\n" in shown


def test_an_unknown_model_is_not_found(here: Run, machine: Machine) -> None:
    ended = here("models", "show", "us/none")
    assert ended.code == 66
    assert ended.err.startswith("Error: No alias or model has this name.")
