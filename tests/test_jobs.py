"""Jobs: bounded, told of, cancelled at once, kept, and never begun again by themselves."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bodhi.errors import DownloadFailed, JobNotFound, JobStateConflict, QueueFull, StorageFailed
from bodhi.events import EventKind
from bodhi.jobs import Job, Jobs, JobState, Params, Report, Result
from tests.support.server import wait_until


@dataclass
class Work:
    """A runner that does as it is told. ``begun`` are the names of jobs, as they began."""

    begun: list[str] = field(default_factory=list)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def __call__(self, params: Params, report: Report) -> Result:
        name = str(params["name"])
        self.begun.append(name)
        report("part", 1, 3)
        if name.startswith("fails"):
            raise DownloadFailed("It broke off.", remedy="Again.")
        if name.startswith("breaks"):
            raise KeyError("secret")
        gate = self.gates.get(name)
        try:
            while gate is not None and not gate.wait(0.005):
                report("part", 2, 3)
            report("part", 3, 3)
        except BaseException:
            self.stopped.append(name)
            raise
        return {"name": name}


@dataclass
class Place:
    """Jobs over a file, and everything that was told of them."""

    path: Path
    work: Work = field(default_factory=Work)
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    done: list[Job] = field(default_factory=list)
    opened: list[Jobs] = field(default_factory=list)

    def open(self, at_once: int = 2) -> Jobs:
        jobs = Jobs(
            self.path,
            {"work": self.work},
            publish=lambda kind, data: self.told.append((kind, data)),
            on_done=self.done.append,
            at_once=at_once,
        )
        self.opened.append(jobs)
        return jobs

    def hold(self, name: str) -> threading.Event:
        return self.work.gates.setdefault(name, threading.Event())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "home" / "state" / "jobs.json")
    yield made
    for jobs in made.opened:
        jobs.close()
    for gate in made.work.gates.values():
        gate.set()


def start(jobs: Jobs, name: str) -> str:
    return jobs.start("work", name, {"name": name}).id


def reaches(jobs: Jobs, job_id: str, state: JobState) -> bool:
    return wait_until(lambda: jobs.find(job_id).state is state, 5)


def test_a_job_runs_and_its_end_is_told_and_kept(place: Place) -> None:
    jobs = place.open()
    job_id = start(jobs, "a")
    assert reaches(jobs, job_id, JobState.DONE)
    job = jobs.find(job_id)
    assert (job.what, job.done, job.total, job.result) == ("part", 3, 3, {"name": "a"})
    assert wait_until(lambda: place.told[-1][1]["state"] == "done", 5)
    assert {kind for kind, _ in place.told} == {EventKind.JOB}
    states = list(dict.fromkeys(str(data["state"]) for _, data in place.told))
    assert states == ["waiting", "running", "done"]
    assert place.done == [job]
    assert place.open().find(job_id) == job


def test_no_more_run_at_once_than_allowed_and_the_others_wait_in_turn(place: Place) -> None:
    jobs = place.open(at_once=2)
    names = ["a", "b", "c", "d"]
    for name in names:
        place.hold(name)
    ids = [start(jobs, name) for name in names]
    assert wait_until(lambda: len(place.work.begun) == 2, 5)
    states = [jobs.find(job_id).state for job_id in ids]
    assert states == [JobState.RUNNING] * 2 + [JobState.WAITING] * 2
    place.hold("b").set()
    assert reaches(jobs, ids[2], JobState.RUNNING)
    assert wait_until(lambda: len(place.work.begun) == 3, 5)
    assert place.work.begun[2] == "c"
    for name in names:
        place.hold(name).set()
    assert all(reaches(jobs, job_id, JobState.DONE) for job_id in ids)


def test_what_is_asked_for_twice_is_one_job_until_it_ended(place: Place) -> None:
    jobs = place.open()
    place.hold("a")
    first = start(jobs, "a")
    assert start(jobs, "a") == first
    place.hold("a").set()
    assert reaches(jobs, first, JobState.DONE)
    assert start(jobs, "a") != first


def test_a_cancelled_job_stops_and_can_be_resumed(place: Place) -> None:
    jobs = place.open()
    place.hold("a")
    job_id = start(jobs, "a")
    assert wait_until(lambda: jobs.find(job_id).done == 2, 5)
    assert jobs.cancel(job_id).state is JobState.CANCELLED
    assert wait_until(lambda: place.work.stopped == ["a"], 5)
    assert jobs.find(job_id).state is JobState.CANCELLED
    place.hold("a").set()
    assert jobs.resume(job_id).is_active
    assert reaches(jobs, job_id, JobState.DONE)
    assert place.work.begun == ["a", "a"]


def test_a_job_that_waits_is_cancelled_without_ever_beginning(place: Place) -> None:
    jobs = place.open(at_once=1)
    place.hold("a")
    first, second = start(jobs, "a"), start(jobs, "b")
    jobs.cancel(second)
    place.hold("a").set()
    assert reaches(jobs, first, JobState.DONE)
    third = start(jobs, "c")
    assert reaches(jobs, third, JobState.DONE)
    assert place.work.begun == ["a", "c"]


def test_a_job_that_hangs_keeps_its_turn_but_not_its_word(place: Place) -> None:
    """Resumed while the first try still hangs, it waits; the first try's end counts for nothing."""
    hangs, first_over = threading.Event(), threading.Event()

    def work(params: Params, report: Report) -> Result:
        if not hangs.is_set():
            hangs.set()
            first_over.wait(10)
            return {"try": 1}
        return {"try": 2}

    jobs = Jobs(place.path, {"work": work}, at_once=1)
    place.opened.append(jobs)
    job_id = start(jobs, "a")
    assert hangs.wait(5)
    jobs.cancel(job_id)
    assert jobs.resume(job_id).state is JobState.WAITING
    first_over.set()
    assert reaches(jobs, job_id, JobState.DONE)
    assert jobs.find(job_id).result == {"try": 2}


