"""The child process of the evaluation: llama.cpp serves the model until standard input ends.

``python -m tools.demo_model.serve MODEL`` prints the address it listens on as its first line.
"""

import os
import signal
import sys
import threading

import xllamacpp

SLOTS = 4
CONTEXT_PER_SLOT = 1024


def _leave_with_parent() -> None:
    """End this process when the parent closes the pipe, also if the parent was killed."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main(model: str) -> None:
    """Load the model, say where it listens, and wait."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    parameters.verbosity = 0
    parameters.n_parallel = SLOTS
    parameters.n_ctx = SLOTS * CONTEXT_PER_SLOT
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.cache_ram_mib = 0
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    while True:
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
