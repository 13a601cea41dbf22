"""The real worker with a real, tiny model."""

import asyncio
import os
import signal
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bodhi.engine.child import ChildProcess
from bodhi.engine.contract import EngineSpec, TcpAddress, UnixAddress
from bodhi.engine.embedded import EmbeddedLauncher, Transport
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import (
    BodhiError,
    EngineCrashed,
    EngineLoadFailed,
    EngineLoadTimeout,
    ModelFileMissing,
)
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat
from tests.support.tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.anyio


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    folder = RuntimeDir()
    yield folder.path()
    folder.remove()


@asynccontextmanager
async def engine(
    spec: EngineSpec, runtime_dir: Path, launcher: EmbeddedLauncher | None = None
) -> AsyncIterator[ChildProcess]:
    process = await (launcher or EmbeddedLauncher()).launch(
        spec, engine_id="abc", runtime_dir=runtime_dir
    )
    try:
        await process.wait_ready()
        yield process
    finally:
        await process.stop()


@pytest.mark.parametrize("transport", ["unix", "tcp"])
async def test_an_engine_answers_under_its_own_name_only(
    tiny_model: Path, runtime_dir: Path, transport: Transport
) -> None:
    launcher = EmbeddedLauncher(transport=transport)
    async with engine(make_spec(model_path=tiny_model), runtime_dir, launcher) as process:
        assert isinstance(process.address, UnixAddress if transport == "unix" else TcpAddress)
        status, body = await ask(
            process.address, "/v1/chat/completions", chat(), api_key=process.api_key
        )
        assert status == 200
        assert b'"model":"abc"' in body
        assert str(tiny_model).encode() not in body


async def test_a_loopback_port_asks_for_the_random_key(tiny_model: Path, runtime_dir: Path) -> None:
    launcher = EmbeddedLauncher(transport="tcp")
    async with engine(make_spec(model_path=tiny_model), runtime_dir, launcher) as process:
        assert process.api_key is not None
        for key in (None, "guessed", process.api_key[:-1]):
            status, _ = await ask(process.address, "/v1/models", api_key=key)
            assert status == 401
        status, _ = await ask(process.address, "/v1/models", api_key=process.api_key)
        assert status == 200
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert process.api_key.encode() not in command


async def test_nobody_else_can_reach_the_socket_and_it_is_removed_at_the_end(
    tiny_model: Path, runtime_dir: Path
) -> None:
    (runtime_dir / "abc.sock").write_text("left by an engine that was killed")
    async with engine(make_spec(model_path=tiny_model), runtime_dir) as process:
        assert isinstance(process.address, UnixAddress)
        facts = process.address.path.stat()
        assert stat.S_ISSOCK(facts.st_mode)
        assert stat.S_IMODE(facts.st_mode) & 0o077 == 0
        assert stat.S_IMODE(runtime_dir.stat().st_mode) == 0o700
    assert not process.address.path.exists()


async def test_a_folder_that_others_may_enter_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(EngineLoadFailed, match="other users"):
        await EmbeddedLauncher().launch(
            make_spec(model_path=tiny_model), engine_id="abc", runtime_dir=tmp_path
        )


