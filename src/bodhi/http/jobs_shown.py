"""What the control plane shows of jobs: the types of its answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.jobs import Job, JobState


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class JobErrorShown(_Shown):
    """Why a job failed."""

    code: Annotated[str, Field(examples=["download_failed"])]
    message: str
    remedy: str | None


class JobShown(_Shown):
    """One job as it is now."""

    id: Annotated[str, Field(examples=["9f86d0818842"])]
    kind: Annotated[str, Field(examples=["download"])]
    title: Annotated[str, Field(examples=["bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0"])]
    params: Annotated[dict[str, JsonValue], Field(description="What was asked for.")]
    state: Annotated[
        JobState, Field(description="interrupted: the server ended before the job did.")
    ]
    created_at: Annotated[float, Field(description="Seconds since the epoch.")]
    changed_at: Annotated[float, Field(description="When its state last changed, likewise.")]
    what: Annotated[str | None, Field(description="What is worked on: for a download, the file.")]
    done: Annotated[int, Field(description="How much of it is done: for a download, bytes.")]
    total: Annotated[int | None, Field(description="How much it is; null while unknown.")]
    error: JobErrorShown | None
    result: Annotated[
        dict[str, JsonValue] | None,
        Field(description="What it brought about: for a download, the commit and its files."),
    ]
    can_cancel: bool
    can_resume: Annotated[
        bool, Field(description="It ended before it was done, and goes on where it stopped.")
    ]


class JobList(_Shown):
    """Every job that is known, the newest first."""

    jobs: list[JobShown]


def show_job(job: Job) -> JobShown:
    """A job with what can be done about it."""
    return JobShown(**job.to_json(), can_cancel=job.is_active, can_resume=job.is_resumable)
