"""What every test has: its own homes, a clean environment, no way out of the machine."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import network_guard
from tests.support.fixtures import VARIABLE as SHARED_FIXTURES
from tests.support.tiny_gguf import write_tiny_gguf

# Time limits of single examples say more about the machine than about the code.
# A shared run tries the same cases each time, so that it says something about the change it is for.
settings.register_profile(
    "bodhi",
    deadline=None,
    print_blob=True,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("bodhi")
network_guard.install()

_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, and only folders of our own in it
_ROOMY = 4 << 30  # bytes; a whole run leaves less than a quarter of it
_OURS = ("BODHI_", "HF_", "HUGGING", "LLAMA_", "GGML_", "OPENAI_")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary folders in memory, and those of a process beside others short.

    A disk takes 5 ms to promise a small file, and tests save a hundred thousand of them. The long
    forms stay on the disk. A socket's path has 107 bytes.
    """
    if config.option.markexpr != "soak" and _is_roomy(_MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
    if hasattr(config, "workerinput"):
        config.option.basetemp = str(config.option.basetemp).replace("popen-gw", "")


def _is_roomy(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOMY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: not {"e2e", "acceptance"} & set(item.path.parts))


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes under ``tmp_path`` (not made yet) and none of the developer's own settings."""
    for name in list(os.environ):
        if name.startswith(_OURS) and name != SHARED_FIXTURES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("BODHI_HOME", str(tmp_path / "bodhi-home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf-home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(autouse=True, scope="module")
def nothing_left_open() -> Iterator[None]:
    """What a file leaves open is told of that file, not of whichever runs when it is collected."""
    yield
    gc.collect()
    # What is still there need not be looked through again after every file.
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """``async def`` tests marked ``anyio`` run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loadable model of half a megabyte. Shared by all tests: read it, do not change it."""
    path = tmp_path_factory.mktemp("tiny-model") / "tiny.gguf"
    write_tiny_gguf(path)
    return path
