"""The gateway is killed with engines up: none is left, and the next one clears away the rest."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import psutil
import pytest

from bodhi.engine.runtime_dir import RuntimeDir
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server, wait_until

MODEL = "tests/tiny-GGUF:F32"
_ENDLESS = {
    "model": MODEL,
    "prompt": "the",
    "max_tokens": 4000,
    "stream": True,
    "ignore_eos": True,
}


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A temporary folder for servers, short enough for the name of a socket."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


@pytest.fixture
def hub(tmp_path: Path, tiny_model: Path) -> Path:
    place_in_hub(tmp_path / "hub", "tests/tiny-GGUF", "tiny.F32.gguf", tiny_model)
    return tmp_path / "hub"


def _is_dead(process: psutil.Process) -> bool:
    """A zombie that nobody collects is dead."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _killed_while_streaming(server: RunningServer) -> list[psutil.Process]:
    """The engines of a server that was killed in the middle of an answer."""
    with server.http() as client, client.stream("POST", "/v1/completions", json=_ENDLESS) as reply:
        pieces = reply.iter_bytes()
        next(pieces)
        engines = server.children()
        server.process.kill()
        with pytest.raises(httpx.TransportError):
            all(pieces)
    server.process.wait()
    return engines


def _one_kill(home: Path, hub: Path, sockets: Path) -> None:
    with running_server(home, hub, env={"TMPDIR": str(sockets)}) as server:
        engines = _killed_while_streaming(server)
        assert engines
        assert wait_until(lambda: all(map(_is_dead, engines)), 1)


@pytest.mark.fault("F19")
def test_no_engine_lives_on_and_the_next_server_clears_away_the_sockets(
    tmp_path: Path, hub: Path, sockets: Path
) -> None:
    _one_kill(tmp_path / "home", hub, sockets)
    (left,) = sockets.glob("bodhi-*")
    with running_server(tmp_path / "home", hub, env={"TMPDIR": str(sockets)}) as server:
        with server.http() as client:
            body = _ENDLESS | {"max_tokens": 1, "stream": False}
            assert client.post("/v1/completions", json=body).status_code == 200
        assert not left.exists()
        assert len(list(sockets.glob("bodhi-*"))) == 1


@pytest.mark.soak
@pytest.mark.fault("F19")
def test_two_hundred_kills_leave_no_engine(tmp_path: Path, hub: Path, sockets: Path) -> None:
    for _ in range(200):
        _one_kill(tmp_path / "home", hub, sockets)


def _leftovers_after(sockets: Path, make: type[RuntimeDir]) -> list[str]:
    """What the next one leaves of a folder whose server was killed."""
    living = RuntimeDir(sockets)
    living_path = living.path()
    dead = sockets / "bodhi-dead"
    dead.mkdir(mode=0o700)
    (dead / "lock").touch()
    (dead / "engine.sock").touch()
    mine = make(sockets)
    mine.path()
    wrong = ["the dead one's stays"] if dead.exists() else []
    if not living_path.exists():
        wrong.append("the living one's is gone")
    mine.remove()
    living.remove()
    shutil.rmtree(dead, ignore_errors=True)
    return wrong


class _Untidy(RuntimeDir):
    def path(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="bodhi-", dir=self._parent))


class _Ruthless(RuntimeDir):
    def path(self) -> Path:
        for folder in self._parent.glob("bodhi-*"):
            shutil.rmtree(folder)
        return super().path()


@pytest.mark.planted("F19")
@pytest.mark.parametrize(
    ("make", "found"),
    [
        (RuntimeDir, []),
        (_Untidy, ["the dead one's stays"]),
        (_Ruthless, ["the living one's is gone"]),
    ],
)
def test_a_server_that_clears_away_too_little_or_too_much_would_be_found(
    sockets: Path, make: type[RuntimeDir], found: list[str]
) -> None:
    assert _leftovers_after(sockets, make) == found
