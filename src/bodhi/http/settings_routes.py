"""``/api/v1/settings``: what the server was told, and where; nothing of it changes over HTTP."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.settings import Setting, Settings, described


class SettingShown(BaseModel):
    """One setting."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(examples=["max_engines"])]
    value: Annotated[JsonValue, Field(description="Secrets are masked.", examples=[3])]
    source: Annotated[
        str,
        Field(
            description="default, settings.yaml, command line, or a variable of the environment.",
            examples=["settings.yaml"],
        ),
    ]
    help: str


class SettingList(BaseModel):
    """Every setting, in the order of the documentation."""

    model_config = ConfigDict(frozen=True)

    settings: list[SettingShown]


def settings_routes(settings: Settings) -> APIRouter:
    """The route over the settings with which the server runs."""
    router = APIRouter(tags=["server"])
    # Once: where they came from is a fact of the start, whatever the file says later.
    shown: list[Setting] = []

    @router.get("/settings", summary="List settings")
    async def list_settings() -> SettingList:
        """Every setting with its value, where that comes from, and what it means.

        They are changed by whoever starts the server, and never here.
        """
        if not shown:
            shown.extend(await asyncio.to_thread(lambda: list(described(settings))))
        return SettingList(settings=[SettingShown(**one._asdict()) for one in shown])

    return router
