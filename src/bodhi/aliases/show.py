"""From entries, traces and explanations to what the control plane shows of them."""

from collections.abc import Iterable
from itertools import islice
from typing import Literal, cast

import orjson

from bodhi.aliases.entry import Entry
from bodhi.aliases.model import Alias
from bodhi.aliases.preset import name_in
from bodhi.aliases.resolve import Resolution
from bodhi.aliases.shown import (
    AliasDetail,
    AliasItem,
    EditShown,
    EffectiveParameter,
    ErrorShown,
    FindingShown,
    FixShown,
    LoserShown,
    MatchShown,
    ModelPlace,
    RequestExplained,
    RequestParameter,
    RungShown,
    SetParameter,
    StepShown,
    TemplateShown,
    TraceShown,
)
from bodhi.aliases.state import Marks
from bodhi.aliases.trace import Trace
from bodhi.chat_templates.sources import parse_declared
from bodhi.errors import BodhiError
from bodhi.model_files.families import family_of
from bodhi.model_files.model import ModelFile
from bodhi.model_files.shown import path_text, show_model
from bodhi.params.explain import Explained
from bodhi.params.findings import Finding
from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject

# In a list of ten thousand aliases, system prompts and grammars would be most of the bytes.
_LONGEST_IN_LIST = 120
_NO_MARKS = Marks()
# Of fields that a caller made up.
_LONGEST_NAME = 64
_MOST_NAMES = 32


def show_item(
    entry: Entry,
    error: BodhiError | None,
    findings: Iterable[Finding],
    marks: Marks = _NO_MARKS,
    *,
    longest: int | None = _LONGEST_IN_LIST,
) -> AliasItem:
    """``entry`` with the ``error`` that keeps it from serving, and what is said beside its file.

    Values of more than ``longest`` characters are cut and marked; None cuts nothing.
    """
    alias, model = entry.alias, entry.model
    facts = model.facts if model else None
    return AliasItem(
        id=entry.id,
        name=entry.name,
        source=entry.source,
        repo=alias.repo if alias else None,
        filename=alias.filename if alias else None,
        snapshot=alias.snapshot if alias else None,
        quantization=model.quantization if model else None,
        family=family_of(facts, alias.repo) if alias else None,
        size_label=facts.size_label if facts else None,
        size_bytes=model.size_bytes if model else None,
        chat_template=_template(alias.chat_template) if alias else None,
        set=_set_parameters(alias, longest) if alias else [],
        description=alias.description if alias else None,
        tags=list(alias.tags) if alias else [],
        pinned=marks.is_pinned,
        draft=marks.draft,
        state=marks.state_of(entry.source, error),
        error=show_error(error),
        findings=show_findings(findings),
        uid=entry.uid,
        version=entry.version,
        modified_at=entry.modified_at,
        etag=entry.etag,
    )


def show_detail(
    entry: Entry,
    error: BodhiError | None,
    trace: Trace,
    effective: Iterable[Explained],
    findings: Iterable[Finding],
    source_text: str | None,
    marks: Marks = _NO_MARKS,
) -> AliasDetail:
    """Everything about ``entry``, uncut; ``trace`` is how its own name is resolved."""
    item = show_item(entry, error, [*trace.findings, *findings], marks, longest=None)
    return AliasDetail(
        **dict(item),
        path=path_text(entry.model.path) if entry.model else None,
        source_text=source_text,
        preset=name_in(entry.alias) if entry.alias else None,
        model=show_model(entry.model) if entry.model else None,
        resolution=show_trace(trace),
        effective=[show_effective(explained) for explained in effective],
    )


def show_trace(trace: Trace) -> TraceShown:
    """How a name is resolved."""
    matched = trace.matched
    return TraceShown(
        request=trace.request,
        matched=None
        if matched is None
        else MatchShown(
            id=matched.id, name=matched.name, source=matched.source, version=matched.version
        ),
        model=_place(trace.model) if trace.model else None,
        steps=[StepShown(looked_at=step.looked_at, found=step.found) for step in trace.steps],
        losers=[
            LoserShown(
                id=loser.entry.id,
                name=loser.entry.name,
                source=loser.entry.source,
                reason=loser.reason,
            )
            for loser in trace.losers
        ],
        findings=show_findings(trace.findings),
        error=show_error(trace.error),
    )


