"""The dashboard: how many aliases there are, which are used, and what wants attention.

What is counted of aliases is kept for as long as neither aliases nor models change; what is counted
of requests are sums. Where those cannot be read, the rest is told all the same, with the reason.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from bodhi.aliases.store import AliasStore
from bodhi.aliases.usage_ids import UsageIds
from bodhi.aliases.view import View
from bodhi.errors import DatabaseUnavailable
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.usage.keeping import Usage

_DAY_S = 86400
_RECENT = 8


class UsedAlias(BaseModel):
    """An alias that was used."""

    id: str | None = Field(description="Its URL id; null where it is gone.")
    alias: str
    source: str
    last_used: float = Field(description="Seconds since the epoch.")
    in_flight: int


class MostActive(BaseModel):
    """The alias with most requests in the last full hour."""

    id: str | None
    alias: str
    source: str
    requests_per_hour: int


class Attention(BaseModel):
    """What somebody should look at."""

    broken: int = Field(description="User aliases whose file cannot be used.")
    missing_models: int = Field(description="User aliases whose model file is not here.")
    unusable_models: int = Field(description="Model files that the engine cannot load.")
    drafts: int = Field(description="Drafts that are not published.")


class Dashboard(BaseModel):
    """Everything that the first page shows, in one go."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total": 24,
                    "user": 8,
                    "model": 16,
                    "active_24h": 5,
                    "active_now": 1,
                    "most_active": {
                        "id": "llama2--chat",
                        "alias": "llama2:chat",
                        "source": "user",
                        "requests_per_hour": 156,
                    },
                    "recent": [
                        {
                            "id": "llama2--chat",
                            "alias": "llama2:chat",
                            "source": "user",
                            "last_used": 1764086012.2,
                            "in_flight": 1,
                        }
                    ],
                    "attention": {
                        "broken": 0,
                        "missing_models": 1,
                        "unusable_models": 0,
                        "drafts": 2,
                    },
                    "usage_trouble": None,
                }
            ]
        }
    )

    total: int = Field(description="User aliases and model aliases.")
    user: int
    model: int
    active_24h: int | None = Field(description="Aliases that were used in the last 24 hours.")
    active_now: int = Field(description="Aliases with a request in flight.")
    most_active: MostActive | None
    recent: list[UsedAlias] = Field(description="The latest first, at most eight.")
    attention: Attention
    usage_trouble: str | None = Field(description="Why what was used is not known now.")


# How many are active, which is most, which were used lately.
_Used: TypeAlias = tuple[int | None, MostActive | None, list[UsedAlias]]


class _Counts(NamedTuple):
    view: View
    catalogue: Catalogue
    broken: int
    missing_models: int
    unusable_models: int


class DashboardReading:
    """``read`` blocks and is for any thread. ``count_drafts`` says how many there are."""

    def __init__(
        self,
        usage: Usage,
        store: AliasStore,
        models: LiveCatalogue,
        count_drafts: Callable[[], int],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._usage = usage
        self._store = store
        self._ids = UsageIds(store, models)
        self._count_drafts = count_drafts
        self._clock = clock
        self._counts: _Counts | None = None

    def read(self, catalogue: Catalogue) -> Dashboard:
        """As things are now."""
        counts = self._count(catalogue)
        user, model = len(self._store.all()), len(catalogue.rows)
        used: _Used = (None, None, [])
        trouble = None
        try:
            used = self._used()
        except DatabaseUnavailable as error:
            trouble = error.message
        return Dashboard(
            total=user + model,
            user=user,
            model=model,
            active_24h=used[0],
            active_now=len(self._usage.activity.all_in_flight),
            most_active=used[1],
            recent=used[2],
            attention=Attention(
                broken=counts.broken,
                missing_models=counts.missing_models,
                unusable_models=counts.unusable_models,
                drafts=self._count_drafts(),
            ),
            usage_trouble=trouble,
        )

    def _used(self) -> _Used:
        from bodhi.usage import figures

        now = self._clock()
        with self._usage.database.reading() as connection:
            active = len(figures.recent(connection, since=now - _DAY_S))
            latest = figures.recent(connection, most=_RECENT)
            most = figures.most_active(connection, now)
        id_of = self._ids.ids()
        recent = [
            UsedAlias(
                id=id_of(one.uid, one.source),
                alias=one.alias,
                source=one.source,
                last_used=one.at,
                in_flight=self._usage.activity.in_flight(one.uid),
            )
            for one in latest
        ]
        if most is None:
            return active, None, recent
        shown = MostActive(
            id=id_of(most.of["uid"], most.of["source"]),
            alias=most.of["alias"],
            source=most.of["source"],
            requests_per_hour=most.sums["requests"],
        )
        return active, shown, recent

    def _count(self, catalogue: Catalogue) -> _Counts:
        view, known = self._store.view, self._counts
        if known is not None and known.view is view and known.catalogue is catalogue:
            return known
        stored = self._store.all()
        local = [one.alias for one in stored if one.alias and one.alias.remote is None]
        missing = [
            alias
            for alias in local
            if catalogue.find(alias.repo, alias.filename, alias.snapshot) is None
        ]
        self._counts = _Counts(
            view,
            catalogue,
            sum(one.problem is not None for one in stored),
            len(missing),
            sum(row.problem is not None for row in catalogue.rows),
        )
        return self._counts
