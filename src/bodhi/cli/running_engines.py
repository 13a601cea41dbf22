"""The engines that a server has, and which of them a name means."""

from typing import Any

from bodhi.cli.server_client import Server
from bodhi.errors import EngineNotFound, EngineProtocol


def engines_of(server: Server) -> list[dict[str, Any]]:
    """Every engine, as the server shows it."""
    answer = server.ask_json("GET", "/api/v1/engines")
    engines = answer.get("engines") if isinstance(answer, dict) else None
    if not isinstance(engines, list):
        raise EngineProtocol(
            f"What answers on {server.address} does not list engines.",
            remedy="Is it a Bodhi server?",
        )
    return engines


def engine_named(name: str, server: Server) -> dict[str, Any]:
    """The engine with this id, or the newest that was asked for under this name.

    Raises EngineNotFound.
    """
    fitting = [
        engine for engine in engines_of(server) if name in (engine["id"], *engine["aliases"])
    ]
    if not fitting:
        raise EngineNotFound(
            f"No engine runs for {name}.",
            remedy="bodhi engines list has those that do. The first request starts one.",
        )
    return max(fitting, key=lambda engine: engine["started_at"] or 0)
