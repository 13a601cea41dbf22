"""``/api/v1/usage``: figures of what was used, as JSON or as a table for spreadsheets."""

from typing import Annotated, Any, Literal, NamedTuple, cast

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
    KeyUsage,
    KeyUsageList,
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


_FIGURES = tuple(UsageFigures.model_fields)


class _Table(NamedTuple):
    """What is given as CSV of an answer: the rows of one of its fields, in these columns."""

    kind: type[BaseModel]
    field: str
    columns: tuple[str, ...]

    @property
    def responses(self) -> Responses:
        """What is described of the answers."""
        (shown,) = cast("dict[str, Any]", self.kind.model_config["json_schema_extra"])["examples"]
        example = csv_of(shown[self.field], self.columns)
        table = {"text/csv": {"schema": {"type": "string"}, "example": example}}
        return {200: {"content": table}} | refusals(InvalidInput, DatabaseUnavailable)

    def answer(self, wanted: str, found: BaseModel) -> BaseModel | Response:
        """The answer itself, or its rows."""
        if wanted == "json":
            return found
        rows = [row.model_dump() for row in getattr(found, self.field)]
        return Response(csv_of(rows, self.columns), media_type="text/csv; charset=utf-8")


_SUMMARY = _Table(UsageSummary, "sources", ("source", *_FIGURES))
_SERIES = _Table(UsageSeries, "points", ("at", "of", "name", *_FIGURES))
_ALIASES = _Table(
    AliasUsageList, "aliases", ("id", "uid", "alias", "source", *_FIGURES, "in_flight", "last_used")
)
_ALIAS = _Table(AliasUsageDetail, "points", ("at", *_FIGURES))
_MODELS = _Table(ModelUsageList, "models", ("model", *_FIGURES))
_TEMPLATES = _Table(TemplateUsageList, "templates", ("template", *_FIGURES))
_KEYS = _Table(KeyUsageList, "keys", tuple(KeyUsage.model_fields))
_EXPERIMENTS = _Table(ExperimentDays, "days", ("at", "kind", "times"))
_ADJUSTMENTS = _Table(AdjustmentList, "adjustments", ("field", "origin", "times"))


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
        responses=_SUMMARY.responses,
    )
    def usage_summary(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """All requests of a span of time, and by whose recipe answered them; experiments."""
        found = reading.summary(within)
        return _SUMMARY.answer(format, found)

    @router.get(
        "/usage/series",
        summary="Show usage over time",
        response_model=UsageSeries,
        responses=_SERIES.responses,
    )
    def usage_series(
        within: Within,
        every: Step = Every.HOUR,
        by: Annotated[By | None, Query(description="One point for each of these.")] = None,
        format: Format = "json",  # noqa: A002
    ) -> Any:
        """Only steps with requests. They begin at whole minutes, hours or days (UTC)."""
        found = reading.series(within, every, by)
        return _SERIES.answer(format, found)

    return router


def _by_alias(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/aliases",
        summary="Show usage by alias",
        response_model=AliasUsageList,
        responses=_ALIASES.responses,
    )
    def usage_aliases(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The aliases that were asked, most requests first. A trial's source is draft."""
        found = reading.aliases(within)
        return _ALIASES.answer(format, found)

    @router.get(
        "/usage/aliases/{id}",
        summary="Show the usage of an alias",
        response_model=AliasUsageDetail,
        responses=_ALIAS.responses | refusals(AliasNotFound),
    )
    def usage_of_alias(
        id: Annotated[str, Path(description="The URL id, as the list has it.")],  # noqa: A002
        within: Within,
        every: Step = Every.HOUR,
        format: Format = "json",  # noqa: A002
    ) -> Any:
        """Its figures over time, and what was adjusted about it. As CSV: the points."""
        found = reading.alias(id, within, every)
        return _ALIAS.answer(format, found)

    return router


def _by_what(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/models",
        summary="Show usage by model",
        response_model=ModelUsageList,
        responses=_MODELS.responses,
    )
    def usage_models(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The model files that were asked, most requests first."""
        found = reading.models(within)
        return _MODELS.answer(format, found)

    @router.get(
        "/usage/templates",
        summary="Show usage by chat template",
        response_model=TemplateUsageList,
        responses=_TEMPLATES.responses,
    )
    def usage_templates(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The chat templates that were used, most requests first."""
        found = reading.templates(within)
        return _TEMPLATES.answer(format, found)

    @router.get(
        "/usage/keys",
        summary="Show usage by key",
        response_model=KeyUsageList,
        responses=_KEYS.responses,
    )
    def usage_keys(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """The keys that requests came with, by whole days (UTC) that the span touches."""
        found = reading.keys(within)
        return _KEYS.answer(format, found)

    return router


def _by_trying(reading: UsageReading) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/usage/adjustments",
        summary="Show what is adjusted most",
        response_model=AdjustmentList,
        responses=_ADJUSTMENTS.responses,
    )
    def usage_adjustments(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """Parameters that callers gave another value, and fields that publishing changed."""
        found = reading.adjustments(within)
        return _ADJUSTMENTS.answer(format, found)

    @router.get(
        "/usage/experiments",
        summary="Show experiments by day",
        response_model=ExperimentDays,
        responses=_EXPERIMENTS.responses,
    )
    def usage_experiments(within: Within, format: Format = "json") -> Any:  # noqa: A002
        """How often recipes were tried and published, by whole days (UTC) that the span touches."""
        found = reading.experiments(within)
        return _EXPERIMENTS.answer(format, found)

    return router