def show_request(
    resolution: Resolution, explained: Iterable[Explained], dropped: Iterable[str]
) -> RequestExplained:
    """What one request came to. Names of ``dropped`` fields are the caller's, and cut."""
    return RequestExplained(
        alias=resolution.label,
        model=resolution.model.id if resolution.model else None,
        dropped=[name[:_LONGEST_NAME] for name in islice(dropped, _MOST_NAMES)],
        parameters=[
            RequestParameter(
                **dict(show_effective(one)), overruled=one.is_overruled, withheld=one.is_withheld
            )
            for one in explained
        ],
    )


def show_error(error: BodhiError | None) -> ErrorShown | None:
    """What keeps something from serving."""
    if error is None:
        return None
    # Resolution points into a request; here nobody sent one.
    return shown(error, None if error.pointer == "/model" else error.pointer)


def shown(error: BodhiError, pointer: str | None) -> ErrorShown:
    """An error as it is told beside what it is about; ``pointer`` in the terms of that."""
    return ErrorShown(
        code=error.code,
        message=error.message,
        pointer=pointer,
        remedy=error.remedy,
        to_type=error.to_type,
    )


def show_findings(findings: Iterable[Finding]) -> list[FindingShown]:
    """What there is to know."""
    return [
        FindingShown(
            code=found.code,
            severity=found.severity,
            message=found.message,
            params=list(found.params),
            pointer=_pointer(found),
            fix=_fix(found),
        )
        for found in findings
    ]


def _pointer(found: Finding) -> str | None:
    if found.params and (row := PARAMETERS.get(found.params[0])):
        return f"/{row.section}/{row.key}"
    return "/" + "/".join(found.patch[0].path) if found.patch else found.pointer


def _fix(found: Finding) -> FixShown | None:
    if not found.patch:
        return None
    patch = [EditShown(path=list(edit.path), value=edit.value) for edit in found.patch]
    return FixShown(label=found.fix, patch=patch)


def _template(declared: str | None) -> TemplateShown:
    parsed = parse_declared(declared)
    if parsed is None:
        return TemplateShown(origin="unknown", name=None)
    return TemplateShown(origin=parsed.origin, name=parsed.shown)


def _set_parameters(alias: Alias, longest: int | None) -> list[SetParameter]:
    context: JsonObject = dict(alias.context_params)
    request: JsonObject = dict(alias.request_params)
    # A clamp may stand alone; it is in the recipe all the same.
    for key in alias.request_policy:
        request.setdefault(key, None)
    return [
        *(_set_parameter(key, context[key], Section.CONTEXT, None, longest) for key in context),
        *(
            _set_parameter(key, value, Section.REQUEST, alias.request_policy.get(key), longest)
            for key, value in request.items()
        ),
    ]


def _set_parameter(
    key: str, value: Json, section: Section, policy: Json, longest: int | None
) -> SetParameter:
    mode: Literal["default", "enforce", "clamp"] = "default"
    bounds: tuple[float, float] | None = None
    if policy == "enforce":
        mode = "enforce"
    elif isinstance(policy, dict):
        mode = "clamp"
        low, high = cast("list[float]", policy["clamp"])
        bounds = low, high
    shown, cut = _shortened(value, longest)
    return SetParameter(key=key, value=shown, section=section, mode=mode, bounds=bounds, cut=cut)


def _shortened(value: Json, longest: int | None) -> tuple[Json, bool]:
    if longest is None or value is None or isinstance(value, bool | int | float):
        return value, False
    if isinstance(value, str):
        return (value, False) if len(value) <= longest else (value[:longest], True)
    return (value, False) if len(orjson.dumps(value)) <= longest else (None, True)


def _place(model: ModelFile) -> ModelPlace:
    return ModelPlace(
        id=model.id,
        repo=model.repo,
        filename=model.filename,
        snapshot=model.snapshot,
        path=path_text(model.path),
    )


def show_effective(explained: Explained) -> EffectiveParameter:
    row = explained.row
    return EffectiveParameter(
        key=row.key,
        label=row.label,
        section=row.section,
        group=row.group,
        unit=row.unit,
        applies=row.applies,
        value=explained.value,
        layer=explained.layer,
        ladder=[RungShown(layer=rung.layer, value=rung.value) for rung in explained.ladder],
    )
