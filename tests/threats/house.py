"""A whole Bodhi inside the test: everything that ``bodhi serve`` builds, over a scripted engine.

Guard, front, both planes and the strict connections are the real ones on a real socket, in a
thread of their own; the engine is a double that counts what reaches it and answers what the test
says. So a test can hold what callers sent against what an engine was asked.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from bodhi import app as composition
from bodhi.app import Bodhi
from bodhi.engine.contract import EngineSpec
from bodhi.http.asgi import App
from bodhi.http.connection import Connection
from bodhi.http.server import Server, listen
from bodhi.params.values import JsonObject
from bodhi.settings import Settings
from tests.support.fake_engine_process import FakeLauncher, FakeProcess
from tests.support.hub import place_in_hub
from tests.support.scripted_engine import END, STREAM, ScriptedLauncher, delta, event
from tests.support.tiny_gguf import write_tiny_gguf

REPO = "tests/tiny-GGUF"
FILE = "tiny.F32.gguf"
SNAPSHOT = "a" * 40
ALIAS = "honest"

Wrap = Callable[[App], App]


@dataclass
class Engine(ScriptedLauncher):
    """Fails to load where ``failures`` says so; ``is_stuck`` never becomes ready."""

    is_stuck: bool = False

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> FakeProcess:
        self.load_s = None if self.is_stuck else 0.0
        pretended = self.failures or self.is_stuck
        launch = FakeLauncher.launch if pretended else ScriptedLauncher.launch
        return await launch(self, spec, engine_id=engine_id, runtime_dir=runtime_dir)


@dataclass
class House:
    """One running Bodhi. ``engine.requests`` is every body that an engine was asked."""

    engine: Engine
    home: Path
    hub: Path
    bodhi: Bodhi = field(init=False)
    server: Server = field(init=False)
    loop: asyncio.AbstractEventLoop = field(init=False)
    port: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is connected and nothing is being answered."""
        state = self.server.server_state
        return not state.connections and not state.tasks


class _QuietServer(Server):
    """Signals belong to the process of the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def hello(body: JsonObject) -> AsyncIterator[bytes]:
    """What a good engine answers."""
    del body
    yield STREAM + event(delta("engine", "hello", "stop")) + event(b"[DONE]") + END


def make_place(root: Path, aliases: Mapping[str, str] | None = None) -> tuple[Path, Path]:
    """A home with the alias ``honest`` (and others, name to further lines) and a hub with a model.

    Returns ``(home, hub)``.
    """
    model = root / "tiny.gguf"
    write_tiny_gguf(model)
    place_in_hub(root / "hub", REPO, FILE, model, snapshot=SNAPSHOT, refs={"main": SNAPSHOT})
    folder = root / "home" / "aliases"
    folder.mkdir(parents=True)
    for name, rest in {ALIAS: "", **(aliases or {})}.items():
        text = f"alias: {name}\nrepo: {REPO}\nfilename: {FILE}\n{rest}"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root / "home", root / "hub"


@contextlib.contextmanager
def running_house(
    place: tuple[Path, Path],
    *,
    wrap: Wrap | None = None,
    connection: type[Connection] = Connection,
    **settings: object,
) -> Iterator[House]:
    """Serve until the block ends. ``wrap`` and ``connection`` are for planted defects."""
    home, hub = place
    house = House(Engine(script=hello), home, hub)
    ready = threading.Event()
    values = Settings(home=home, hub_cache=hub, port=0, drain_s=1, **settings)  # type: ignore[arg-type]
    failure: list[BaseException] = []
    listener = listen("127.0.0.1", 0)

    async def serve() -> None:
        house.port = listener.getsockname()[1]
        house.loop = asyncio.get_running_loop()

        async def on_ready() -> None:
            ready.set()

        async def launcher(_: object) -> Engine:
            return house.engine

        with mock.patch.object(composition, "_launcher", launcher):
            async with composition.running(values) as house.bodhi:
                app = house.bodhi.app if wrap is None else wrap(house.bodhi.app)
                house.server = _QuietServer(
                    app, drain_s=1, on_ready=on_ready, connection=connection
                )
                await house.server.serve([listener])
                house.engine.close()

    def body() -> None:
        try:
            with asyncio.Runner(loop_factory=composition._loop_factory()) as runner:
                runner.run(serve())
        except BaseException as error:
            failure.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=body, name="house")
    thread.start()
    try:
        assert ready.wait(30)
        if failure:
            raise failure[0]
        yield house
    finally:
        if hasattr(house, "server"):
            house.server.should_exit = True
        thread.join(30)
        listener.close()
    assert not thread.is_alive()
    if failure:
        raise failure[0]