def test_a_job_that_fails_says_why_and_a_defect_says_nothing(place: Place) -> None:
    jobs = place.open()
    failed, broke = start(jobs, "fails"), start(jobs, "breaks")
    assert reaches(jobs, failed, JobState.FAILED)
    assert reaches(jobs, broke, JobState.FAILED)
    error = jobs.find(failed).error
    assert error is not None
    assert (error.code, error.message, error.remedy) == (
        "download_failed",
        "It broke off.",
        "Again.",
    )
    defect = jobs.find(broke).error
    assert defect is not None
    assert "secret" not in str(defect)
    assert jobs.resume(failed).error is None


def test_what_a_server_left_is_interrupted_and_begins_only_when_asked(place: Place) -> None:
    jobs = place.open(at_once=1)
    place.hold("a")
    running, waiting = start(jobs, "a"), start(jobs, "b")
    assert wait_until(lambda: place.work.begun == ["a"], 5)
    jobs.close()
    assert wait_until(lambda: place.work.stopped == ["a"], 5)
    place.hold("a").set()
    later = place.open()
    assert [later.find(one).state for one in (running, waiting)] == [JobState.INTERRUPTED] * 2
    assert place.work.begun == ["a"]
    later.resume(waiting)
    assert reaches(later, waiting, JobState.DONE)
    assert later.find(running).state is JobState.INTERRUPTED


@pytest.mark.parametrize("verb", ["cancel", "resume"])
def test_what_is_done_is_neither_cancelled_nor_resumed(place: Place, verb: str) -> None:
    jobs = place.open()
    job_id = start(jobs, "a")
    assert reaches(jobs, job_id, JobState.DONE)
    with pytest.raises(JobStateConflict):
        getattr(jobs, verb)(job_id)
    with pytest.raises(JobNotFound):
        getattr(jobs, verb)("nothing")


def test_jobs_that_wait_and_those_that_ended_are_bounded(place: Place) -> None:
    jobs = place.open(at_once=1)
    place.hold("first")
    ids = [start(jobs, "first"), *(start(jobs, f"{n}") for n in range(99))]
    with pytest.raises(QueueFull):
        start(jobs, "one too many")
    for job_id in ids[1:]:
        jobs.cancel(job_id)
    place.hold("first").set()
    assert reaches(jobs, ids[0], JobState.DONE)
    for n in range(5):
        assert reaches(jobs, start(jobs, f"later {n}"), JobState.DONE)
    assert len(jobs.all()) == 100
    assert [job.title for job in jobs.all()[:2]] == ["later 4", "later 3"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": 9, "jobs": []}', '{"layout": 1}'])
def test_a_file_that_is_none_is_put_aside_and_nothing_is_lost_of_it(
    place: Place, content: str
) -> None:
    place.path.parent.mkdir(parents=True)
    place.path.write_text(content, encoding="utf-8")
    jobs = place.open()
    assert jobs.all() == ()
    assert place.path.with_suffix(".json.damaged").read_text(encoding="utf-8") == content
    assert reaches(jobs, start(jobs, "a"), JobState.DONE)


def test_a_job_that_cannot_be_kept_is_not_begun(place: Place) -> None:
    jobs = place.open()
    place.path.parent.parent.mkdir(parents=True)
    place.path.parent.write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageFailed):
        start(jobs, "a")
    assert (jobs.all(), place.work.begun) == ((), [])


def test_the_file_is_json_with_everything_that_was_asked_for(place: Place) -> None:
    jobs = place.open()
    job_id = start(jobs, "a")
    assert reaches(jobs, job_id, JobState.DONE)
    kept: dict[str, Any] = json.loads(place.path.read_bytes())
    assert kept["jobs"][0]["params"] == {"name": "a"}
    assert place.path.stat().st_mode & 0o777 == 0o600
