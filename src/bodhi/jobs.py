"""Long work that was asked for: one thread a job, with progress, and an end that is kept.

What runs is a *runner* of the job's kind. It is told of a job's parameters and reports how far it
is; where the job was cancelled meanwhile, the report raises, and the runner lets that pass. Jobs
are kept in one file, so that a server that starts anew knows what it did not finish; it begins
nothing again by itself.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from bodhi.errors import (
    BodhiError,
    JobNotFound,
    JobStateConflict,
    QueueFull,
    StorageFailed,
)
from bodhi.events import EventKind, Publish
from bodhi.files import Disk, make_folder, replace_file, storage_errors

log = logging.getLogger("bodhi.jobs")

_LAYOUT = 1
_AT_ONCE = 2
_MOST_WAITING = 100
_MOST_ENDED = 100
_TELL_EVERY_S = 0.25

Params: TypeAlias = Mapping[str, str | None]
Result: TypeAlias = Mapping[str, Any]
# Told what is worked on, how much of it is done and how much it is. Raises if it is to stop.
Report: TypeAlias = Callable[[str, int, int], None]
Runner: TypeAlias = Callable[[Params, Report], Result]


class JobState(StrEnum):
    """``interrupted``: the server ended before the job did."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


_ACTIVE = (JobState.WAITING, JobState.RUNNING)
_RESUMABLE = (JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed, as the error that ended it says."""

    code: str
    message: str
    remedy: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it is at a moment. Times are seconds since the epoch.

    ``done`` of ``total`` are of ``what`` is worked on, in a unit of the kind's: bytes of a file
    for a download.
    """

    id: str
    kind: str
    title: str
    params: Params
    state: JobState
    created_at: float
    changed_at: float
    what: str | None = None
    done: int = 0
    total: int | None = None
    error: JobError | None = None
    result: Result | None = None

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in _ACTIVE

    @property
    def is_resumable(self) -> bool:
        """Whether it can be taken up where it ended."""
        return self.state in _RESUMABLE

    def to_json(self) -> dict[str, Any]:
        """As it is kept and told."""
        return {**asdict(self), "params": dict(self.params)}


class _Stopped(Exception):
    """The job is not wanted any more; passes through its runner."""


@dataclass(eq=False)
class _Run:
    """One try of a job."""

    job_id: str
    stop: threading.Event = field(default_factory=threading.Event)
    told_at: float = float("-inf")


class Jobs:
    """All jobs of one home. Threads may call everything; the file is ``path``.

    ``publish`` is told of every change, and of progress a few times a second; ``on_done``, in the
    job's thread, of each job that was done.
    """

    def __init__(
        self,
        path: Path,
        runners: Mapping[str, Runner],
        *,
        publish: Publish | None = None,
        on_done: Callable[[Job], object] | None = None,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._path = path
        self._runners = runners
        self._publish = publish
        self._on_done = on_done
        self._at_once = at_once
        self._lock = threading.RLock()
        self._is_closed = False
        self._threads = 0
        self._runs: dict[str, _Run] = {}  # of jobs that wait or run, the oldest first
        self._jobs = {job.id: _interrupted(job) for job in _read(path)}

    def all(self) -> tuple[Job, ...]:
        """Every job that is known, the newest first."""
        with self._lock:
            return tuple(reversed(self._jobs.values()))

    def find(self, job_id: str) -> Job:
        """The job as it is now. Raises JobNotFound."""
        with self._lock:
            if job_id not in self._jobs:
                raise JobNotFound("No job has this id.", remedy="GET /api/v1/jobs lists them.")
            return self._jobs[job_id]

    def start(self, kind: str, title: str, params: Params) -> Job:
        """Begin, or wait in turn; the one that is active where the same is asked for again.

        Raises QueueFull or StorageFailed, and nothing was begun then.
        """
        with self._lock:
            for job in self._jobs.values():
                if job.is_active and (job.kind, job.params) == (kind, params):
                    return job
            now = time.time()
            job = Job(secrets.token_hex(6), kind, title, params, JobState.WAITING, now, now)
            return self._enqueue(job)

    def resume(self, job_id: str) -> Job:
        """Take up a job that ended before it was done.

        Raises JobNotFound, JobStateConflict, QueueFull or StorageFailed.
        """
        with self._lock:
            job = self.find(job_id)
            if not job.is_resumable:
                raise JobStateConflict(f"The job is {job.state}; there is nothing to resume.")
            return self._enqueue(replace(job, error=None))

    def cancel(self, job_id: str) -> Job:
        """Stop a job. What it has brought about so far stays, for a resume.

        Raises JobNotFound, JobStateConflict or StorageFailed.
        """
        with self._lock:
            job = self.find(job_id)
            if not job.is_active:
                raise JobStateConflict(f"The job is {job.state} already.")
            cancelled = self._put(job, state=JobState.CANCELLED)
            self._runs.pop(job_id).stop.set()
        self._tell(cancelled)
        return cancelled

    def close(self) -> None:
        """Begin nothing more, and let what runs stop at its next report."""
        with self._lock:
            self._is_closed = True
            for run in self._runs.values():
                run.stop.set()

    # Parts. Those that change something hold the lock.

    def _enqueue(self, job: Job) -> Job:
        if len(self._runs) >= _MOST_WAITING:
            raise QueueFull(f"{_MOST_WAITING} jobs are waiting.", remedy="Cancel some.")
        waiting = self._put(job, state=JobState.WAITING)
        self._runs[job.id] = _Run(job.id)
        self._tell(waiting)
        self._begin_next()
        return self._jobs[job.id]

    def _begin_next(self) -> None:
        for run in list(self._runs.values()):
            if self._is_closed or self._threads >= self._at_once:
                return
            job = self._jobs[run.job_id]
            if job.state is JobState.WAITING:
                # In memory alone: a server that ends now finds it waiting, which is as good.
                self._jobs[job.id] = replace(job, state=JobState.RUNNING, changed_at=time.time())
                self._threads += 1
                threading.Thread(
                    target=self._work, args=(run,), name=f"job-{job.id}", daemon=True
                ).start()

    def _work(self, run: _Run) -> None:
        """In the job's own thread."""
        job = self.find(run.job_id)
        self._tell(job)
        try:
            result = self._runners[job.kind](job.params, partial(self._report, run))
        except _Stopped:
            pass
        except BodhiError as error:
            self._end(run, JobState.FAILED, error=_told(error))
        except Exception:
            log.exception("a job failed on a defect")
            failure = BodhiError("Bodhi failed on this job; the server's log says where.")
            self._end(run, JobState.FAILED, error=_told(failure))
        else:
            self._end(run, JobState.DONE, result=result)
        with self._lock:
            self._threads -= 1
            self._begin_next()

    def _report(self, run: _Run, what: str, done: int, total: int) -> None:
        with self._lock:
            if run.stop.is_set():
                raise _Stopped
            job = replace(self._jobs[run.job_id], what=what, done=done, total=total)
            self._jobs[job.id] = job
            now = time.monotonic()
            is_due = now - run.told_at >= _TELL_EVERY_S
            run.told_at = now if is_due else run.told_at
        if is_due:
            self._tell(job)

    def _end(self, run: _Run, state: JobState, **changes: Any) -> None:
        with self._lock:
            if run.stop.is_set():
                return
            try:
                job = self._put(self._jobs[run.job_id], state=state, **changes)
            except StorageFailed as error:
                log.warning("the end of a job could not be kept: %s", error.message)
                job = replace(self._jobs[run.job_id], state=state, **changes)
                self._jobs[job.id] = job
            self._runs.pop(run.job_id)
        if state is JobState.DONE and self._on_done is not None:
            self._on_done(job)
        self._tell(job)

    def _put(self, job: Job, **changes: Any) -> Job:
        """Keep a job as it now is, on disk first."""
        changed = replace(job, changed_at=time.time(), **changes)
        jobs = {**self._jobs, job.id: changed}
        ended = [one.id for one in jobs.values() if not one.is_active]
        for old in ended[:-_MOST_ENDED]:
            del jobs[old]
        content = {"layout": _LAYOUT, "jobs": [one.to_json() for one in jobs.values()]}
        with storage_errors("jobs.json"):
            for folder in (self._path.parent.parent, self._path.parent):
                make_folder(folder)
            replace_file(self._path, json.dumps(content, indent=1).encode(), Disk())
        self._jobs = jobs
        return changed

    def _tell(self, job: Job) -> None:
        if self._publish is not None:
            self._publish(EventKind.JOB, job.to_json())


def _told(error: BodhiError) -> JobError:
    return JobError(error.code, error.message, error.remedy)


def _interrupted(job: Job) -> Job:
    return replace(job, state=JobState.INTERRUPTED) if job.is_active else job


def _read(path: Path) -> list[Job]:
    """The jobs of an earlier server; none where the file cannot be read, which is put aside."""
    try:
        content = json.loads(path.read_bytes())
        if content["layout"] != _LAYOUT:
            raise ValueError("another layout")
        return [_from_json(entry) for entry in content["jobs"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        log.warning("jobs.json cannot be read; it is put aside, and no earlier job is known")
        with storage_errors("jobs.json"):
            if path.exists():
                path.replace(path.with_suffix(".json.damaged"))
        return []


def _from_json(entry: dict[str, Any]) -> Job:
    """Raises ValueError, KeyError or TypeError."""
    error = entry["error"]
    return Job(
        **entry
        | {
            "state": JobState(entry["state"]),
            "error": None if error is None else JobError(**error),
        }
    )