async def test_a_folder_too_long_for_a_socket_means_a_loopback_port(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ("long" * 25)
    async with engine(make_spec(model_path=tiny_model), folder) as process:
        assert isinstance(process.address, TcpAddress)
        assert process.api_key


async def test_an_engine_is_confined(tiny_model: Path, runtime_dir: Path) -> None:
    async with engine(make_spec(model_path=tiny_model), runtime_dir) as process:
        proc = Path(f"/proc/{process.pid}")
        limits = (proc / "limits").read_text()
        core = next(line for line in limits.splitlines() if "core file" in line)
        assert core.split()[4:6] == ["0", "0"]
        assert (proc / "oom_score_adj").read_text().strip() == "500"
        assert "NoNewPrivs:\t1" in (proc / "status").read_text()
        assert os.getsid(process.pid) == process.pid
        os.kill(process.pid, signal.SIGINT)
        status, _ = await ask(process.address, "/health")
        assert status == 200


async def test_a_template_and_options_reach_the_engine(tiny_model: Path, runtime_dir: Path) -> None:
    template = "{{ messages[0]['content'] }} spoken in a template of its own"
    spec = make_spec(model_path=tiny_model, template=template, n_ctx=512, slots=2)
    async with engine(spec, runtime_dir) as process:
        _, props = await ask(process.address, "/props")
        assert b"spoken in a template of its own" in props
        assert b'"total_slots":2' in props
        assert b'"n_ctx":256' in props


async def test_a_prompt_that_the_engine_rejects_stays_out_of_the_public_lines(
    tiny_model: Path, runtime_dir: Path
) -> None:
    secret = "my secret illness"
    async with engine(make_spec(model_path=tiny_model), runtime_dir) as process:
        body = {"messages": [{"content": secret}]}
        status, _ = await ask(process.address, "/v1/chat/completions", body)
        assert status >= 400
        # Positive control: the engine does print it, from a thread of its own and a little later.
        async with asyncio.timeout(10):
            while secret.encode() not in b"\n".join(process.output.lines()):
                await asyncio.sleep(0.005)
        assert secret not in "\n".join(process.public_lines())


def _broken(kind: str, tiny_model: Path, folder: Path) -> Path:
    path = folder / f"{kind}.gguf"
    match kind:
        case "truncated":
            path.write_bytes(tiny_model.read_bytes()[:200_000])
        case "a-web-page":
            path.write_bytes(b"<html>" * 100)
        case "without-blocks":
            write_tiny_gguf(path, metadata={"llama.block_count": 0})
        case "bad-template":
            write_tiny_gguf(path, chat_template="{% for %}")
        case "recursive-template":
            template = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"
            write_tiny_gguf(path, chat_template=template)
    return path


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("truncated", "not within the file bounds"),
        ("a-web-page", "invalid magic"),
        ("without-blocks", r"SIGABRT.*GGML_ASSERT"),
        ("bad-template", "template"),
        ("recursive-template", "SIGSEGV"),
    ],
)
async def test_a_model_that_cannot_be_loaded_says_why(
    kind: str, cause: str, tiny_model: Path, tmp_path: Path, runtime_dir: Path
) -> None:
    spec = make_spec(model_path=_broken(kind, tiny_model, tmp_path))
    process = await EmbeddedLauncher().launch(spec, engine_id="abc", runtime_dir=runtime_dir)
    with pytest.raises(EngineLoadFailed, match=cause) as caught:
        await process.wait_ready()
    assert f"{kind}.gguf" in caught.value.message
    assert str(tmp_path) not in caught.value.message
    assert process.sample() is None
    assert list(runtime_dir.glob("*.sock")) == []


@pytest.mark.parametrize("make", [lambda path: None, os.mkfifo, Path.mkdir])
async def test_what_is_no_file_is_refused_before_the_engine_could_hang_at_it(
    make: object, tmp_path: Path, runtime_dir: Path
) -> None:
    path = tmp_path / "odd.gguf"
    make(path)  # type: ignore[operator]
    with pytest.raises(ModelFileMissing, match=r"odd\.gguf"):
        await EmbeddedLauncher().launch(
            make_spec(model_path=path), engine_id="abc", runtime_dir=runtime_dir
        )


async def test_a_template_that_hangs_the_load_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "hangs.gguf"
    write_tiny_gguf(path, chat_template="{% for i in range(1000000000) %}{% endfor %}")
    supervisor = make_supervisor(EmbeddedLauncher(), load_timeout_s=1)
    spec = make_spec(model_path=path, size_bytes=path.stat().st_size)
    try:
        # Whichever bound is reached first: its time or its memory.
        with pytest.raises((EngineLoadTimeout, EngineLoadFailed), match="was given up"):
            await supervisor.wait(spec, "a")
        assert supervisor.engines()[0].pid is None
    finally:
        await supervisor.aclose(0)


async def test_a_killed_engine_is_explained_and_the_next_request_is_served(
    tiny_model: Path,
) -> None:
    supervisor = make_supervisor(EmbeddedLauncher())
    spec = make_spec(model_path=tiny_model)
    path = "/v1/chat/completions"
    try:
        async with supervisor.slot(spec, alias="a") as lease:
            (info,) = supervisor.engines()
            assert info.pid is not None
            assert info.load_seconds is not None
            long_answer = asyncio.create_task(ask(lease.address, path, chat(max_tokens=100_000)))
            os.kill(info.pid, signal.SIGKILL)
            with pytest.raises((OSError, EOFError)):
                await long_answer
            error: BodhiError = await lease.explain_break()
            assert isinstance(error, EngineCrashed)
            assert "SIGKILL" in error.message
        async with supervisor.slot(spec, alias="a") as lease:
            status, _ = await ask(lease.address, path, chat())
            assert status == 200
        assert supervisor.loads(spec.load_key) == 2
        assert "failed" not in {info.state for info in supervisor.engines()}
    finally:
        await supervisor.aclose(5)
    assert not Path(f"/proc/{info.pid}").exists()


async def test_two_slots_are_two_requests_at_once(tiny_model: Path) -> None:
    supervisor = make_supervisor(EmbeddedLauncher())
    spec = make_spec(model_path=tiny_model, slots=2, n_ctx=512)

    async def one() -> int:
        async with supervisor.slot(spec, alias="a") as lease:
            status, _ = await ask(lease.address, "/v1/chat/completions", chat())
            return status

    try:
        assert await asyncio.gather(*(one() for _ in range(8))) == [200] * 8
        assert supervisor.loads(spec.load_key) == 1
    finally:
        await supervisor.aclose(5)
