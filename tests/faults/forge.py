"""Forks processes that do one act each, stopped at its beginning so that a tracer can attach.

``python -m tests.faults.forge``; reads one JSON line ``{"home", "act", "disk"}`` a process and
answers with its pid; reads a line to let it go on, and answers with its outcome: see ``acts``.
"""

import ctypes
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bodhi.errors import BodhiError
from bodhi.files import Disk
from tests.faults.acts import ACTS, make_home
from tests.faults.bad_disks import DISKS

BEGIN = "/an-act-begins"
_PR_SET_PTRACER, _ANY = 0x59616D61, ctypes.c_ulong(-1)


def _outcome(run: Callable[[], object]) -> str:
    # A call that no act makes: the tracer counts calls by name, and may come in the midst of it.
    signal.sigwait({signal.SIGUSR1})
    Path(BEGIN).exists()
    try:
        run()
    except BodhiError as error:
        return f"{type(error).__name__}: {error.message}"
    except Exception as error:
        return repr(error)
    return "saved"


def _fork(order: dict[str, str]) -> tuple[int, int]:
    """(pid, where it writes its outcome) of a process that waits for SIGUSR1."""
    answer, report = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answer)
        run = ACTS[order["act"]].run(Path(order["home"]), DISKS[order["disk"]]())
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)  # where only parents may trace
        os.write(report, b".")
        os.write(report, _outcome(run).encode())
        os._exit(0)
    os.close(report)
    os.read(answer, 1)
    return child, answer


def _import_everything() -> None:
    """Do every act once, so that none of them imports a module when it is watched."""
    for name, act in ACTS.items():
        with tempfile.TemporaryDirectory() as folder:
            act.run(make_home(Path(folder) / name), Disk())()


def main() -> None:
    _import_everything()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        child, answer = _fork(json.loads(line))
        print(child, flush=True)  # noqa: T201
        sys.stdin.readline()
        os.kill(child, signal.SIGUSR1)
        with os.fdopen(answer, "rb") as reported:
            said = reported.read().decode()
        os.waitpid(child, 0)
        print(json.dumps(said or None), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
