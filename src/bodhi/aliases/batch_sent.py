"""What the control plane is sent about many aliases at once: changes, exports, archives."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bodhi.aliases.sent import Edits, Sent, example

_MOST_ITEMS = 1000
# Of one alias, tiny.yaml.
_ARCHIVE = (
    "UEsDBBQAAAAIAAAAIQChPkUINgAAADoAAAAJAAAAdGlueS55YW1sS8zJTCy2UijJzKvkKkotyLdSSMpPycjUBwnouruHunGl"
    "Zeak5iXmpkIU6bkZG+mlp5emcQEAUEsBAhQDFAAAAAgAAAAhAKE+RQg2AAAAOgAAAAkAAAAAAAAAAAAAAKSBAAAAAHRpbnkueWFt"
    "bFBLBQYAAAAAAQABADcAAABdAAAAAAA="
)
_Id = Annotated[str, Field(min_length=1, max_length=512)]
_Etag = Annotated[str, Field(min_length=1, max_length=128)]
_Tags = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=64)]], Field(min_length=1, max_length=32)
]


class BatchItemSent(Sent):
    """One alias, and the content of it that the change is for."""

    id: _Id
    etag: Annotated[_Etag, Field(description="`*` takes whatever is there.")]


class SetValues(Sent):
    """Sets and removes values."""

    action: Literal["edit"]
    edits: Annotated[Edits, Field(min_length=1)]


class ApplyPreset(Sent):
    """Copies a preset's values."""

    action: Literal["preset"]
    preset: Annotated[str, Field(min_length=1, max_length=64)]


class ChangeTags(Sent):
    """Adds tags, or takes them away."""

    action: Literal["tag", "untag"]
    tags: _Tags


class Delete(Sent):
    """Moves aliases to the trash."""

    action: Literal["delete"]


class UndoSent(Sent):
    """How one alias becomes what it was, as a batch has answered it."""

    id: _Id
    etag: _Etag | None
    source_text: Annotated[str, Field(max_length=256 * 1024)] | None
    trash_id: Annotated[str, Field(max_length=512)] | None


class BatchSent(Sent):
    """One change of many aliases, or the undoing of one."""

    model_config = example(
        {
            "items": [{"id": "llama3--instruct", "etag": "9f86d081884c7d659a2feaa0c55ad015"}],
            "change": {"action": "tag", "tags": ["work"]},
        }
    )

    items: list[BatchItemSent] = Field([], max_length=_MOST_ITEMS)
    change: (
        Annotated[
            SetValues | ApplyPreset | ChangeTags | Delete,
            Field(discriminator="action"),
        ]
        | None
    ) = None
    undo: list[UndoSent] = Field([], max_length=_MOST_ITEMS)

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "BatchSent":
        if (bool(self.items) and self.change is not None) is bool(self.undo):
            raise ValueError("give either items and change, or undo")
        if self.undo and (self.items or self.change):
            raise ValueError("give either items and change, or undo")
        _check_each_once([item.id for item in self.items])
        return self


class ExportSent(Sent):
    """Which aliases are to be exported together."""

    model_config = example({"ids": ["llama3--instruct", "coder"]})

    ids: Annotated[
        list[_Id],
        Field(
            description="URL ids of user aliases, each once.", min_length=1, max_length=_MOST_ITEMS
        ),
    ]

    @model_validator(mode="after")
    def _is_each_there_once(self) -> "ExportSent":
        _check_each_once(self.ids)
        return self


class ArchiveSent(Sent):
    """An archive that is to be looked into."""

    model_config = example({"archive": _ARCHIVE})

    archive: Annotated[str, Field(description="A ZIP archive of alias files, in base64.")]


def _check_each_once(ids: list[str]) -> None:
    if len(set(ids)) < len(ids):
        raise ValueError("an alias is there twice")
