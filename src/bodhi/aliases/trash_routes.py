"""``/api/v1/trash``: aliases and chat templates that were deleted, to be restored or purged."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from bodhi.aliases.shown import AliasDetail
from bodhi.aliases.trash_can import TrashCan
from bodhi.aliases.trash_shown import TemplateRestored, TrashList, show_restored, show_trashed
from bodhi.aliases.write_routes import Desk
from bodhi.errors import NameTaken, NotInTrash, StorageFailed
from bodhi.http.control import refusals

_Id = Annotated[str, Path(alias="id", description="As the trash has it.")]


def trash_routes(desk: Desk, trash: TrashCan) -> APIRouter:
    """The routes over one home's trash; ``desk`` makes one change after another."""
    router = APIRouter(tags=["aliases"])

    @router.get("/trash", summary="List the trash", responses=refusals(StorageFailed))
    async def list_trash() -> TrashList:
        """What was deleted in the last 30 days; what is older is gone."""
        return TrashList(trash=await desk.do(lambda *_: [show_trashed(one) for one in trash.all()]))

    @router.post(
        "/trash/{id}/restore",
        summary="Restore an alias or a chat template",
        response_model=AliasDetail | TemplateRestored,
        responses=refusals(NotInTrash, NameTaken, StorageFailed),
    )
    async def restore_trashed(trash_id: _Id) -> Response:
        """Bring it back as it was, unless another one has its place now."""
        restored = await desk.do(lambda *_: trash.restore(trash_id))
        if isinstance(restored, str):
            body = show_restored(restored).model_dump_json()
            return Response(body, media_type="application/json")
        return await desk.show(restored)

    @router.delete(
        "/trash/{id}",
        summary="Purge an alias or a chat template",
        status_code=204,
        responses=refusals(NotInTrash, StorageFailed),
    )
    async def purge_trashed(trash_id: _Id) -> None:
        """Delete for good what is in the trash."""
        await desk.do(lambda *_: trash.purge(trash_id))

    return router
