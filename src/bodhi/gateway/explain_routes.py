"""``/api/v1/requests/{id}/explain``: where each value of one request came from."""

from typing import Annotated

from fastapi import APIRouter, Path

from bodhi.aliases.show import show_request
from bodhi.aliases.shown import RequestExplained
from bodhi.errors import RequestNotFound
from bodhi.gateway.recent import RecentRequests
from bodhi.http.control import refusals


def explain_routes(recent: RecentRequests, cores: int) -> APIRouter:
    """The routes over what is remembered; ``cores`` is what -1 threads means here."""
    router = APIRouter(tags=["requests"])

    @router.get(
        "/requests/{id}/explain", summary="Explain a request", responses=refusals(RequestNotFound)
    )
    async def explain_request(
        id: Annotated[str, Path(description="The x-request-id of its answer.")],  # noqa: A002
    ) -> RequestExplained:
        """For ten minutes: every parameter's value, the layer that gave it, and what lost."""
        found = recent.find(id)
        return show_request(found.resolution, found.explain(cores), found.dropped)

    return router
