"""Which engines to start, stop or let run dry, so that every waiting request gets its turn. Pure.

The rules:

- Load keys get an engine in the order of their oldest waiting request.
- An engine that is in the way is stopped only when nothing runs in it. Idle ones go first, the
  longest unused before the others; if none is idle, one of the busy ones *yields*: it finishes
  what runs in it and is given nothing new.
- An engine yields only when it has had its turn: everybody who waited for it when it became ready,
  and everybody who came before the request that it would yield to, has a slot. So a load serves a
  batch, and two load keys that take turns do not starve each other.
- Memory is a place like the others: what an engine will take must be free before it starts.
- A remote takes neither: it is always let in, and never in anybody's way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bodhi.engine.contract import EngineState

BACK_OFF_FIRST_S = 1.0
BACK_OFF_MOST_S = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """One live process: starting, ready or stopping."""

    engine_id: str
    state: EngineState
    busy: int  # requests in it
    oldest_ticket: int | None  # of those that wait for it
    turn_ends: int  # tickets below this one belong to its turn
    last_used: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A load key that requests wait for and that no process holds."""

    load_key: str
    oldest_ticket: int
    memory_bytes: int
    is_remote: bool = False


@dataclass(slots=True)
class Decision:
    """What to do now. Whatever is in no list waits for the next event."""

    start: list[str] = field(default_factory=list)  # load keys
    refuse: list[str] = field(default_factory=list)  # load keys that can never fit
    stop: list[str] = field(default_factory=list)  # engines in which nothing runs
    yielding: set[str] = field(default_factory=set)  # engines that get no new work


@dataclass(slots=True)
class _Room:
    """Places and bytes: now, and once everything that is on its way out has gone."""

    places: int
    memory: int
    places_soon: int
    memory_soon: int

    def fits(self, memory_bytes: int) -> bool:
        return self.places > 0 and self.memory >= memory_bytes

    def will_fit(self, memory_bytes: int) -> bool:
        return self.places_soon > 0 and self.memory_soon >= memory_bytes

    def promise(self, memory_bytes: int) -> None:
        self.places -= 1
        self.memory -= memory_bytes
        self.places_soon -= 1
        self.memory_soon -= memory_bytes

    def expect(self, memory_bytes: int) -> None:
        self.places_soon += 1
        self.memory_soon += memory_bytes


def decide(
    running: Sequence[Running], wanted: Iterable[Wanted], *, max_engines: int, free_bytes: int
) -> Decision:
    """The next steps. ``free_bytes`` is what the machine has free at this moment.

    Remotes are not among ``running``.
    """
    decision = Decision()
    room = _room(running, max_engines, free_bytes)
    candidates = [engine for engine in running if engine.state is not EngineState.STOPPING]
    for key in sorted(wanted, key=lambda key: key.oldest_ticket):
        if key.is_remote:
            decision.start.append(key.load_key)
            continue
        if key.memory_bytes > _most_memory(running, free_bytes):
            decision.refuse.append(key.load_key)
            continue
        if room.fits(key.memory_bytes):
            decision.start.append(key.load_key)
        else:
            _make_room(key, room, candidates, decision)
        # Promised even while it waits, so that nobody younger takes its place.
        room.promise(key.memory_bytes)
    return decision


def back_off_s(failures: int) -> float:
    """How long a load key rests after its nth failure in a row: 1 s, 2 s, 4 s ... 30 s."""
    return min(BACK_OFF_MOST_S, BACK_OFF_FIRST_S * 2.0 ** min(failures - 1, 10))


def _room(running: Sequence[Running], max_engines: int, free_bytes: int) -> _Room:
    # What a load has not taken yet is free only in appearance.
    starting = [engine for engine in running if engine.state is EngineState.STARTING]
    stopping = [engine for engine in running if engine.state is EngineState.STOPPING]
    places = max_engines - len(running)
    memory = free_bytes - sum(engine.memory_bytes for engine in starting)
    return _Room(
        places,
        memory,
        places + len(stopping),
        memory + sum(engine.memory_bytes for engine in stopping),
    )


def _most_memory(running: Sequence[Running], free_bytes: int) -> int:
    """What would be free without any engine; too much rather than too little, because a refusal
    is final and a wait is not."""
    return free_bytes + sum(engine.memory_bytes for engine in running)


def _make_room(key: Wanted, room: _Room, candidates: list[Running], decision: Decision) -> None:
    for engine in sorted(candidates, key=lambda engine: (engine.busy, engine.last_used)):
        if room.will_fit(key.memory_bytes):
            return
        if not _may_go(engine, key):
            continue
        candidates.remove(engine)
        room.expect(engine.memory_bytes)
        if engine.busy:
            decision.yielding.add(engine.engine_id)
        else:
            decision.stop.append(engine.engine_id)


def _may_go(engine: Running, key: Wanted) -> bool:
    """Whether its turn is over. A load goes on as long as anybody waits for it."""
    if engine.oldest_ticket is None:
        return True
    is_ready = engine.state is EngineState.READY
    return is_ready and engine.oldest_ticket >= max(engine.turn_ends, key.oldest_ticket)
