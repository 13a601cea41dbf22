"""Which aliases are being tried now. Belongs to one event loop; any thread may ask."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Trials:
    """Counts trials by the uid of the alias; ``on_change`` is told its name at both ends."""

    def __init__(self, on_change: Callable[[str], None] | None = None) -> None:
        self._running: Counter[str] = Counter()
        self._on_change = on_change

    def running(self) -> frozenset[str]:
        """The uids of the aliases that are being tried."""
        return frozenset(self._running)

    @contextmanager
    def under_way(self, uid: str | None, name: str) -> Iterator[None]:
        """Around a trial; ``uid`` is None where the recipe is not an alias yet."""
        if uid is None:
            yield
            return
        self._running[uid] += 1
        self._tell(name)
        try:
            yield
        finally:
            self._running[uid] -= 1
            if not self._running[uid]:
                del self._running[uid]
            self._tell(name)

    def _tell(self, name: str) -> None:
        if self._on_change is not None:
            self._on_change(name)
