"""Asks the real engine how it renders chat templates: one short-lived worker per template."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from bodhi.engine import worker

# One thread: spinning for a second core that is busy costs a hundred times the work itself.
_SETTINGS = {
    "n_ctx": 512,
    "ui": False,
    "cache_ram_mib": 0,
    "cpuparams.n_threads": 1,
    "cpuparams_batch.n_threads": 1,
}


def engine_outcomes(
    model: Path, template: str, conversations: Sequence[Sequence[Mapping[str, object]]]
) -> list[tuple[str, str]]:
    """Per conversation ``("prompt", text)`` or ``("error", the engine's message)``, in order.

    Raises ``AssertionError`` with the worker's report if the engine does not start.
    """
    config = {
        "parent_pid": os.getpid(),
        "prctl": True,
        "name": "templates",
        "model": str(model),
        "template": template,
        "socket": None,
        "api_key": None,
        "settings": _SETTINGS,
    }
    with subprocess.Popen(
        [sys.executable, "-I", worker.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as engine:
        try:
            assert engine.stdin is not None
            assert engine.stdout is not None
            engine.stdin.write(json.dumps(config).encode() + b"\n")
            engine.stdin.flush()
            report = json.loads(engine.stdout.readline())
            assert report["event"] == "ready", report
            return [_ask(report["address"], messages) for messages in conversations]
        finally:
            engine.kill()


def _ask(address: str, messages: Sequence[Mapping[str, object]]) -> tuple[str, str]:
    request = urllib.request.Request(  # noqa: S310 - the worker's own loopback address
        f"{address}/apply-template",
        json.dumps({"messages": messages}).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
            return "prompt", json.load(reply)["prompt"]
    except urllib.error.HTTPError as refusal:
        with refusal:
            return "error", json.load(refusal)["error"]["message"]
