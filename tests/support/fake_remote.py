"""A server elsewhere that speaks OpenAI's protocol, on a real port; the model's name is its script.

Each request is remembered with its headers. What a real one would do only on a bad day, it does for
the model of that name: see ``_Handler.do_POST``.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from tests.support.certificates import Certificate

KEY = "sk-office-canary"
OWN_NAME = "llama-3.3-70b-2026"


@dataclass
class FakeRemote:
    """``url`` is what the settings want; ``left`` is set when a caller went away in mid-answer."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        """What a Bodhi needs to know it as ``office``."""
        remotes = {"office": {"url": self.url, "api_key_env": "OFFICE_KEY", "slots": 2}}
        return {"BODHI_REMOTES": json.dumps(remotes), "OFFICE_KEY": KEY}

    def forget(self) -> None:
        """Everything that was asked so far."""
        self.requests.clear()
        self.headers.clear()
        self.left.clear()


@contextmanager
def fake_remote(certificate: Certificate | None = None) -> Iterator[FakeRemote]:
    """Serve until the block ends, by TLS where there is a certificate."""
    remote = FakeRemote()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.remote = remote
    if certificate is not None:
        server.socket = certificate.serving().wrap_socket(server.socket, server_side=True)
    remote.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}/openai/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield remote
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    remote: FakeRemote
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who left is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        remote = cast(_Server, self.server).remote
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        remote.requests.append(body)
        remote.headers.append({"path": self.path, **dict(self.headers)})
        match body["model"].split():
            case ["refuses", status]:
                self._refuse(int(status))
            case ["breaks", "once"] if len(remote.requests) == 1:
                self.close_connection = True
            case ["breaks", "always"]:
                self.close_connection = True
            case _ if self.path.endswith("/embeddings"):
                self._json(200, {"model": OWN_NAME, "object": "list", "data": [{"embedding": [1]}]})
            case [model, *_]:
                self._stream(model, is_counting="stream_options" in body)

    def _refuse(self, status: int) -> None:
        """As careless as a server can be: it tells the key."""
        sent = self.headers["Authorization"]
        self._json(status, {"error": {"message": f"no, because of {sent}", "code": "x"}})

    def _stream(self, model: str, *, is_counting: bool) -> None:
        end = "\r\n" if model == "crlf" else "\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("X-Internal", "canary-header")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._chunk(f": PROCESSING{end}{end}")
        for number in range(100_000 if model == "endless" else 3):
            if number == 2 and model in ("midway", "fails"):
                break
            if model == "endless":
                time.sleep(0.005)
            self._chunk(f"event: chunk{end}data:{json.dumps(_delta(number))}{end}{end}")
        match model:
            case "midway":
                self.close_connection = True
                return
            case "fails":
                self._chunk('data: {"id": "x", "error": {"message": "out of luck"}}\n\n')
            case "counts" if is_counting:
                self._chunk(f"data: {json.dumps(_USAGE)}\n\ndata: [DONE]\n\n")
            case _:
                self._chunk(f"data: [DONE]{end}{end}")
        self._chunk("")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        try:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        except OSError:
            cast(_Server, self.server).remote.left.set()
            raise

    def _json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


_USAGE = {
    "id": "c",
    "object": "chat.completion.chunk",
    "model": OWN_NAME,
    "choices": [],
    "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
}


def _delta(number: int) -> dict[str, Any]:
    choice = {
        "index": 0,
        "delta": {"content": f"word{number} "},
        "finish_reason": "stop" if number == 2 else None,
    }
    return {"id": "c", "object": "chat.completion.chunk", "model": OWN_NAME, "choices": [choice]}
