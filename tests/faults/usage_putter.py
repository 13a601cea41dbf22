"""Puts records until it is killed, and says each id once it was put: ``python -m ... FOLDER FROM``.

``--lazy`` lets records wait in memory for a minute.
"""

import itertools
import sys
import threading
import time
from pathlib import Path

from bodhi.usage import recorder
from bodhi.usage.keeping import Usage
from tests.usage.records import request


def main(folder: Path, first: int, *, lazy: bool) -> None:
    usage = Usage(folder)
    if lazy:
        recorder._GATHER_S = 60.0
    usage.recorder.start()
    pause = threading.Event()
    for number in itertools.count(first):
        usage.recorder.put(request(request_id=f"{number:016x}", started_at=time.time()))
        sys.stdout.write(f"{number} {time.monotonic()}\n")
        sys.stdout.flush()
        if number % 50 == 0:
            pause.wait(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), lazy="--lazy" in sys.argv)
