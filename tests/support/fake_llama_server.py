"""A program that takes llama-server's flags and speaks its protocol, but holds no model.

``write_fake_llama_server`` makes an executable script of it. How it behaves is written into the
script, because an engine's environment and arguments are the launcher's alone. It knows exactly the
flags that its own ``--help`` lists and ends at any other, as the real one does. A streamed answer
goes on, a piece every 10 ms, until ``max_tokens`` pieces were sent or the caller has left.
"""

import json
import os
import signal
import socketserver
import stat
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NoReturn

_REPOSITORY = Path(__file__).parents[2]
_MIB = 1 << 20

# Names and the value's description, as in the help. Both tables are of builds that existed.
_EVERY_BUILD = (
    ("-h, --help", ""),
    ("--version", ""),
    ("-t, --threads", "N"),
    ("-tb, --threads-batch", "N"),
    ("-c, --ctx-size", "N"),
    ("-b, --batch-size", "N"),
    ("-ub, --ubatch-size", "N"),
    ("--rope-scaling", "{none,linear,yarn}"),
    ("--rope-freq-base", "N"),
    ("--rope-freq-scale", "N"),
    ("-ctk, --cache-type-k", "TYPE"),
    ("-ctv, --cache-type-v", "TYPE"),
    ("-mg, --main-gpu", "INDEX"),
    ("-ncmoe, --n-cpu-moe", "N"),
    ("-ts, --tensor-split", "N0,N1,N2,..."),
    ("-np, --parallel", "N"),
    ("-m, --model", "FNAME"),
    ("-a, --alias", "STRING"),
    ("--port", "PORT"),
    ("-to, --timeout", "N"),
    ("--metrics", ""),
)
_NEW = (
    ("-fa, --flash-attn", "[on|off|auto]"),
    ("--swa-full", ""),
    ("-lm, --load-mode", "MODE"),
    ("-dev, --device", "<dev1,dev2,..>"),
    ("-ngl, --gpu-layers, --n-gpu-layers", "N"),
    ("-sm, --split-mode", "{none,layer,row,tensor}"),
    ("-fit, --fit", "[on|off]"),
    ("--offline", ""),
    ("--log-colors", "[on|off|auto]"),
    ("-cram, --cache-ram", "N"),
    ("-kvu, --kv-unified, -no-kvu, --no-kv-unified", ""),
    ("--context-shift, --no-context-shift", ""),
    ("--pooling", "{none,mean,cls,last,rank}"),
    ("-cb, --cont-batching, -nocb, --no-cont-batching", ""),
    ("--cache-reuse", "N"),
    ("--ui, --webui, --no-ui, --no-webui", ""),
    ("--embedding, --embeddings", ""),
    ("--jinja, --no-jinja", ""),
    ("--reasoning-format", "FORMAT"),
    ("--chat-template-file", "JINJA_TEMPLATE_FILE"),
)
_OLD = (
    ("-fa, --flash-attn", ""),
    ("--mlock", ""),
    ("--no-mmap", ""),
    ("-ngl, --gpu-layers, --n-gpu-layers", "N"),
    ("-sm, --split-mode", "{none,layer,row}"),
    ("-nocb, --no-cont-batching", ""),
    ("--embedding, --embeddings", ""),
)
_TEXTS = {"--api-key": "the key to ask for (env: LLAMA_API_KEY)"}
_NEW_TEXTS = {"--n-gpu-layers": "how many layers, a number, 'auto' or 'all'"}


@dataclass(frozen=True)
class Behaviour:
    """What it does otherwise than a good server."""

    is_old: bool = False
    has_sockets: bool = True
    has_keys: bool = True
    version_file: str | None = None  # counts the times it was asked for its version
    flood_mib: int = 0
    ignores_term: bool = False
    has_grandchild: bool = False
    says_it_listens_on: int | None = None  # on a port that it does not listen on
    exit_code: int | None = None
    record: str | None = None  # a file to which it adds its arguments, and each body it is sent
    pieces: int | None = None  # of every answer, whatever was asked for


