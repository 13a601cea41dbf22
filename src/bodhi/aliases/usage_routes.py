"""``/api/v1/dashboard`` and ``/api/v1/usage``: what there is and what of it is used."""

import asyncio
from collections.abc import Callable

from fastapi import APIRouter

from bodhi.aliases.dashboard import Dashboard, DashboardReading
from bodhi.aliases.store import AliasStore
from bodhi.aliases.usage_ids import UsageIds
from bodhi.model_files.live import LiveCatalogue
from bodhi.usage.keeping import Usage
from bodhi.usage.reading import UsageReading
from bodhi.usage.routes import usage_routes


def usage_routers(
    usage: Usage, store: AliasStore, models: LiveCatalogue, count_drafts: Callable[[], int]
) -> list[APIRouter]:
    """The routes, and the database opened for whoever will ask them."""
    usage.recorder.want()
    return [
        usage_routes(UsageReading(usage, UsageIds(store, models))),
        _dashboard(DashboardReading(usage, store, models, count_drafts), models),
    ]


def _dashboard(reading: DashboardReading, models: LiveCatalogue) -> APIRouter:
    router = APIRouter(tags=["usage"])

    @router.get("/dashboard", summary="Show the dashboard")
    async def show_dashboard() -> Dashboard:
        """How many aliases there are, which are active, and what wants attention."""
        catalogue = await models.recent()
        return await asyncio.to_thread(reading.read, catalogue)

    return router
