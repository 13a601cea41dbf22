"""A hub that has nothing, and does not say so of the repositories of one owner until it is told to.

A download of theirs is a job that waits or runs for as long as a test needs it to.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HELD = "held"
LET_GO = "/let-go"
# Whoever was forgotten is answered then.
_LONGEST_S = 20.0


class _Handler(BaseHTTPRequestHandler):
    waiting: "list[threading.Event]"

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        if self.path == LET_GO:
            while self.waiting:
                self.waiting.pop().set()
        elif self.path.startswith(f"/api/models/{HELD}/"):
            answered = threading.Event()
            self.waiting.append(answered)
            answered.wait(_LONGEST_S)
        with suppress(ConnectionError):
            self.send_response(200 if self.path == LET_GO else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()


@contextmanager
def holding_hub() -> Iterator[str]:
    """Serve until the block ends, under this address."""
    handler = type("Handler", (_Handler,), {"waiting": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
