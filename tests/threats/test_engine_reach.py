"""T21, T23: what an engine is told by the environment, and who reaches it."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bodhi.engine import binary, embedded
from bodhi.engine.contract import EngineProcess, UnixAddress
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import EngineLoadFailed
from tests.engine.contract.kinds import KINDS, Kind
from tests.engine.factories import make_spec
from tests.engine.plain_http import ask, chat

NAME = "0123abcd"
UNIX_KINDS = [kind for kind in KINDS if kind.is_unix]
kinds = pytest.mark.parametrize("kind", UNIX_KINDS, ids=str)

# The twins of flags that every llama-server obeys, and what else could change what an engine is.
LLAMA_ARGUMENTS = """
    LLAMA_ARG_HOST LLAMA_ARG_PORT LLAMA_ARG_MODEL LLAMA_ARG_MODEL_URL LLAMA_ARG_HF_REPO
    LLAMA_ARG_HF_FILE LLAMA_ARG_ALIAS LLAMA_ARG_CTX_SIZE LLAMA_ARG_N_PREDICT LLAMA_ARG_BATCH
    LLAMA_ARG_UBATCH LLAMA_ARG_THREADS LLAMA_ARG_N_GPU_LAYERS LLAMA_ARG_SPLIT_MODE
    LLAMA_ARG_MAIN_GPU LLAMA_ARG_N_PARALLEL LLAMA_ARG_CACHE_TYPE_K LLAMA_ARG_CACHE_TYPE_V
    LLAMA_ARG_MLOCK LLAMA_ARG_NO_MMAP LLAMA_ARG_FLASH_ATTN LLAMA_ARG_RPC LLAMA_ARG_STATIC_PATH
    LLAMA_ARG_API_PREFIX LLAMA_ARG_SSL_KEY_FILE LLAMA_ARG_SSL_CERT_FILE LLAMA_ARG_MMPROJ
    LLAMA_ARG_CHAT_TEMPLATE LLAMA_ARG_CHAT_TEMPLATE_FILE LLAMA_ARG_ENDPOINT_SLOTS
    LLAMA_ARG_ENDPOINT_PROPS LLAMA_ARG_MODELS_DIR LLAMA_ARG_LOG_FILE LLAMA_ARG_TOOLS
""".split()
OTHERS = """
    LLAMA_API_KEY LLAMA_LOG_FILE LLAMA_CACHE AIP_MODE GGML_BACKEND_PATH HF_TOKEN HF_ENDPOINT
    HTTP_PROXY HTTPS_PROXY ALL_PROXY BODHI_API_KEY OPENAI_API_KEY PYTHONPATH PYTHONSTARTUP
    LD_AUDIT GCONV_PATH AWS_SECRET_ACCESS_KEY SSH_AUTH_SOCK
""".split()


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    folder = RuntimeDir()
    yield folder.path()
    folder.remove()


@contextlib.asynccontextmanager
async def engine(
    kind: Kind, model: Path, runtime_dir: Path, folder: Path
) -> AsyncIterator[EngineProcess]:
    """A ready engine, started as the server does: with the environment of this process."""
    process = await kind.launcher(folder).launch(
        make_spec(model_path=model), engine_id=NAME, runtime_dir=runtime_dir
    )
    try:
        await process.wait_ready()
        yield process
    finally:
        await process.stop()


async def passed_on(kind: Kind, model: Path, runtime_dir: Path, folder: Path) -> set[str]:
    """Those of the variables that an engine sees in its own environment."""
    async with engine(kind, model, runtime_dir, folder) as process:
        entries = Path(f"/proc/{process.pid}/environ").read_bytes().decode().split("\0")
    return {entry.partition("=")[0] for entry in entries} & {*LLAMA_ARGUMENTS, *OTHERS}


@pytest.fixture
def hostile_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(LLAMA_ARGUMENTS) >= 30
    for name in LLAMA_ARGUMENTS + OTHERS:
        monkeypatch.setenv(name, "17")


@pytest.mark.threat("T21")
@pytest.mark.anyio
@kinds
async def test_no_variable_that_steers_an_engine_reaches_it(
    kind: Kind, tiny_model: Path, runtime_dir: Path, tmp_path: Path, hostile_environment: None
) -> None:
    assert await passed_on(kind, tiny_model, runtime_dir, tmp_path) == set()


@pytest.mark.planted("T21")
@pytest.mark.anyio
async def test_a_launcher_that_hands_its_environment_on_would_be_found(
    tiny_model: Path,
    runtime_dir: Path,
    tmp_path: Path,
    hostile_environment: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (embedded, binary):
        monkeypatch.setattr(module, "engine_environment", dict)
    for kind in UNIX_KINDS[:2]:
        found = await passed_on(kind, tiny_model, runtime_dir, tmp_path)
        assert {*LLAMA_ARGUMENTS, "HF_TOKEN"} <= found


_AS_NOBODY = """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
reached = []
try:
    os.listdir(os.path.dirname(sys.argv[1])); reached.append("folder")
