"""What the control plane shows of the trash."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bodhi.aliases.trash import KEPT_DAYS, Trashed, TrashKind
from bodhi.chat_templates.sources import FILE_PREFIX
from bodhi.params.values import JsonObject

_TRASHED: JsonObject = {
    "id": "20261125T120000Z-0b9f1c9a5b0e4a4f9d3e6b7a8c1d2e3f-3",
    "kind": "alias",
    "name": "llama3:instruct",
    "alias_id": "llama3--instruct",
    "uid": "0b9f1c9a5b0e4a4f9d3e6b7a8c1d2e3f",
    "version": 3,
    "deleted_at": 1764072000.0,
    "purged_at": 1766664000.0,
}


def _example(example: JsonObject) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]}, frozen=True)


class TrashedShown(BaseModel):
    """An alias or a chat template that was deleted."""

    model_config = _example(_TRASHED)

    id: Annotated[str, Field(description="Under which it can be restored.")]
    kind: TrashKind
    name: str
    alias_id: Annotated[
        str | None,
        Field(description="The URL id that an alias had, and would have again."),
    ]
    uid: str | None
    version: Annotated[int | None, Field(description="null for a template, which has none.")]
    deleted_at: Annotated[float, Field(description="Seconds since the epoch.")]
    purged_at: Annotated[float, Field(description="When it goes for good, likewise.")]


class TrashList(BaseModel):
    """What can be restored, the latest first."""

    model_config = _example({"trash": [_TRASHED]})

    trash: list[TrashedShown]


class TemplateRestored(BaseModel):
    """A chat template that is there again."""

    model_config = _example({"name": "mine", "chat_template": "file:mine"})

    name: str
    chat_template: Annotated[str, Field(description="What an alias says to use it.")]


def show_trashed(trashed: Trashed) -> TrashedShown:
    """Something deleted; the file of an alias is read for its name."""
    is_alias = trashed.kind is TrashKind.ALIAS
    return TrashedShown(
        id=trashed.id,
        kind=trashed.kind,
        name=trashed.name(),
        alias_id=trashed.stem if is_alias else None,
        uid=trashed.uid,
        version=trashed.version if is_alias else None,
        deleted_at=trashed.deleted_at,
        purged_at=trashed.deleted_at + KEPT_DAYS * 24 * 60 * 60,
    )


def show_restored(name: str) -> TemplateRestored:
    """A template of this name."""
    return TemplateRestored(name=name, chat_template=f"{FILE_PREFIX}{name}")
