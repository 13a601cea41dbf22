"""Ways to see in the real engine what a parameter does."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import xllamacpp

from bodhi.engine.options import attributes
from bodhi.engine.worker import _parameters
from bodhi.params.parameter import Section
from bodhi.params.registry import find
from bodhi.params.values import Json
from tests.engine.laboratory import subject

Observation = Callable[[Path, str], Awaitable[None]]


def printed(value: Json, pattern: str, wanted: str) -> Observation:
    """The engine prints ``wanted`` of its load, and without the parameter something else."""

    async def observe(model: Path, name: str) -> None:
        async with subject(model, {name: value}) as engine:
            assert await engine.printed(pattern) == wanted
        async with subject(model) as engine:
            assert await engine.printed(pattern) != wanted

    return observe


def arrives(value: Json, seen: Callable[[Any], bool]) -> Observation:
    """In the library's own settings, and the engine loads with it.

    For what shows in nothing else without a graphics processor, or on so small a model.
    """

    async def observe(model: Path, name: str) -> None:
        row, _ = find(name, Section.CONTEXT, "/x")
        assert seen(_settings({row.key: value}, model))
        assert not seen(_settings({}, model))
        async with subject(model, {name: value}):
            pass

    return observe


def _settings(options: dict[str, Json], model: Path) -> Any:
    """What the worker makes of it, with the real library."""
    config = {"settings": attributes(options), "model": str(model), "name": "n"}
    return _parameters(xllamacpp, config | dict.fromkeys(("socket", "api_key", "template")))
