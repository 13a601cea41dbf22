"""``bodhi engines`` and the way to the server: found, refused, missing."""

import json
import socket
from typing import Any

import pytest

from bodhi.cli.server_client import error_from, find_server
from bodhi.errors import (
    BodhiError,
    EngineNotFound,
    EngineProtocol,
    InvalidInput,
    ModelFileUnusable,
)
from tests.support.command_line import bodhi
from tests.support.fake_bodhi import ENGINE, FakeBodhi, envelope


def test_engines_are_listed_in_columns(server: FakeBodhi) -> None:
    ended = bodhi("engines", "list", "--server", server.address)
    header, row = ended.out.splitlines()
    assert header.split() == ["ID", "MODEL", "STATE", "BUSY", "WAITING", "MEMORY", "ALIASES"]
    assert row.split("  ")[0] == "5f3a"
    for shown in ("tiny.gguf", "ready", "1 of 2", "3.0 MiB", "llama3:instruct"):
        assert shown in row


def test_the_address_comes_from_the_environment_where_no_option_gives_it(
    server: FakeBodhi,
) -> None:
    ended = bodhi("engines", "list", "--json", BODHI_SERVER=server.address)
    assert ended.json == {"engines": [ENGINE]}


def test_without_either_the_settings_say_where(server: FakeBodhi) -> None:
    port = server.address.rpartition(":")[2]
    ended = bodhi("engines", "list", BODHI_PORT=port, BODHI_HOST="0.0.0.0")  # noqa: S104
    assert "5f3a" in ended.out


def test_no_engine_is_said_beside_the_result(server: FakeBodhi) -> None:
    server.engines = []
    ended = bodhi("engines", "list", "--server", server.address)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("No engine runs.")


def test_an_engine_is_stopped_by_its_id(server: FakeBodhi) -> None:
    ended = bodhi("engines", "stop", "5f3a", "--server", server.address)
    assert (ended.code, server.engines) == (0, [])


def test_an_unknown_id_is_an_error_with_the_server_s_own_words(server: FakeBodhi) -> None:
    ended = bodhi("engines", "stop", "beef", "--server", server.address)
    assert ended.code == EngineNotFound.exit_code
    assert ended.err == "Error: No engine has this id.\nList them.\n"


def test_all_engines_are_stopped_together(server: FakeBodhi) -> None:
    server.engines = [ENGINE | {"id": name} for name in ("a", "b")]
    assert bodhi("engines", "stop", "--all", "--server", server.address).code == 0
    assert server.engines == []


def log(state: str, *texts: str, start: int = 1) -> dict[str, Any]:
    lines = [{"number": number, "text": text} for number, text in enumerate(texts, start)]
    return {"state": state, "lines": lines}


@pytest.mark.parametrize("name", ["5f3a", "llama3:instruct"])
def test_a_log_is_found_by_the_engine_s_id_and_by_an_alias(name: str, server: FakeBodhi) -> None:
    server.logs = [log("ready", "one", "two\x1b[31m")]
    ended = bodhi("engines", "logs", name, "--server", server.address)
    assert (ended.code, ended.out, ended.err) == (0, "one\ntwo[31m\n", "")
    assert server.requests == [{"path": "/api/v1/engines/5f3a/logs?after=0"}]


def test_of_two_engines_that_an_alias_had_the_newer_is_meant(server: FakeBodhi) -> None:
    server.engines = [ENGINE | {"id": "b", "started_at": 2.0}, ENGINE]
    server.logs = [log("ready")]
    ended = bodhi("engines", "logs", "llama3:instruct", "--server", server.address)
    assert server.requests == [{"path": "/api/v1/engines/b/logs?after=0"}]
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "It has printed nothing that people may read.\n"


