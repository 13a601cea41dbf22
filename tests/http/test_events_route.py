"""``GET /api/v1/events`` of the real server: what changes is told at once, and can be resumed."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import httpx2 as httpx
import pytest

from tests.aliases.samples import alias_text, write_file
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server

REPO, FILE, MODEL = "us/tiny-GGUF", "tiny.Q8_0.gguf", "us/tiny-GGUF:Q8_0"
_WITHIN_S = 60


class Told(NamedTuple):
    id: str
    event: str
    data: dict[str, Any]


def number_of(told: Told) -> int:
    """How many events the server had told by then."""
    return int(told.id.rpartition("-")[2])


class Following:
    """A stream of events that is read in a thread of its own."""

    def __init__(self, server: RunningServer, query: str = "", last_id: str | None = None) -> None:
        self._address = f"{server.address}/api/v1/events{query}"
        self._headers = {} if last_id is None else {"last-event-id": last_id}
        self._found: SimpleQueue[Told | None] = SimpleQueue()
        self._opened = threading.Event()
        self._stopped = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._opened.wait(_WITHIN_S)

    def _read(self) -> None:
        try:
            with httpx.stream("GET", self._address, headers=self._headers, timeout=60) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                self._opened.set()
                fields: dict[str, str] = {}
                for line in answer.iter_lines():
                    if self._stopped.is_set():
                        return
                    if not line and fields:
                        found = Told(fields["id"], fields["event"], json.loads(fields["data"]))
                        self._found.put(found)
                        fields = {}
                    elif line and not line.startswith(":"):
                        name, _, value = line.partition(": ")
                        fields[name] = value
        finally:
            self._found.put(None)

    def next(self) -> Told | None:
        """The next event; None where the stream has ended."""
        return self._found.get(timeout=_WITHIN_S)

    def until(self, holds: Callable[[Told], bool]) -> Told:
        """The next event of which ``holds`` is true."""
        while (told := self.next()) is not None:
            if holds(told):
                return told
        raise AssertionError("the stream ended before")

    def stop(self) -> None:
        """Leave with the next line that comes."""
        self._stopped.set()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    folder = tmp_path_factory.mktemp("events")
    write_file(folder / "home", "chat", alias_text("chat", repo=REPO, filename=FILE))
    place_in_hub(folder / "hub", REPO, FILE, tiny_model)
    return folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[RunningServer]:
    with running_server(place / "home", place / "hub") as running:
        yield running


def test_an_alias_changed_by_hand_is_told(server: RunningServer, place: Path) -> None:
    events = Following(server)
    opened = events.next()
    assert opened is not None
    assert (opened.event, opened.data) == ("open", {})
    write_file(place / "home", "chat", alias_text("chat", repo=REPO, filename=FILE) + "# mine\n")
    told = events.next()
    assert told is not None
    assert (told.event, told.data) == ("alias", {"ids": ["chat"]})


def test_who_comes_back_with_the_last_id_is_told_what_came_since(
    server: RunningServer, place: Path
) -> None:
    events = Following(server)
    opened = events.next()
    assert opened is not None
    write_file(place / "home", "new", alias_text("new", repo=REPO, filename=FILE))
    told = events.next()
    again = Following(server, last_id=opened.id)
    assert again.next() == told
    lost = Following(server, last_id="00000000-1").next()
    assert lost is not None
    assert told is not None
    # It begins with what was told last, which may be more by now.
    assert lost.event == "reset"
    assert number_of(lost) >= number_of(told)


def test_an_engine_is_told_in_each_of_its_states(server: RunningServer) -> None:
    events = Following(server, query="?kind=engine&kind=job")
    with server.http() as client:
        body = {"model": "chat", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
        assert client.post("/v1/chat/completions", json=body).status_code == 200
        (engine,) = server.engines()
        assert client.delete(f"/api/v1/engines/{engine['id']}").status_code == 204
    opened, *told = (events.next() for _ in range(5))
    assert opened is not None
    assert all(one is not None and one.data["id"] == engine["id"] for one in told)
    states = [one.data["state"] for one in told if one is not None]
    assert states == ["starting", "ready", "stopping", "stopped"]
    assert {one.event for one in told if one is not None} == {"engine"}


def test_a_model_file_that_comes_is_told_with_its_name(
    server: RunningServer, place: Path, tiny_model: Path
) -> None:
    events = Following(server, query="?kind=file")
    place_in_hub(place / "hub", "us/other-GGUF", FILE, tiny_model)
    with server.http() as client:
        client.get("/api/v1/models")
    told = events.until(lambda one: one.event == "file")
    assert told.data == {"ids": ["us/other-GGUF:Q8_0"]}
    # Nobody asks for models now: it is the watch that sees it.
    shutil.rmtree(place / "hub" / "models--us--other-GGUF")
    gone = events.until(lambda one: one.event == "file")
    assert gone.data == {"ids": ["us/other-GGUF:Q8_0"]}


def test_a_template_saved_or_deleted_is_told_and_so_is_the_alias_that_uses_it(
    server: RunningServer, place: Path
) -> None:
    text = alias_text("uses", repo=REPO, filename=FILE, chat_template="file:mine")
    seen = Following(server, query="?kind=alias")
    write_file(place / "home", "uses", text)
    assert seen.until(lambda one: one.event == "alias").data == {"ids": ["uses"]}
    events = Following(server, query="?kind=alias&kind=template")
    with server.http() as client:
        address, sent = "/api/v1/templates/mine", {"text": "{{ messages[0].content }}"}
        etag = client.put(address, json=sent).headers["etag"]
        same = client.put(address, json=sent, headers={"if-match": etag})
        assert same.status_code == 200  # and is told to nobody, because nothing is another
        assert client.delete(address, headers={"if-match": etag}).status_code == 200
        client.put(address, json={"text": "{% for %}"})
        client.delete(address, headers={"if-match": etag})
        client.put("/api/v1/templates/last", json=sent)
    told = []
    while (one := events.next()) is not None and one.data != {"ids": ["file:last"]}:
        told.append((one.event, one.data.get("ids")))
    saved = [("template", ["file:mine"]), ("alias", ["uses"])]
    assert told == [("open", None), *saved, *saved]


def test_the_stream_ends_when_the_server_stops_and_does_not_hold_it_up(
    tmp_path: Path,
) -> None:
    with running_server(tmp_path, tmp_path / "hub", env={"BODHI_DRAIN_S": "30"}) as running:
        events = Following(running)
        assert events.next() is not None
        running.process.terminate()
        assert events.next() is None
        assert running.process.wait(_WITHIN_S) == 0


@pytest.mark.parametrize(
    ("query", "headers"), [("?kind=weather", {}), ("", {"last-event-id": "1" * 65})]
)
def test_what_is_no_kind_and_no_id_is_refused(
    server: RunningServer, query: str, headers: dict[str, str]
) -> None:
    with server.http() as client:
        answer = client.get(f"/api/v1/events{query}", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_request"