except PermissionError: pass
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1]); reached.append("socket")
except PermissionError: pass
print(*reached)
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")


def reached_by_others(address: object) -> str:
    """What another user of this machine gets hold of: the folder, the socket."""
    assert isinstance(address, UnixAddress)
    command = [sys.executable, "-I", "-c", _AS_NOBODY, str(address.path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.threat("T23")
@pytest.mark.anyio
@needs_root
@kinds
async def test_no_other_user_reaches_an_engine(
    kind: Kind, tiny_model: Path, runtime_dir: Path, tmp_path: Path
) -> None:
    async with engine(kind, tiny_model, runtime_dir, tmp_path) as process:
        assert reached_by_others(process.address) == ""
        # A folder opened by mistake is not yet a socket open to all.
        runtime_dir.chmod(0o755)
        assert reached_by_others(process.address) == "folder"


@pytest.mark.planted("T23")
@pytest.mark.anyio
@needs_root
async def test_an_engine_that_others_reach_would_be_found(
    tiny_model: Path, runtime_dir: Path, tmp_path: Path
) -> None:
    async with engine(UNIX_KINDS[0], tiny_model, runtime_dir, tmp_path) as process:
        assert isinstance(process.address, UnixAddress)
        runtime_dir.chmod(0o755)
        process.address.path.chmod(0o777)
        assert reached_by_others(process.address) == "folder socket"


@pytest.mark.threat("T23")
@pytest.mark.parametrize("mode", [0o755, 0o711, 0o770, 0o1777])
@pytest.mark.anyio
async def test_no_engine_is_started_in_a_folder_that_others_may_enter(
    mode: int, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    for kind in UNIX_KINDS:
        with pytest.raises(EngineLoadFailed, match="other users"):
            async with engine(kind, tiny_model, folder, tmp_path):
                pass


async def said_to_impostor(kind: Kind, model: Path, runtime_dir: Path, folder: Path) -> bytes:
    """What somebody hears who sat down at the engine's address first and says yes to all."""
    heard = bytearray()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read(65536))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    impostor = await asyncio.start_unix_server(answer, runtime_dir / f"{NAME}.sock")
    try:
        with contextlib.suppress(EngineLoadFailed):
            async with engine(kind, model, runtime_dir, folder) as process:
                await ask(process.address, "/v1/chat/completions", chat("a secret"))
    finally:
        impostor.close()
    return bytes(heard)


@pytest.mark.threat("T23")
@pytest.mark.anyio
@kinds
async def test_an_impostor_at_the_address_hears_nothing(
    kind: Kind, tiny_model: Path, runtime_dir: Path, tmp_path: Path
) -> None:
    assert await said_to_impostor(kind, tiny_model, runtime_dir, tmp_path) == b""


@pytest.mark.planted("T23")
@pytest.mark.anyio
async def test_a_launcher_that_takes_the_address_as_it_is_would_be_found(
    tiny_model: Path, runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kind,) = [kind for kind in UNIX_KINDS if kind.name == "program-unix"]
    monkeypatch.setattr(binary.BinaryLauncher, "_socket", lambda _, __, folder, id_: folder / NAME)
    (runtime_dir / NAME).symlink_to(f"{NAME}.sock")
    assert await said_to_impostor(kind, tiny_model, runtime_dir, tmp_path)
