"""What is kept alive by nothing but a circle, which only the garbage collector opens."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def uncollected(kind: type) -> Iterator[Callable[[], int]]:
    """Counts the objects of ``kind`` that there are more than before, while nobody collects."""
    gc.collect()
    gc.disable()
    before = _count(kind)
    try:
        yield lambda: _count(kind) - before
    finally:
        gc.enable()


def _count(kind: type) -> int:
    return sum(type(one) is kind for one in gc.get_objects())
