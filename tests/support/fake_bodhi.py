"""A tiny real HTTP server that speaks the routes of Bodhi which the command line uses."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENGINE = {
    "id": "5f3a",
    "load_key": "k",
    "state": "ready",
    "model": "tiny.gguf",
    "options": {"n_ctx": 2048},
    "slots": 2,
    "busy": 1,
    "waiting": 3,
    "pid": 4242,
    "started_at": 1.0,
    "load_seconds": 0.1,
    "memory_bytes": 3 * 1024**2,
    "aliases": ["llama3:instruct"],
    "loads": 1,
    "failure": None,
}
TIMINGS = {"predicted_n": 3, "predicted_per_second": 12.34}


@dataclass
class FakeBodhi:
    """What the server knows and has seen. ``pieces`` is the answer that it streams.

    With ``hold_after`` it pauses after so many pieces, sets ``holding`` and goes on at ``release``.
    ``fail`` is an error envelope sent instead of an answer (``fail_late``: within the stream).
    """

    engines: list[dict[str, Any]] = field(default_factory=lambda: [dict(ENGINE)])
    pieces: list[dict[str, str]] = field(default_factory=lambda: [{"content": "Hi"}])
    finish_reason: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    fail: tuple[int, dict[str, Any]] | None = None
    fail_late: dict[str, Any] | None = None
    break_off: bool = False
    hold_after: int | None = None
    holding: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)  # one answer for each time it is asked
    explained: dict[str, Any] | None = None
    address: str = ""


def envelope(message: str, code: str, remedy: str | None = None) -> dict[str, Any]:
    """An error as Bodhi sends it: the message repeats the remedy."""
    whole = message if remedy is None else f"{message} {remedy}"
    return {"error": {"message": whole, "code": code, "type": "t", "remedy": remedy}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeBodhi

    def do_GET(self) -> None:
        if self._refused():
            return
        if self.path == "/api/v1/engines":
            self._whole(200, {"engines": self.fake.engines})
        elif self.path.startswith("/api/v1/engines/") and "/logs?" in self.path:
            self._log()
        elif self.path.startswith("/api/v1/requests/") and self.fake.explained is not None:
            self.fake.requests.append({"path": self.path})
            self._whole(200, self.fake.explained)
        elif self.path == "/v1/models":
            self._whole(200, {"object": "list", "data": []})
        else:
            self._whole(404, envelope("There is no such address here.", "route_not_found"))

    def _log(self) -> None:
        self.fake.requests.append({"path": self.path})
        if self.fake.logs:
            self._whole(200, self.fake.logs.pop(0))
        else:
            self._whole(404, envelope("No engine has this id.", "engine_not_found", "List them."))

    def do_DELETE(self) -> None:
        if self._refused():
            return
        wanted = self.path.rpartition("/")[2]
        left = [engine for engine in self.fake.engines if engine["id"] != wanted]
        if len(left) == len(self.fake.engines):
            self._whole(404, envelope("No engine has this id.", "engine_not_found", "List them."))
            return
        self.fake.engines = left
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self._refused():
            return
        self.fake.requests.append(body)
        if self.fake.fail is not None:
            self._whole(*self.fake.fail)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        for name, value in self.fake.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(ConnectionError):
            self._stream()

    def _stream(self) -> None:
        fake = self.fake
        for position, piece in enumerate(fake.pieces):
            if position == fake.hold_after:
                fake.holding.set()
                fake.release.wait(20)
            self._event({"choices": [{"delta": piece, "finish_reason": None}]})
        if fake.fail_late is not None:
            self._event(fake.fail_late)
            return
        if fake.break_off:
            return
        last = {"choices": [{"delta": {}, "finish_reason": fake.finish_reason}]}
        self._event(last | {"timings": TIMINGS})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, event: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(event, separators=(",", ":")).encode() + b"\n\n")
        self.wfile.flush()

    def _refused(self) -> bool:
        sent = self.headers.get("authorization")
        self.fake.keys.append(sent)
        if self.fake.key is None or sent == f"Bearer {self.fake.key}":
            return False
        self._whole(401, envelope("A key is needed.", "invalid_api_key", "Send one."))
        return True

    def _whole(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        del format, args


@contextlib.contextmanager
def fake_bodhi() -> Iterator[FakeBodhi]:
    """Serve on a free port until the block ends."""
    fake = FakeBodhi()
    handler = type("Handler", (_Handler,), {"fake": fake})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake
        finally:
            fake.release.set()
            server.shutdown()
            thread.join()
