"""``/api/v1/downloads``: asks for a model from the hub; how far it is, the jobs tell."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from bodhi.errors import InvalidInput, NameInvalid, QueueFull, StorageFailed
from bodhi.http.control import refusals
from bodhi.http.jobs_shown import JobShown, show_job
from bodhi.jobs import Jobs
from bodhi.model_files.downloads import start_download


class DownloadSent(BaseModel):
    """What is to be downloaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=512,
            description="`owner/repo`, or `owner/repo:` and a quantization or a file name.",
            examples=["bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0"],
        ),
    ]
    revision: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=255,
            description="Branch, tag or commit; main without it.",
            examples=["main"],
        ),
    ] = None


def download_routes(jobs: Jobs) -> APIRouter:
    """The route over one home's jobs."""
    router = APIRouter(tags=["jobs"])

    @router.post(
        "/downloads",
        summary="Download a model",
        status_code=202,
        responses=refusals(InvalidInput, NameInvalid, QueueFull, StorageFailed),
    )
    async def download(asked: DownloadSent) -> JobShown:
        """Begin to download into the Hugging Face cache, as `bodhi pull` does.

        The answer is the job. While the same download is waiting or running, it is that one.
        A file can be seen once its size and hash were found right.
        """
        job = await asyncio.to_thread(start_download, jobs, asked.name, asked.revision)
        return show_job(job)

    return router
