"""What ``bodhi doctor`` looks at where the library is not the engine: a program, remotes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bodhi.cli.checkup import Result, Verdict, problem
from bodhi.errors import BodhiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodhi.settings import Settings


def check_program(settings: Settings) -> Iterator[Result]:
    """Whether the program that engines are to be can be used, and its version."""
    if settings.engine != "binary":
        return
    from bodhi.engine.binary import BinaryLauncher, find_program

    async def version() -> str:
        return (await BinaryLauncher(find_program(settings.llama_server)).prepare()).version

    try:
        found = f"llama-server, version {asyncio.run(version())}"
        yield Result("engine program", Verdict.OK, found)
    except BodhiError as error:
        yield problem("engine program", error)


def check_remotes(settings: Settings) -> Iterator[Result]:
    """Whether each remote takes a connection. A key may be set for the server alone: a warning."""
    from bodhi.app import remotes
    from bodhi.engine.remote import reach

    for name, remote in remotes(settings).items():
        try:
            asyncio.run(reach(remote))
            yield Result(f"remote {name}", Verdict.OK, "It takes connections.")
        except BodhiError as error:
            yield Result(f"remote {name}", Verdict.WARNING, error.message, error.remedy)
