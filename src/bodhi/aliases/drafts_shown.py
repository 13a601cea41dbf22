"""What the control plane shows of drafts and versions, and what it is sent about them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from bodhi.aliases.many_shown import RecipeShown
from bodhi.aliases.sent import RecipeSent, Sent
from bodhi.aliases.shown import EffectiveParameter, ErrorShown, FindingShown
from bodhi.aliases.versions import How
from bodhi.aliases.yaml12 import MAX_BYTES
from bodhi.params.values import JsonObject

LONGEST_NOTE = 2000

_TEXT = "alias: llama3:instruct\nrepo: bartowski/Llama-3.2-1B-Instruct-GGUF\n"
_DRAFT: JsonObject = {
    "id": "4f2a1c5d7e8b49d0a1b2c3d4e5f60718",
    "alias_id": "llama3--instruct",
    "name": "llama3:instruct",
    "uid": "9a8b7c6d5e4f40312a1b0c9d8e7f6a5b",
    "base_etag": "9f86d081884c7d659a2feaa0c55ad015",
    "base_version": 3,
    "is_stale": False,
    "created_at": 1764000000.25,
    "updated_at": 1764000042.5,
    "seq": 7,
    "etag": "60303ae22b998861bce3b28f33eec1be",
}
_CHANGE: JsonObject = {"path": ["request_params", "temperature"], "before": 0.7, "after": 0.9}
_VERSION: JsonObject = {
    "version": 3,
    "saved_at": 1764000000.25,
    "how": "publish",
    "note": "Warmer.",
    "etag": "9f86d081884c7d659a2feaa0c55ad015",
    "is_current": True,
}


def _example(example: JsonObject) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]}, frozen=True)


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


Note = Annotated[
    str | None,
    Field(description="Why, in words, for who reads it later.", max_length=LONGEST_NOTE),
]
SourceText = Annotated[
    str, Field(description="A whole alias file in YAML, as it is.", max_length=MAX_BYTES)
]


class ChangeShown(_Shown):
    """One field that differs."""

    path: Annotated[list[str], Field(examples=[["request_params", "temperature"]])]
    before: Annotated[JsonValue, Field(description="null: not set.")]
    after: Annotated[JsonValue, Field(description="null: not set.")]


class DraftErrorShown(ErrorShown):
    """What keeps a draft from being published, or from serving then."""

    line: Annotated[int | None, Field(description="In the draft's text, from 1.")]


class DraftItem(_Shown):
    """A draft, as a list shows it."""

    id: str
    alias_id: Annotated[
        str | None, Field(description="null for an alias that is to be, or that is gone.")
    ]
    name: Annotated[str | None, Field(description="null while the text cannot be read.")]
    uid: Annotated[str | None, Field(description="The alias's; null for one that is to be.")]
    base_etag: Annotated[str | None, Field(description="Of the alias when the draft was begun.")]
    base_version: int | None
    is_stale: Annotated[
        bool, Field(description="The alias has another content by now, or is gone.")
    ]
    created_at: Annotated[float, Field(description="Seconds since the epoch.")]
    updated_at: Annotated[float, Field(description="Seconds since the epoch.")]
    seq: Annotated[int, Field(description="Counts the saves, from 1.")]
    etag: str


class DraftList(_Shown):
    """The draft that was changed last, first."""

    model_config = _example({"total": 1, "drafts": [_DRAFT]})

    total: int
    drafts: list[DraftItem]


class DraftDetail(DraftItem):
    """A draft, and all that an editor shows beside it."""

    model_config = _example(
        {
            **_DRAFT,
            "source_text": _TEXT,
            "recipe": {
                "name": "llama3:instruct",
                "repo": "bartowski/Llama-3.2-1B-Instruct-GGUF",
                "filename": "Llama-3.2-1B-Instruct-Q8_0.gguf",
                "snapshot": None,
                "chat_template": None,
                "context_params": {},
                "request_params": {"temperature": 0.9},
                "request_policy": {},
                "description": None,
                "tags": [],
                "preset": None,
            },
            "errors": [],
            "findings": [],
            "effective": [],
            "changes": [_CHANGE],
        }
    )

    source_text: str
    recipe: Annotated[
        RecipeShown | None, Field(description="null while the text has no structure.")
    ]
    errors: Annotated[
        list[DraftErrorShown], Field(description="Empty where it would serve as it is.")
    ]
    findings: list[FindingShown]
    effective: Annotated[
        list[EffectiveParameter],
        Field(description="Without values that are wrong; empty while the text cannot be read."),
    ]
    changes: Annotated[
        list[ChangeShown], Field(description="Against the alias as it is now, field by field.")
    ]


class DifferenceShown(_Shown):
    """Two contents of an alias, held against each other."""

    model_config = _example(
        {
            "changes": [_CHANGE],
            "text": "--- version 2\n+++ version 3\n@@ -4 +4 @@\n-  a: 1\n+  a: 2\n",
            "before_etag": "9f86d081884c7d659a2feaa0c55ad015",
            "after_etag": "60303ae22b998861bce3b28f33eec1be",
        }
    )

    changes: Annotated[
        list[ChangeShown], Field(description="Empty also where one of them cannot be read.")
    ]
    text: Annotated[str, Field(description="A unified difference of the files.")]
    before_etag: str | None
    after_etag: str | None


class VersionItem(_Shown):
    """One content that an alias has had."""

    version: int
    saved_at: Annotated[float, Field(description="Seconds since the epoch.")]
    how: How
    note: str | None
    etag: str
    is_current: bool


class VersionList(_Shown):
    """The newest first."""

    model_config = _example({"total": 1, "versions": [_VERSION]})

    total: int
    versions: list[VersionItem]


class VersionDetail(VersionItem):
    """One content, whole."""

    model_config = _example({**_VERSION, "source_text": _TEXT})

    source_text: str


class DraftSent(Sent):
    """What a draft begins with: exactly one of the first three, and a preset if one is wanted."""

    model_config = _example({"alias_id": "llama3--instruct", "preset": "coding"})

    alias_id: Annotated[
        str | None,
        Field(description="An alias's URL id; of a model, it is copied to make an own one."),
    ] = None
    source_text: SourceText | None = None
    recipe: RecipeSent | None = None
    preset: Annotated[
        str | None,
        Field(
            description="A preset's name; its values are laid over what the draft begins with.",
            max_length=64,
            examples=["coding"],
        ),
    ] = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "DraftSent":
        if [self.alias_id, self.source_text, self.recipe].count(None) != 2:
            raise ValueError("give exactly one of alias_id, source_text and recipe")
        return self


class TextSent(Sent):
    """Another text for a draft, which may be one that cannot be read yet."""

    model_config = _example({"source_text": _TEXT})

    source_text: SourceText


class PublishSent(Sent):
    """What is said about a publish."""

    model_config = _example({"note": "Warmer."})

    note: Note = None
    over: Annotated[
        str | None,
        Field(description="The alias's etag that may be written over; else the draft's base."),
    ] = None


class RestoreSent(Sent):
    """What is said about a version that comes back."""

    model_config = _example({"note": "The new prompt was worse."})

    note: Note = None


class PinItem(_Shown):
    """An alias that is pinned."""

    id: Annotated[str, Field(description="The alias's URL id.")]
    pinned_at: Annotated[float, Field(description="Seconds since the epoch.")]


class PinList(_Shown):
    """The first pin first."""

    model_config = _example(
        {"total": 1, "pins": [{"id": "llama3--instruct", "pinned_at": 1764000000.25}]}
    )

    total: int
    pins: list[PinItem]
