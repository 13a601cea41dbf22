"""``bodhi aliases explain`` and ``bodhi requests explain``."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import GOOD, Machine, Run, bodhi
from tests.support.fake_bodhi import FakeBodhi

FULL = (
    GOOD
    + """\
context_params: {n_ctx: 1024}
request_params: {temperature: 0.7, top_p: 0.8, system_prompt: be brief}
request_policy: {temperature: enforce}
"""
)


@pytest.fixture
def home(machine: Machine, tiny_model: Path) -> Machine:
    machine.model(tiny_model)
    machine.alias("tiny--chat", FULL)
    return machine


def rows(shown: Any) -> dict[str, Any]:
    return {one["key"]: one for one in shown["parameters"]}


def test_every_parameter_has_value_layer_and_losers(here: Run, home: Machine) -> None:
    header, *lines = here("aliases", "explain", "tiny:chat").out.splitlines()
    assert header.split("  ")[0] == "PARAMETER"
    by_key = {line.split()[0]: " ".join(line.split()) for line in lines}
    assert by_key["temperature"] == "temperature 0.7 alias enforce 0.8 (engine default)"
    assert by_key["n_ctx"].startswith("n_ctx 1024 alias default")
    assert by_key["device"] == "device engine default"


def test_a_request_is_laid_over_the_alias_and_what_changed_is_said(
    here: Run, home: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    messages = [{"role": "system", "content": "x"}, {"role": "user", "content": "hi"}]
    body = {"model": "tiny:chat", "messages": messages, "temperature": 1.5, "top_p": 0.5, "odd": 1}
    file.write_text(json.dumps(body))
    ended = here("aliases", "explain", "tiny:chat", "--request", str(file))
    assert "temperature: asked for 1.5, used 0.7 (alias enforce)" in ended.err
    assert "Means nothing here: odd" in ended.err
    shown = here("aliases", "explain", "tiny:chat", "--request", str(file), "--json").json
    assert (shown["alias"], shown["model"], shown["dropped"]) == (
        "tiny:chat@1", "us/tiny:Q8_0", ["odd"],
    )  # fmt: skip
    assert rows(shown)["top_p"]["ladder"][:2] == [
        {"layer": "request", "value": 0.5},
        {"layer": "alias default", "value": 0.8},
    ]
    assert rows(shown)["temperature"]["overruled"]
    assert rows(shown)["system_prompt"]["withheld"]


def test_parameters_alone_may_come_by_standard_input(home: Machine) -> None:
    ended = bodhi(
        "aliases", "explain", "tiny:chat", "--request", "-", "--json", stdin='{"top_k": 3}'
    )
    assert rows(ended.json)["top_k"]["layer"] == "request"


def test_a_request_for_another_model_is_explained_for_the_one_that_is_named(
    here: Run, home: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    for model, is_said in (("other", True), ("tiny:chat", False)):
        file.write_text(json.dumps({"model": model, "top_k": 3}))
        ended = here("aliases", "explain", "tiny:chat", "--request", str(file))
        assert ended.code == 0
        assert ("is for another model" in ended.err) is is_said


@pytest.mark.parametrize(
    ("text", "says"), [("{", "not JSON"), ('{"temperature": 9}', "temperature must be")]
)
def test_a_request_that_would_be_refused_is_refused(
    here: Run, home: Machine, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "request.json"
    file.write_text(text)
    ended = here("aliases", "explain", "tiny:chat", "--request", str(file))
    assert (ended.code, ended.out) == (65, "")
    assert says in ended.err
    assert here("aliases", "explain", "tiny:chat", "--request", f"{file}.not").code == 65


def test_a_request_is_explained_by_the_server_that_answered_it(
    here: Run, home: Machine, server: FakeBodhi
) -> None:
    server.explained = here("aliases", "explain", "tiny:chat", "--json").json
    ended = here("requests", "explain", "5f3a", "--server", server.address)
    assert ended.out == here("aliases", "explain", "tiny:chat").out
    assert server.requests == [{"path": "/api/v1/requests/5f3a/explain"}]
    again = here("requests", "explain", "5f3a", "--server", server.address, "--json")
    assert again.json == server.explained


def test_what_answers_otherwise_is_no_bodhi_server(here: Run, server: FakeBodhi) -> None:
    server.explained = {"parameters": 1}
    ended = here("requests", "explain", "5f3a", "--server", server.address)
    assert ended.code == 69
    assert "explains no requests" in ended.err
