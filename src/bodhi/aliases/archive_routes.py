"""Routes that hand out many alias files as one archive, and look into one that is brought."""

import asyncio
import base64

from fastapi import APIRouter, Response

from bodhi.aliases.archive import pack, unpack
from bodhi.aliases.batch_sent import ArchiveSent, ExportSent
from bodhi.aliases.exported import files_of
from bodhi.aliases.many_show import show_archive
from bodhi.aliases.many_shown import ArchiveShown
from bodhi.aliases.store import AliasStore
from bodhi.errors import (
    AliasBroken,
    AliasChanged,
    AliasNotFound,
    ArchiveInvalid,
    BodyTooLarge,
    InvalidInput,
    NameInvalid,
    StorageFailed,
)
from bodhi.http.control import Responses, refusals
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue

_FILE = "bodhi-aliases.zip"
_EXPORTED: Responses = {
    200: {
        "description": "A ZIP archive with one file an alias, byte for byte.",
        "content": {"application/zip": {"example": "PK\x03\x04..."}},
    }
}


class _Zip(Response):
    media_type = "application/zip"


def archive_routes(store: AliasStore, models: LiveCatalogue) -> APIRouter:
    """The routes over one store; neither changes anything."""
    router = APIRouter(tags=["aliases"])

    @router.post(
        "/aliases/export",
        summary="Export aliases",
        response_class=_Zip,
        responses=_EXPORTED
        | refusals(
            *(InvalidInput, NameInvalid, AliasNotFound, AliasBroken, AliasChanged),
            *(BodyTooLarge, StorageFailed),
        ),
    )
    async def export_aliases(asked: ExportSent) -> _Zip:
        """The files of user aliases in one archive, under their own names: all of them, or none."""
        archive = await asyncio.to_thread(_export, asked, store, await models.recent())
        return _Zip(archive, headers={"content-disposition": f'attachment; filename="{_FILE}"'})

    @router.post(
        "/aliases/unpack",
        summary="Look into an archive of aliases",
        response_model=ArchiveShown,
        responses=refusals(InvalidInput, ArchiveInvalid, BodyTooLarge),
    )
    async def unpack_aliases(asked: ArchiveSent) -> Response:
        """The text of each file, or why there is none; nothing is written.

        What is to come in of it is then created, one alias after another.
        """
        body = await asyncio.to_thread(_unpack, asked)
        return Response(body, media_type="application/json")

    return router


def _export(asked: ExportSent, store: AliasStore, catalogue: Catalogue) -> bytes:
    return pack(files_of(asked.ids, store, catalogue))


def _unpack(asked: ArchiveSent) -> bytes:
    try:
        archive = base64.b64decode(asked.archive, validate=True)
    except ValueError:
        raise InvalidInput("The archive is not in base64.", pointer="/archive") from None
    return show_archive(unpack(archive)).model_dump_json().encode()
