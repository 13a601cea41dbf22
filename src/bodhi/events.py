"""What happens in the house, told to whoever listens: a ring of the last events.

Whoever changes something calls :meth:`Bus.publish`, from any thread, and waits for nobody.
A listener holds a place in the ring and no events of its own, so that one who is slow costs
nothing: events that left the ring before they were read are *missed*, and it is told so. Ids carry
a mark of this process, because after a restart the numbers begin anew.
"""

import asyncio
import contextlib
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

import orjson

KEPT = 1024
# A change of more things than this is told as "many": whoever listens reads the list again.
_MOST_IDS = 100
_ID = re.compile(r"([0-9a-f]{8})-([0-9]{1,18})")


class EventKind(StrEnum):
    """What an event is about."""

    ALIAS = "alias"
    DRAFT = "draft"
    TEMPLATE = "template"  # the user's own chat templates
    FILE = "file"  # model files on disk
    ENGINE = "engine"
    JOB = "job"
    USAGE = "usage"


Publish = Callable[[EventKind, Mapping[str, object]], None]


class Event(NamedTuple):
    """One thing that happened. ``data`` is JSON, an object."""

    id: str
    kind: EventKind
    data: bytes


class News(NamedTuple):
    """What has happened since a listener last asked; ``missed``: there was more than is left.

    ``id`` is that of the newest event of all, with which a listener can come back.
    """

    id: str
    events: tuple[Event, ...]
    missed: bool = False


class _Sleeper(NamedTuple):
    loop: asyncio.AbstractEventLoop
    woken: "asyncio.Future[None]"

    def wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # its loop has ended, and it with it
            self.loop.call_soon_threadsafe(self._set)

    def _set(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


class Bus:
    """Keeps the last ``kept`` events. Any thread may publish; listeners belong to event loops."""

    def __init__(self, kept: int = KEPT) -> None:
        self._mark = secrets.token_hex(4)
        self._events: deque[Event] = deque(maxlen=kept)
        self._count = 0  # of all events ever: the number in the id of the newest
        self._sleepers: set[_Sleeper] = set()
        self._is_closed = False
        self._lock = threading.Lock()

    def publish(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Tell everybody. ``data`` must be fit for JSON, and small: it is kept for a while."""
        payload = orjson.dumps(data)
        with self._lock:
            self._count += 1
            self._events.append(Event(self.id_at(self._count), kind, payload))
        self._wake_all()

    def publish_ids(self, kind: EventKind, ids: Collection[str]) -> None:
        """Tell which things came, went or changed: ``{"ids": [...]}``, sorted.

        ``ids`` is null where they are many. Nothing is told of none.
        """
        if ids:
            self.publish(kind, {"ids": sorted(ids) if len(ids) <= _MOST_IDS else None})

    def listen(self, last_id: str | None = None) -> "Listener":
        """A listener who has read everything up to ``last_id``; None: up to now."""
        with self._lock:
            return Listener(self, self._count if last_id is None else self._place(last_id))

    def close(self) -> None:
        """Let every listener read what is left, and end."""
        with self._lock:
            self._is_closed = True
        self._wake_all()

    # For listeners

    def id_at(self, place: int) -> str:
        """The id of the event with this number."""
        return f"{self._mark}-{place}"

    def since(self, place: int | None) -> tuple[int, News] | None:
        """What came behind ``place`` (None: nobody knows), and the place behind that.

        None once the bus is closed and everything was read.
        """
        with self._lock:
            if self._is_closed and place == self._count:
                return None
            oldest = self._count - len(self._events)
            if place is None or place < oldest:
                return self._count, News(self.id_at(self._count), (), missed=True)
            new = tuple(islice(self._events, place - oldest, None))
            return self._count, News(self.id_at(self._count), new)

    def sleep(self, place: int) -> _Sleeper | None:
        """Someone to be woken by the next event, unless it came already."""
        loop = asyncio.get_running_loop()
        sleeper = _Sleeper(loop, loop.create_future())
        with self._lock:
            if self._is_closed or self._count != place:
                return None
            self._sleepers.add(sleeper)
        return sleeper

    def forget(self, sleeper: _Sleeper) -> None:
        """It does not want to be woken any more."""
        with self._lock:
            self._sleepers.discard(sleeper)

    def _wake_all(self) -> None:
        with self._lock:
            sleepers, self._sleepers = self._sleepers, set()
        for sleeper in sleepers:
            sleeper.wake()

    def _place(self, last_id: str) -> int | None:
        """The place in this ring that an id names, None where it names none."""
        found = _ID.fullmatch(last_id)
        if found is None or found[1] != self._mark or int(found[2]) > self._count:
            return None
        return int(found[2])


class Listener:
    """One reader's place. Belongs to one task."""

    def __init__(self, bus: Bus, place: int | None) -> None:
        self._bus = bus
        self._place = place

    async def more(self) -> News | None:
        """What happened since the last call, as soon as there is something; None at the end."""
        while self._place is not None and (sleeper := self._bus.sleep(self._place)):
            try:
                await sleeper.woken
            finally:
                self._bus.forget(sleeper)
        found = self._bus.since(self._place)
        if found is None:
            return None
        self._place, news = found
        return news

    @property
    def id(self) -> str:
        """With which a listener can come back for what follows its place; "" where it has none."""
        return "" if self._place is None else self._bus.id_at(self._place)
