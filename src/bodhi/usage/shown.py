"""What the control plane shows of usage: the types of its answers, as the schema names them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.usage.figures import Sums

_FIGURES: dict[str, JsonValue] = {
    "requests": 156,
    "finished": 150,
    "refused": 2,
    "failed": 1,
    "interrupted": 0,
    "left": 3,
    "success": 0.9934,
    "prompt_tokens": 40210,
    "cached_tokens": 21000,
    "completion_tokens": 18544,
    "uncounted": 0,
    "first_token_ms": 212.5,
    "duration_ms": 3120.4,
    "tokens_per_s": 41.7,
}
_SPAN: dict[str, JsonValue] = {"start": 1764000000, "end": 1764086400}
_ALIAS: dict[str, JsonValue] = {
    "id": "llama3--instruct",
    "uid": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "alias": "llama3:instruct",
    "source": "user",
}
_EVERYTHING: dict[str, JsonValue] = {"figures": _FIGURES}


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


class UsageFigures(BaseModel):
    """Requests that ended, and averages over them. What nobody measured is null."""

    requests: int
    finished: int = Field(description="The whole answer went out.")
    refused: int = Field(description="A 4xx: the request's own matter, or a full queue.")
    failed: int = Field(description="A gateway or engine error in place of an answer.")
    interrupted: int = Field(description="Such an error after the first byte.")
    left: int = Field(description="The caller did not wait for the end.")
    success: float | None = Field(
        description="Share, 0 to 1, that finished of what finished, failed or was interrupted."
    )
    prompt_tokens: int
    cached_tokens: int = Field(description="Of the prompt's, those the engine still had.")
    completion_tokens: int
    uncounted: int = Field(
        description="Finished requests whose tokens nobody counted, as some remotes do not; they "
        "add none to these sums."
    )
    first_token_ms: float | None = Field(description="From arrival, waiting and loading included.")
    duration_ms: float | None
    tokens_per_s: float | None = Field(description="Of generation alone.")


class Experiments(BaseModel):
    """How often recipes were tried and published, by whole days (UTC)."""

    trials: int
    publishes: int


class ExperimentDayShown(BaseModel):
    """Experiments of one kind on one day (UTC); a day without any is left out."""

    at: int = Field(description="When the day began, in seconds since the epoch.")
    kind: str = Field(description="trial: a recipe was asked. publish: a draft became the alias.")
    times: int


class ExperimentDays(BaseModel):
    """Experiments day by day, the oldest first."""

    model_config = _example(**_SPAN, days=[{"at": 1763942400, "kind": "trial", "times": 5}])

    start: int
    end: int
    days: list[ExperimentDayShown]


class RecordingShown(BaseModel):
    """How recording goes."""

    trouble: str | None = Field(description="Why records wait to be written; null: they do not.")
    lost: int = Field(description="Records for which there was no room, since the start.")


class SourceUsage(BaseModel):
    """Requests by whose recipe answered."""

    source: str = Field(description="user, model, draft (trials), none (named nothing there is).")
    figures: UsageFigures


class UsageSummary(BaseModel):
    """Everything of a span of time together."""

    model_config = _example(
        **_SPAN,
        figures=_FIGURES,
        sources=[{"source": "user", "figures": _FIGURES}],
        experiments={"trials": 12, "publishes": 3},
        active_now=1,
        recording={"trouble": None, "lost": 0},
    )

    start: Annotated[int, Field(description="Seconds since the epoch, a whole minute.")]
    end: int
    figures: UsageFigures
    sources: list[SourceUsage]
    experiments: Experiments
    active_now: int = Field(description="Aliases with a request in flight.")
    recording: RecordingShown


class AliasUsage(BaseModel):
    """One alias's requests."""

    id: str | None = Field(description="Its URL id; null where it is gone.")
    uid: str = Field(description="Stable over renames; a model alias is known by its name.")
    alias: str
    source: str
    figures: UsageFigures
    in_flight: int
    last_used: float | None = Field(description="Seconds since the epoch.")


class AliasUsageList(BaseModel):
    """Aliases by how often they were asked."""

    model_config = _example(
        **_SPAN,
        aliases=[{**_ALIAS, "figures": _FIGURES, "in_flight": 0, "last_used": 1764086012.2}],
    )

    start: int
    end: int
    aliases: list[AliasUsage]


