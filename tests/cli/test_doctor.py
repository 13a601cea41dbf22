"""``bodhi doctor`` finds what is wrong, and says which line mends it."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bodhi.aliases.home import HomeLock, prepare_home
from bodhi.cli import checkup
from bodhi.cli.checkup import Verdict
from bodhi.settings import load
from tests.support.command_line import GOOD, Machine, Run, bodhi


@pytest.fixture
def listener() -> Iterator[int]:
    """A port that this process listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        yield taken.getsockname()[1]


@pytest.fixture(autouse=True)
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BODHI_PORT", "0")


def problems(report: Any) -> dict[str, str]:
    return {
        check["about"]: f"{check['found']} {check['remedy']}"
        for check in report["checks"]
        if check["verdict"] == "problem"
    }


def test_on_a_machine_that_is_well_everything_is_ok(machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD)
    ended = bodhi("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "engine: The library loads" in ended.out
    assert "models: 1 of 1 can be loaded." in ended.out
    assert "aliases: 1 of 1 would serve." in ended.out
    assert not any(line.startswith("problem") for line in ended.out.splitlines())


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(
    here: Run, machine: Machine
) -> None:
    ended = here("doctor", "--json")
    assert (ended.code, ended.json["ok"]) == (0, True)
    keys = {frozenset(check) for check in ended.json["checks"]}
    assert keys == {frozenset(("about", "verdict", "found", "remedy"))}
    assert not machine.home.exists()


def test_broken_models_and_aliases_are_problems_with_a_remedy(
    here: Run, machine: Machine, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.gguf"
    torn.write_bytes(b"GGUF")
    machine.model(torn, "torn.Q8_0.gguf", "us/torn")
    machine.alias("tiny--chat", GOOD)
    machine.alias("evil\x1b[2J", "alias: [\n")
    ended = here("doctor", "--json")
    assert ended.code == 1
    found = problems(ended.json)
    (model,) = (text for about, text in found.items() if about.startswith("model us/torn"))
    assert "bodhi pull us/torn:torn.Q8_0.gguf" in model
    assert "bodhi pull us/tiny:" in found["alias tiny--chat"]
    assert "\x1b" not in here("doctor").out


def test_a_home_of_a_newer_bodhi_is_a_problem_and_is_left_alone(
    here: Run, machine: Machine
) -> None:
    prepare_home(machine.home)
    (machine.home / "layout").write_text("99\n")
    left = machine.home / "aliases" / f".a.yaml.{'0' * 12}.tmp"
    left.touch()
    assert "newer version" in problems(here("doctor", "--json").json)["home"]
    assert left.exists()


def test_a_home_that_is_a_file_is_a_problem(here: Run, machine: Machine) -> None:
    machine.home.write_text("")
    ended = here("doctor", "--json")
    assert ended.code == 1
    assert "cannot be prepared" in problems(ended.json)["home"]


def test_a_setting_that_cannot_be_used_is_a_problem(
    here: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BODHI_PORT", "many")
    ended = here("doctor", "--json")
    assert ended.code == 1
    assert "BODHI_PORT" in problems(ended.json)["settings"]


def test_stray_files_are_warnings_and_stay_where_they_are(here: Run, machine: Machine) -> None:
    machine.alias("tiny--chat", GOOD).rename(machine.home / "aliases" / "tiny.yaml.bak")
    machine.home.joinpath("state").mkdir()
    machine.home.joinpath("state", "aliases.json.damaged-1").touch()
    ended = here("doctor")
    assert ended.code == 0
    assert "tiny.yaml.bak in the alias folder is no alias file" in ended.out
    assert "state/aliases.json.damaged-1" in ended.out
    assert (machine.home / "aliases" / "tiny.yaml.bak").exists()


def test_a_port_that_somebody_has_is_a_problem_and_the_holder_is_named(
    here: Run, machine: Machine, listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BODHI_PORT", str(listener))
    found = problems(here("doctor", "--json").json)["port"]
    assert f"(process {os.getpid()})" in found
    assert "BODHI_PORT" in found


def test_the_server_of_this_home_may_have_the_port(machine: Machine, listener: int) -> None:
    prepare_home(machine.home)
    settings = load(port=listener)
    with HomeLock(machine.home).acquire(f"127.0.0.1:{listener}"):
        lock, port = checkup.check_server(settings)
    assert f"process {os.getpid()} at 127.0.0.1:{listener}" in lock.found
    assert (port.verdict, "answers" in port.found) == (Verdict.OK, True)
    # Once it has let go of the home, whoever listens there is somebody else.
    lock, port = checkup.check_server(settings)
    assert (lock.found, port.verdict) == ("No server has this home.", Verdict.PROBLEM)


@pytest.mark.parametrize(
    ("code", "found", "remedy"),
    [
        ("raise ImportError('libgomp.so.1: cannot open')", "libgomp.so.1", "install libgomp1"),
        ("import no_such_engine", "incomplete", "pip install"),
        ("import os; os.kill(os.getpid(), 4)", "SIGILL", "AVX2"),
    ],
)
def test_an_engine_library_that_does_not_load_is_named_with_its_remedy(
    code: str, found: str, remedy: str
) -> None:
    (result,) = checkup.check_engine((sys.executable, "-I", "-c", code))
    assert result.verdict is Verdict.PROBLEM
    assert found in result.found
    assert remedy in (result.remedy or "")


def test_a_model_larger_than_the_free_memory_is_a_warning(machine: Machine) -> None:
    memory, disk = checkup.check_room(load(), 1 << 60)
    assert memory.verdict is Verdict.WARNING
    memory, disk = checkup.check_room(load(), 0)
    assert memory.verdict is Verdict.OK
    assert "free for the home" in disk.found
