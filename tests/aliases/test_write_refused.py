"""Changes of aliases over HTTP that are refused, each with its reason, and change nothing."""

import threading
from collections import Counter
from collections.abc import Callable

import httpx2 as httpx
import pytest

from tests.aliases.served import COMMENTED, MODEL_ID, RECIPE, Body, Served, patch, refusal

# Every change of an alias that is there, with a body that would be accepted.
CHANGES: list[tuple[str, str, Body | None]] = [
    ("PUT", "/aliases/{id}", {"source_text": "alias: x\n"}),
    ("PATCH", "/aliases/{id}", {"edits": [{"path": ["chat_template"], "value": "llama3"}]}),
    ("POST", "/aliases/{id}/rename", {"name": "elsewhere"}),
    ("DELETE", "/aliases/{id}", None),
]
OTHERS: list[tuple[str, str, Body | None]] = [
    ("POST", "/aliases", {"recipe": {"name": "never", **RECIPE}}),
    ("POST", "/aliases/{id}/clone", {"name": "never"}),
    ("GET", "/trash", None),
    ("POST", "/trash/x/restore", None),
    ("DELETE", "/trash/x", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_must_say_what_it_is_based_on(
    served: Served, method: str, path: str, body: Body | None
) -> None:
    made = served.new()
    place = path.format(id=made["id"])
    assert refusal(served.ask(method, place, body)) == (428, "precondition_missing", None)
    for etag in ("0" * 64, made["etag"][:-1]):
        assert refusal(served.ask(method, place, body, etag=etag)) == (412, "alias_changed", None)
    weak = {"if-match": f'W/"{made["etag"]}"'}
    assert served.ask(method, place, body, headers=weak).status_code == 412
    for unreadable in (made["etag"], '"', '"a" "b"', "", '"a b"'):
        answer = served.ask(method, place, body, headers={"if-match": unreadable})
        assert refusal(answer)[:2] == (400, "invalid_request")
    assert served.show(made["id"]) == made


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_of_what_is_not_there_is_a_404(
    served: Served, method: str, path: str, body: Body | None
) -> None:
    for alias_id in ("nowhere", "%2e%2e", "a~b~c", "x" * 300, "%00"):
        answer = served.ask(method, path.format(id=alias_id), body, etag="*")
        assert answer.status_code in ((400, 404) if alias_id == "%00" else (404,))


def test_a_clone_of_what_is_not_there_is_a_404(served: Served) -> None:
    answer = served.ask("POST", "/aliases/nowhere/clone", {"name": served.new_name()})
    assert refusal(answer)[:2] == (404, "model_not_found")


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_l03_the_alias_of_a_model_cannot_be_changed(
    served: Served, method: str, path: str, body: Body | None
) -> None:
    if body and "source_text" in body:
        body = {"source_text": "alias: x\nrepo: a/b\nfilename: f\n"}
    answer = served.ask(method, path.format(id=MODEL_ID), body, etag="*")
    assert refusal(answer) == (409, "alias_not_editable", None)
    assert "/clone" in answer.json()["error"]["remedy"]


@pytest.mark.parametrize(
    ("edits", "pointer"),
    [
        ([], "/edits"),
        ([{"path": [], "value": 1}], "/edits/0/path"),
        ([{"path": ["repo"]}], "/edits/0/value"),
        ([{"path": [7], "value": 1}], "/edits/0/path/0"),
        ([{"path": ["alias"], "value": None}], "/alias"),
        ([{"path": ["alias"], "value": "y"}], "/alias"),
        ([{"path": ["repo"], "value": None}], "/repo"),
        ([{"path": ["repo", "x"], "value": 1}], None),
        ([{"path": ["notes"], "value": 10**30}], None),
        ([{"path": ["request_params", "temperature"], "value": 9}], "/request_params/temperature"),
        ([{"path": ["request_params", "nonsense"], "value": 9}], "/request_params/nonsense"),
        ([{"path": ["request_params"], "value": "none"}], "/request_params"),
        ([{"path": ["a"], "value": 1}, {"path": ["a"], "value": 2}], "/edits"),
        ([{"path": ["a"], "value": 1}, {"path": ["a", "b"], "value": 2}], "/edits"),
        ([{"path": ["a"], "value": "x" * 300_000}], None),
    ],
)
def test_edits_that_cannot_be_made_change_nothing(
    served: Served, edits: list[Body], pointer: str | None
) -> None:
    made = served.new(COMMENTED)
    answer = served.ask("PATCH", f"/aliases/{made['id']}", {"edits": edits}, etag=made["etag"])
    status, _, at = refusal(answer)
    assert (status, at) == (400, pointer)
    assert served.show(made["id"]) == made


def test_one_edit_that_cannot_be_made_undoes_the_others(served: Served) -> None:
    made = served.new(COMMENTED)
    edits = patch((["chat_template"], "llama3"), (["request_params", "temperature"], -1))
    answer = served.ask("PATCH", f"/aliases/{made['id']}", edits, etag=made["etag"])
    assert answer.status_code == 400
    assert served.file(made["id"]).read_text() == made["source_text"]


def test_a_file_that_cannot_be_parsed_is_not_overwritten(served: Served) -> None:
    made = served.new()
    served.file(made["id"]).write_text("alias: [")
    body = {"source_text": made["source_text"]}
    answer = served.ask("PUT", f"/aliases/{made['id']}", body, etag="*")
    assert refusal(answer)[:2] == (409, "alias_broken")
    assert served.file(made["id"]).read_text() == "alias: ["


def test_an_edit_by_hand_that_nobody_has_seen_yet_is_not_overwritten(served: Served) -> None:
    made = served.new()
    by_hand = made["source_text"] + "# by hand\n"
    served.file(made["id"]).write_text(by_hand)
    edits = patch((["request_params", "seed"], 1))
    answer = served.ask("PATCH", f"/aliases/{made['id']}", edits, etag=made["etag"])
    assert refusal(answer)[:2] == (412, "alias_changed")
    assert served.file(made["id"]).read_text() == by_hand


@pytest.mark.parametrize(("method", "path", "body"), CHANGES + OTHERS)
def test_without_the_key_nothing_is_changed(
    locked: Served, method: str, path: str, body: Body | None
) -> None:
    before = locked.show("tiny")
    place = f"/api/v1{path.format(id='tiny')}"
    headers = {"if-match": "*"}
    for extra in ({}, {"authorization": "Bearer wrong"}):
        answer = locked.client.request(method, place, headers=headers | extra, json=body)
        assert refusal(answer)[:2] == (401, "invalid_api_key")
    assert locked.show("tiny") == before
    assert locked.ask("GET", "/aliases/never").status_code == 404


# -- Two at once.


def winners(send: Callable[[int], httpx.Response]) -> Counter[int]:
    """How often each status came, of two requests at the same moment."""
    statuses: Counter[int] = Counter()
    start = threading.Barrier(2)

    def one(number: int) -> None:
        start.wait()
        statuses[send(number).status_code] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.parametrize("method", ["PATCH", "PUT", "POST", "DELETE"])
def test_of_two_changes_at_once_one_wins(served: Served, method: str) -> None:
    for _ in range(8):
        made = served.new()
        path = f"/aliases/{made['id']}" + ("/rename" if method == "POST" else "")

        def send(
            number: int, path: str = path, made: Body = made, method: str = method
        ) -> httpx.Response:
            body: Body | None = {
                "PATCH": patch((["request_params", "seed"], number)),
                "PUT": {"source_text": f"{made['source_text']}# {number}\n"},
                "POST": {"name": f"{made['name']}-{number}"},
                "DELETE": None,
            }[method]
            return served.ask(method, path, body, etag=made["etag"])

        counted = winners(send)
        assert counted[200] == 1, counted
        assert set(counted) <= {200, 412, 404}
