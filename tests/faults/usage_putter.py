"""Puts records until it is killed, and says each id once it was put: ``python -m ... FOLDER FROM``.

``--careless`` writes each batch without its journal, and forgets what the database refuses.
"""

import itertools
import sys
import threading
import time
from pathlib import Path

from bodhi.usage.keeping import Usage
from tests.usage.records import request


def main(folder: Path, first: int, *, careless: bool) -> None:
    usage = Usage(folder)
    if careless:
        usage.recorder._spill = lambda rows: None  # type: ignore[method-assign]
    usage.recorder.start()
    pause = threading.Event()
    for number in itertools.count(first):
        usage.recorder.put(request(request_id=f"{number:016x}"))
        sys.stdout.write(f"{number} {time.monotonic()}\n")
        sys.stdout.flush()
        if number % 50 == 0:
            pause.wait(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), careless="--careless" in sys.argv)
