"""``/api/v1/jobs``: how far long work is, and its end."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path

from bodhi.errors import JobNotFound, JobStateConflict, QueueFull, StorageFailed
from bodhi.http.control import refusals
from bodhi.http.jobs_shown import JobList, JobShown, show_job
from bodhi.jobs import Jobs

_Id = Annotated[str, Path(alias="id", max_length=64, examples=["9f86d0818842"])]


def jobs_routes(jobs: Jobs) -> APIRouter:
    """The routes over one home's jobs."""
    router = APIRouter(tags=["jobs"])

    @router.get("/jobs", summary="List jobs")
    async def list_jobs() -> JobList:
        """Those that wait and run, and the last hundred that ended; the newest first."""
        return JobList(jobs=[show_job(job) for job in jobs.all()])

    @router.get("/jobs/{id}", summary="Show a job", responses=refusals(JobNotFound))
    async def get_job(job_id: _Id) -> JobShown:
        """One job as it is now. The events of the kind `job` tell the same as it changes."""
        return show_job(jobs.find(job_id))

    @router.post(
        "/jobs/{id}/cancel",
        summary="Cancel a job",
        responses=refusals(JobNotFound, JobStateConflict, StorageFailed),
    )
    async def cancel_job(job_id: _Id) -> JobShown:
        """Stop it. What a download brought so far stays on disk, unseen, for a resume."""
        return show_job(await asyncio.to_thread(jobs.cancel, job_id))

    @router.post(
        "/jobs/{id}/resume",
        summary="Resume a job",
        responses=refusals(JobNotFound, JobStateConflict, QueueFull, StorageFailed),
    )
    async def resume_job(job_id: _Id) -> JobShown:
        """Take up a job that failed, was cancelled or was interrupted, where it stopped."""
        return show_job(await asyncio.to_thread(jobs.resume, job_id))

    return router
