"""Saves one alias in forked processes and kills each at a random moment; prints what it found.

Runs as a program of its own, because forking a test process with threads is not safe:
``python -m tests.faults.kill_savers HOME store|naive KILLS``
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.aliases.samples import alias_text, open_store, temporary_files

_KILLS_OF_A_LIFE = 500
_PADDING = "# " + "x" * 4_000 + "\n"


def _text(number: int) -> str:
    return alias_text(request_params=f"{{seed: {number}}}") + _PADDING + f"# end {number}\n"


def _number_in(text: str) -> int | None:
    """Which save this is, None if it is not one of them as a whole."""
    number = text.rpartition(" ")[2].strip()
    return int(number) if number.isdecimal() and text == _text(int(number)) else None


def _save_until_killed(save: Callable[[str], object], first: int, report: int) -> None:
    for number in count(first):
        save(_text(number))
        os.write(report, f"{number}\n".encode())


def _one_kill(save: Callable[[str], object], first: int, let_one_through: bool) -> int:
    """Kill a saver at some moment of its saving; returns the last save it reported as done."""
    source, report = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        _save_until_killed(save, first, report)
    os.close(report)
    with os.fdopen(source, "rb") as reports:
        done = [reports.readline()] if let_one_through else []
        time.sleep(random.uniform(0, 0.005))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        done += reports.read().split(b"\n")[:-1]
    return int(done[-1]) if done else first - 1


def main(home: Path, writer: str, kills: int) -> None:
    path = home / "aliases" / "a.yaml"
    store = open_store(home)

    def save(text: str) -> object:
        return store.save("a", text, if_etag=None) if writer == "store" else path.write_text(text)

    store.save("a", _text(0), if_etag=None)
    seen = {"kills": 0, "torn": 0, "lost": 0, "saved": 0, "stray": 0}
    last = 0
    for kill in range(kills):
        if kill and kill % _KILLS_OF_A_LIFE == 0:
            seen["stray"] += len(temporary_files(home))
            store = open_store(home)  # as after a restart, which takes away what the kills left
        acknowledged = _one_kill(save, last + 1, let_one_through=kill % 25 == 0)
        found = _number_in(path.read_text())
        seen["kills"] += 1
        seen["saved"] += acknowledged - last
        seen["torn"] += found is None
        seen["lost"] += found is not None and found < acknowledged
        last = max(acknowledged, last) if found is None else found
        if found is None:
            path.write_text(_text(last))
    seen["stray"] += len(temporary_files(home))
    print(json.dumps(seen))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
