"""What the control plane shows of several aliases, and of one that is not saved: the types."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.aliases.batch_sent import UndoSent
from bodhi.aliases.sent import example
from bodhi.aliases.shown import (
    AliasItem,
    EffectiveParameter,
    ErrorShown,
    FindingShown,
    PresetSaid,
)
from bodhi.params.merge import Layer
from bodhi.params.parameter import Applies, Section
from bodhi.params.values import JsonObject

_CHANGE: JsonObject = {"path": ["request_params", "temperature"], "before": 0.7, "after": 0.2}
_OUTCOME: JsonObject = {
    "id": "llama3--instruct",
    "status": "changed",
    "reason": None,
    "changes": [_CHANGE],
    "etag": "9f86d081884c7d659a2feaa0c55ad015",
}
_TEXT_FILE: JsonObject = {
    "file": "tiny.yaml",
    "source_text": "alias: tiny\nrepo: bodhi/tiny-GGUF\nfilename: tiny.F32.gguf\n",
    "error": None,
}
_NO_FILE: JsonObject = {
    "file": "cut-off.yaml",
    "source_text": None,
    "error": {
        "code": "alias_file_invalid",
        "message": "The file is damaged in the archive.",
        "pointer": None,
        "remedy": None,
        "to_type": None,
        "line": None,
    },
}


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class RecipeShown(_Shown):
    """A recipe as fields, as far as it can be read: what is wrong stands there as it is written."""

    name: Annotated[str, Field(examples=["llama3:instruct"])]
    repo: str
    filename: str
    snapshot: str | None
    chat_template: str | None
    context_params: Annotated[dict[str, JsonValue], Field(description="Registry key -> value.")]
    request_params: Annotated[dict[str, JsonValue], Field(description="Registry key -> value.")]
    request_policy: Annotated[
        dict[str, JsonValue],
        Field(description='Request parameter -> "enforce" or {"clamp": [low, high]}.'),
    ]
    description: str | None
    tags: list[str]
    preset: PresetSaid


class ProblemShown(ErrorShown):
    """What would keep a recipe from being saved, or from serving."""

    line: Annotated[int | None, Field(description="In the file, from 1.")]


class ValidationShown(_Shown):
    """A recipe that is not saved."""

    id: Annotated[str | None, Field(description="The URL id that it would have.")]
    source_text: Annotated[str, Field(description="The file that it would be.")]
    recipe: Annotated[RecipeShown | None, Field(description="null for a text that cannot be read.")]
    errors: list[ProblemShown]
    findings: list[FindingShown]
    effective: list[EffectiveParameter]


class ComparedField(_Shown):
    """One fact, for each alias in turn."""

    name: Annotated[str, Field(examples=["quantization"])]
    values: list[JsonValue]
    differs: bool


class ComparedValue(_Shown):
    """What a parameter is for one alias, and what says so."""

    value: JsonValue
    layer: Layer


class ComparedParameter(_Shown):
    """One parameter, for each alias in turn; null for one that cannot serve."""

    key: str
    label: str
    section: Section
    group: str
    unit: str | None
    applies: Applies
    values: list[ComparedValue | None]
    differs: bool


class Comparison(_Shown):
    """Two to four aliases beside one another."""

    aliases: list[AliasItem]
    fields: list[ComparedField]
    parameters: list[ComparedParameter]


class ChangeShown(_Shown):
    """One value that changes."""

    path: list[str]
    before: JsonValue
    after: JsonValue


class OutcomeShown(_Shown):
    """What became of one alias, or would."""

    id: str
    status: Literal["changed", "skipped"]
    reason: Annotated[ErrorShown | None, Field(description="Why it was skipped.")]
    changes: list[ChangeShown]
    etag: Annotated[str | None, Field(description="Of its content now; null if it is gone.")]


class BatchShown(_Shown):
    """What became of each alias."""

    model_config = example(
        {"dry_run": True, "changed": 1, "skipped": 0, "items": [_OUTCOME], "undo": []}
    )

    dry_run: bool
    changed: int
    skipped: int
    items: list[OutcomeShown]
    undo: Annotated[
        list[UndoSent], Field(description="Sent as undo, it makes all of them what they were.")
    ]


class ArchivedFile(_Shown):
    """One file of an archive: its text, or why there is none."""

    file: Annotated[str, Field(description="Its name in the archive.")]
    source_text: str | None
    error: ProblemShown | None


class ArchiveShown(_Shown):
    """What is in an archive of alias files."""

    model_config = example({"files": [_TEXT_FILE, _NO_FILE]})

    files: list[ArchivedFile]
