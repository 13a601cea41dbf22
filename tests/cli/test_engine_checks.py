"""``bodhi doctor`` on engines that are not the library: a program, and servers elsewhere."""

import json
import socket
from pathlib import Path

from bodhi.cli.checkup import Result, Verdict
from bodhi.cli.engine_checks import check_program, check_remotes
from bodhi.settings import Settings, load
from tests.support.command_line import Machine, bodhi
from tests.support.fake_llama_server import write_fake_llama_server


def with_remotes(**urls: str) -> Settings:
    return load(remotes={name: {"url": url} for name, url in urls.items()})


def test_a_program_is_told_with_its_version_or_with_what_is_wrong(tmp_path: Path) -> None:
    program = tmp_path / "llama-server"
    settings = load(engine="binary", llama_server=program)
    (missing,) = check_program(settings)
    assert missing.verdict is Verdict.PROBLEM
    assert "no such file" in missing.found
    write_fake_llama_server(program)
    assert list(check_program(settings)) == [
        Result("engine program", Verdict.OK, "llama-server, version 4321")
    ]
    assert list(check_program(load())) == []


def test_each_remote_is_connected_to(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        there, gone = check_remotes(with_remotes(a=here, b="http://127.0.0.1:1/v1"))
    assert there == Result("remote a", Verdict.OK, "It takes connections.")
    assert gone.verdict is Verdict.WARNING
    assert gone.found == "remote:b cannot be reached: nothing listens there."


def test_a_key_that_is_not_set_here_is_no_problem_of_the_machine(machine: Machine) -> None:
    remotes = {"office": {"url": "http://127.0.0.1:1", "api_key_env": "NO_SUCH_KEY"}}
    ended = bodhi("doctor", "--json", BODHI_REMOTES=json.dumps(remotes), BODHI_PORT="0")
    found = {check["about"]: check for check in ended.json["checks"]}["remote office"]
    assert found["verdict"] == "warning"
    assert "NO_SUCH_KEY, which is not set" in found["found"]
