"""Requests that wait for a slot of one load key: fair between aliases, in order within one. Pure
but for the futures it carries."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bodhi.engine.contract import EngineSpec

Granted = TypeVar("Granted")


@dataclass(frozen=True, slots=True, eq=False)
class Waiter(Generic[Granted]):
    """One request in the queue. ``ticket`` grows with every request, over all load keys."""

    spec: EngineSpec
    alias: str
    ticket: int
    granted: asyncio.Future[Granted]


class FairQueue(Generic[Granted]):
    """Round robin over the aliases that wait, first in first out within each."""

    def __init__(self) -> None:
        self._by_alias: OrderedDict[str, deque[Waiter[Granted]]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Waiter[Granted]]:
        for row in self._by_alias.values():
            yield from row

    def any_spec(self) -> EngineSpec:
        """What is waited for; equal for all. The queue must not be empty."""
        return next(iter(self)).spec

    def waiting_for(self, alias: str) -> int:
        return len(self._by_alias.get(alias, ()))

    def oldest_ticket(self) -> int:
        """The lowest ticket in the queue, which must not be empty."""
        return min(row[0].ticket for row in self._by_alias.values())

    def put(self, waiter: Waiter[Granted]) -> None:
        self._by_alias.setdefault(waiter.alias, deque()).append(waiter)
        self._length += 1

    def pop(self) -> Waiter[Granted]:
        """Whose turn it is; that alias goes to the end. The queue must not be empty."""
        alias, row = next(iter(self._by_alias.items()))
        waiter = row.popleft()
        self._length -= 1
        if row:
            self._by_alias.move_to_end(alias)
        else:
            del self._by_alias[alias]
        return waiter

    def discard(self, waiter: Waiter[Granted]) -> None:
        """Take out one that gave up; nothing happens if it is not here any more."""
        row = self._by_alias.get(waiter.alias)
        if row is None or waiter not in row:
            return
        row.remove(waiter)
        self._length -= 1
        if not row:
            del self._by_alias[waiter.alias]
