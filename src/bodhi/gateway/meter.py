"""Measures each request on its way and makes the record of it when it ends, however it ends.

This is on every request's way: what is noted there are attributes of one object, and one tuple is
put to a queue at the end. Times come from a clock that only counts, but for the one that says when.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType

from bodhi.aliases.model import AliasSource
from bodhi.errors import BodhiError, ShuttingDown
from bodhi.gateway.leaving import CallerLeft
from bodhi.gateway.serving import Serving
from bodhi.params.merge import RequestRecipe
from bodhi.params.values import NUMBER, Json, JsonObject
from bodhi.usage.activity import Activity
from bodhi.usage.model import Outcome, Put, RequestRecord, Source, discard

_PROMPT_TOKENS = re.compile(rb'"prompt_tokens"\s*:\s*(\d{1,9})')
# Each by a name of its own, because looking one up in its class is slow.
_DRAFT, _NONE, _FINISHED = Source.DRAFT, Source.NONE, Outcome.FINISHED
_SOURCES = {AliasSource.USER: Source.USER, AliasSource.MODEL: Source.MODEL}


def request_ids() -> Iterator[bytes]:
    """When a request came, in 16 hexadecimal digits, and never the same twice.

    In order, because the index of them in the database of usage then grows at its end: ids without
    an order, each in a page of its own, cost more than all the rest of writing a record.
    """
    last = 0
    while True:
        last = max(last + 1, time.time_ns())
        yield b"%016x" % last


class Meter:
    """Makes the measures of requests. ``clock`` says when, ``count`` only counts; in seconds.

    ``ids`` names all requests of this server, trials among them: they are in one table.
    """

    def __init__(
        self,
        activity: Activity | None = None,
        put: Put = discard,
        *,
        clock: Callable[[], float] = time.time,
        count: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.ids = request_ids()
        self.activity = activity or Activity()
        self.put = put
        self.clock = clock
        self.count = count

    def measure(self, request_id: bytes, endpoint: str) -> "Measure":
        """``with meter.measure(id, path) as measure:`` around everything done for one request.

        What the block raises, and what the relay tells, decides what is recorded.
        """
        return Measure(self, request_id, endpoint)


class Measure:
    """What is known of one request so far. One that has begun is recorded once, at its end."""

    __slots__ = (
        "_began", "_cached", "_completion", "_endpoint", "_failure", "_first", "_generation_ms",
        "_id", "_key_id", "_meter", "_overridden", "_prompt", "_serving", "_source", "_started_at",
        "_timed", "_uid", "_user",
    )  # fmt: skip

    def __init__(self, meter: Meter, request_id: bytes, endpoint: str) -> None:
        self._meter = meter
        self._id = request_id
        self._endpoint = endpoint
        self._serving: Serving | None = None
        self._source = _NONE
        self._uid = ""
        self._key_id: str | None = None
        self._user: str | None = None
        self._overridden: tuple[str, ...] = ()
        self._failure: BodhiError | None = None
        self._first: float | None = None
        self._prompt: int | None = None
        self._cached: int | None = None
        self._completion: int | None = None
        self._generation_ms: float | None = None
        self._timed = 0.0

    # -- On the request's way.

    def __enter__(self) -> "Measure":
        self._started_at = self._meter.clock()
        self._began = self._meter.count()
        return self

    def resolved(self, serving: Serving, key_id: str | None, source: Source | None = None) -> None:
        """It is known who answers. ``source`` says so of a draft, whose tries are no use.

        Told again where the files of a model were found to be others.
        """
        self._be_inactive()
        resolution = serving.resolution
        self._serving = serving
        self._key_id = key_id
        self._uid = resolution.uid or resolution.name
        self._source = source or _SOURCES[resolution.source]
        if self._source is not _DRAFT:
            self._meter.activity.begin(self._uid, self._started_at)

    def asked(self, asked: Mapping[str, Json], user: Json) -> None:
        """What the caller sent: checked parameters under registry keys, and who they ask for."""
        if asked and self._serving is not None:
            self._overridden = overridden(asked, self._serving.recipe)
        if isinstance(user, str):
            self._user = user

    def begin_again(self) -> None:
        """Nothing had reached the caller, and another engine begins from the start."""
        self._first = None

    def see(self, events: Sequence[JsonObject]) -> None:
        """Events of the engine's answer, as they come. The last ones say what it counted."""
        if self._first is None and events:
            self._first = self._meter.count()
        for event in events:
            if "timings" in event or "usage" in event:
                self._read(event)

    def read_tokens(self, prompt: int | None) -> None:
        """What an answer without events says of itself."""
        self._prompt = prompt

    def interrupted(self, error: BodhiError) -> None:
        """The caller was told of this after the first byte."""
        self._failure = error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._be_inactive()
        self._meter.put(self._record(error))

    def _be_inactive(self) -> None:
        if self._serving is not None and self._source is not _DRAFT:
            self._meter.activity.end(self._uid)

    # -- What the engine counted.

    def _read(self, event: JsonObject) -> None:
        """llama.cpp ends each choice with ``timings``, asked or not; others send ``usage``."""
        timings, usage = event.get("timings"), event.get("usage")
        if isinstance(timings, dict):
            self._read_timings(timings)
        elif isinstance(usage, dict):
            self._prompt = _count(usage.get("prompt_tokens"))
            self._completion = _count(usage.get("completion_tokens"))
            details = usage.get("prompt_tokens_details")
            if isinstance(details, dict):
                self._cached = _count(details.get("cached_tokens"))

    def _read_timings(self, timings: JsonObject) -> None:
        cached = _count(timings.get("cache_n")) or 0
        prompt = cached + (_count(timings.get("prompt_n")) or 0)
        if prompt > (self._prompt or -1):  # every choice has the same prompt
            self._prompt, self._cached = prompt, cached
        self._completion = (self._completion or 0) + (_count(timings.get("predicted_n")) or 0)
        took, rate = timings.get("predicted_ms"), timings.get("predicted_per_second")
        if isinstance(took, NUMBER) and isinstance(rate, NUMBER) and took > 0:
            self._generation_ms = (self._generation_ms or 0.0) + took
            self._timed += rate * took

    # -- The record.

    def _record(self, error: BaseException | None) -> RequestRecord:
        outcome, status, code = self._end(error)
        ended = self._meter.count()
        serving, first = self._serving, self._first
        generation_ms, tokens_per_s = self._speed(ended)
        resolution = None if serving is None else serving.resolution
        return RequestRecord(
            self._id.decode(),
            self._started_at,
            self._uid,
            "" if resolution is None else resolution.name,
            None if resolution is None else resolution.version,
            self._source,
            None if serving is None else model_label(serving),
            None if serving is None else serving.template,
            self._endpoint,
            outcome,
            status,
            code,
            self._prompt,
            self._cached,
            self._completion,
            None if first is None else 1000 * (first - self._began),
            1000 * (ended - self._began),
            generation_ms,
            tokens_per_s,
            self._overridden,
            self._user,
            self._key_id,
        )

    def _speed(self, ended: float) -> tuple[float | None, float | None]:
        """The engine's own word, or between the first token and the end, which others come in."""
        if self._generation_ms:
            return self._generation_ms, self._timed / self._generation_ms
        if self._first is None or not self._completion or self._completion < 2:
            return None, None
        took_ms = 1000 * (ended - self._first)
        return (took_ms, 1000 * (self._completion - 1) / took_ms) if took_ms > 0 else (None, None)

    def _end(self, error: BaseException | None) -> tuple[Outcome, int | None, str | None]:
        if error is None:
            if self._failure is None:
                return _FINISHED, 200, None
            return Outcome.INTERRUPTED, 200, self._failure.code
        if isinstance(error, CallerLeft):
            return Outcome.LEFT, None, None
        if isinstance(error, BodhiError):
            is_refused = 400 <= error.status < 500
            return Outcome.REFUSED if is_refused else Outcome.FAILED, error.status, error.code
        if isinstance(error, Exception):
            return Outcome.FAILED, BodhiError.status, BodhiError.code
        return Outcome.FAILED, None, ShuttingDown.code  # cancelled by the server's end


def overridden(asked: Mapping[str, Json], recipe: RequestRecipe) -> tuple[str, ...]:
    """Which parameters the caller gave another value than they would have had. Sorted.

    An enforced one is not the caller's to give.
    """
    return tuple(
        sorted(
            key
            for key, value in asked.items()
            if key != "user" and key not in recipe.enforced and recipe.defaults.get(key) != value
        )
    )


def model_label(serving: Serving) -> str:
    """``owner/repo:QUANT``; for a remote ``remote:NAME`` and what the model is called there."""
    resolution = serving.resolution
    if resolution.model is not None:
        return resolution.model.id
    return f"{resolution.alias.repo}/{resolution.alias.filename}"


def prompt_tokens(body: bytes) -> int | None:
    """How many tokens an answer of embeddings counts. Its megabytes of numbers are not parsed.

    Nothing else in such an answer could look so: numbers, or base64, which has no quotes.
    """
    found = _PROMPT_TOKENS.match(body, max(0, body.find(b'"prompt_tokens"')))
    return int(found[1]) if found else None


def _count(value: Json) -> int | None:
    return value if type(value) is int and value >= 0 else None
