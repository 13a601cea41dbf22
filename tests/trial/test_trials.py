"""Trials of a real server with real engines: told in phases, and nothing of them is kept."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aliases.samples import alias_text, write_file
from tests.support.command_line import Ended, bodhi
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server, wait_until
from tests.trial.streams import HELLO, Body, edit, following, phases_of, text_of, told

REPO, OTHER, FILE = "us/tiny-GGUF", "us/other-GGUF", "tiny.Q8_0.gguf"
SAVED = alias_text("saved", repo=REPO, filename=FILE) + (
    "context_params: {n_ctx: 4096}\nrequest_params: {temperature: 0.3, max_tokens: 12}\n"
)
LONG: Body = {**HELLO, "request": {"max_tokens": 3000}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[RunningServer]:
    place = tmp_path_factory.mktemp("trials")
    for repo in (REPO, OTHER):
        place_in_hub(place / "hub", repo, FILE, tiny_model)
    write_file(place / "home", "saved", SAVED)
    with running_server(place / "home", place / "hub") as running:
        yield running


def test_a_trial_of_a_saved_alias_is_told_from_queue_to_figures(server: RunningServer) -> None:
    edited = [edit("context_params", "n_ctx", value=1024)]
    first, again = (told(server.address, {"alias": "saved", **HELLO, "edits": edited})
                    for _ in range(2))  # fmt: skip
    assert [first[0].name, first[-1].name] == ["begun", "done"]
    assert (first[0].data["needs_load"], again[0].data["needs_load"]) == (True, False)
    assert first[0].data["load_key_changed"] is True
    assert first[0].data["alias"] == "saved"
    assert phases_of(again) == ["queued", "prompt", "content"]
    assert phases_of(first)[0] == "queued"
    assert set(phases_of(first)) <= {"queued", "loading", "prompt", "content"}
    done, text = first[-1].data, text_of(first)
    assert text
    assert done["finish_reason"] in ("length", "stop")
    timings = done["timings"]
    assert 1 <= timings["completion_tokens"] <= 12
    assert timings["prompt_tokens"] > 0
    assert timings["tokens_per_second"] > 0
    assert 0 < timings["first_token_ms"] <= timings["duration_ms"]
    assert sum(timings["phases"].values()) <= timings["duration_ms"] + 1
    assert done["memory"]["resident_bytes"] > 0
    values = {one["key"]: (one["value"], one["layer"]) for one in done["effective"]}
    assert values["n_ctx"] == (1024, "alias default")
    assert values["temperature"] == (0.3, "alias default")


def test_an_alias_as_it_is_saved_keeps_its_version_and_its_engine(server: RunningServer) -> None:
    begun = told(server.address, {"alias": "saved", **HELLO})[0].data
    assert begun["alias"] == "saved@1"
    assert begun["load_key_changed"] is False


def test_what_was_tried_is_not_saved_and_can_be_explained(server: RunningServer) -> None:
    body: Body = {
        "alias": "saved",
        "edits": [edit("request_params", "temp", value=0.9)],
        "request": {"top_k": 7, "nonsense": 1},
        **HELLO,
    }
    begun = told(server.address, body)[0].data
    assert begun["dropped"] == ["nonsense"]
    with server.http() as client:
        explained = client.get(f"/api/v1/requests/{begun['request_id']}/explain").json()
        saved = client.get("/api/v1/aliases/saved").json()
    values = {one["key"]: (one["value"], one["layer"]) for one in explained["parameters"]}
    assert values["temperature"] == (0.9, "alias default")
    assert values["top_k"] == (7, "request")
    effective = {one["key"]: one["value"] for one in saved["effective"]}
    assert effective["temperature"] == 0.3


def test_a_recipe_and_a_text_and_a_model_are_tried_alike(server: RunningServer) -> None:
    recipe = {"name": "fresh", "repo": REPO, "filename": FILE, "request_params": {"max_tokens": 3}}
    text = alias_text("fresh", repo=REPO, filename=FILE) + "request_params: {max_tokens: 3}\n"
    few = [edit("request_params", "max_tokens", value=3)]
    for tried in (
        {"recipe": recipe},
        {"source_text": text},
        {"alias": f"{REPO}:Q8_0", "edits": few},
    ):
        begun, *_, done = told(server.address, {**tried, "prompt": "Once"})
        assert done.name == "done", done
        assert done.data["timings"]["completion_tokens"] <= 3
        assert begun.data["load_key_changed"] is (False if "alias" in tried else None)


def test_foretelling_starts_nothing(server: RunningServer) -> None:
    edits = [edit("context_params", "n_ctx", value=333)]
    before = len(server.engines())
    with server.http() as client:
        answer = client.post(
            "/api/v1/trials/foretell", json={"alias": "saved", "edits": edits} | HELLO
        )
    assert answer.status_code == 200, answer.text
    assert answer.json()["needs_load"] is True
    assert answer.json()["load_key_changed"] is True
    assert len(server.engines()) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**HELLO}, "/"),
        ({"alias": "saved", "source_text": "x", **HELLO}, "/"),
        ({"alias": "saved"}, "/"),
        ({"alias": "saved", "prompt": "x", **HELLO}, "/"),
        ({"alias": "saved", "messages": [{"role": "nobody"}]}, "/messages/0/role"),
        ({"alias": "saved", "request": {"temperature": 99}, **HELLO}, "/request/temperature"),
        ({"alias": "saved", "request": {"model": "other"}, **HELLO}, "/"),
        ({"alias": "saved", "edits": [edit("alias", value="x")], **HELLO}, "/edits/0/path"),
        ({"alias": "saved", "edits": [edit("request_params", "temperature", value="hot")], **HELLO},
         "/request_params/temperature"),
        ({"source_text": "alias: [", **HELLO}, None),
        ({"alias": "nobody", **HELLO}, "/model"),
        ({"recipe": {"name": "x", "repo": "us/gone", "filename": "x.gguf"}, **HELLO}, "/model"),
        ({"alias": "saved", "user": "me", **HELLO}, "/user"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_refused_before_anything_begins(
    server: RunningServer, body: Body, pointer: str | None
) -> None:
    before = {engine["id"] for engine in server.engines()}
    with server.http() as client:
        answer = client.post("/api/v1/trials", json=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]["pointer"] == pointer, answer.text
    assert {engine["id"] for engine in server.engines()} == before


def test_who_leaves_frees_the_slot(server: RunningServer) -> None:
    with following(server.address, "/trials", {"alias": "saved", **LONG}) as events:
        key = next(events).data["load_key"]
        next(event for event in events if event.name == "delta")
        assert _busy(server, key) == 1
    assert wait_until(lambda: _busy(server, key) == 0, within_s=30)


def test_an_alias_is_testing_while_it_is_tried(server: RunningServer) -> None:
    with following(server.address, "/trials", {"alias": "saved", **LONG}) as events:
        next(event for event in events if event.name == "delta")
        assert _state(server) == "testing"
    assert wait_until(lambda: _state(server) == "published", within_s=30)


def test_an_alias_is_testing_while_its_draft_is_tried(server: RunningServer) -> None:
    with server.http() as client:
        begun = client.post("/api/v1/drafts", json={"alias_id": "saved"}).json()
        path = f"/api/v1/drafts/{begun['id']}"
        any_of_it = {"if-match": "*"}
        renamed = SAVED.replace("alias: saved", "alias: soon")
        answer = client.put(path, json={"source_text": renamed}, headers=any_of_it)
        assert answer.status_code == 200, answer.text
        assert _state(server) == "modified"
        with following(server.address, "/trials", {"draft_id": begun["id"], **LONG}) as events:
            next(event for event in events if event.name == "delta")
            assert _state(server) == "testing"
        assert wait_until(lambda: _state(server) == "modified", within_s=30)
        assert client.delete(path, headers=any_of_it).status_code == 204


def _state(server: RunningServer) -> object:
    with server.http() as client:
        return client.get("/api/v1/aliases/saved").json()["state"]


def _busy(server: RunningServer, load_key: str) -> object:
    return next(one["busy"] for one in server.engines() if one["load_key"] == load_key)


def test_lanes_have_one_seed_and_each_its_own_recipe(server: RunningServer) -> None:
    lanes = [{"alias": "saved"}, {"alias": "saved"}, {"alias": f"{OTHER}:Q8_0"}]
    body: Body = {"lanes": lanes, "request": {"max_tokens": 20, "temperature": 1.5}, **HELLO}
    events = told(server.address, body, "/trials/lanes")
    by_lane = [[one for one in events if one.data["lane"] == lane] for lane in range(3)]
    assert len({lane[0].data["seed"] for lane in by_lane}) == 1
    assert isinstance(by_lane[0][0].data["seed"], int)
    assert all((lane[0].name, lane[-1].name) == ("begun", "done") for lane in by_lane)
    assert text_of(by_lane[0]) == text_of(by_lane[1])
    assert by_lane[2][0].data["load_key"] != by_lane[0][0].data["load_key"]


def test_a_lane_whose_engine_is_killed_fails_alone(server: RunningServer) -> None:
    lanes = [{"alias": f"{OTHER}:Q8_0", "edits": [edit("context_params", "n_ctx", value=4096)]},
             {"alias": "saved"}]  # fmt: skip
    # Both are loaded: the one that is to go on must not be at its end when the other begins.
    told(server.address, {"lanes": lanes, **HELLO}, "/trials/lanes")
    begun, killed, after = {}, False, 0
    last = {}
    with following(server.address, "/trials/lanes", {"lanes": lanes, **LONG}) as events:
        for event in events:
            lane = event.data["lane"]
            if event.name == "begun":
                begun[lane] = event.data
            elif event.name == "delta" and not killed and lane == 0:
                pid = next(
                    e["pid"] for e in server.engines() if e["load_key"] == begun[0]["load_key"]
                )
                os.kill(int(str(pid)), signal.SIGKILL)
                killed = True
            elif event.name == "delta" and lane == 1 and 0 in last:
                after += 1
            elif event.name in ("done", "error"):
                last[lane] = event
    assert killed
    assert after > 0
    assert last[0].name == "error"
    assert last[0].data["error"]["code"] == "engine_crashed"
    assert last[0].data["engine_lines"]
    assert last[1].name == "done", last[1]
    assert last[1].data["timings"]["completion_tokens"] > 100


def test_lanes_answer_at_the_same_time_and_their_figures_are_the_engines_own(
    server: RunningServer,
) -> None:
    lanes = [{"alias": "saved"}, {"alias": f"{OTHER}:Q8_0"}]
    body: Body = {"lanes": lanes, "request": {"max_tokens": 1500}, "seed": 7, **HELLO}
    before = {engine: len(lines) for engine, lines in _logs(server).items()}
    events = told(server.address, body, "/trials/lanes")
    pieces = [event.data["lane"] for event in events if event.name == "delta"]
    first, last = pieces.index(1), len(pieces) - 1 - pieces[::-1].index(0)
    assert 0 in pieces[:last], "the lanes came one after the other"
    assert first < last, "the lanes came one after the other"
    for lane in (0, 1):
        mine = [event for event in events if event.data["lane"] == lane]
        load_key, timings = mine[0].data["load_key"], mine[-1].data["timings"]
        assert mine[0].data["seed"] == 7
        milliseconds, tokens, speed = _said_of_eval(
            _logs(server)[load_key], before.get(load_key, 0)
        )
        # The first token comes of the prompt, so the engine's line counts one less or the same.
        assert timings["completion_tokens"] - tokens in (0, 1)
        assert timings["generation_ms"] == pytest.approx(milliseconds, rel=0.05)
        assert timings["tokens_per_second"] == pytest.approx(speed, rel=0.05)


def _logs(server: RunningServer) -> dict[object, list[str]]:
    """What each engine printed, as far as people may read it."""
    found = {}
    with server.http() as client:
        for engine in server.engines():
            answer = client.get(f"/api/v1/engines/{engine['id']}/logs").json()
            found[engine["load_key"]] = [line["text"] for line in answer["lines"]]
    return found


def _said_of_eval(lines: list[str], after: int) -> tuple[float, int, float]:
    """Milliseconds, tokens and tokens a second of the last answer, in the engine's own words."""
    pattern = re.compile(r"^eval time = +([\d.]+) ms / +(\d+) tokens .* ([\d.]+) tokens per second")
    said = [found for line in lines[after:] if (found := pattern.match(line))]
    return float(said[-1][1]), int(said[-1][2]), float(said[-1][3])