class ModelUsage(BaseModel):
    """The requests that one model file answered."""

    model: str
    figures: UsageFigures


class ModelUsageList(BaseModel):
    """Model files by how often they were asked."""

    model_config = _example(
        **_SPAN,
        models=[{"model": "bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0", "figures": _FIGURES}],
    )

    start: int
    end: int
    models: list[ModelUsage]


class TemplateUsage(BaseModel):
    """The requests that were put into one chat template."""

    template: str = Field(
        description="embedded, builtin:ID, repository:NAME, text:HASH; empty for a remote's own."
    )
    figures: UsageFigures


class TemplateUsageList(BaseModel):
    """Chat templates by how often they were used."""

    model_config = _example(
        **_SPAN, templates=[{"template": "builtin:llama3", "figures": _FIGURES}]
    )

    start: int
    end: int
    templates: list[TemplateUsage]


class KeyUsage(BaseModel):
    """The requests that came with one key."""

    key_id: str = Field(description="As the list of keys has it; `settings`: the configured one.")
    requests: int
    prompt_tokens: int
    completion_tokens: int
    last_used: float = Field(description="When its last request began, seconds since the epoch.")


class KeyUsageList(BaseModel):
    """Keys by their last use, the latest first, by whole days (UTC)."""

    model_config = _example(
        **_SPAN,
        keys=[
            {
                "key_id": "1f0c9a2b3d4e",
                "requests": 156,
                "prompt_tokens": 40210,
                "completion_tokens": 18544,
                "last_used": 1764086391.2,
            }
        ],
    )

    start: int
    end: int
    keys: list[KeyUsage]


class Adjustment(BaseModel):
    """How often one field was given another value."""

    field: str = Field(description="A parameter's key, or a pointer into the alias.")
    origin: str = Field(description="caller: in a request. publish: in the alias itself.")
    times: int


class AdjustmentList(BaseModel):
    """Adjustments by how often they were made, by whole days (UTC)."""

    model_config = _example(
        **_SPAN, adjustments=[{"field": "temperature", "origin": "caller", "times": 41}]
    )

    start: int
    end: int
    adjustments: list[Adjustment]


class UsagePoint(BaseModel):
    """One minute, hour or day with requests; one without has no point."""

    at: int = Field(description="When it began, in seconds since the epoch.")
    of: str | None = Field(description="The alias's uid, the model, the template or the source.")
    name: str | None = Field(description="For an alias, its name.")
    figures: UsageFigures


class UsageSeries(BaseModel):
    """Usage over time."""

    model_config = _example(
        **_SPAN,
        every="hour",
        points=[{"at": 1764000000, "of": None, "name": None, "figures": _FIGURES}],
    )

    start: int
    end: int
    every: str
    points: list[UsagePoint]


class AliasUsageDetail(AliasUsage):
    """One alias over time, and what was adjusted about it."""

    model_config = _example(
        **_SPAN,
        **_ALIAS,
        figures=_FIGURES,
        in_flight=0,
        last_used=1764086012.2,
        points=[{"at": 1764000000, "of": None, "name": None, "figures": _FIGURES}],
        adjustments=[{"field": "temperature", "origin": "caller", "times": 41}],
        experiments={"trials": 2, "publishes": 1},
    )

    start: int
    end: int
    points: list[UsagePoint]
    adjustments: list[Adjustment]
    experiments: Experiments


def show_figures(found: Sums) -> UsageFigures:
    """Sums as counts and averages."""
    sums = found.sums
    decided = sums["finished"] + sums["failed"] + sums["interrupted"]
    counts = {name: sums[name] for name in UsageFigures.model_fields if name in sums}
    return UsageFigures.model_validate(
        counts
        | {
            "success": _over(sums["finished"], decided),
            "first_token_ms": _over(sums["first_token_ms"], sums["first_tokens"]),
            "duration_ms": _over(sums["duration_ms"], sums["requests"]),
            "tokens_per_s": _over(1000 * sums["timed_tokens"], sums["generation_ms"]),
        }
    )


def _over(above: float, below: float) -> float | None:
    return round(above / below, 4) if below else None
