"""What the control plane shows of rules, presets and recommendations: the types of its answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.advice.recommend import Recommendation
from bodhi.aliases.preset import Preset
from bodhi.aliases.presets import text_of
from bodhi.params.merge import Layer
from bodhi.params.rules.rule import Rule, Severity


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class RuleFix(_Shown):
    """What mends a finding of the rule."""

    label: Annotated[str, Field(examples=["Unset Top-p"])]
    patch: Annotated[
        dict[str, JsonValue],
        Field(description="Parameter -> expression; null or an empty list takes it out."),
    ]
    safe: Annotated[bool, Field(description="It changes nothing that any request gets.")]


class RuleShown(_Shown):
    """One rule by which findings are made, in a form that pages evaluate, too."""

    id: Annotated[str, Field(examples=["temperature_with_top_p"])]
    severity: Severity
    params: list[str]
    when: Annotated[
        JsonValue,
        Field(
            description="An expression in lists: a word, then its arguments.",
            examples=[["all", ["gt", ["own", "temperature"], 0], ["lt", ["own", "top_p"], 1]]],
        ),
    ]
    message: Annotated[
        str, Field(description="Values stand in it as {own.n_ctx}, {eff.n_ctx}, {machine.cores}.")
    ]
    fix: RuleFix


class RuleList(_Shown):
    """Every rule, in the order in which findings are listed."""

    rules: list[RuleShown]


class PresetShown(_Shown):
    """Values for one intent."""

    name: Annotated[str, Field(examples=["coding"])]
    title: Annotated[str, Field(examples=["Coding"])]
    about: str
    source: Literal["built-in", "own"]
    context_params: dict[str, JsonValue]
    request_params: dict[str, JsonValue]
    request_policy: dict[str, JsonValue]
    source_text: Annotated[str, Field(description="Its file, which an import takes as it is.")]


class PresetFile(BaseModel):
    """A file that was exported, and the name that it is to have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=64, examples=["my-coding"])]
    source_text: Annotated[
        str,
        Field(
            max_length=256 * 1024,
            description="YAML with title, about and the sections of an alias.",
            examples=["title: My coding\nrequest_params:\n  temperature: 0.2\n"],
        ),
    ]
    replace: Annotated[bool, Field(description="Put it in place of one's own of this name.")] = (
        False
    )


class PresetSent(BaseModel):
    """What one's own preset is to be. Parameters may stand under any of their names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(max_length=1024, examples=["My coding"])] = ""
    about: Annotated[
        str, Field(max_length=1024, description="When to take it, and why its values are so.")
    ] = ""
    context_params: Annotated[dict[str, JsonValue], Field(examples=[{"n_ctx": 16384}])] = {}
    request_params: Annotated[dict[str, JsonValue], Field(examples=[{"temperature": 0.2}])] = {}
    request_policy: Annotated[
        dict[str, JsonValue],
        Field(description='Request parameter -> "enforce" or {"clamp": [low, high]}.'),
    ] = {}


class PresetList(_Shown):
    """Every preset, people's own behind those that come along."""

    presets: list[PresetShown]
    problems: Annotated[list[str], Field(description="Files that are no presets, and why.")]


class RecommendationShown(_Shown):
    """One recommended value."""

    key: Annotated[str, Field(examples=["temperature"])]
    value: JsonValue
    source: Annotated[
        str, Field(examples=["README of deepseek-ai/DeepSeek-R1, usage recommendations"])
    ]
    now: Annotated[JsonValue, Field(description="What applies; null where the engine decides.")]
    layer: Layer
    followed: Annotated[bool, Field(description="It applies already.")]


class Advice(_Shown):
    """What is recommended for one alias or model."""

    alias: Annotated[str, Field(description="name@version", examples=["llama3:instruct@3"])]
    recommendations: list[RecommendationShown]


def show_rule(rule: Rule) -> RuleShown:
    """A rule as the page evaluates it."""
    return RuleShown.model_validate(rule.to_json())


def show_preset(preset: Preset) -> PresetShown:
    """A preset with everything that it sets."""
    return PresetShown(
        name=preset.name,
        title=preset.title,
        about=preset.about,
        source="own" if preset.is_own else "built-in",
        context_params=dict(preset.context_params),
        request_params=dict(preset.request_params),
        request_policy=dict(preset.request_policy),
        source_text=text_of(preset),
    )


def show_recommendation(one: Recommendation) -> RecommendationShown:
    """A recommendation beside what applies."""
    return RecommendationShown(
        key=one.key,
        value=one.value,
        source=one.source,
        now=one.now,
        layer=one.layer,
        followed=one.is_followed,
    )
