"""Programs that cannot be used are refused at once and with the reason; good ones asked once."""

import asyncio
import os
import time
from pathlib import Path

import psutil
import pytest

from bodhi.engine.environment import engine_environment
from bodhi.engine.probe import Prober
from bodhi.errors import EngineLoadFailed
from tests.support.fake_llama_server import write_fake_llama_server

pytestmark = pytest.mark.anyio


def prober(program: Path, timeout_s: float = 20) -> Prober:
    return Prober(program, engine_environment(os.environ), timeout_s=timeout_s)


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return path


def not_executable(path: Path) -> Path:
    path.write_text("x")
    return path


def of_another_machine(path: Path) -> Path:
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xf3\x00" + bytes(100))
    path.chmod(0o700)
    return path


def without_a_library(path: Path) -> Path:
    text = "error while loading shared libraries: libcudart.so.12: cannot open shared object file"
    return script(path, f"echo '$0: {text}' >&2; exit 127")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path, "no such file or directory"),
        (not_executable, "permission denied"),
        (Path.mkdir, "permission denied"),
        (of_another_machine, "exec format error"),
        (lambda path: script(path, "exit 127"), r"with --help it ended at once \(exit code 127\)"),
        (lambda path: script(path, "kill -ILL $$"), r"\(SIGILL\)"),
        (without_a_library, r"the library libcudart\.so\.12 is missing"),
        (lambda path: script(path, "echo usage: --frobnicate"), "not that of llama.cpp's server"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_program_that_cannot_be_used_is_named_with_the_reason_within_a_second(
    make: object, why: str, tmp_path: Path
) -> None:
    program = tmp_path / "llama-server"
    make(program)  # type: ignore[operator]
    begun = time.monotonic()
    with pytest.raises(EngineLoadFailed, match=why) as caught:
        await prober(program).build()
    assert time.monotonic() - begun < 1
    assert caught.value.message.startswith("The engine program llama-server cannot be used: ")
    assert str(tmp_path) not in caught.value.message


async def test_a_program_that_hangs_is_given_up_and_ended_with_all_it_started(
    tmp_path: Path,
) -> None:
    program = script(tmp_path / "llama-server", f"echo $$ >{tmp_path}/pid; sleep 600 & sleep 600")
    with pytest.raises(EngineLoadFailed, match=r"did not answer --help within 0\.5 s"):
        await prober(program, 0.5).build()
    group = int((tmp_path / "pid").read_text())
    async with asyncio.timeout(5):
        while any(
            os.getpgid(process.pid) == group
            for process in psutil.process_iter()
            if process.pid > 0 and process.status() != psutil.STATUS_ZOMBIE
        ):
            await asyncio.sleep(0.01)


async def test_a_program_is_asked_once_until_its_file_changes(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    program = write_fake_llama_server(tmp_path / "llama-server", version_file=str(asked))
    ours = prober(program)
    assert ours.known() is None
    builds = await asyncio.gather(*(ours.build() for _ in range(5)))
    assert {build.version for build in builds} == {"4321"}
    assert asked.read_text() == "asked\n"
    assert ours.known() is builds[0]

    write_fake_llama_server(program, version_file=str(asked), is_old=True)
    assert ours.known() is None
    build = await ours.build()
    assert build.first("--mlock")
    assert asked.read_text() == "asked\n" * 2

    program.unlink()
    assert ours.known() is None
    with pytest.raises(EngineLoadFailed):
        await ours.build()


async def test_a_program_that_failed_is_asked_again(tmp_path: Path) -> None:
    program = tmp_path / "llama-server"
    ours = prober(program)
    with pytest.raises(EngineLoadFailed):
        await ours.build()
    write_fake_llama_server(program)
    assert (await ours.build()).speaks_unix


async def test_the_program_sees_nothing_of_the_environment_that_is_not_on_the_list(
    tmp_path: Path,
) -> None:
    program = script(tmp_path / "llama-server", f"env >{tmp_path}/env; exit 1")
    environment = engine_environment({"PATH": os.environ["PATH"], "LLAMA_ARG_MODEL": "x"})
    with pytest.raises(EngineLoadFailed):
        await Prober(program, environment).build()
    text = (tmp_path / "env").read_text()
    assert "PATH=" in text
    assert "LLAMA_ARG" not in text
