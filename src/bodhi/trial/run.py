"""One trial from its first event to its last: the relay's call, told in phases."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from bodhi.aliases.show import show_request, shown
from bodhi.aliases.shown import ErrorShown, RequestParameter
from bodhi.engine.contract import EngineSpec
from bodhi.errors import BodhiError
from bodhi.gateway.leaving import CallerLeft
from bodhi.gateway.relay import Call, Relay
from bodhi.params.merge import Layer
from bodhi.params.values import JsonObject
from bodhi.trial.bench import Bench, Ready, foretell
from bodhi.trial.reading import Reading, payloads, phase_of
from bodhi.trial.shown import Begun, Done, Failed, Memory, Phase, Timings
from bodhi.trial.slots import WatchedSlots
from bodhi.usage.model import ExperimentKind, Source

# Tells events together: name and data of each.
Tell = Callable[..., Awaitable[None]]
Told = tuple[str, Mapping[str, object]]


@dataclass(slots=True)
class _Clock:
    """How long each phase took, in seconds of a clock that only counts."""

    began: float = field(default_factory=perf_counter)
    phase: Phase | None = None
    since: float = 0.0
    took: dict[Phase, float] = field(default_factory=dict)
    first: float | None = None

    def enter(self, phase: Phase | None) -> float:
        """Begin ``phase``, or nothing any more; returns the milliseconds since the beginning."""
        now = perf_counter()
        if self.phase is not None:
            self.took[self.phase] = self.took.get(self.phase, 0.0) + now - self.since
        if self.first is None and phase in (Phase.REASONING, Phase.CONTENT):
            self.first = now
        self.phase, self.since = phase, now
        return _ms(now - self.began)


class Run:
    """One trial. ``tell`` writes events; ``as_ours`` makes an error of ours of any other."""

    def __init__(
        self, bench: Bench, ready: Ready, tell: Tell, as_ours: Callable[[Exception], BodhiError]
    ) -> None:
        self._bench = bench
        self._ready = ready
        self._tell = tell
        self._as_ours = as_ours
        self._error: ErrorShown | None = None
        self._clock = _Clock()
        self._reading = Reading()

    async def run(self, changed_fields: list[str]) -> None:
        """Tell the trial, however it ends; raises CancelledError alone."""
        bench, ready = self._bench, self._ready
        resolution = ready.candidate.serving.resolution
        uid = ready.candidate.uid
        bench.experiments.note(ExperimentKind.TRIAL, uid or resolution.name, changed_fields)
        with bench.trials.under_way(uid, resolution.name):
            known = foretell(bench, ready).model_dump()
            await self._tell(("begun", Begun(request_id=ready.request_id, **known).model_dump()))
            try:
                await self._relayed()
            except CallerLeft:
                raise asyncio.CancelledError from None
            except Exception as error:
                ours = self._as_ours(error)
                self._error = shown(ours, ours.pointer)
            if self._error is None and self._reading.error is not None:
                self._error = _told_of(self._reading.error)
            await self._tell(self._done() if self._error is None else self._failed(self._error))

    async def _relayed(self) -> None:
        """The very way of a request. Raises CallerLeft where it is cancelled, as it is recorded."""
        bench, ready = self._bench, self._ready
        serving, prepared = ready.candidate.serving, ready.prepared
        request_id = ready.request_id.encode()
        relay = Relay(WatchedSlots(bench.supervisor, self._enter), bench.silence_s)
        with bench.meter.measure(request_id, ready.dialect.engine_path) as measure:
            measure.resolved(serving, ready.key_id, Source.DRAFT)
            measure.asked(prepared.asked.params, ready.user)
            bench.recent.remember(request_id, serving, ready.dialect, prepared)
            call = Call(ready.dialect, serving, prepared.body, True, prepared.headers, measure)
            try:
                await relay.run(call, self._send)
            except asyncio.CancelledError:
                raise CallerLeft from None

    async def _enter(self, phase: Phase, percent: int | None) -> None:
        await self._tell(self._phase(phase, percent))

    def _phase(self, phase: Phase, percent: int | None = None) -> Told:
        data: dict[str, object] = {"phase": phase, "at_ms": self._clock.enter(phase)}
        return "phase", data if percent is None else {**data, "percent": percent}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        """ASGI's, as the relay calls it."""
        told: list[Told] = []
        for delta in self._reading.deltas(payloads(message.get("body", b""))):
            phase = phase_of(delta)
            if phase is not self._clock.phase:
                told.append(self._phase(phase))
            told.append(("delta", delta))
        if told:
            await self._tell(*told)

    # -- The last event.

    def _done(self) -> Told:
        ready, clock = self._ready, self._clock
        clock.enter(None)
        spec = ready.candidate.serving.spec
        last = Done(
            finish_reason=self._reading.finish_reason,
            timings=self._timings(),
            memory=_memory(self._bench, spec),
            effective=_effective(self._bench, ready),
        )
        return "done", last.model_dump(mode="json")

    def _failed(self, error: ErrorShown) -> Told:
        self._clock.enter(None)
        load_key = self._ready.candidate.serving.spec.load_key
        lines = list(self._bench.supervisor.last_words(load_key))
        last = Failed(error=error, engine_lines=lines, timings=self._timings())
        return "error", last.model_dump(mode="json")

    def _timings(self) -> Timings:
        clock = self._clock
        return Timings.model_validate(
            {
                "phases": {phase: _ms(took) for phase, took in clock.took.items()},
                "first_token_ms": None if clock.first is None else _ms(clock.first - clock.began),
                "duration_ms": _ms(perf_counter() - clock.began),
                **self._reading.figures(),
            }
        )


def _memory(bench: Bench, spec: EngineSpec) -> Memory:
    engine = bench.supervisor.engine(spec.load_key)
    resident = None if engine is None else engine.memory_bytes
    return Memory(resident_bytes=resident, foretold_bytes=spec.memory_bytes)


def _effective(bench: Bench, ready: Ready) -> list[RequestParameter]:
    recent = bench.recent.find(ready.request_id)
    decided = [one for one in recent.explain(bench.cores) if one.layer is not Layer.ENGINE]
    return show_request(recent.resolution, decided, recent.dropped).parameters


def _told_of(envelope: JsonObject) -> ErrorShown:
    """The error that the relay put into its stream; its message repeats the remedy."""
    remedy = envelope.get("remedy")
    message = str(envelope.get("message")).removesuffix(f" {remedy}")
    return ErrorShown.model_validate({"to_type": None, **envelope, "message": message})


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)
