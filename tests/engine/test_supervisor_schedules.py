"""Random schedules of requests, swaps, crashes and stops on a virtual clock, against one ledger of
everything that must never happen."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodhi.engine import policy
from bodhi.engine.contract import EngineSpec
from bodhi.engine.lease import Lease
from bodhi.engine.running import Engine
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import EngineFailure, EngineLoadFailed, EngineNotFound, QueueFull
from tests.engine.factories import MIB, make_spec, make_supervisor
from tests.support.fake_engine_process import FakeLauncher, FakeProcess
from tests.support.virtual_clock import run_virtual

# Two aliases share an engine, one has been edited, one is large.
RECIPES = {
    "chat": make_spec("a", slots=2, memory_bytes=3 * MIB),
    "code": make_spec("a", slots=2, memory_bytes=3 * MIB),
    "edited": make_spec("a", slots=2, n_ctx=512, memory_bytes=3 * MIB),
    "small": make_spec("b", memory_bytes=2 * MIB),
    "large": make_spec("c", memory_bytes=6 * MIB),
}
MACHINE_BYTES = 8 * MIB
IDLE_S = 7.0
LONG_S = 10_000.0


@dataclass(frozen=True)
class Ask:
    alias: str
    hold_s: float
    patience_s: float | None


@dataclass(frozen=True)
class Crash:
    which: int


@dataclass(frozen=True)
class FailLoad:
    pass


@dataclass(frozen=True)
class Stop:
    which: int


Action = Ask | Crash | FailLoad | Stop

_SECONDS = st.sampled_from([0.0, 0.001, 0.5, 1.0, 3.0, IDLE_S, 20.0])
_ASKS = st.builds(
    Ask, st.sampled_from(sorted(RECIPES)), _SECONDS, st.one_of(st.none(), st.none(), _SECONDS)
)
_ACTIONS: st.SearchStrategy[Action] = st.one_of(
    _ASKS,
    _ASKS,
    _ASKS,
    st.builds(Crash, st.integers(0, 3)),
    st.builds(FailLoad),
    st.builds(Stop, st.integers(0, 3)),
)
SCHEDULES = st.lists(st.tuples(_SECONDS, _ACTIONS), max_size=30)


@dataclass
class Ledger:
    """What happened, and what of it must never happen."""

    launcher: FakeLauncher
    running: dict[str, int] = field(default_factory=dict)  # engine id -> requests in it
    violations: set[str] = field(default_factory=set)

    def must(self, holds: bool, otherwise: str) -> None:
        """Kept rather than raised: a supervisor survives errors of a launcher."""
        if not holds:
            self.violations.add(otherwise)

    def check_processes(self, max_engines: int) -> None:
        alive = self.launcher.alive
        self.must(len({p.spec.load_key for p in alive}) == len(alive), "double load")
        self.must(len(alive) <= max_engines, "too many engines")
        self.must(sum(p.spec.memory_bytes for p in alive) <= MACHINE_BYTES, "too much memory")

    def enter(self, spec: EngineSpec, lease: Lease) -> FakeProcess:
        process = next(p for p in self.launcher.processes if p.engine_id == lease.engine_id)
        self.must(process.spec.load_key == spec.load_key, "wrong engine")
        self.running[lease.engine_id] = self.running.get(lease.engine_id, 0) + 1
        self.must(self.running[lease.engine_id] <= process.spec.slots, "more requests than slots")
        return process

    def leave(self, process: FakeProcess, *, crashed: bool) -> None:
        self.must(crashed or process.stops == 0, "killed while it answered")
        self.running[process.engine_id] -= 1


class Watched(FakeLauncher):
    """Looks at all processes whenever one is started."""

    ledger: Ledger
    max_engines: int

    async def launch(self, *arguments: Any, **more: Any) -> FakeProcess:
        process = await super().launch(*arguments, **more)
        self.ledger.check_processes(self.max_engines)
        return process


def run_schedule(
    schedule: list[tuple[float, Action]], kind: type[Supervisor], max_engines: int
) -> set[str]:
    """Everything that happened and must not."""
    launcher = Watched(load_s=1.5, stop_s=0.3)
    launcher.max_engines = max_engines
    launcher.ledger = Ledger(launcher)
    run_virtual(play(schedule, kind, launcher))
    return launcher.ledger.violations


async def play(
    schedule: list[tuple[float, Action]], kind: type[Supervisor], launcher: Watched
) -> None:
    ledger = launcher.ledger
    supervisor = make_supervisor(
        launcher,
        kind=kind,
        max_engines=launcher.max_engines,
        max_queue=6,
        idle_unload_s=IDLE_S,
        free_memory=lambda: MACHINE_BYTES - sum(p.spec.memory_bytes for p in launcher.alive),
    )
    crashed: set[str] = set()
    tasks: list[asyncio.Task[None]] = []
    for delay_s, action in schedule:
        await asyncio.sleep(delay_s)
        match action:
            case Ask():
                tasks.append(asyncio.create_task(_ask(supervisor, action, ledger, crashed)))
            case Crash(which) if which < len(launcher.alive):
                victim = launcher.alive[which]
                if victim.stops == 0:
                    crashed.add(victim.engine_id)
                    victim.end(-11)
            case FailLoad():
                launcher.failures[:] = [EngineLoadFailed("made to fail")]
            case Stop(which) if which < len(supervisor.engines()):
                engine_id = supervisor.engines()[which].id
                tasks.append(asyncio.create_task(supervisor.stop(engine_id)))
            case _:
                pass
    if tasks:
        done, stuck = await asyncio.wait(tasks, timeout=LONG_S)
        ledger.must(not stuck, "somebody waits for ever")
        for task in done:
            error = task.exception()
            ledger.must(error is None or isinstance(error, EngineNotFound), f"raised {error!r}")
    infos = supervisor.engines()
    ledger.must(all(info.busy == info.waiting == 0 for info in infos), "a slot was lost")
    await asyncio.sleep(3 * IDLE_S)
    ledger.must(launcher.alive == [], "an idle engine was kept")
    await supervisor.aclose(0)


async def _ask(supervisor: Supervisor, ask: Ask, ledger: Ledger, crashed: set[str]) -> None:
    spec = RECIPES[ask.alias]
    try:
        async with asyncio.timeout(ask.patience_s):
            for _ in range(100):
                async with supervisor.slot(spec, alias=ask.alias) as lease:
                    process = ledger.enter(spec, lease)
                    try:
                        await asyncio.sleep(ask.hold_s)
                    finally:
                        broke = lease.engine_id in crashed
                        ledger.leave(process, crashed=broke)
                if not broke:
                    return
            ledger.must(False, "served by crashing engines only")
    except (TimeoutError, QueueFull):
        pass
    except EngineFailure as error:
        known = "made to fail" in error.message or "SIGSEGV" in error.message
        ledger.must(known, f"refused: {error.message}")


@settings(max_examples=300)
@given(SCHEDULES, st.integers(1, 3))
def test_no_schedule_leads_to_a_wrong_engine_a_double_load_or_a_deadlock(
    schedule: list[tuple[float, Action]], max_engines: int
) -> None:
    assert run_schedule(schedule, Supervisor, max_engines) == set()


@pytest.mark.soak
@settings(max_examples=20_000)
@given(SCHEDULES, st.integers(1, 3))
def test_no_schedule_of_many_does(schedule: list[tuple[float, Action]], max_engines: int) -> None:
    assert run_schedule(schedule, Supervisor, max_engines) == set()


# -- The ledger sees what it is there for: one planted defect each.


class TakesTooMany(Supervisor):
    def take(self, spec: EngineSpec, alias: str) -> Lease | None:
        for engine in self._fleet.live.values():
            engine.slots = 99
        return super().take(spec, alias)


class TakesAnyEngine(Supervisor):
    def take(self, spec: EngineSpec, alias: str) -> Lease | None:
        for engine in self._fleet.live.values():
            if engine.has_slot():
                return super().take(engine.spec, alias)
        return None


class KillsForASwap(Supervisor):
    def _decide(self, wanted: list[policy.Wanted], free_bytes: int) -> policy.Decision:
        decision = super()._decide(wanted, free_bytes)
        for engine in self._fleet.live.values():
            if engine.id in decision.yielding:
                self._fleet._end_process(engine)
        return decision


class CountsNoPlaces(Supervisor):
    def _decide(self, wanted: list[policy.Wanted], free_bytes: int) -> policy.Decision:
        self._max_engines = 99
        return super()._decide(wanted, free_bytes)


class CountsNoMemory(Supervisor):
    def _decide(self, wanted: list[policy.Wanted], free_bytes: int) -> policy.Decision:
        return super()._decide(wanted, 99 * MACHINE_BYTES)


class ForgetsWhatIsLoading(Supervisor):
    def became_ready(self, engine: Engine) -> None:
        super().became_ready(engine)
        if self.loads(engine.spec.load_key) == 1:
            self._fleet.start(engine.spec)


class LosesSlots(Supervisor):
    def release(self, lease: Lease) -> None:
        lease.engine.has_answered = True


class LooksOnlyOnce(Supervisor):
    def ended(self) -> None:
        pass


_TWO_MODELS: list[tuple[float, Action]] = [
    (0.0, Ask("chat", 3.0, None)),
    (2.0, Ask("small", 3.0, None)),
]


@pytest.mark.filterwarnings("ignore")  # what the defects leave behind is not the point
@pytest.mark.parametrize(
    ("defect", "complaint", "max_engines", "more"),
    [
        (TakesTooMany, "more requests than slots", 3, [(0.0, Ask("chat", 9.0, None))] * 3),
        (TakesAnyEngine, "wrong engine", 3, []),
        (KillsForASwap, "killed while it answered", 1, []),
        (CountsNoPlaces, "too many engines", 1, []),
        (CountsNoMemory, "too much memory", 3, [(0.0, Ask("large", 1.0, None))]),
        (ForgetsWhatIsLoading, "double load", 3, []),
        (LosesSlots, "somebody waits for ever", 1, []),
        (LooksOnlyOnce, "somebody waits for ever", 1, []),
    ],
)
def test_a_planted_defect_is_seen(
    defect: type[Supervisor],
    complaint: str,
    max_engines: int,
    more: list[tuple[float, Action]],
) -> None:
    assert run_schedule([*_TWO_MODELS, *more], Supervisor, max_engines) == set()
    assert complaint in run_schedule([*_TWO_MODELS, *more], defect, max_engines)
