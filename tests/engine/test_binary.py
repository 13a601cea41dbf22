"""The launcher of a program: what it refuses, and whom it believes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.engine.binary import BinaryLauncher, find_program
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import EngineLoadFailed, StartRefused, UnsupportedByEngine
from tests.engine.factories import make_spec, make_supervisor
from tests.support.fake_llama_server import write_fake_llama_server

pytestmark = pytest.mark.anyio


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    folder = RuntimeDir()
    yield folder.path()
    folder.remove()


async def test_an_option_that_the_program_does_not_know_is_refused_before_a_start(
    tiny_model: Path, tmp_path: Path
) -> None:
    launcher = BinaryLauncher(write_fake_llama_server(tmp_path / "llama-server", is_old=True))
    spec = make_spec(model_path=tiny_model, kv_unified=True)
    launcher.check(spec)  # nothing is known of the program yet
    await launcher.prepare()
    with pytest.raises(UnsupportedByEngine, match=r"llama-server \(version 4321\) .* kv_unified"):
        launcher.check(spec)


async def test_a_program_that_was_not_asked_yet_is_asked_by_the_first_load(
    tiny_model: Path, tmp_path: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server", is_old=True)
    supervisor = make_supervisor(BinaryLauncher(program))
    try:
        with pytest.raises(UnsupportedByEngine, match="kv_unified"):
            await supervisor.wait(make_spec(model_path=tiny_model, kv_unified=True), "a")
        async with supervisor.slot(make_spec(model_path=tiny_model, flash_attn="on"), alias="b"):
            pass
    finally:
        await supervisor.aclose(0)


async def test_a_template_is_a_private_file_for_as_long_as_the_engine_lives(
    tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    launcher = BinaryLauncher(write_fake_llama_server(tmp_path / "llama-server"))
    spec = make_spec(model_path=tiny_model, template="a template\n\ud800")
    process = await launcher.launch(spec, engine_id="abc", runtime_dir=runtime_dir)
    file = runtime_dir / "abc.jinja"
    assert file.read_text() == "a template\n?"
    assert file.stat().st_mode & 0o777 == 0o600
    await process.stop()
    assert not file.exists()


async def test_a_build_that_knows_no_sockets_is_reached_by_a_port_with_a_key(
    tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server", has_sockets=False)
    process = await BinaryLauncher(program).launch(
        make_spec(model_path=tiny_model), engine_id="abc", runtime_dir=runtime_dir
    )
    await process.wait_ready()
    assert process.api_key
    await process.stop()


async def test_a_build_with_neither_sockets_nor_keys_is_refused(
    tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server", has_sockets=False, has_keys=False)
    with pytest.raises(EngineLoadFailed, match="too old"):
        await BinaryLauncher(program).launch(
            make_spec(model_path=tiny_model), engine_id="abc", runtime_dir=runtime_dir
        )


async def test_a_port_that_somebody_else_has_is_never_spoken_to(
    tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    """The engine's log names the impostor's port, and the impostor would say yes to everything."""
    asked = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    impostor = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = impostor.sockets[0].getsockname()[1]
    program = write_fake_llama_server(tmp_path / "llama-server", says_it_listens_on=port)
    process = await BinaryLauncher(program, use_unix_sockets=False).launch(
        make_spec(model_path=tiny_model), engine_id="abc", runtime_dir=runtime_dir
    )
    async with asyncio.timeout(10):
        while b"listening" not in b"".join(process.output.lines()):
            await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await process.wait_ready()
    assert not asked.is_set()
    await process.stop()
    impostor.close()


async def test_a_program_that_went_away_after_it_was_asked_is_told(
    tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server")
    launcher = BinaryLauncher(program)
    await launcher.prepare()
    program.unlink()
    with pytest.raises(EngineLoadFailed, match="no such file"):
        await launcher.launch(
            make_spec(model_path=tiny_model), engine_id="abc", runtime_dir=runtime_dir
        )
    assert list(runtime_dir.glob("abc*")) == []


def test_the_program_is_the_configured_one_or_the_one_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_program(tmp_path / "x") == tmp_path / "x"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartRefused, match="no llama-server on PATH"):
        find_program(None)
    program = write_fake_llama_server(tmp_path / "llama-server")
    assert find_program(None) == program
