"""Downloads over HTTP: asked for, followed, cut, cancelled, resumed; and never by themselves."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from bodhi.model_files.index import ModelIndex
from bodhi.params.values import JsonObject
from tests.support.fake_hub import COMMIT, REPO, FakeHub, fake_hub
from tests.support.server import wait_until
from tests.support.tiny_gguf import write_tiny_gguf
from tests.threats.house import House, make_place, running_house
from tests.threats.wire import Answer, Wire, ask, head

NAME = "other-Q8_0.gguf"


@pytest.fixture
def model(tmp_path: Path) -> bytes:
    path = tmp_path / "made.gguf"
    write_tiny_gguf(path)
    return path.read_bytes()


@pytest.fixture
def hub(model: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with fake_hub(files={NAME: model}) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.address)
        monkeypatch.delenv("HF_HUB_OFFLINE")
        yield fake


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    return make_place(tmp_path)


@pytest.fixture
def house(hub: FakeHub, place: tuple[Path, Path]) -> Iterator[House]:
    with running_house(place) as running:
        yield running


def send(house: House, method: str, path: str, body: object = None) -> Answer:
    data = b"" if body is None else orjson.dumps(body)
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    return ask(house.port, head(method, f"/api/v1{path}", lines if data else ()) + data)


def told(house: House, method: str, path: str, body: object = None) -> Any:
    answer = send(house, method, path, body)
    assert answer.status < 300, answer.body
    return orjson.loads(answer.body)


def download(house: House, **asked: object) -> str:
    job = told(house, "POST", "/downloads", {"name": REPO, **asked})
    return str(job["id"])


def state(house: House, job_id: str) -> str:
    return str(told(house, "GET", f"/jobs/{job_id}")["state"])


def reaches(house: House, job_id: str, wanted: str) -> bool:
    return wait_until(lambda: state(house, job_id) == wanted, 10)


def there(house: House) -> list[str]:
    return [row.filename for row in ModelIndex(house.hub).scan().by_repo(REPO)]


def test_a_model_is_downloaded_and_listed_when_its_job_is_done(house: House, model: bytes) -> None:
    with Wire(house.port) as wire:
        wire.send(head("GET", "/api/v1/events?kind=job&kind=file"))
        while b"\r\n\r\n" not in wire.raw:
            assert wire._receive()
        answer = send(house, "POST", "/downloads", {"name": f"{REPO}:Q8_0"})
        assert answer.status == 202
        job_id = orjson.loads(answer.body)["id"]
        assert reaches(house, job_id, "done")
        models = told(house, "GET", "/models")["models"]
        assert f"{REPO}:Q8_0" in [one["id"] for one in models]
        while b'"done"' not in wire.raw:
            assert wire._receive()
    job = told(house, "GET", f"/jobs/{job_id}")
    assert (job["what"], job["done"], job["total"]) == (NAME, len(model), len(model))
    assert job["result"] == {
        "repo": REPO,
        "commit": COMMIT,
        "filenames": [NAME],
        "size_bytes": len(model),
        "fetched": [NAME],
    }
    assert (job["can_cancel"], job["can_resume"], job["error"]) == (False, False, None)
    assert [one["id"] for one in told(house, "GET", "/jobs")["jobs"]] == [job_id]


@pytest.mark.fault("F43")
def test_a_cut_connection_is_taken_up_by_itself(house: House, hub: FakeHub, model: bytes) -> None:
    hub.cut_after = [1000, 5000]
    assert reaches(house, download(house), "done")
    assert hub.bodies() == [None, "bytes=1000-", "bytes=6000-"]


@pytest.mark.fault("F43")
def test_a_hub_that_stays_away_fails_the_job_and_resume_goes_on_where_it_stopped(
    house: House, hub: FakeHub
) -> None:
    hub.cut_after = [1000, 0, 0, 0]
    job_id = download(house)
    assert reaches(house, job_id, "failed")
    job = told(house, "GET", f"/jobs/{job_id}")
    assert (job["error"]["code"], job["can_resume"]) == ("download_failed", True)
    assert there(house) == []
    told(house, "POST", f"/jobs/{job_id}/resume")
    assert reaches(house, job_id, "done")
    assert hub.bodies()[-1] == "bytes=1000-"
    assert there(house) == [NAME]


def test_a_cancelled_download_stops_unseen_and_resumes_where_it_stopped(
    house: House, hub: FakeHub
) -> None:
    hub.hold_after = 2000
    job_id = download(house)
    assert hub.held.wait(10)
    assert wait_until(lambda: told(house, "GET", f"/jobs/{job_id}")["done"] == 2000, 5)
    assert told(house, "POST", f"/jobs/{job_id}/cancel")["state"] == "cancelled"
    hub.hold_after = None
    hub.go_on.set()
    assert told(house, "POST", f"/jobs/{job_id}/resume")["can_cancel"]
    assert reaches(house, job_id, "done")
    assert there(house) == [NAME]
    # Whatever the first try still took is not fetched a second time.
    first, *rest = hub.bodies()
    assert first is None
    assert [int(str(sent)[6:-1]) >= 2000 for sent in rest] in ([], [True])


def test_a_restarted_server_downloads_nothing_until_it_is_asked(
    place: tuple[Path, Path], hub: FakeHub
) -> None:
    hub.hold_after = 2000
    with running_house(place) as house:
        job_id = download(house)
        assert hub.held.wait(10)
    asked = len(hub.asked)
    with running_house(place) as house:
        assert state(house, job_id) == "interrupted"
        assert len(hub.asked) == asked
        hub.hold_after = None
        hub.go_on.set()
        told(house, "POST", f"/jobs/{job_id}/resume")
        assert reaches(house, job_id, "done")
        assert there(house) == [NAME]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"name": ""},
        {"name": "tiny"},
        {"name": "../up/tiny"},
        {"name": "us/tiny:"},
        {"name": "us/tiny:../../x.gguf"},
        {"name": REPO, "revision": "../main"},
        {"name": REPO, "path": "/etc"},
        {"name": 3},
    ],
)
def test_what_is_no_name_of_a_model_begins_no_job(
    house: House, hub: FakeHub, asked: JsonObject
) -> None:
    assert send(house, "POST", "/downloads", asked).status == 400
    assert told(house, "GET", "/jobs")["jobs"] == []
    assert hub.asked == []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", "/cancel"), ("POST", "/resume")]
)
def test_a_job_that_nobody_knows_is_not_found(house: House, method: str, path: str) -> None:
    answer = send(house, method, f"/jobs/nothing{path}")
    assert (answer.status, orjson.loads(answer.body)["error"]["code"]) == (404, "job_not_found")


def test_where_downloads_are_forbidden_the_job_says_so(
    house: House, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    job_id = download(house)
    assert reaches(house, job_id, "failed")
    assert "HF_HUB_OFFLINE" in told(house, "GET", f"/jobs/{job_id}")["error"]["message"]
    assert os.environ["HF_ENDPOINT"] == hub.address
    assert hub.asked == []
