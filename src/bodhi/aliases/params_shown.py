"""What the control plane shows of parameters: the types of its answers, as the schema names them.

One entry is all that a control of the page needs: how to draw it, what to allow, what to say.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.params.described import Described
from bodhi.params.merge import Layer
from bodhi.params.parameter import Applies, Degree, Kind, Scale, Section
from bodhi.params.values import JsonObject

_EXAMPLE: JsonObject = {
    "key": "n_ctx",
    "label": "Context size",
    "section": "context_params",
    "group": "Performance & resources",
    "kind": "integer",
    "unit": "tokens",
    "applies": "reload",
    "required": False,
    "spellings": ["ctx_size", "c"],
    "negations": [],
    "flags": ["--ctx-size"],
    "help": "How many tokens prompt and answer may have together, shared by all slots.",
    "impact": {"quality": "some", "speed": "some", "memory": "strong"},
    "related": ["n_parallel"],
    "low": {"value": 32, "reason": "the lowest that is taken", "is_limit": True},
    "high": {"value": 32768, "reason": "trained context", "is_limit": False},
    "specials": [{"value": 0, "meaning": "the context that the model was trained with"}],
    "words": [],
    "choices": [],
    "longest": None,
    "step": 1,
    "scale": "log2",
    "stops": [4096, 16384],
    "recommended": None,
    "recommendations": [],
    "default": 8192,
    "default_layer": "bodhi default",
    "unsupported": None,
}


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class ImpactShown(_Shown):
    """How much a parameter decides about each."""

    quality: Degree
    speed: Degree
    memory: Degree


class BoundShown(_Shown):
    """One end of what makes sense."""

    value: int | float
    reason: Annotated[str, Field(examples=["trained context"])]
    is_limit: Annotated[
        bool, Field(description="A value beyond is refused; otherwise it is only rarely meant.")
    ]


class SpecialShown(_Shown):
    """A number that stands for something else."""

    value: int
    meaning: str


class BandShown(_Shown):
    """Where values are usually good."""

    low: int | float
    high: int | float
    source: Annotated[str, Field(description="Who published it.")]


class RecommendationShown(_Shown):
    """One value for one purpose."""

    label: Annotated[str, Field(examples=["creative writing"])]
    value: JsonValue
    source: Annotated[str, Field(description="Who published it.")]


class ParameterShown(_Shown):
    """One parameter: its row of the registry, and what is known of it here."""

    key: str
    label: str
    section: Section
    group: str
    kind: Kind
    unit: str | None
    applies: Annotated[Applies, Field(description="With the next request, or in a new engine.")]
    required: bool
    spellings: Annotated[list[str], Field(description="Other names, with _ for -.")]
    negations: Annotated[list[str], Field(description="Names that mean the opposite.")]
    flags: Annotated[list[str], Field(description="Of llama-server, newest first.")]
    help: str
    impact: ImpactShown
    related: Annotated[list[str], Field(description="Keys of others that matter to it.")]
    low: BoundShown | None
    high: BoundShown | None
    specials: list[SpecialShown]
    words: Annotated[list[str], Field(description="Taken beside numbers.")]
    choices: list[str]
    longest: Annotated[int | None, Field(description="Characters of a text, items of a list.")]
    step: Annotated[int | float | None, Field(description="The smallest useful change.")]
    scale: Scale
    stops: Annotated[list[int | float], Field(description="Values worth a mark.")]
    recommended: BandShown | None
    recommendations: list[RecommendationShown]
    default: Annotated[JsonValue, Field(description="null where the engine decides.")]
    default_layer: Layer
    unsupported: Annotated[
        str | None, Field(description="Why the engine in use does not take it at all.")
    ]


class ParameterList(_Shown):
    """Every parameter, in the order of groups."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"parameters": [_EXAMPLE]}]})

    parameters: list[ParameterShown]


def show_parameter(described: Described) -> ParameterShown:
    """One entry."""
    row = described.row
    known = {name: getattr(row, name, None) for name in ParameterShown.model_fields}
    return ParameterShown.model_validate(
        known
        | {
            "low": described.bounds.low,
            "high": described.bounds.high,
            "default": described.default.value,
            "default_layer": described.default.layer,
            "unsupported": described.bounds.unsupported,
        }
    )