def write_fake_llama_server(path: Path, **behaviour: Any) -> Path:
    """An executable at ``path``. ``behaviour``: the fields of ``Behaviour``."""
    path.write_text(
        f"#!{sys.executable} -I\n"
        "import sys\n"
        f"sys.path.insert(0, {str(_REPOSITORY)!r})\n"
        "from tests.support.fake_llama_server import Behaviour, main\n"
        f"main(Behaviour(**{asdict(Behaviour(**behaviour))!r}))\n",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def main(behaviour: Behaviour) -> None:
    """The program. Never returns while it serves."""
    flags = _known_flags(behaviour)
    given = _parse(sys.argv[1:], flags)
    if "--help" in given:
        sys.stdout.write(help_text(behaviour))
        return
    if "--version" in given:
        if behaviour.version_file:
            with Path(behaviour.version_file).open("a") as file:
                file.write("asked\n")
        sys.stderr.write("version: 4321 (fake)\nbuilt with python for this machine\n")
        return
    _misbehave(behaviour)
    _load(Path(given["--model"]))
    _Handler.behaviour = behaviour
    _Handler.name = given["--alias"]
    _Handler.record(arguments=sys.argv[1:])
    _serve(given)


def help_text(behaviour: Behaviour) -> str:
    """In the form that llama.cpp prints it."""
    texts = _TEXTS if behaviour.is_old else _TEXTS | _NEW_TEXTS
    lines = ["----- common params -----\n\n"]
    for names, value in _rows(behaviour):
        text = texts.get(names.split(", ")[-1], "some text")
        lines.append(f"{f'{names} {value}'.ljust(39)} {text}\n{'':40}(default: something)\n")
    return "".join(lines)


def _rows(behaviour: Behaviour) -> list[tuple[str, str]]:
    rows = [*_EVERY_BUILD, *(_OLD if behaviour.is_old else _NEW)]
    rows.append(("--host", "HOST_OR_PATH.sock" if behaviour.has_sockets else "HOST"))
    if behaviour.has_keys:
        rows.append(("--api-key", "KEY"))
    return rows


def _known_flags(behaviour: Behaviour) -> dict[str, bool]:
    return {name: bool(value) for names, value in _rows(behaviour) for name in names.split(", ")}


def _parse(arguments: list[str], flags: dict[str, bool]) -> dict[str, str]:
    given: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument not in flags:
            _die(f"error: invalid argument: {argument}")
        value = next(rest, None) if flags[argument] else ""
        if value is None:
            _die(f"error while handling argument {argument}: expected value for argument")
        if argument == "--ctx-size" and not value.isdigit():
            _die(f"error while handling argument {argument}: not a number")
        given[argument] = value
    return given


def _misbehave(behaviour: Behaviour) -> None:
    if behaviour.flood_mib:
        block = b"x" * _MIB
        for _ in range(behaviour.flood_mib):
            os.write(1, block)
            os.write(2, block)
        os.write(2, b"\n")
    if behaviour.ignores_term:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if behaviour.has_grandchild:
        grandchild = subprocess.Popen(["/bin/sleep", "600"])
        _log(f"grandchild {grandchild.pid}")
    if behaviour.exit_code is not None:
        _log("the cause")
        os._exit(behaviour.exit_code)
    if behaviour.says_it_listens_on is not None:
        _log(f"listening on http://127.0.0.1:{behaviour.says_it_listens_on}")
        while True:
            time.sleep(60)


def _load(model: Path) -> None:
    if model.read_bytes()[:4] != b"GGUF":
        _log("invalid magic characters")
        os._exit(1)


def _serve(given: dict[str, str]) -> None:
    host = given["--host"]
    server: socketserver.BaseServer
    try:
        if host.endswith(".sock"):
            server = _UnixServer(host, _Handler)
        else:
            server = _TcpServer((host, int(given["--port"])), _Handler)
    except OSError as error:
        _log(f"couldn't bind HTTP server socket: {error.strerror}")
        os._exit(1)
    _Handler.key = os.environ.get("LLAMA_API_KEY")
    _log("listening", level="I")
    server.serve_forever()


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    behaviour = Behaviour()
    name = ""
    key: str | None = None
    protocol_version = "HTTP/1.1"

    @classmethod
    def record(cls, **what: Any) -> None:
        if cls.behaviour.record:
            with Path(cls.behaviour.record).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"engine": cls.name, **what}) + "\n")

    def do_GET(self) -> None:
        if self.path == "/health":
            return self._json(200, {"status": "ok"})
        if self._is_allowed():
            self._json(200, {"data": [{"id": self.name}]})
        return None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_allowed():
            return
        self.record(body=body)
        tokens = self.behaviour.pieces or body.get("max_tokens", 4)
        if body.get("stream"):
            self._stream(tokens)
        else:
            self._json(200, {"model": self.name, "choices": [{"message": {"content": "word"}}]})

    def _is_allowed(self) -> bool:
        if self.key is None or self.headers["Authorization"] == f"Bearer {self.key}":
            return True
        self._json(401, {"error": {"code": 401, "message": "Invalid API Key"}})
        return False

    def _stream(self, tokens: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(tokens):
            is_last = number == tokens - 1
            choice = {
                "index": 0,
                "delta": {"content": "word "},
                "finish_reason": "length" if is_last else None,
            }
            self._event(json.dumps({"model": self.name, "choices": [choice]}))
            time.sleep(0.01)
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True  # unannounced, as the real one does

    def _event(self, data: str) -> None:
        event = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))

    def _json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """The socket server's own log would know no client's address on a Unix socket."""


def _log(text: str, level: str = "E") -> None:
    os.write(2, f"0.00.001 {level} {text}\n".encode())


def _die(text: str) -> NoReturn:
    os.write(2, f"{text}\n".encode())
    os._exit(1)
