"""The first program of every engine's process: ties it to the gateway, then becomes the engine.

Run by file path with ``python -I``; imports nothing but the standard library and xllamacpp, so that
it starts in a tenth of a second and nothing of the gateway is in a process that may crash.

With arguments ``PARENT_PID PROGRAM ARGUMENT...`` it replaces itself by that program, which logs to
standard error alone. Without any it is the embedded engine: one llama.cpp server in this process.
For that, the gateway writes one line of JSON to standard input and then holds that pipe open:

    parent_pid    who started us
    prctl         whether to ask the kernel to kill us with the parent (Linux)
    name          random hex, the only name the engine knows itself by
    model         path of the GGUF file
    template      chat template text, or null for the model's own
    socket        path of the Unix socket, or null for a loopback port that the system picks
    api_key       what requests must carry, or null
    settings      attributes of CommonParams: see options.py

and reads lines of JSON from standard output: ``{"event": "ready", "address": ...}``, or
``{"event": "failed", "reason": "import" | "settings" | "load", "detail": ...}`` before a non-zero
exit. llama.cpp reports why a load failed on standard error only.

Nothing is torn down at the end: SIGTERM keeps its default action, because a graceful stop waits
for open connections and was seen to hang. Where the kernel does not kill us with the parent, the
end of standard input does, but only once the model is loaded: loading holds the interpreter lock.
"""

import ctypes
import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CONFIG_LIMIT_BYTES = 64 << 20
_NOT_STARTED = 126
# llama.cpp's log lines are written by a thread of its own; why a load failed is in the last ones.
_LOG_DELAY_S = 0.2
_OOM_SCORE = "500"  # when memory runs out, an engine goes before the gateway


def main() -> None:
    if len(sys.argv) > 1:
        _become(int(sys.argv[1]), sys.argv[2:])
    report = _take_standard_output()
    config = _read_config()
    _tie_to_parent(config["parent_pid"], use_prctl=config["prctl"])
    _confine()
    server = _load(config, report)
    _send(report, {"event": "ready", "address": server.listening_address})
    while os.read(0, 4096):
        pass
    os._exit(0)


def _become(parent_pid: int, command: list[str]) -> NoReturn:
    """What was tied stays tied: the kernel keeps all of it over the exec."""
    os.dup2(2, 1)
    _tie_to_parent(parent_pid, use_prctl=True)
    _confine()
    try:
        os.execv(command[0], command)  # noqa: S606 - the gateway's own list, no shell's text
    except OSError as error:
        os.write(2, f"0 E the program cannot be started: {error.strerror}\n".encode())
        os._exit(_NOT_STARTED)


def _take_standard_output() -> int:
    """Whatever the library prints goes to standard error; only our reports go out."""
    report = os.dup(1)
    os.dup2(2, 1)
    return report


def _read_config() -> dict[str, Any]:
    data = bytearray()
    while not data.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece or len(data) > _CONFIG_LIMIT_BYTES:
            os._exit(1)  # the parent is gone, or is not ours
        data += piece
    config: dict[str, Any] = json.loads(data)
    return config


def _tie_to_parent(parent_pid: int, *, use_prctl: bool) -> None:
    if use_prctl and sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # The parent may have died before the kernel was asked.
    if sys.platform != "win32" and os.getppid() != parent_pid:
        os._exit(1)


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the gateway
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        # A core dump would write prompts to the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


def _load(config: dict[str, Any], report: int) -> Any:
    """Block until the model is loaded and answers."""
    try:
        import xllamacpp
    except ImportError as error:
        _fail(report, "import", str(error))
    try:
        parameters = _parameters(xllamacpp, config)
    except (AttributeError, TypeError, ValueError, OverflowError, AssertionError) as error:
        _fail(report, "settings", f"{type(error).__name__}: {error}")
    try:
        return xllamacpp.Server(parameters)
    except RuntimeError:
        time.sleep(_LOG_DELAY_S)
        _fail(report, "load", "")


def _parameters(library: Any, config: dict[str, Any]) -> Any:
    parameters = library.CommonParams()
    for path, value in config["settings"].items():
        *holders, name = path.split(".")
        target = parameters
        for holder in holders:
            target = getattr(target, holder)
        setattr(target, name, _value(library, value))
    parameters.model.path = config["model"]
    # More than one name would be a set, of which the first in sort order wins.
    parameters.model_alias = [config["name"]]
    parameters.hostnames = [config["socket"] or "127.0.0.1"]
    parameters.port = 0
    if config["api_key"]:
        parameters.api_keys = [config["api_key"]]
    if config["template"] is not None:
        parameters.chat_template = config["template"]
    return parameters


def _value(library: Any, value: Any) -> Any:
    if isinstance(value, dict):
        kind, _, member = value["enum"].partition(".")
        return getattr(getattr(library, kind), member)
    return value


def _send(report: int, message: dict[str, str]) -> None:
    os.write(report, json.dumps(message).encode() + b"\n")


def _fail(report: int, reason: str, detail: str) -> NoReturn:
    _send(report, {"event": "failed", "reason": reason, "detail": detail})
    os._exit(3)


if __name__ == "__main__":
    main()
