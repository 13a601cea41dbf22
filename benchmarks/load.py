"""A load generator that costs next to nothing: plain sockets in one loop, no parsing but for ends.

Every connection sends its next request as soon as the answer to the last one is complete. Where
the other side closes after each answer (``reconnect``), a new connection is made for every request.
"""

import multiprocessing
import os
import select
import socket
import statistics
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import cast

# ("127.0.0.1", port), or the path of a Unix socket.
Target = tuple[str, int] | str


@dataclass(frozen=True)
class Plan:
    """What to send where: whole request bytes, how many connections, for how many seconds."""

    target: Target
    request: bytes
    connections: int
    seconds: float
    reconnect: bool = False


@dataclass(frozen=True)
class Reading:
    """Answers a second, seconds an answer took (median), and the answers that were not 200.

    ``ceiling`` is how many answers a second of the generator's own processor time is worth.
    """

    rate: float
    median_s: float
    wrong: int
    ceiling: float

    @property
    def is_valid(self) -> bool:
        """Whether it says something about the other side: the generator could do twice as much."""
        return not self.wrong and self.ceiling >= 2 * self.rate


def measure(plan: Plan, core: int) -> Reading:
    """Carry ``plan`` out in a process of its own on one processor."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(theirs, plan, core))
    process.start()
    theirs.close()
    try:
        reading = ours.recv()
    finally:
        process.join()
    return cast("Reading", reading)


def _child(answer: Connection, plan: Plan, core: int) -> None:
    os.sched_setaffinity(0, {core})
    answer.send(_Loop(plan).run())


class _Caller:
    """One connection: what has come of the present answer, and when its request went out."""

    __slots__ = ("began", "length", "parts", "socket", "tail")

    def __init__(self, target: Target) -> None:
        self.parts = 0
        self.length = 0
        self.tail = b""
        self.connect(target)

    def connect(self, target: Target) -> None:
        self.began = time.perf_counter()
        if isinstance(target, str):
            self.socket = socket.socket(socket.AF_UNIX)
        else:
            self.socket = socket.socket(socket.AF_INET)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect(target)


class _Loop:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._epoll = select.epoll()
        self._callers: dict[int, _Caller] = {}
        self._taken: list[float] = []
        self._wrong = 0

    def run(self) -> Reading:
        for _ in range(self._plan.connections):
            self._watch(_Caller(self._plan.target))
        began, busy = time.perf_counter(), time.process_time()
        end = began + self._plan.seconds
        while (now := time.perf_counter()) < end:
            for number, _ in self._epoll.poll(0.1):
                self._read(self._callers[number])
        count = len(self._taken)
        return Reading(
            rate=count / (now - began),
            median_s=statistics.median(self._taken),
            wrong=self._wrong,
            ceiling=count / (time.process_time() - busy),
        )

    def _watch(self, caller: _Caller) -> None:
        number = caller.socket.fileno()
        self._callers[number] = caller
        self._epoll.register(number, select.EPOLLIN)
        self._send(caller)

    def _send(self, caller: _Caller) -> None:
        caller.parts = caller.length = 0
        caller.tail = b""
        caller.socket.sendall(self._plan.request)

    def _read(self, caller: _Caller) -> None:
        data = caller.socket.recv(1 << 16)
        if data and not self._is_complete(caller, data):
            return
        if not data and not caller.parts:
            self._wrong += 1
        now = time.perf_counter()
        self._taken.append(now - caller.began)
        if self._plan.reconnect or not data:
            number = caller.socket.fileno()
            self._epoll.unregister(number)
            del self._callers[number]
            caller.socket.close()
            caller.connect(self._plan.target)
            self._watch(caller)
        else:
            caller.began = now
            self._send(caller)

    def _is_complete(self, caller: _Caller, data: bytes) -> bool:
        if not caller.parts:
            self._wrong += not data.startswith(b"HTTP/1.1 200")
            caller.length = _length(data)
        caller.parts += len(data)
        if caller.length:
            return caller.parts >= caller.length
        caller.tail = (caller.tail + data)[-5:]
        return caller.tail == b"0\r\n\r\n"


def _length(data: bytes) -> int:
    """Bytes of the whole answer if its head, here in full, says so; 0 for a chunked one."""
    head, _, _ = data.partition(b"\r\n\r\n")
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return len(head) + 4 + int(rest.split(b"\r\n")[0]) if found else 0


def request_bytes(path: str, body: bytes, host: str = "127.0.0.1") -> bytes:
    """A POST of JSON as clients send it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: load\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
