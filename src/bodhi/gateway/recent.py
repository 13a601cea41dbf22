"""What was asked lately, and of which recipe, so that it can be explained under the request's id.

Remembering is on the path of every request: it keeps objects that exist anyway, none of which holds
a prompt.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.resolve import Resolution
from bodhi.errors import RequestNotFound
from bodhi.gateway.dialects import EMBEDDINGS, Dialect
from bodhi.gateway.prepare import Prepared
from bodhi.gateway.serving import Serving
from bodhi.params.explain import Asked, Explained, explain
from bodhi.params.parameter import Applies

_KEPT_S = 600.0
_MOST = 4096


class Recent(NamedTuple):
    """One request, as far as it can be explained."""

    resolution: Resolution
    dialect: Dialect
    asked: Asked
    dropped: tuple[str, ...]

    def explain(self, cores: int) -> list[Explained]:
        """Where each value came from that its engine was started with and sent."""
        resolution = self.resolution
        recipe = recipe_of(resolution.alias, resolution.model, cores)
        explained = explain(recipe, self.asked)
        if self.dialect is EMBEDDINGS:  # for which nothing is sent but the texts
            return [one for one in explained if one.row.applies is Applies.RELOAD]
        return explained


# When, by a clock that only counts, and what a Recent is made of, once somebody asks for it.
_Kept: TypeAlias = tuple[float, tuple[Resolution, Dialect, Asked, tuple[str, ...]]]


class RecentRequests:
    """The last requests, each for ten minutes at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def remember(
        self, request_id: bytes, serving: Serving, dialect: Dialect, prepared: Prepared
    ) -> None:
        """Keep one request in place of the oldest."""
        if len(self._kept) >= self._most:
            self._kept.popitem(last=False)
        what = serving.resolution, dialect, prepared.asked, prepared.dropped
        self._kept[request_id] = self._clock(), what

    def find(self, request_id: str) -> Recent:
        """The request with this id. Raises RequestNotFound."""
        at, what = self._kept.get(request_id.encode(), (0.0, None))
        if what is None or self._clock() - at > _KEPT_S:
            raise RequestNotFound(
                "No request of the last ten minutes has this id.",
                remedy="Every answer of /v1 carries its own as x-request-id.",
            )
        return Recent(*what)
