"""``/api/v1/usage``: figures of what was used, as JSON or as a table for spreadsheets."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel

from bodhi.errors import AliasNotFound, DatabaseUnavailable, InvalidInput
from bodhi.http.control import Responses, refusals
from bodhi.usage.csv_text import csv_of
from bodhi.usage.figures import By, Every
from bodhi.usage.reading import Asked, UsageReading
from bodhi.usage.shown import (
    AdjustmentList,
    AliasUsageDetail,
    AliasUsageList,
    ExperimentDays,
    ModelUsageList,
    TemplateUsageList,
    UsageFigures,
    UsageSeries,
    UsageSummary,
)

_EPOCH = {"ge": 0, "le": 253_402_300_800, "allow_inf_nan": False}


def _asked(
    start: Annotated[
        float | None,
        Query(
            alias="from", description="Seconds since the epoch; a day ago if left out.", **_EPOCH
        ),
    ] = None,
    end: Annotated[
        float | None,
        Query(
            alias="to",
            description="Likewise; now if left out. Both become whole minutes.",
            **_EPOCH,
        ),
    ] = None,
) -> Asked:
    return Asked(start, end)


Within = Annotated[Asked, Depends(_asked)]
Format = Annotated[
    Literal["json", "csv"], Query(description="csv: the rows alone, for a spreadsheet.")
]
Step = Annotated[Every, Query(description="How long one point lasts.")]


def usage_routes(reading: UsageReading) -> APIRouter:
    """The routes over what was recorded."""
    router = APIRouter(tags=["usage"])
    router.include_router(_together(reading))
    router.include_router(_by_alias(reading))
    router.include_router(_by_what(reading))
    router.include_router(_by_trying(reading))
    return router


def _together(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/summary",
        summary="Sum usage up",
        response_model=UsageSummary,
        responses=_answers(),
    )
    def usage_summary(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """All requests of a span of time, and by whose recipe answered them; experiments."""
        found = reading.summary(within)
        return _as(format, found, found.sources, ["source", *_FIGURES])

    @router.get(
        "/usage/series",
        summary="Show usage over time",
        response_model=UsageSeries,
        responses=_answers(),
    )
    def usage_series(
        within: Within,
        every: Step = Every.HOUR,
        by: Annotated[By | None, Query(description="One point for each of these.")] = None,
        format: Format = "json",  # noqa: A002
    ) -> Any:
        """Only steps with requests. They begin at whole minutes, hours or days (UTC)."""
        found = reading.series(within, every, by)
        return _as(format, found, found.points, ["at", "of", "name", *_FIGURES])

    return router


def _by_alias(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/aliases",
        summary="Show usage by alias",
        response_model=AliasUsageList,
        responses=_answers(),
    )
    def usage_aliases(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The aliases that were asked, most requests first. A trial's source is draft."""
        found = reading.aliases(within)
        columns = ["id", "uid", "alias", "source", *_FIGURES, "in_flight", "last_used"]
        return _as(format, found, found.aliases, columns)

    @router.get(
        "/usage/aliases/{id}",
        summary="Show the usage of an alias",
        response_model=AliasUsageDetail,
        responses=_answers() | refusals(AliasNotFound),
    )
    def usage_of_alias(
        id: Annotated[str, Path(description="The URL id, as the list has it.")],  # noqa: A002
        within: Within,
        every: Step = Every.HOUR,
        format: Format = "json",  # noqa: A002
    ) -> Any:
        """Its figures over time, and what was adjusted about it. As CSV: the points."""
        found = reading.alias(id, within, every)
        return _as(format, found, found.points, ["at", *_FIGURES])

    return router


def _by_what(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/models",
        summary="Show usage by model",
        response_model=ModelUsageList,
        responses=_answers(),
    )
    def usage_models(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The model files that were asked, most requests first."""
        found = reading.models(within)
        return _as(format, found, found.models, ["model", *_FIGURES])

    @router.get(
        "/usage/templates",
        summary="Show usage by chat template",
        response_model=TemplateUsageList,
        responses=_answers(),
    )
    def usage_templates(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The chat templates that were used, most requests first."""
        found = reading.templates(within)
        return _as(format, found, found.templates, ["template", *_FIGURES])

    return router


def _by_trying(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/adjustments",
        summary="Show what is adjusted most",
        response_model=AdjustmentList,
        responses=_answers(),
    )
    def usage_adjustments(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """Parameters that callers gave another value, and fields that publishing changed."""
        found = reading.adjustments(within)
        return _as(format, found, found.adjustments, ["field", "origin", "times"])

    @router.get(
        "/usage/experiments",
        summary="Show experiments by day",
        response_model=ExperimentDays,
        responses=_answers(),
    )
    def usage_experiments(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """How often recipes were tried and published, by whole days (UTC) that the span touches."""
        found = reading.experiments(within)
        return _as(format, found, found.days, ["at", "kind", "times"])

    return router


_FIGURES = tuple(UsageFigures.model_fields)


def _answers() -> Responses:
    table = {"text/csv": {"schema": {"type": "string"}}}
    return {200: {"content": table}} | refusals(InvalidInput, DatabaseUnavailable)


def _as(
    wanted: str, answer: BaseModel, rows: Sequence[BaseModel], columns: Sequence[str]
) -> BaseModel | Response:
    if wanted == "json":
        return answer
    text = csv_of([row.model_dump() for row in rows], columns)
    return Response(text, media_type="text/csv; charset=utf-8")
