"""What every engine promises that is a process of ours, whatever starts it."""

import asyncio
import json
import os
import signal
import stat
from pathlib import Path

import psutil
import pytest

from bodhi.engine.contract import TcpAddress, UnixAddress
from bodhi.errors import EngineCrashed, EngineLoadFailed, ModelFileMissing, ParameterInvalid
from bodhi.gateway.engine_stream import EngineStream
from bodhi.gateway.patience import Patience
from tests.engine.contract.kinds import KINDS
from tests.engine.contract.place import CHAT, NAME, Place
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that serves; misbehaviour is where the loops differ."""
    return "asyncio", {"use_uvloop": True}


async def test_a_ready_engine_answers_under_its_own_name_only(place: Place) -> None:
    async with place.engine() as process:
        assert isinstance(process.address, UnixAddress if place.kind.is_unix else TcpAddress)
        status, body = await ask(process.address, CHAT, chat(), api_key=process.api_key)
        assert status == 200
        assert json.loads(body)["model"] == NAME
        assert str(place.model).encode() not in body


async def test_a_stopped_engine_is_gone_and_leaves_no_file(place: Place) -> None:
    before = set(place.runtime_dir.iterdir())
    async with place.engine(template="{{ messages[0]['content'] }}") as process:
        assert process.sample() is not None
        # Positive control: there was something to leave behind.
        assert len(set(place.runtime_dir.iterdir()) - before) >= place.kind.is_unix
        await asyncio.gather(process.stop(), process.stop())
        assert process.pid is not None
        assert not psutil.pid_exists(process.pid)
        assert process.sample() is None
    assert set(place.runtime_dir.iterdir()) == before


async def test_nobody_else_can_reach_the_engine(place: Place) -> None:
    async with place.engine() as process:
        if isinstance(process.address, UnixAddress):
            mode = process.address.path.stat().st_mode
            assert stat.S_ISSOCK(mode)
            assert stat.S_IMODE(mode) & 0o077 == 0
            assert stat.S_IMODE(place.runtime_dir.stat().st_mode) == 0o700
            return
        assert process.api_key is not None
        for key in (None, "guessed", process.api_key[:-1]):
            status, _ = await ask(process.address, CHAT, chat(), api_key=key)
            assert status == 401
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert process.api_key.encode() not in command


async def test_a_killed_engine_is_explained_and_the_next_request_is_served(place: Place) -> None:
    supervisor = make_supervisor(place.kind.launcher(place.folder))
    spec = make_spec(model_path=place.model, n_ctx=32_768)
    endless = {**chat(max_tokens=100_000), "ignore_eos": True, "stream": True}
    body = json.dumps(endless).encode()
    try:
        async with supervisor.slot(spec, alias="a") as lease:
            (info,) = supervisor.engines()
            assert info.pid is not None
            stream = await EngineStream.begin(
                lease.address, CHAT, body, api_key=lease.api_key, patience=Patience(20, 20)
            )
            await stream.read()
            os.kill(info.pid, signal.SIGKILL)
            with pytest.raises(Exception, match="closed the connection"):
                await stream.read_all()
            error = await lease.explain_break()
            assert isinstance(error, EngineCrashed)
            assert "SIGKILL" in error.message
        async with supervisor.slot(spec, alias="a") as lease:
            status, _ = await ask(lease.address, CHAT, chat(), api_key=lease.api_key)
            assert status == 200
        assert supervisor.loads(spec.load_key) == 2
    finally:
        await supervisor.aclose(5)


async def test_nothing_of_the_environment_arrives_that_is_not_on_the_list(place: Place) -> None:
    hostile = {f"LLAMA_ARG_{number}": "1" for number in range(30)} | {
        "LLAMA_ARG_CTX_SIZE": "17",
        "LLAMA_ARG_HOST": "0.0.0.0",  # noqa: S104 - as somebody might have it set
        "LLAMA_API_KEY": "known",
        "AIP_MODE": "PREDICTION",
        "HF_TOKEN": "x",
        "BODHI_API_KEY": "x",
        "LD_PRELOAD": "",
        "HTTPS_PROXY": "x",
    }
    async with place.engine({"PATH": os.environ["PATH"], "LANG": "C", **hostile}) as process:
        found = Path(f"/proc/{process.pid}/environ").read_bytes().decode().split("\0")
        names = {entry.partition("=")[0] for entry in found if entry}
        has_key = not place.kind.is_unix and "LLAMA_API_KEY" in names
        assert names - {"LC_CTYPE", *(["LLAMA_API_KEY"] if has_key else [])} == {
            *("PATH", "LANG", "GGML_NO_BACKTRACE", "GOMP_SPINCOUNT")
        }
        assert "LLAMA_API_KEY=known" not in found
        assert process.api_key != "known"


async def test_an_engine_is_confined(place: Place) -> None:
    async with place.engine() as process:
        assert process.pid is not None
        proc = Path(f"/proc/{process.pid}")
        limits = (proc / "limits").read_text()
        core = next(line for line in limits.splitlines() if "core file" in line)
        assert core.split()[4:6] == ["0", "0"]
        assert (proc / "oom_score_adj").read_text().strip() == "500"
        assert "NoNewPrivs:\t1" in (proc / "status").read_text()
        assert os.getsid(process.pid) == process.pid


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.is_unix], indirect=True, ids=str)
async def test_what_holds_the_place_of_the_engine_is_never_spoken_to(place: Place) -> None:
    """A listener that would answer everything sits where the engine's socket goes.

    Nobody can sit at a port before: the system picks it, and the engine is found there by its pid.
    """
    asked = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        writer.close()

    path = place.runtime_dir / f"{NAME}.sock"
    impostor = await asyncio.start_unix_server(answer, path)
    async with place.engine() as process:
        status, body = await ask(process.address, CHAT, chat())
        assert (status, json.loads(body)["model"]) == (200, NAME)
        assert not asked.is_set()
    impostor.close()


async def test_a_bad_option_is_refused_by_name_before_anything_is_started(place: Place) -> None:
    launcher = place.kind.launcher(place.folder)
    others = psutil.Process().children()
    for options in ({"n_ctx": 1}, {"n_threads": 0}, {"cache_type_k": "--host"}, {"host": "x"}):
        with pytest.raises(ParameterInvalid) as caught:
            launcher.check(make_spec(model_path=place.model, **options))
        assert caught.value.pointer == f"/context_params/{next(iter(options))}"
    launcher.check(make_spec(model_path=place.model, n_ctx=512))
    assert psutil.Process().children() == others


async def test_a_model_that_cannot_be_loaded_says_why(place: Place) -> None:
    page = place.folder / "a-web-page.gguf"
    page.write_bytes(b"<html>" * 100)
    process = await place.kind.launcher(place.folder).launch(
        make_spec(model_path=page), engine_id=NAME, runtime_dir=place.runtime_dir
    )
    with pytest.raises(EngineLoadFailed, match="invalid magic") as caught:
        await process.wait_ready()
    assert "a-web-page.gguf" in caught.value.message
    assert str(place.folder) not in caught.value.message
    assert list(place.runtime_dir.glob(f"{NAME}*")) == []


async def test_a_model_that_is_not_there_is_named(place: Place) -> None:
    spec = make_spec(model_path=place.folder / "gone.gguf")
    launcher = place.kind.launcher(place.folder)
    with pytest.raises(ModelFileMissing, match=r"gone\.gguf"):
        await launcher.launch(spec, engine_id=NAME, runtime_dir=place.runtime_dir)


async def test_a_socket_path_that_would_be_too_long_means_a_port_with_a_key(place: Place) -> None:
    place.runtime_dir = place.runtime_dir / ("long" * 25)
    async with place.engine() as process:
        assert isinstance(process.address, TcpAddress)
        assert process.api_key
        status, _ = await ask(process.address, CHAT, chat(), api_key=process.api_key)
        assert status == 200