def test_a_log_is_followed_from_line_to_line_until_the_engine_ends(server: FakeBodhi) -> None:
    server.logs = [
        log("starting", "one", start=7),
        log("ready"),
        log("ready", "two", "three", start=8),
        log("stopped", "last", start=20),
    ]
    ended = bodhi("engines", "logs", "5f3a", "-f", "--json", "--server", server.address)
    assert [json.loads(line) for line in ended.out.splitlines()] == [
        {"number": 7, "text": "one"},
        {"number": 8, "text": "two"},
        {"number": 9, "text": "three"},
        {"number": 20, "text": "last"},
    ]
    assert [request["path"].rpartition("=")[2] for request in server.requests] == list("0779")
    assert (ended.code, ended.err) == (0, "The engine has ended.\n")


def test_a_load_that_failed_has_a_log_and_no_more_to_follow(server: FakeBodhi) -> None:
    server.logs = [log("failed", "the cause")]
    ended = bodhi("engines", "logs", "5f3a", "--follow", "--server", server.address)
    assert (ended.code, ended.out) == (0, "the cause\n")


def test_a_name_for_which_no_engine_runs_is_an_error_with_the_way_on(server: FakeBodhi) -> None:
    ended = bodhi("engines", "logs", "nobody", "--server", server.address)
    assert ended.code == EngineNotFound.exit_code
    assert ended.err.startswith("Error: No engine runs for nobody.\nbodhi engines list has")


@pytest.mark.parametrize("arguments", [[], ["5f3a", "--all"]])
def test_one_engine_or_all_must_be_said(arguments: list[str]) -> None:
    assert bodhi("engines", "stop", *arguments).code == 2


def test_a_server_that_is_not_running_is_a_plain_sentence_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ended = bodhi("engines", "list", "--server", f"127.0.0.1:{port}")
    assert ended.code == 69
    assert ended.err.splitlines() == [
        f"Error: No server answers on http://127.0.0.1:{port}.",
        "Start one with bodhi serve, or name another with --server.",
    ]


def test_the_key_is_sent_and_a_wrong_one_is_refused(server: FakeBodhi) -> None:
    server.key = "right"
    wrong = bodhi("engines", "list", "--server", server.address, BODHI_API_KEY="wrong")
    assert (wrong.code, wrong.err) == (77, "Error: A key is needed.\nSend one.\n")
    right = bodhi("engines", "list", "--server", server.address, BODHI_API_KEY="right")
    assert right.code == 0


def test_the_key_of_the_settings_file_is_shown_to_its_own_server_only(
    monkeypatch: pytest.MonkeyPatch, machine: Any
) -> None:
    machine.home.mkdir()
    (machine.home / "settings.yaml").write_text("api_key: of-the-home\nport: 4711\n")
    own = find_server(None)
    assert (own.port, own.key) == (4711, "of-the-home")
    assert find_server("http://elsewhere:1").key is None
    monkeypatch.setenv("BODHI_API_KEY", "meant-for-it")
    assert find_server("http://elsewhere:1").key == "meant-for-it"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("localhost:80", "http://localhost:80"),
        ("http://[::1]:1135/", "http://[::1]:1135"),
        ("https://models.example", "https://models.example:443"),
    ],
)
def test_an_address_may_be_written_short(given: str, address: str) -> None:
    assert find_server(given).address == address


@pytest.mark.parametrize("given", ["http://", "ftp://x", "http://x/path", "x:port", "http://[::1"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput):
        find_server(given)


def test_an_error_keeps_its_class_and_says_its_remedy_once() -> None:
    error = error_from(envelope("It is not.", "model_file_unusable", "Get it."), 422)
    assert type(error) is ModelFileUnusable
    assert (error.message, error.remedy) == ("It is not.", "Get it.")


@pytest.mark.parametrize("answer", [None, [], {"error": "x"}, {"error": {"message": 1}}])
def test_an_answer_without_an_envelope_is_no_bodhi_s(answer: Any) -> None:
    assert type(error_from(answer, 500)) is EngineProtocol


def test_an_unknown_code_is_still_an_error() -> None:
    assert type(error_from(envelope("New.", "from_the_future"), 418)) is BodhiError
