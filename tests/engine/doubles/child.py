"""A child that misbehaves in the way its argument says, after the worker's own beginning."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CONFIG = json.loads(sys.stdin.readline())


def say(**report: object) -> None:
    os.write(1, json.dumps(report).encode() + b"\n")


def log(text: str) -> None:
    os.write(2, f"0.00.001 E {text}\n".encode())


def ready() -> None:
    say(event="ready", address="http://127.0.0.1:9")


def sleep_forever() -> None:
    while True:
        time.sleep(60)


match sys.argv[1]:
    case "ignores-term":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        ready()
        sleep_forever()
    case "leaves-a-grandchild":
        grandchild = subprocess.Popen(["/bin/sleep", "600"])
        log(f"grandchild {grandchild.pid}")
        ready()
        sys.stdin.read(1)
        sleep_forever()
    case "floods":
        block = b"x" * (1 << 20)
        for _ in range(64):
            os.write(1, block)
            os.write(2, block)
        os.write(1, b"\n")
        ready()
        sleep_forever()
    case "dumps":
        log(json.dumps({"environment": dict(os.environ), "directory": str(Path.cwd())}))
        ready()
        sleep_forever()
    case "says-nothing":
        sleep_forever()
    case "exits":
        log("the cause")
        sys.exit(int(sys.argv[2]))
    case "lacks-libgomp":
        detail = "libgomp.so.1: cannot open shared object file: No such file or directory"
        say(event="failed", reason="import", detail=detail)
        sys.exit(3)
    case "talks-nonsense":
        os.write(1, b"hello\n[]\n{\n\xff\n")
        say(event="ready", address="http://nowhere")
        ready()
        sleep_forever()
