"""The engines that live, and what is remembered of load keys: start, watch, stop, bury.

One caretaker task per engine awaits what takes time and reports through plain methods without an
``await`` in them; only those change a state. What happened goes on to the supervisor.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from math import ceil
from typing import Any, Protocol

from bodhi.engine import exits, policy
from bodhi.engine.contract import EngineExit, EngineSpec, EngineState, Launcher
from bodhi.engine.load_watch import watch_load
from bodhi.engine.model_path import require_unchanged
from bodhi.engine.running import Engine, History
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import BodhiError, EngineLoadFailed, EngineNotFound

_log = logging.getLogger(__name__)

_FAILURES_SHOWN = 8
_ENDED_REMEMBERED = 8
_WORDS_SHOWN = 12
_KILLED = (-15, -9)  # SIGTERM, SIGKILL, which Windows has no names for
_KILLS_FORGIVEN = 1
_CRASHES_AT_ONCE = 4  # in a row and without one answer, until a load key has to rest


class Observer(Protocol):
    """Who decides about the fleet; told of each event right after the states have changed."""

    def became_ready(self, engine: Engine) -> None: ...

    def load_failed(self, load_key: str, error: BodhiError) -> None:
        """Followed by ``ended``."""

    def ended(self) -> None: ...

    def state_changed(self, engine: Engine) -> None:
        """Of each state an engine comes into, for people; decides nothing."""


class Fleet:
    """At most one live process per load key. Decides nothing but when an idle engine stops."""

    def __init__(
        self,
        launcher: Launcher,
        observer: Observer,
        *,
        runtime_dir: RuntimeDir,
        idle_unload_s: float,
        load_timeout_s: float,
    ) -> None:
        self.live: dict[str, Engine] = {}  # by load key, while there is a process
        self._launcher = launcher
        self._observer = observer
        self._runtime_dir = runtime_dir
        self._idle_unload_s = idle_unload_s
        self._load_timeout_s = load_timeout_s
        self._history: dict[str, History] = {}  # by load key
        self._lately_failed: dict[str, Engine] = {}  # by load key, the latest last
        self._lately_ended: deque[Engine] = deque(maxlen=_ENDED_REMEMBERED)  # however it ended
        self._tasks: set[asyncio.Task[None]] = set()

    # -- What is known.

    def all(self) -> list[Engine]:
        """Every live engine, and those that failed lately and were not tried again since."""
        return [*self.live.values(), *self._lately_failed.values()]

    def find(self, engine_id: str) -> Engine:
        """Raises EngineNotFound."""
        for engine in self.all():
            if engine.id == engine_id:
                return engine
        raise EngineNotFound("No engine has this id.", remedy="List the engines.")

    def recall(self, engine_id: str) -> Engine:
        """The same, or one that ended lately: its last words say why. Raises EngineNotFound."""
        for engine in self._lately_ended:
            if engine.id == engine_id:
                return engine
        return self.find(engine_id)

    def last_words(self, load_key: str) -> tuple[str, ...]:
        """The errors that the engine which ended last had printed, else the end of its log."""
        ended = (one for one in reversed(self._lately_ended) if one.spec.load_key == load_key)
        engine = next(ended, None)
        if engine is None:
            return ()
        exit_ = engine.gone.result() if engine.gone.done() else None
        return (exit_ and exit_.lines) or tuple(line.text for line in engine.log[-_WORDS_SHOWN:])

    def loads(self, load_key: str) -> int:
        """How often a process was started for this load key."""
        past = self._history.get(load_key)
        return past.loads if past else 0

    def refuse_while_resting(self, load_key: str) -> None:
        """Raise the error of the last load, for as long as it must not be tried again."""
        past = self._history.get(load_key)
        if past is None or past.error is None:
            return
        rest_s = past.retry_at - asyncio.get_running_loop().time()
        if rest_s > 0:
            raise again(past.error, ceil(rest_s))

    def forget_failure(self, load_key: str) -> None:
        """The next request may load at once."""
        self._lately_failed.pop(load_key, None)
        self._history[load_key] = History(loads=self.loads(load_key))

    # -- Commands. They return at once.

    def start(self, spec: EngineSpec) -> None:
        """Begin a load. There must be no live engine of this load key."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        engine = Engine(spec, started_at=time.time(), begun=now, gone=loop.create_future())
        self.live[spec.load_key] = engine
        self._past(spec.load_key).loads += 1
        self._lately_failed.pop(spec.load_key, None)
        self._observer.state_changed(engine)
        self._spawn(self._caretake(engine))

    def begin_stop(self, engine: Engine) -> None:
        """No new work from here on; the process ends when the last request has left it."""
        self._set_state(engine, EngineState.STOPPING)
        if engine.idle_timer:
            engine.idle_timer.cancel()
        if engine.busy == 0:
            self._end_process(engine)

    def force_all(self) -> None:
        """End every process, whatever runs in it."""
        for engine in self.live.values():
            engine.is_forced = True
            self._set_state(engine, EngineState.STOPPING)
            self._end_process(engine)

    async def all_gone(self) -> None:
        """Wait until every process that was told to end has ended; then nothing is left behind."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._runtime_dir.remove()

    # -- The life of an engine.

    async def _caretake(self, engine: Engine) -> None:
        error = await self._load(engine)
        process = engine.process
        exit_: EngineExit | None = None
        if process is not None:
            if error is None and engine.state is EngineState.STARTING:
                self._became_ready(engine)
                exit_ = await process.wait_exit()
            else:
                ended_by_itself = process.sample() is None
                await process.stop()
                exit_ = await process.wait_exit()
                if ended_by_itself and self._may_load_again(engine, exit_):
                    error = None
        self._ended(engine, exit_, error)

    async def _load(self, engine: Engine) -> BodhiError | None:
        spec = engine.spec
        try:
            require_unchanged(spec)
            engine.process = await self._launcher.launch(
                spec, engine_id=engine.id, runtime_dir=self._runtime_dir.path()
            )
            if engine.state is EngineState.STARTING:
                await watch_load(engine.process, spec, timeout_s=self._load_timeout_s)
                require_unchanged(spec)
        except BodhiError as error:
            return error
        except Exception:
            _log.exception("starting an engine failed")
            return EngineLoadFailed(f"Starting the engine of {spec.model_path.name} failed.")
        return None

    def _may_load_again(self, engine: Engine, exit_: EngineExit) -> bool:
        """Who kills an engine while it loads is no reason to fail those who wait; but only once,
        because it may have been the kernel, out of memory."""
        if engine.state is not EngineState.STARTING or exit_.returncode not in _KILLED:
            return False
        past = self._past(engine.spec.load_key)
        past.kills += 1
        return past.kills <= _KILLS_FORGIVEN

    def _became_ready(self, engine: Engine) -> None:
        engine.last_used = asyncio.get_running_loop().time()
        engine.load_seconds = engine.last_used - engine.begun
        self._set_state(engine, EngineState.READY)
        past = self._past(engine.spec.load_key)
        past.failures, past.kills, past.error = 0, 0, None
        model = engine.spec.model_path.name
        _log.info("engine %s of %s is ready after %.1f s", engine.id, model, engine.load_seconds)
        if self._idle_unload_s > 0:
            self._watch_idle(engine)
        self._observer.became_ready(engine)

    def _watch_idle(self, engine: Engine) -> None:
        """One timer per engine, set anew when it rings: giving a slot back need not touch it."""
        loop = asyncio.get_running_loop()
        used_at = loop.time() if engine.busy else engine.last_used
        if used_at + self._idle_unload_s <= loop.time():
            self.begin_stop(engine)
        else:
            engine.idle_timer = loop.call_at(
                used_at + self._idle_unload_s, self._watch_idle, engine
            )

    def _end_process(self, engine: Engine) -> None:
        # Without a process yet, the caretaker sees the state as soon as there is one.
        if engine.process is not None:
            self._spawn(engine.process.stop())

    def _ended(self, engine: Engine, exit_: EngineExit | None, error: BodhiError | None) -> None:
        del self.live[engine.spec.load_key]
        if engine.idle_timer:
            engine.idle_timer.cancel()
        if engine.process is not None:
            engine.log = engine.process.log(0)
            engine.process = None
            self._lately_ended.append(engine)
        was, engine.state = engine.state, EngineState.STOPPED
        engine.gone.set_result(exit_)
        if was is EngineState.READY and exit_ is not None:
            self._after_crash(engine, exit_)
        elif was is EngineState.STARTING and error is not None:
            self._after_failed_load(engine, error)
        self._observer.state_changed(engine)
        self._observer.ended()

    def _after_crash(self, engine: Engine, exit_: EngineExit) -> None:
        """Who waits is served by a fresh engine, unless none of them lives to answer."""
        past = self._past(engine.spec.load_key)
        past.crashes = 1 if engine.has_answered else past.crashes + 1
        error = exits.crashed(engine.spec.model_path.name, exit_)
        if past.crashes > _CRASHES_AT_ONCE:
            self._rest(engine, error, times=past.crashes - _CRASHES_AT_ONCE)
        else:
            _log.warning("engine %s crashed: %s", engine.id, error.message)

    def _after_failed_load(self, engine: Engine, error: BodhiError) -> None:
        past = self._past(engine.spec.load_key)
        past.failures += 1
        self._rest(engine, error, times=past.failures)

    def _rest(self, engine: Engine, error: BodhiError, *, times: int) -> None:
        """Everybody who waits gets the error, and nobody starts another for a while."""
        past = self._past(engine.spec.load_key)
        rest_s = policy.back_off_s(times)
        past.retry_at = asyncio.get_running_loop().time() + rest_s
        past.error = again(error, ceil(rest_s))
        engine.state = EngineState.FAILED
        engine.failure = error.message
        _log.warning("engine %s failed: %s", engine.id, error.message)
        self._lately_failed[engine.spec.load_key] = engine
        if len(self._lately_failed) > _FAILURES_SHOWN:
            del self._lately_failed[next(iter(self._lately_failed))]
        self._observer.load_failed(engine.spec.load_key, past.error)

    def _set_state(self, engine: Engine, state: EngineState) -> None:
        if engine.state is not state:
            engine.state = state
            self._observer.state_changed(engine)

    def _past(self, load_key: str) -> History:
        return self._history.setdefault(load_key, History())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def again(error: BodhiError, retry_after_s: int | None) -> BodhiError:
    """The same error for one more caller: a raised exception belongs to whoever catches it."""
    return type(error)(
        error.message, pointer=error.pointer, remedy=error.remedy, retry_after_s=retry_after_s
    )
