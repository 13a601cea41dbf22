"""Lends the slots of engines in turn, and decides which engines there are.

There is no task or lock between a request and its slot. Everything runs in one event loop, and
whatever changes a state is a plain method without an ``await`` in it, so that no two changes can
overlap; what takes time is awaited by the fleet's caretakers, which report back through such
methods. After each event ``_dispatch`` asks the pure ``policy`` what to do. A free slot of a ready
engine for which nobody waits is taken at once.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bodhi.engine import policy
from bodhi.engine.contract import EngineInfo, EngineSpec, EngineState, Launcher
from bodhi.engine.fleet import Fleet, again
from bodhi.engine.lease import Lease
from bodhi.engine.memory_check import not_enough_memory
from bodhi.engine.output import LogLine
from bodhi.engine.running import Engine, in_brief, photograph
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.engine.waiting import FairQueue, Waiter
from bodhi.errors import BodhiError, QueueFull, ShuttingDown

_QUEUE_RETRY_S = 2
_NO_LIMIT_BYTES = 1 << 62


class Supervisor:
    """The one owner of engines. All methods belong to one event loop.

    At most ``max_engines`` processes live at a time; one that is unused for ``idle_unload_s``
    seconds is stopped (0 keeps it); a load that makes no progress for ``load_timeout_s`` seconds
    is given up. ``max_queue`` requests may wait per alias, beside those that a load in progress
    will have slots for. ``free_memory`` gives the bytes that a load may take now; None switches
    that check off. Sockets go into a fresh folder under ``runtime_parent``. ``on_state`` is told
    of every engine that comes into another state (``running.in_brief``); it must not call back.
    """

    def __init__(
        self,
        launcher: Launcher,
        *,
        max_engines: int,
        max_queue: int,
        idle_unload_s: float,
        load_timeout_s: float,
        free_memory: Callable[[], int] | None,
        runtime_parent: Path | None = None,
        on_state: Callable[[dict[str, object]], None] | None = None,
    ) -> None:
        self._launcher = launcher
        self._max_engines = max_engines
        self._max_queue = max_queue
        self._free_memory = free_memory
        self._on_state = on_state
        self._fleet = Fleet(
            launcher,
            self,
            runtime_dir=RuntimeDir(runtime_parent),
            idle_unload_s=idle_unload_s,
            load_timeout_s=load_timeout_s,
        )
        self._queues: dict[str, FairQueue[Lease]] = {}  # by load key; none of them is empty
        self._next_ticket = 0
        self._is_closing = False

    # -- For requests.

    def slot(self, spec: EngineSpec, *, alias: str) -> "SlotRequest":
        """``async with supervisor.slot(spec, alias=name) as lease:`` holds a slot on ``spec``.

        ``alias`` is the name under which the request waits its turn. Entering raises QueueFull,
        EngineLoadFailed, EngineLoadTimeout, NotEnoughMemory, ModelFileMissing, EngineCrashed
        (after several in a row), ShuttingDown, and what the launcher refuses about the options.
        """
        return SlotRequest(self, spec, alias)

    def take(self, spec: EngineSpec, alias: str) -> Lease | None:
        """A slot that is free right now and nobody else's turn, or None."""
        engine = self._fleet.live.get(spec.load_key)
        if engine is None or spec.load_key in self._queues or not engine.has_slot():
            return None
        return _lend(engine, alias)

    async def wait(self, spec: EngineSpec, alias: str) -> Lease:
        """A slot as soon as it is this request's turn. Errors: see ``slot``."""
        self._refuse(spec, alias)
        granted: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        waiter = Waiter(spec, alias, self._next_ticket, granted)
        self._next_ticket += 1
        self._queues.setdefault(spec.load_key, FairQueue()).put(waiter)
        self._dispatch()
        try:
            return await granted
        except asyncio.CancelledError:
            self._give_up(waiter)
            raise

    def release(self, lease: Lease) -> None:
        """Give the slot back; once for each lease."""
        engine = lease.engine
        engine.busy -= 1
        engine.last_used = asyncio.get_running_loop().time()
        if engine.state is EngineState.READY:
            engine.has_answered = True
        elif engine.state is EngineState.STOPPING:
            self._fleet.begin_stop(engine)
        if self._queues:
            self._dispatch()

    # -- For people.

    def engines(self) -> list[EngineInfo]:
        """Every live engine, and those that failed lately and were not tried again since."""
        return [
            photograph(
                engine,
                waiting=len(self._queues.get(engine.spec.load_key, ())),
                loads=self.loads(engine.spec.load_key),
            )
            for engine in self._fleet.all()
        ]

    def engine(self, load_key: str) -> EngineInfo | None:
        """The live engine of this load key."""
        engine = self._fleet.live.get(load_key)
        if engine is None:
            return None
        waiting = len(self._queues.get(load_key, ()))
        return photograph(engine, waiting=waiting, loads=self.loads(load_key))

    def last_words(self, load_key: str) -> tuple[str, ...]:
        """What the engine of this load key that ended last said, as far as anybody may read it."""
        return self._fleet.last_words(load_key)

    def loads(self, load_key: str) -> int:
        """How often a process was started for this load key."""
        return self._fleet.loads(load_key)

    def log(self, engine_id: str, after: int = 0) -> tuple[EngineState, tuple[LogLine, ...]]:
        """Its state, and what it printed behind line ``after`` as far as anybody may read it.

        Also of one of the last that ended. Raises EngineNotFound.
        """
        engine = self._fleet.recall(engine_id)
        if engine.process is not None:
            return engine.state, engine.process.log(after)
        return engine.state, tuple(line for line in engine.log if line.number > after)

    async def stop(self, engine_id: str) -> None:
        """Let the engine finish what runs in it, stop it, return when it is gone.

        A failed one is forgotten, its back-off with it. Raises EngineNotFound.
        """
        engine = self._fleet.find(engine_id)
        if engine.state is EngineState.FAILED:
            self._fleet.forget_failure(engine.spec.load_key)
            return
        self._fleet.begin_stop(engine)
        await asyncio.wait({engine.gone})

    async def aclose(self, drain_s: float) -> None:
        """Refuse new requests, give running ones ``drain_s`` seconds, then end every process."""
        self._is_closing = True
        for key in list(self._queues):
            self._fail(key, ShuttingDown("The server is stopping."))
        engines = list(self._fleet.live.values())
        for engine in engines:
            self._fleet.begin_stop(engine)
        if engines:
            await asyncio.wait({engine.gone for engine in engines}, timeout=drain_s)
        self._fleet.force_all()
        await self._fleet.all_gone()

    # -- What the fleet reports.

    def became_ready(self, engine: Engine) -> None:
        engine.turn_ends = self._next_ticket
        self._dispatch()

    def load_failed(self, load_key: str, error: BodhiError) -> None:
        self._fail(load_key, error)

    def ended(self) -> None:
        self._dispatch()

    def state_changed(self, engine: Engine) -> None:
        if self._on_state is not None:
            self._on_state(in_brief(engine))

    # -- Decisions.

    def _dispatch(self) -> None:
        """Carry out everything that can be decided now."""
        wanted = self._wanted()
        free_bytes = self._free_memory() if wanted and self._free_memory else _NO_LIMIT_BYTES
        is_settled = False
        while not is_settled:  # lending a slot may end an engine's turn
            decision = self._decide(wanted, free_bytes)
            going = {*decision.yielding, *decision.stop}
            for engine in self._fleet.live.values():
                engine.is_yielding = engine.id in going
            is_settled = not self._lend_all()
        for key in decision.refuse:
            spec = self._queues[key].any_spec()
            self._fail(key, not_enough_memory(spec.model_path.name, spec.memory_bytes, free_bytes))
        for engine in self._fleet.live.values():
            if engine.id in decision.stop:
                self._fleet.begin_stop(engine)
        for key in decision.start:
            self._fleet.start(self._queues[key].any_spec())

    def _decide(self, wanted: list[policy.Wanted], free_bytes: int) -> policy.Decision:
        if not wanted:
            return policy.Decision()
        return policy.decide(
            self._running(), wanted, max_engines=self._max_engines, free_bytes=free_bytes
        )

    def _wanted(self) -> list[policy.Wanted]:
        return [
            _wanted(key, queue)
            for key, queue in self._queues.items()
            if key not in self._fleet.live
        ]

    def _running(self) -> list[policy.Running]:
        return [
            policy.Running(
                engine_id=engine.id,
                state=engine.state,
                busy=engine.busy,
                oldest_ticket=self._queues[key].oldest_ticket() if key in self._queues else None,
                turn_ends=engine.turn_ends,
                last_used=engine.last_used,
                memory_bytes=engine.spec.memory_bytes,
            )
            for key, engine in self._fleet.live.items()
            if engine.spec.remote is None
        ]

    def _lend_all(self) -> bool:
        """Give free slots to those whose turn it is; whether there were any."""
        has_lent = False
        for key, queue in list(self._queues.items()):
            engine = self._fleet.live.get(key)
            while engine and queue and engine.has_slot():
                waiter = queue.pop()
                has_lent = True
                if not waiter.granted.done():  # cancelled, and not yet gone
                    waiter.granted.set_result(_lend(engine, waiter.alias))
            self._drop_if_empty(key)
        return has_lent

    # -- The queue.

    def _refuse(self, spec: EngineSpec, alias: str) -> None:
        if self._is_closing:
            raise ShuttingDown("The server is stopping.")
        key = spec.load_key
        engine = self._fleet.live.get(key)
        if engine is None:
            self._launcher.check(spec)
            self._fleet.refuse_while_resting(key)
        waiting = self._queues[key].waiting_for(alias) if key in self._queues else 0
        coming = 0 if engine and engine.state is EngineState.READY else spec.slots
        if waiting >= self._max_queue + coming:
            raise QueueFull(
                f"{waiting} requests wait for {alias} already.",
                remedy="Try again later, or give the alias more slots (n_parallel).",
                retry_after_s=_QUEUE_RETRY_S,
            )

    def _give_up(self, waiter: Waiter[Lease]) -> None:
        """Its task was cancelled; perhaps just after it was given a slot."""
        granted = waiter.granted
        if granted.done() and not granted.cancelled() and granted.exception() is None:
            self.release(granted.result())
            return
        key = waiter.spec.load_key
        if key in self._queues:
            self._queues[key].discard(waiter)
            self._drop_if_empty(key)
            self._dispatch()

    def _fail(self, key: str, error: BodhiError) -> None:
        for waiter in self._queues.pop(key, ()):
            if not waiter.granted.done():
                waiter.granted.set_exception(again(error, error.retry_after_s))

    def _drop_if_empty(self, key: str) -> None:
        if not self._queues[key]:
            del self._queues[key]


class SlotRequest:
    """A wish for a slot; ``async with`` it to hold one."""

    __slots__ = ("_alias", "_lease", "_spec", "_supervisor")

    def __init__(self, supervisor: Supervisor, spec: EngineSpec, alias: str) -> None:
        self._supervisor = supervisor
        self._spec = spec
        self._alias = alias
        self._lease: Lease | None = None

    async def __aenter__(self) -> Lease:
        lease = self._supervisor.take(self._spec, self._alias)
        if lease is None:
            lease = await self._supervisor.wait(self._spec, self._alias)
        self._lease = lease
        return lease

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lease is not None:
            self._supervisor.release(self._lease)
            self._lease = None


def _wanted(key: str, queue: FairQueue[Lease]) -> policy.Wanted:
    spec = queue.any_spec()
    return policy.Wanted(key, queue.oldest_ticket(), spec.memory_bytes, spec.remote is not None)


def _lend(engine: Engine, alias: str) -> Lease:
    process = engine.process
    assert process is not None  # noqa: S101 - a ready engine has one
    engine.busy += 1
    engine.aliases.add(alias)
    return Lease(engine, process.address, process.api_key)
