"""An engine that somebody else runs: llama.cpp behind a port and a key, led to as a remote."""

from pathlib import Path

from bodhi.engine.contract import EngineProcess, EngineSpec, Remote, TcpAddress
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.remote import RemoteEngine, RemoteLauncher
from tests.engine.factories import make_remote_spec

VARIABLE = "OFFICE_KEY"


class Elsewhere:
    """A launcher that first starts the server, which has the options of the specification."""

    def check(self, spec: EngineSpec) -> None:
        """Whatever is to be checked is the server's."""

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> "Way":
        server = await EmbeddedLauncher(transport="tcp").launch(
            spec, engine_id="elsewhere", runtime_dir=runtime_dir
        )
        await server.wait_ready()
        assert isinstance(server.address, TcpAddress)
        assert server.api_key is not None
        remote = Remote("office", "localhost", server.address.port, False, "/v1", VARIABLE, 1)
        found = await RemoteLauncher(environment={VARIABLE: server.api_key}).launch(
            make_remote_spec(remote), engine_id=engine_id, runtime_dir=runtime_dir
        )
        way = Way(remote, found.address, found.api_key)
        way.server = server
        return way


class Way(RemoteEngine):
    """Ends its server with itself, because nobody else would."""

    server: EngineProcess

    async def stop(self) -> None:
        await super().stop()
        await self.server.stop()
