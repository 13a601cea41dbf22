"""A caller leaves, in each phase of a request: it ends in the engine, and nobody else's does."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bodhi.http.asgi import ON_LEAVE, App, Receive, Scope, Send
from tests.faults.leaving import Scene, Wrap, scene

pytestmark = pytest.mark.anyio

Phase = Callable[[Scene, float], Awaitable[list[str]]]
_SHORT_S = 0.3  # only a defect has to wait for it
_LONG_S = 20.0


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    """Short enough for the name of a socket."""
    with tempfile.TemporaryDirectory(prefix="t") as name:
        yield Path(name)


async def _is_gone(scene: Scene, name: str, within_s: float) -> list[str]:
    try:
        async with asyncio.timeout(within_s):
            await scene.engine.gone[name].wait()
    except TimeoutError:
        return ["the engine still works for who has left"]
    return []


async def _in_engine(scene: Scene, within_s: float, name: str, *, stream: bool) -> list[str]:
    """Two callers are in the engine; one leaves, the other one's answer goes on to its end."""
    neighbour = await scene.ask("neighbour")
    leaver = await scene.ask(name, stream=stream)
    for who in ("neighbour", name):
        await scene.engine.arrived[who].wait()
    leaver.leave()
    wrong = await _is_gone(scene, name, within_s)
    if not await scene.until(1, 0, within_s):
        wrong.append("the slot is not free")
    scene.engine.go_on["neighbour"].set()
    answer = await neighbour.answer()
    if scene.engine.gone["neighbour"].is_set() or b"[DONE]" not in answer:
        wrong.append("the neighbour was disturbed")
    return wrong


async def _queued(scene: Scene, within_s: float) -> list[str]:
    held = [await scene.ask(f"held {number}") for number in range(2)]
    await scene.until(2, 0, _LONG_S)
    leaver, patient = await scene.ask("leaver"), await scene.ask("patient")
    await scene.until(2, 2, _LONG_S)
    leaver.leave()
    wrong = [] if await scene.until(2, 1, within_s) else ["who has left still waits"]
    for name in ("held 0", "held 1", "patient"):
        scene.engine.go_on[name].set()
    answers = [await caller.answer() for caller in (*held, patient)]
    if not all(b"[DONE]" in answer for answer in answers):
        wrong.append("another one was disturbed")
    if scene.engine.arrived["leaver"].is_set():
        wrong.append("who has left came to the engine")
    return wrong


async def _loading(scene: Scene, within_s: float) -> list[str]:
    leaver, patient = await scene.ask("leaver"), await scene.ask("patient")
    await scene.until(0, 2, _LONG_S)
    leaver.leave()
    wrong = [] if await scene.until(0, 1, within_s) else ["who has left still waits"]
    scene.engine.processes[0].become_ready()
    scene.engine.go_on["patient"].set()
    if b"[DONE]" not in await patient.answer():
        wrong.append("another one was disturbed")
    if scene.engine.arrived["leaver"].is_set():
        wrong.append("who has left came to the engine")
    return wrong


PHASES: dict[str, Phase] = {
    "queued": _queued,
    "loading": _loading,
    "prompt": lambda scene, s: _in_engine(scene, s, "prompt", stream=True),
    "prompt of a whole answer": lambda scene, s: _in_engine(scene, s, "prompt", stream=False),
    "streaming": lambda scene, s: _in_engine(scene, s, "stream", stream=True),
    "whole answer": lambda scene, s: _in_engine(scene, s, "whole", stream=False),
}


async def broken_promises(
    folder: Path, phase: str, *, wrap: Wrap = lambda app: app, within_s: float = _LONG_S
) -> list[str]:
    """What goes wrong when a caller leaves in that phase; afterwards the engine is free."""
    slow = phase == "loading"
    async with scene(folder, slots=2, wrap=wrap, is_slow_to_load=slow) as place:
        wrong = await PHASES[phase](place, within_s)
        if not await place.until(0, 0, within_s):
            wrong.append(f"in the end there are {place.counts()}")
        return wrong


@pytest.mark.fault("F25")
@pytest.mark.parametrize("phase", PHASES)
async def test_who_leaves_frees_the_slot_and_disturbs_nobody(folder: Path, phase: str) -> None:
    assert await broken_promises(folder, phase) == []


def _deaf(app: App) -> App:
    """Planted: nobody is told that a caller has left."""

    async def deaf(given: Scope, receive: Receive, send: Send) -> None:
        await app({**given, ON_LEAVE: lambda callback: None}, receive, send)

    return deaf


@pytest.mark.planted("F25")
@pytest.mark.parametrize("phase", PHASES)
async def test_a_gateway_that_does_not_notice_would_be_found(folder: Path, phase: str) -> None:
    assert await broken_promises(folder, phase, wrap=_deaf, within_s=_SHORT_S)


async def _leave_at_any_moment(folder: Path, times: int) -> None:
    async with scene(folder, slots=2) as place:
        for number in range(times):
            caller = await place.ask(f"{random.choice(('prompt', 'stream'))} {number}")
            for _ in range(random.randrange(12)):
                await asyncio.sleep(0)
            caller.leave()
        assert await place.until(0, 0, _LONG_S)
        place.engine.go_on["last"].set()
        last = await place.ask("last")
        assert b"[DONE]" in await last.answer()


@pytest.mark.fault("F25")
async def test_no_slot_is_lost_whenever_callers_leave(folder: Path) -> None:
    await _leave_at_any_moment(folder, 200)


@pytest.mark.soak
@pytest.mark.fault("F25")
async def test_no_slot_is_lost_in_ten_thousand_leavings(folder: Path) -> None:
    await _leave_at_any_moment(folder, 10_000)
