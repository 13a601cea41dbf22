"""The gateway over scripted engines."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bodhi.engine.supervisor import Supervisor
from bodhi.gateway.meter import Meter
from bodhi.gateway.relay import Relay
from bodhi.gateway.routes import Gateway
from bodhi.gateway.serving import Serving
from tests.gateway.calling import Caller, serving
from tests.support.scripted_engine import Script, ScriptedLauncher


@pytest.fixture
async def caller(tmp_path: Path) -> AsyncIterator[Callable[..., Caller]]:
    """Makes callers of one gateway over scripted engines."""
    launcher = ScriptedLauncher()
    supervisor = Supervisor(
        launcher,
        max_engines=2,
        max_queue=8,
        idle_unload_s=0,
        load_timeout_s=5,
        free_memory=None,
        runtime_parent=tmp_path,
    )

    class One:
        served = serving()

        async def find(self, name: str) -> Serving:
            return self.served

        async def look_again(self) -> None:
            """No file ever changes."""

        async def names(self) -> list[tuple[str, str, float]]:
            return []

    def make(
        script: Script,
        silence_s: float = 5.0,
        served: Serving | None = None,
        meter: Meter | None = None,
    ) -> Caller:
        launcher.script = script
        one = One()
        one.served = served or one.served
        return Caller(launcher, Gateway(one, Relay(supervisor, silence_s), 1 << 20, meter=meter))

    yield make
    await supervisor.aclose(0)
    launcher.close()
