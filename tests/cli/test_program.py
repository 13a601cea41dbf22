"""The program as a whole: quick help, exit codes, errors without tracebacks, versions."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata

import pytest
from typer.models import CommandInfo

from bodhi import __version__
from bodhi.cli import program
from bodhi.errors import QueueFull
from tests.support.command_line import PROGRAM, Ended, Run, bodhi

HEAVY = ("pydantic", "fastapi", "uvicorn", "yaml", "rich", "orjson", "http.client", "asyncio")


def loaded_after(code: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter holds after ``code``."""
    script = (
        f"import contextlib, json, sys\nwith contextlib.suppress(SystemExit):\n    {code}\n"
        f"print('\\n' + json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(child.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["chat", "-h"], ["aliases", "set", "-h"], ["version"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    command = f"sys.argv[1:] = {arguments!r}; import bodhi.cli; bodhi.cli.main()"
    assert loaded_after(command) == set()


def test_asking_a_named_server_loads_neither_settings_nor_web_framework() -> None:
    arguments = ["engines", "list", "--server", "127.0.0.1:1"]
    command = f"sys.argv[1:] = {arguments!r}; import bodhi.cli; bodhi.cli.main()"
    assert loaded_after(command) == {"http.client"}


def test_a_heavy_package_would_be_seen() -> None:
    assert loaded_after("import yaml") == {"yaml"}


def test_the_banner_comes_without_the_rest_of_the_command_line() -> None:
    script = "import sys, bodhi.cli.banner; sys.exit('typer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_help_names_every_noun() -> None:
    help_text = bodhi("--help").out
    for noun in ("serve", "aliases", "models", "engines", "chat", "settings", "doctor", "version"):
        assert f"\n  {noun} " in help_text


def test_version_is_one_line_and_the_verb_tells_the_engine_too() -> None:
    assert bodhi("--version").out == f"bodhi {__version__}\n"
    versions = bodhi("version", "--json").json
    assert set(versions) == {"bodhi", "engine", "python"}
    assert versions["engine"] == f"xllamacpp {metadata.version('xllamacpp')}"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["aliases", "show"], ["serve", "--port", "70000"]]
)
def test_a_wrong_command_line_ends_with_2_and_says_how_to_get_help(arguments: list[str]) -> None:
    ended = bodhi(*arguments)
    assert ended.code == 2
    assert "--help' for help" in ended.err or "-h' for help" in ended.err


def test_a_wrong_setting_is_named_and_its_value_is_not() -> None:
    ended = bodhi("models", "list", BODHI_PORT="secret-not-a-number")
    assert ended.code == 78
    assert ended.err.startswith("Error: The setting port cannot be used: ")
    assert "BODHI_PORT" in ended.err.splitlines()[1]
    assert "secret" not in ended.err


def test_a_setting_that_is_not_the_json_it_should_be_is_named() -> None:
    ended = bodhi("models", "list", BODHI_MODEL_FOLDERS="/somewhere")
    assert ended.code == 78
    assert "model_folders" in ended.err


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, here: Run) -> Callable[..., Ended]:
    """Runs ``bodhi OPTIONS planted``, a command that does what the test says."""

    def run(command: Callable[[], None], *options: str) -> Ended:
        commands = [*program.app.registered_commands, CommandInfo("planted", callback=command)]
        with monkeypatch.context() as patched:
            patched.setattr(program.app, "registered_commands", commands)
            return here(*options, "planted")

    return run


def test_an_error_is_its_message_its_remedy_and_the_exit_code_of_its_class(planted: Run) -> None:
    def refuse() -> None:
        raise QueueFull("Too many wait.", remedy="Ask later.")

    ended = planted(refuse)
    assert ended.code == QueueFull.exit_code
    assert ended.err == "Error: Too many wait.\nAsk later.\n"


def test_a_defect_shows_its_traceback_only_when_asked(planted: Run) -> None:
    def fail() -> None:
        raise LookupError("inner matter")

    quiet = planted(fail)
    assert quiet.code == 70
    assert "LookupError" in quiet.err
    assert "Traceback" not in quiet.err
    assert "inner matter" not in quiet.err
    assert "inner matter" in planted(fail, "--debug").err


def test_ctrl_c_ends_a_command_with_130(planted: Run) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    ended = planted(interrupt)
    assert (ended.code, ended.err) == (130, "")


def test_a_reader_that_goes_ends_the_program_quietly() -> None:
    # The reader is gone before the first byte is written.
    child = subprocess.Popen(
        [*PROGRAM, "version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.close()
    child.stdout = None
    _, complaints = child.communicate(timeout=30)
    assert complaints == ""
    assert child.returncode == 141
