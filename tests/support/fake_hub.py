"""A model hub on loopback that speaks the hub's protocol, and can be made to misbehave."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c" * 40
REPO = "us/tiny"


@dataclass
class FakeHub:
    """One repository, at one commit. Change the fields to make it misbehave.

    ``cut_after`` are numbers of bytes after which one answer each breaks off. ``asked`` are the
    requests as (method, path, range, authorization), the oldest first.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    repo: str = REPO
    names: list[str] | None = None
    raw_listing: bytes | None = None
    announced_hash: str | None = None
    announced_size: int | None = None
    token: str | None = None
    redirect_to: "FakeHub | None" = None
    redirect_address: str | None = None
    ranges: bool = True
    endless: bool = False
    cut_after: list[int] = field(default_factory=list)
    hold_after: int | None = None
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    address: str = ""

    def listing(self) -> bytes:
        """What the repository holds, as the hub says it."""
        names = self.names if self.names is not None else list(self.files)
        siblings = [{"rfilename": name} for name in names]
        return json.dumps({"sha": COMMIT, "siblings": siblings}).encode()

    def bodies(self) -> list[str | None]:
        """The ``Range`` of each request for a file's bytes."""
        return [
            sent for method, path, sent, _ in self.asked if method == "GET" and "/api/" not in path
        ]


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at ``asked``."""

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        with suppress(ConnectionError):
            self._serve()

    def _serve(self) -> None:
        hub, path = self.hub, unquote(urlsplit(self.path).path)
        key = self.headers.get("authorization")
        hub.asked.append((self.command, self.path, self.headers.get("range"), key))
        resolve = f"/{hub.repo}/resolve/{COMMIT}/"
        if hub.token and key != f"Bearer {hub.token}":
            self._answer(401, b"{}")
        elif path.startswith(f"/api/models/{hub.repo}/revision/"):
            self._answer(200, hub.raw_listing or hub.listing())
        elif path.startswith(resolve) and path.removeprefix(resolve) in hub.files:
            self._file(path.removeprefix(resolve))
        else:
            self._answer(404, b"{}")

    def _file(self, name: str) -> None:
        hub, content = self.hub, self.hub.files[name]
        size = hub.announced_size if hub.announced_size is not None else len(content)
        headers = {
            "X-Repo-Commit": COMMIT,
            "X-Linked-Size": str(size),
            "X-Linked-Etag": f'"{hub.announced_hash or hashlib.sha256(content).hexdigest()}"',
        }
        address = hub.redirect_to.address if hub.redirect_to else hub.redirect_address
        if address:
            self._answer(302, b"", headers | {"Location": f"{address}{self.path}"})
        elif self.command == "HEAD":
            self._answer(200, b"", headers)
        else:
            self._bytes(content)

    def _bytes(self, content: bytes) -> None:
        hub, start = self.hub, 0
        if (wanted := self.headers.get("range")) and hub.ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if not hub.endless:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        cut = hub.cut_after.pop(0) if hub.cut_after else len(content)
        if (hold := hub.hold_after) is not None:
            self.wfile.write(content[start:hold])
            self.wfile.flush()
            hub.held.set()
            hub.go_on.wait(30)
            start = hold
        self.wfile.write(content[start : start + cut])
        while hub.endless:
            self.wfile.write(b"\0" * 65536)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def fake_hub(**behaviour: Any) -> Iterator[FakeHub]:
    """Serve until the block ends; ``hub.address`` is what HF_ENDPOINT is set to."""
    hub = FakeHub(**behaviour)
    handler: Callable[..., Any] = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
