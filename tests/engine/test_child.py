"""Children that misbehave, and what becomes of them."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvloop

from bodhi.engine.child import ChildProcess
from bodhi.engine.contract import TcpAddress
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.output import LINE_BYTES, RING_BYTES
from bodhi.errors import EngineLoadFailed, EngineLoadTimeout
from tests.engine.factories import make_spec, make_supervisor

_DOUBLE = Path(__file__).parent / "doubles" / "child.py"

Run = Callable[[Any], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Both event loops tell of a child's end in their own order."""
    return asyncio.run if request.param == "asyncio" else uvloop.run


async def launch(
    tmp_path: Path, *mode: str, grace_s: float = 0.2, environment: dict[str, str] | None = None
) -> ChildProcess:
    model = tmp_path / "model.gguf"
    model.touch()
    folder = tmp_path / "run"
    launcher = EmbeddedLauncher(
        transport="tcp",
        program=(sys.executable, "-I", str(_DOUBLE), *mode),
        environment=environment,
        stop_grace_s=grace_s,
    )
    return await launcher.launch(
        make_spec(model_path=model), engine_id="double", runtime_dir=folder
    )


def is_alive(pid: int) -> bool:
    """A zombie that nobody collects is dead."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_child_that_ignores_the_request_to_end_is_killed(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "ignores-term")
        await process.wait_ready()
        await asyncio.gather(process.stop(), process.stop())
        assert (await process.wait_exit()).returncode == -9
        assert not is_alive(process.pid)

    run(main())


def test_a_child_that_obeys_is_not_killed(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "says-nothing", grace_s=10)
        await process.stop()
        assert (await process.wait_exit()).returncode == -15
        await process.stop()

    run(main())


def test_a_grandchild_does_not_outlive_the_engine(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "leaves-a-grandchild")
        await process.wait_ready()
        grandchild = int(process.output.lines()[0].split()[-1])
        assert is_alive(grandchild)
        os.kill(process.pid, 9)
        assert (await process.wait_exit()).returncode == -9
        while is_alive(grandchild):
            await asyncio.sleep(0.01)

    run(main())


def test_a_flood_on_both_pipes_is_drained_and_bounded(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "floods")
        await process.wait_ready()
        assert sum(map(len, process.output.lines())) <= RING_BYTES
        await process.stop()
        assert process.output.total_bytes == 64 << 20
        assert {len(line) for line in process.output.lines()} == {LINE_BYTES}

    run(main())


def test_an_engine_gets_its_environment_from_an_allow_list(run: Run, tmp_path: Path) -> None:
    given = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/me",
        "CUDA_VISIBLE_DEVICES": "0",
        "LLAMA_ARG_CTX_SIZE": "1",
        "LLAMA_SERVER_ROUTER_PORT": "1",
        "AIP_MODE": "PREDICTION",
        "GGML_METAL_PATH": "x",
        "HF_TOKEN": "x",
        "OPENAI_API_KEY": "x",
        "BODHI_API_KEY": "x",
        "LD_PRELOAD": "",
        "HTTP_PROXY": "x",
        "PYTHONPATH": "/x",
    }

    async def main() -> None:
        process = await launch(tmp_path, "dumps", environment=given)
        await process.wait_ready()
        await process.stop()
        found = json.loads(process.output.lines()[0].partition(b" E ")[2])
        expected = {"PATH", "HOME", "CUDA_VISIBLE_DEVICES", "GGML_NO_BACKTRACE", "GOMP_SPINCOUNT"}
        # The interpreter sets LC_CTYPE for itself where the locale says nothing.
        assert set(found["environment"]) - {"LC_CTYPE"} == expected
        assert found["directory"] == str(tmp_path / "run")

    run(main())


def test_an_early_exit_fails_the_load_with_its_lines(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "exits", "7")
        with pytest.raises(EngineLoadFailed, match=r"model\.gguf \(exit code 7\): the cause"):
            await process.wait_ready()

    run(main())


def test_a_missing_system_library_is_named_with_the_command_that_brings_it(
    run: Run, tmp_path: Path
) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "lacks-libgomp")
        with pytest.raises(EngineLoadFailed, match=r"libgomp\.so\.1 is missing") as caught:
            await process.wait_ready()
        assert "apt-get install libgomp1" in (caught.value.remedy or "")

    run(main())


def test_a_child_that_does_nothing_is_given_up_and_killed(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        model = tmp_path / "model.gguf"
        model.touch()
        launcher = EmbeddedLauncher(program=(sys.executable, "-I", str(_DOUBLE), "says-nothing"))
        supervisor = make_supervisor(launcher, load_timeout_s=0.5)
        spec = make_spec(model_path=model, size_bytes=10**10)
        others = psutil.Process().children()
        with pytest.raises(EngineLoadTimeout, match="made no progress"):
            await supervisor.wait(spec, "a")
        assert psutil.Process().children() == others
        await supervisor.aclose(0)

    run(main())


def test_nonsense_before_the_ready_line_is_passed_over(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        process = await launch(tmp_path, "talks-nonsense")
        await process.wait_ready()
        assert process.address == TcpAddress("127.0.0.1", 9)
        await process.stop()

    run(main())


def test_a_program_that_cannot_be_started_fails_the_load(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        model = tmp_path / "model.gguf"
        model.touch()
        launcher = EmbeddedLauncher(program=("/not/there",))
        with pytest.raises(EngineLoadFailed, match="could not be started") as caught:
            await launcher.launch(
                make_spec(model_path=model), engine_id="x", runtime_dir=tmp_path / "run"
            )
        assert "/not/there" not in str(caught.value)

    run(main())
