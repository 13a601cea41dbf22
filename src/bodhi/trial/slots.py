"""The supervisor's slots, with word of what is going on while one is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from bodhi.engine.contract import EngineInfo, EngineSpec, EngineState
from bodhi.engine.lease import Lease
from bodhi.engine.supervisor import SlotRequest, Supervisor
from bodhi.trial.shown import Phase

# What a load takes is looked up in the process table: there is no other sign of it.
_LOOK_EVERY_S = 0.1
_ALMOST = 99

Tell = Callable[[Phase, int | None], Awaitable[None]]


class WatchedSlots:
    """As the supervisor. ``tell`` is called with ``queued``, with ``loading`` and its percent, and
    with ``prompt`` once a slot is there."""

    def __init__(self, supervisor: Supervisor, tell: Tell) -> None:
        self._supervisor = supervisor
        self._tell = tell

    def slot(self, spec: EngineSpec, *, alias: str) -> AbstractAsyncContextManager[Lease]:
        """See ``Supervisor.slot``."""
        request = self._supervisor.slot(spec, alias=alias)
        return _WatchedRequest(request, self._supervisor, spec, self._tell)


class _WatchedRequest:
    def __init__(
        self, request: SlotRequest, supervisor: Supervisor, spec: EngineSpec, tell: Tell
    ) -> None:
        self._request = request
        self._supervisor = supervisor
        self._spec = spec
        self._tell = tell

    async def __aenter__(self) -> Lease:
        await self._tell(Phase.QUEUED, None)
        watching = asyncio.create_task(self._watch())
        try:
            lease = await self._request.__aenter__()
        finally:
            watching.cancel()
            await asyncio.wait({watching})
        try:
            await self._tell(Phase.PROMPT, None)
        except BaseException:
            await self._request.__aexit__(None, None, None)
            raise
        return lease

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._request.__aexit__(kind, error, traceback)

    async def _watch(self) -> None:
        most = -1
        while True:
            info = self._supervisor.engine(self._spec.load_key)
            if info is not None and info.state is EngineState.STARTING:
                percent = loaded_percent(info, self._spec)
                if percent > most:
                    most = percent
                    await self._tell(Phase.LOADING, percent)
            await asyncio.sleep(_LOOK_EVERY_S)


def loaded_percent(info: EngineInfo, spec: EngineSpec) -> int:
    """How much of its memory a load has taken. Never 100: ready is what its engine says itself."""
    if not info.memory_bytes or not spec.memory_bytes:
        return 0
    return min(_ALMOST, 100 * info.memory_bytes // spec.memory_bytes)
