"""Sends bytes to a server as they are, and reads what comes back answer by answer."""

import contextlib
import select
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

import httptools

_PATIENCE_S = 15.0
# The first event of the stream that has no end: what there is to see of such an answer.
_OPENED = b"event: open\n"


@dataclass(frozen=True)
class Answer:
    """One answer. Names of headers are lower case."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """The value of a header; None where it is absent."""
        return dict(self.headers).get(name)


class _Reader:
    """Takes answers apart as httptools reads them."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._headers, self._body = [], b""

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self._body += body
        if _OPENED in body:
            self._take()

    def on_message_complete(self) -> None:
        if _OPENED not in self._body:
            self._take()

    def _take(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200:
            self.answers.append(Answer(status, tuple(self._headers), self._body))


class Wire:
    """One connection. Leaving the block closes it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = _Reader()
        self._given = 0
        self.raw = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    def send(self, *pieces: bytes) -> None:
        """Send each piece by itself; a server that has closed already is no error."""
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                self._socket.sendall(piece)

    def take(self, piece: bytes) -> bool:
        """Send a piece to a server that may answer or close meanwhile; whether it did neither."""
        self.send(piece)
        while select.select([self._socket], [], [], 0)[0]:
            if not self._receive() or self._reader.answers:
                return False
        return True

    def answer(self) -> Answer | None:
        """The next answer; None where the connection ends without one."""
        while len(self._reader.answers) == self._given:
            if not self._receive():
                return None
        self._given += 1
        return self._reader.answers[self._given - 1]

    def rest(self) -> list[Answer]:
        """Say that no more is coming, and read every further answer until the server closes."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        while self._receive():
            pass
        found = self._reader.answers[self._given :]
        self._given = len(self._reader.answers)
        return found

    def _receive(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            return False
        self.raw += data
        if data:
            self._reader.feed(data)
        return bool(data)


def ask(port: int, *pieces: bytes) -> Answer:
    """The first answer to these bytes. Raises AssertionError where there is none."""
    with Wire(port) as wire:
        wire.send(*pieces)
        answer = wire.answer()
    assert answer is not None, "the connection ended without an answer"
    return answer


def head(method: str, target: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The head of a request to this server, its Host in front."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
