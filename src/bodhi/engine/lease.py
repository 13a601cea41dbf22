"""A slot in use: what a request holds while it is in an engine."""

import asyncio

from bodhi.engine import exits
from bodhi.engine.contract import Address
from bodhi.engine.running import Engine
from bodhi.errors import BodhiError, EngineProtocol, ShuttingDown

_REAP_S = 1.0


class Lease:
    """One slot of one ready engine, until the ``async with`` block that gave it ends."""

    __slots__ = ("address", "api_key", "engine", "engine_id")

    def __init__(self, engine: Engine, address: Address, api_key: str | None) -> None:
        self.engine = engine  # for the supervisor, which takes the slot back
        self.engine_id = engine.id
        self.address = address
        self.api_key = api_key

    async def explain_break(self) -> BodhiError:
        """The error to raise when the connection to the engine broke.

        Waits up to a second for the process to be reaped: EngineCrashed with signal and log lines
        if it ended, ShuttingDown if the server stopped it, EngineProtocol if it is still alive.
        """
        engine = self.engine
        if engine.process is not None:
            engine.process.connection_broke()
        await asyncio.wait({engine.gone}, timeout=_REAP_S)
        model = engine.spec.model_path.name
        if engine.is_forced:
            return ShuttingDown(f"The engine of {model} was stopped while it answered.")
        if engine.gone.done() and (exit_ := engine.gone.result()):
            return exits.crashed(model, exit_)
        return EngineProtocol(
            f"The engine of {model} closed the connection without finishing its answer.",
            remedy="Try again; stop the engine if it happens again.",
        )
