"""Figures as the control plane shows them, read from the database and from what is going on now."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from bodhi.errors import AliasNotFound
from bodhi.usage import figures
from bodhi.usage.figures import By, Every, Filter, Sums
from bodhi.usage.keeping import Usage
from bodhi.usage.shown import (
    Adjustment,
    AdjustmentList,
    AliasUsage,
    AliasUsageDetail,
    AliasUsageList,
    ExperimentDays,
    ExperimentDayShown,
    Experiments,
    KeyUsage,
    KeyUsageList,
    ModelUsage,
    ModelUsageList,
    RecordingShown,
    SourceUsage,
    TemplateUsage,
    TemplateUsageList,
    UsagePoint,
    UsageSeries,
    UsageSummary,
    show_figures,
)
from bodhi.usage.span import DAY, Span, span_of


class Ids(Protocol):
    """The addresses of aliases: what figures know as uid, and what stands in URLs."""

    def uid_of(self, alias_id: str) -> str | None: ...

    def ids(self) -> Callable[[str, str], str | None]:
        """From uid and source to the URL id; None where the alias is gone."""


class Asked(NamedTuple):
    """A span as a caller gives it, in seconds since the epoch: None for a day ago, and for now."""

    start: float | None = None
    end: float | None = None

    def span(self, now: float) -> Span:
        """Raises InvalidInput."""
        end = now if self.end is None else self.end
        return span_of(max(0.0, end - DAY) if self.start is None else self.start, end)


class UsageReading:
    """Every method blocks, and raises DatabaseUnavailable or InvalidInput."""

    def __init__(self, usage: Usage, ids: Ids, clock: Callable[[], float] = time.time) -> None:
        self._usage = usage
        self._ids = ids
        self._clock = clock

    def summary(self, asked: Asked) -> UsageSummary:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            total = figures.totals(connection, span)
            sources = figures.grouped(connection, span, By.SOURCE)
            experiments = _experiments(connection, span, figures.ALL)
        state = self._usage.recorder.state
        return UsageSummary(
            start=span.start,
            end=span.end,
            figures=show_figures(total),
            sources=[
                SourceUsage(source=one.of["source"], figures=show_figures(one)) for one in sources
            ],
            experiments=experiments,
            active_now=len(self._usage.activity.all_in_flight),
            recording=RecordingShown(trouble=state.trouble, lost=state.lost),
        )

    def aliases(self, asked: Asked) -> AliasUsageList:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            found = figures.grouped(connection, span, By.ALIAS)
        id_of = self._ids.ids()
        shown = [self._alias(one, id_of) for one in found if one.of["source"] != "none"]
        return AliasUsageList(start=span.start, end=span.end, aliases=shown)

    def alias(self, alias_id: str, asked: Asked, every: Every) -> AliasUsageDetail:
        """Raises AliasNotFound where neither an alias nor a record of one has this id."""
        uid = self._ids.uid_of(alias_id)
        if uid is None:
            raise AliasNotFound("No alias has this id.", pointer="/id")
        span, only = asked.span(self._clock()), Filter(uid=uid)
        with self._usage.database.reading() as connection:
            found = figures.grouped(connection, span, By.ALIAS, only)
            total = figures.totals(connection, span, only)
            points = figures.series(connection, span, every, None, only)
            adjusted = figures.adjustments(connection, span, only)
            experiments = _experiments(connection, span, only)
        of = {"uid": uid, "alias": "", "source": "user"}
        named = Sums(found[0].of if found else of, None, total.sums)
        alias = self._alias(named, lambda *_: alias_id)
        return AliasUsageDetail(
            **alias.model_dump(),
            start=span.start,
            end=span.end,
            points=_points(points, None),
            adjustments=_adjustments(adjusted),
            experiments=experiments,
        )

    def models(self, asked: Asked) -> ModelUsageList:
        span, found = self._grouped(asked, By.MODEL)
        models = [
            ModelUsage(model=one.of["model"], figures=show_figures(one))
            for one in found
            if one.of["model"]
        ]
        return ModelUsageList(start=span.start, end=span.end, models=models)

    def templates(self, asked: Asked) -> TemplateUsageList:
        span, found = self._grouped(asked, By.TEMPLATE)
        templates = [
            TemplateUsage(template=one.of["template"], figures=show_figures(one)) for one in found
        ]
        return TemplateUsageList(start=span.start, end=span.end, templates=templates)

    def keys(self, asked: Asked) -> KeyUsageList:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            found = figures.keys(connection, span)
        shown = [KeyUsage(**one._asdict()) for one in found]
        return KeyUsageList(start=span.start, end=span.end, keys=shown)

    def adjustments(self, asked: Asked) -> AdjustmentList:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            found = figures.adjustments(connection, span)
        return AdjustmentList(start=span.start, end=span.end, adjustments=_adjustments(found))

    def experiments(self, asked: Asked) -> ExperimentDays:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            found = figures.experiments(connection, span)
        days = [ExperimentDayShown(at=one.at, kind=one.kind, times=one.times) for one in found]
        return ExperimentDays(start=span.start, end=span.end, days=days)

    def series(self, asked: Asked, every: Every, by: By | None) -> UsageSeries:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            found = figures.series(connection, span, every, by)
        return UsageSeries(
            start=span.start, end=span.end, every=every.value, points=_points(found, by)
        )

    def _grouped(self, asked: Asked, by: By) -> tuple[Span, list[Sums]]:
        span = asked.span(self._clock())
        with self._usage.database.reading() as connection:
            return span, figures.grouped(connection, span, by)

    def _alias(self, one: Sums, id_of: Callable[[str, str], str | None]) -> AliasUsage:
        uid, source = one.of["uid"], one.of["source"]
        activity = self._usage.activity
        return AliasUsage(
            id=id_of(uid, source),
            uid=uid,
            alias=one.of["alias"],
            source=source,
            figures=show_figures(one),
            in_flight=activity.in_flight(uid),
            last_used=activity.last_used(uid),
        )


def _points(found: Sequence[Sums], by: By | None) -> list[UsagePoint]:
    key = None if by is None else "uid" if by is By.ALIAS else by.value
    return [
        UsagePoint(
            at=one.at or 0,
            of=None if key is None else one.of[key],
            name=one.of.get("alias"),
            figures=show_figures(one),
        )
        for one in found
    ]


def _adjustments(found: Sequence[figures.Counted]) -> list[Adjustment]:
    return [Adjustment(field=one.name, origin=one.origin, times=one.times) for one in found]


def _experiments(connection: Connection, span: Span, only: Filter) -> Experiments:
    times = {"trial": 0, "publish": 0}
    for one in figures.experiments(connection, span, only):
        times[one.kind] = times.get(one.kind, 0) + one.times
    return Experiments(trials=times["trial"], publishes=times["publish"])
