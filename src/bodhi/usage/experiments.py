"""Notes that somebody tried or published a recipe: the measure of how much is experimented."""

import secrets
import time
from collections.abc import Callable, Iterable

from bodhi.usage.model import ExperimentKind, ExperimentRecord, Put, discard


class Experiments:
    """``note`` is called where a trial begins and where a publish has succeeded."""

    def __init__(self, put: Put = discard, clock: Callable[[], float] = time.time) -> None:
        self._put = put
        self._clock = clock

    def note(
        self, kind: ExperimentKind, uid: str | None, changed_fields: Iterable[str] = ()
    ) -> None:
        """Record one experiment, from any thread. Returns at once and never raises.

        ``uid`` is the alias's, its name for a model alias, None where there is no alias yet.
        ``changed_fields`` are those of the alias that became others, as JSON pointers without
        values: ``/request_params/temperature``. They are counted as adjustments for a publish.
        """
        fields = tuple(dict.fromkeys(changed_fields))
        record = ExperimentRecord(secrets.token_hex(8), self._clock(), kind, uid or "", fields)
        self._put(record)
