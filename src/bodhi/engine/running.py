"""What is kept of one engine, and of one load key. Only fleet and supervisor write here."""

import asyncio
import secrets
from dataclasses import dataclass, field

from bodhi.engine.contract import EngineExit, EngineInfo, EngineProcess, EngineSpec, EngineState
from bodhi.engine.output import LogLine
from bodhi.errors import BodhiError

# An engine's answers carry its name, which is looked for in each to be replaced. In capitals, which
# JSON seldom has, the search leaps over nearly everything.
_CAPITALS = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")


def _random_name() -> str:
    return secrets.token_hex(8).translate(_CAPITALS)


# By a name of its own, because looking it up in its class is slow.
_READY = EngineState.READY


@dataclass(slots=True, eq=False)
class Engine:
    """One engine from the decision to start it to the end of its process."""

    spec: EngineSpec
    started_at: float  # seconds since the epoch
    begun: float  # the loop's clock, as all the other times here
    gone: "asyncio.Future[EngineExit | None]"  # None: there never was a process
    id: str = field(default_factory=_random_name)
    state: EngineState = EngineState.STARTING
    process: EngineProcess | None = None
    busy: int = 0
    is_yielding: bool = False  # gets no new work, so that another load key gets its turn
    is_forced: bool = False  # was stopped although requests ran in it
    has_answered: bool = False  # a request came out of it while it was alive
    turn_ends: int = 0  # the first ticket after its turn: see policy
    last_used: float = 0.0
    load_seconds: float | None = None
    aliases: set[str] = field(default_factory=set)
    idle_timer: asyncio.TimerHandle | None = None
    log: tuple[LogLine, ...] = ()  # what it had said when it ended
    failure: str | None = None
    slots: int = field(init=False)

    def __post_init__(self) -> None:
        self.slots = self.spec.slots

    def has_slot(self) -> bool:
        """Whether a request whose turn it is may enter now."""
        is_open = self.state is _READY and not self.is_yielding
        return is_open and self.busy < self.slots


@dataclass(slots=True)
class History:
    """What is remembered of a load key while no engine has it."""

    loads: int = 0
    failures: int = 0  # failed loads in a row
    kills: int = 0  # loads in a row that somebody else ended
    crashes: int = 0  # crashes in a row without one answer
    retry_at: float = 0.0  # the loop's clock
    error: BodhiError | None = None


def in_brief(engine: Engine) -> dict[str, object]:
    """What an event says of ``engine``: which one it is, and its state."""
    return {
        "id": engine.id,
        "load_key": engine.spec.load_key,
        "model": engine.spec.model_path.name,
        "state": engine.state.value,
        "failure": engine.failure,
    }


def photograph(engine: Engine, *, waiting: int, loads: int) -> EngineInfo:
    """``engine`` as people see it."""
    process = engine.process
    sample = process.sample() if process else None
    return EngineInfo(
        id=engine.id,
        load_key=engine.spec.load_key,
        state=engine.state,
        model=engine.spec.model_path.name,
        options=engine.spec.options,
        slots=engine.slots,
        busy=engine.busy,
        waiting=waiting,
        pid=process.pid if process else None,
        started_at=engine.started_at,
        load_seconds=engine.load_seconds,
        # A remote has no memory of ours, and no process has none.
        memory_bytes=sample.resident_bytes or None if sample else None,
        aliases=tuple(sorted(engine.aliases)),
        loads=loads,
        failure=engine.failure,
    )
