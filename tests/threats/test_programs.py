"""T22: which program runs as an engine is said by whoever starts the server, and by nobody else."""

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from bodhi import demo
from bodhi.settings import Settings
from tests.aliases.samples import alias_text, write_file
from tests.contract.project import Module, module, modules
from tests.support.hub import place_in_hub
from tests.support.server import running_server

# Where src starts a process, and what it starts there.
STARTERS = {
    "src/bodhi/chat_templates/worker_process.py": "our own interpreter",
    "src/bodhi/cli/checkup.py": "our own interpreter",
    "src/bodhi/cli/editing.py": "$VISUAL or $EDITOR of the person at the terminal",
    "src/bodhi/engine/binary.py": "our own interpreter, which becomes the setting llama_server",
    "src/bodhi/engine/dry_run.py": "our own interpreter",
    "src/bodhi/engine/embedded.py": "our own interpreter",
    "src/bodhi/engine/probe.py": "the setting llama_server",
    "src/bodhi/engine/worker.py": "what the gateway wrote on its command line",
}
_STARTS = {
    *("Popen", "run", "call", "check_call", "check_output", "create_subprocess_exec"),
    *("subprocess_exec", "execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp"),
    *("spawnv", "spawnve", "spawnvp", "spawnl", "posix_spawn", "posix_spawnp", "startfile"),
}
_MODULES = {"subprocess", "os", "asyncio", "pty"}
_SHELLS = {
    *("system", "popen", "getoutput", "getstatusoutput"),
    *("create_subprocess_shell", "subprocess_shell"),
}


def calls(m: Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call with the name that is called, and what it is called on."""
    for node in ast.walk(m.tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield node, function.attr, ast.unparse(function.value)
            elif isinstance(function, ast.Name):
                yield node, function.id, ""


def shells(among: Iterable[Module]) -> list[str]:
    """Calls by which a shell would read what somebody wrote."""
    return [
        f"{m.path}:{call.lineno}"
        for m in among
        for call, name, _ in calls(m)
        if name in _SHELLS
        or any(k.arg == "shell" and ast.unparse(k.value) != "False" for k in call.keywords)
        or (name in {"Popen", "run"} and any(k.arg is None for k in call.keywords))
    ]


def starters(among: Iterable[Module]) -> set[str]:
    """Modules that start processes."""
    return {
        m.path
        for m in among
        for _, name, on in calls(m)
        if name in _STARTS
        and (on in _MODULES or not on or name.startswith(("subprocess_", "create_subprocess_")))
        and (name not in {"run", "call"} or on == "subprocess")
    }


@pytest.mark.threat("T22")
def test_no_shell_is_ever_started() -> None:
    assert shells(modules("src", "tools", "benchmarks")) == []


@pytest.mark.threat("T22")
def test_only_known_places_start_processes() -> None:
    assert starters(modules("src")) == STARTERS.keys()


@pytest.mark.planted("T22")
@pytest.mark.parametrize(
    "source",
    [
        "subprocess.run(command, shell=True)",
        "subprocess.Popen(command, shell=wanted)",
        "subprocess.run(command, **options)",
        "os.system(command)",
        "os.popen(command)",
        "await asyncio.create_subprocess_shell(command)",
        "loop.subprocess_shell(protocol, command)",
    ],
)
def test_a_shell_would_be_found(source: str) -> None:
    assert shells([module("m", f"async def f(): {source}")]) == ["planted.py:1"]


@pytest.mark.planted("T22")
@pytest.mark.parametrize(
    "source",
    ["subprocess.run(a)", "Popen(a)", "os.execv(a, b)", "loop.subprocess_exec(p, a)"],
)
def test_a_new_place_that_starts_processes_would_be_found(source: str) -> None:
    assert starters([module("m", source)]) == {"planted.py"}
    assert starters([module("m", "typer.run(a); runner.run(b); asyncio.run(c)")]) == set()


def fields_of(schema: Mapping[str, Any]) -> set[str]:
    """Every name of a body's field or of a parameter in an OpenAPI description."""
    found = set()
    for key, value in schema.items():
        if key == "properties":
            found |= value.keys()
        if key == "parameters" and isinstance(value, list):  # else a field of this name
            found |= {parameter["name"] for parameter in value if "name" in parameter}
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                found |= fields_of(inner)
    return found


PROGRAM_WORDS = ("program", "llama_server", "binary", "command", "executable", "argv", "shell")
PROGRAM_SETTINGS = {"engine", "llama_server"}


@pytest.mark.threat("T22")
def test_no_field_of_an_alias_or_request_names_the_program_that_runs(tmp_path: Path) -> None:
    assert set(Settings.model_fields) >= PROGRAM_SETTINGS
    canary = tmp_path / "canary"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n")
    script.chmod(0o755)
    asked = {word: str(script) for word in (*PROGRAM_WORDS, *PROGRAM_SETTINGS, "engine_path")}
    home, hub = tmp_path / "home", tmp_path / "hub"
    model = demo.MODEL_FOLDER / "bodhi" / "demo" / "demo.Q8_0.gguf"
    place_in_hub(hub, "owner/model-GGUF", "model.Q8_0.gguf", model, snapshot="a" * 40)
    top = {json.dumps(key): json.dumps(value) for key, value in asked.items()}
    write_file(home, "a", alias_text("a", **top))
    for number, (key, value) in enumerate(asked.items()):
        text = alias_text(f"b{number}", context_params=json.dumps({key: value}))
        write_file(home, f"b{number}", text)
    with running_server(home, hub) as server, server.http() as client:
        body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1, **asked}
        assert client.post("/v1/chat/completions", json={"model": "a", **body}).status_code == 200
        for number in range(len(asked)):
            refused = client.post("/v1/chat/completions", json={"model": f"b{number}", **body})
            assert 400 <= refused.status_code < 500
        (engine,) = server.children()
        assert psutil.Process(engine.pid).cmdline()[0] == sys.executable
        described = fields_of(client.get("/api/v1/openapi.json").json())
    assert "model" in described
    assert {field for field in described if any(word in field for word in PROGRAM_WORDS)} == set()
    assert not canary.exists()
