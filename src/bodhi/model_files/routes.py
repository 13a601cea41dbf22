"""``/api/v1/models``: the model files on this machine, aliases or not."""

import asyncio
import hashlib

from fastapi import APIRouter, Response

from bodhi.http.conditional import UNCHANGED, IfNoneMatch, respond
from bodhi.model_files.index import Catalogue
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.shown import ModelList, show_models


def model_routes(models: LiveCatalogue) -> APIRouter:
    """The routes over one catalogue."""
    router = APIRouter(tags=["models"])

    @router.get(
        "/models", summary="List model files", response_model=ModelList, responses=UNCHANGED
    )
    async def list_models(if_none_match: IfNoneMatch = None) -> Response:
        """Every model file of the Hugging Face cache and the added folders, by id.

        A file that the engine cannot load is listed too; its problem says why.
        """
        catalogue = await models.recent()
        body, etag = await asyncio.to_thread(_body, catalogue)
        return respond([body], etag, if_none_match)

    return router


def _body(catalogue: Catalogue) -> tuple[bytes, str]:
    body = show_models(catalogue).model_dump_json().encode()
    return body, hashlib.blake2b(body, digest_size=16).hexdigest()