def test_one_lane_that_cannot_be_tried_refuses_all(server: RunningServer) -> None:
    body: Body = {"lanes": [{"alias": "saved"}, {"alias": "nobody"}], **HELLO}
    with server.http() as client:
        answers = [
            client.post("/api/v1/trials/lanes", json=body),
            client.post("/api/v1/trials/lanes", json={**body, "lanes": body["lanes"][:1]}),
            client.post("/api/v1/trials/lanes", json={**body, "lanes": [{"alias": "saved"}] * 5}),
        ]
    assert [answer.status_code for answer in answers] == [404, 400, 400]


def test_the_command_line_tries_an_alias_through_the_server(server: RunningServer) -> None:
    def attempt(*arguments: str) -> Ended:
        return bodhi("aliases", "try", "saved", *arguments, "--server", server.address)

    ended = attempt("Hello!", "--set", "max_tokens=4", "--set", "n_ctx=777")
    assert ended.code == 0, ended.err
    assert ended.out.strip()
    assert "is loaded for this" in ended.err
    assert "4 tokens" in ended.err
    with server.http() as client:
        effective = client.get("/api/v1/aliases/saved").json()["effective"]
    assert [one["value"] for one in effective if one["key"] == "n_ctx"] == [4096]
    refused = attempt("Hello!", "--set", "temperature=99")
    assert refused.code == 65
    assert refused.out == ""
